import type { DeviceType } from '../wire.js';

/** The icons: one for each kind of device, and a few symbols. */
export type IconName = DeviceType | 'pencil' | 'warning' | 'lock';

/** A rounded box, or none if it has no width, and additional lines. */
type Picture = readonly [x: number, y: number, width: number, height: number, path: string];

const SVG = 'http://www.w3.org/2000/svg';
const BOX = ['x', 'y', 'width', 'height'];
const PICTURES: Readonly<Record<IconName, Picture>> = {
  desktop: [3, 4, 18, 12, 'M1.5 19.5h21'],
  phone: [7, 2.5, 10, 19, 'M11 18.5h2'],
  tablet: [4.5, 3, 15, 18, 'M11 18h2'],
  tv: [2.5, 4.5, 19, 12.5, 'M8 20.5h8'],
  watch: [6.5, 7, 11, 10, 'M9 6.5v-4h6v4M9 17.5v4h6v-4M12 10v2.5h2'],
  bot: [4.5, 8, 15, 11, 'M12 8V4M9.5 13v1M14.5 13v1M2 13v2M22 13v2'],
  app: [3, 4.5, 18, 15, 'M7 9.5l3 2.5-3 2.5M12.5 15H17'],
  unknown: [4, 4, 16, 16, 'M9.5 9.5a2.5 2.5 0 1 1 2.5 3v1M12 16.5v.1'],
  pencil: [0, 0, 0, 0, 'M4 20l1-4.5 11-11L19.5 8l-11 11zM13.5 7l3.5 3.5'],
  warning: [0, 0, 0, 0, 'M12 4.5L21.5 20h-19zM12 10.5v4M12 17v.1'],
  lock: [5.5, 11, 13, 9, 'M8.5 11V8a3.5 3.5 0 0 1 7 0v3'],
};

/** Creates an icon that screen readers ignore. */
export function makeIcon(name: IconName): SVGElement {
  const icon = makeSvg('svg', makeSvg('rect'), makeSvg('path'));
  icon.setAttribute('viewBox', '0 0 24 24');
  icon.setAttribute('class', 'icon');
  icon.setAttribute('part', 'icon');
  icon.ariaHidden = 'true';
  setIcon(icon, name);
  return icon;
}

/** Shows another icon; a kind of device that is not known here gets the icon of an unknown device. */
export function setIcon({ firstElementChild: box, lastElementChild: path }: SVGElement, name: IconName): void {
  const picture = PICTURES[name] ?? PICTURES.unknown;
  for (const [index, attribute] of BOX.entries()) box?.setAttribute(attribute, String(picture[index]));
  path?.setAttribute('d', picture[4]);
}

function makeSvg(tag: string, ...children: Node[]): SVGElement {
  const element = document.createElementNS(SVG, tag) as SVGElement;
  element.append(...children);
  return element;
}
