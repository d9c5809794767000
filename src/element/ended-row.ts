import type { EndedSessionView } from '../wire.js';
import { make, mark, setText, showTime } from './dom.js';
import { makeIcon, setIcon } from './icons.js';
import type { Row } from './keyed-list.js';
import { agoOf, nameOf, type Words } from './words.js';

/** Whether the user has to notice this end. */
export function isAlarming({ endReason }: EndedSessionView): boolean {
  return endReason === 'reuse_detected';
}

/** One device whose session has ended: when, and why. */
export class EndedRow implements Row<EndedSessionView> {
  readonly element = make('li', 'ended-device');
  readonly #icon = makeIcon('unknown');
  readonly #name = make('bdi', 'name');
  readonly #time = make('time', 'ended-at');
  readonly #reason = make('p', 'reason');

  constructor() {
    this.element.append(this.#icon, this.#name, this.#time, this.#reason);
  }

  update(view: EndedSessionView, words: Words): void {
    const { texts, times } = words;
    mark(this.element, 'alarm', isAlarming(view));
    setIcon(this.#icon, isAlarming(view) ? 'warning' : view.device.type);
    setText(this.#name, nameOf(view, words));
    setText(this.#reason, texts.reason(view.endReason));
    showTime(this.#time, view.endedAt, agoOf(view.endedAt, words), times.exact(view.endedAt));
  }
}
