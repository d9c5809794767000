import type { SessionView } from '../wire.js';
import { make, makeButton, mark, setText, showTime } from './dom.js';
import type { Handlers } from './handlers.js';
import { makeIcon, setIcon } from './icons.js';
import type { Row } from './keyed-list.js';
import { RenameForm } from './rename-form.js';
import { isActive } from './times.js';
import { agoOf, nameOf, type Words } from './words.js';

/** One live device: what it is, when it was used, and the actions for it. */
export class DeviceRow implements Row<SessionView> {
  readonly element = make('li', 'device');
  readonly #icon = makeIcon('unknown');
  readonly #name = make('bdi', 'name');
  readonly #badge = make('span', 'badge');
  readonly #pencil = makeButton('rename', () => this.#edit());
  readonly #title = make('div', 'title', this.#name, this.#pencil, this.#badge);
  readonly #hint = make('p', 'hint');
  readonly #kind = make('span', 'kind');
  readonly #address = make('bdi', 'address');
  readonly #active = make('time', 'active');
  readonly #since = make('time', 'since');
  readonly #signOut = makeButton('sign-out', () => this.host.signOut(this.view, this.#signOut));
  readonly #form = new RenameForm({
    save: (name) => this.host.rename(this.view, name),
    closed: () => this.#edited(),
  });
  #shownName = '';

  constructor(
    private view: SessionView,
    private readonly host: Handlers,
  ) {
    this.element.tabIndex = -1;
    this.#pencil.append(makeIcon('pencil'));
    const facts = [makeFacts(this.#kind, this.#address), makeFacts(this.#active, this.#since)];
    const what = make('div', 'what', this.#title, this.#form.element, ...facts, this.#hint);
    this.element.append(this.#icon, what, this.#signOut);
  }

  update(view: SessionView, words: Words): void {
    this.view = view;
    this.#shownName = nameOf(view, words);
    this.#form.update(words, view.guid);
    mark(this.element, 'current', view.current);
    setIcon(this.#icon, view.device.type);
    this.#updateTitle(words);
    this.#updateFacts(words);
    setText(this.#signOut, words.texts.signOut);
    this.#signOut.ariaLabel = words.texts.signOutDevice(this.#shownName);
  }

  #updateTitle({ texts }: Words): void {
    setText(this.#name, this.#shownName);
    setText(this.#badge, this.view.current ? texts.current : '');
    setText(this.#hint, this.view.suspected ? texts.suspected : '');
    this.#pencil.ariaLabel = this.#pencil.title = texts.rename(this.#shownName);
  }

  #updateFacts(words: Words): void {
    const { texts, times } = words;
    const { device, ip, lastActiveAt, createdAt } = this.view;
    const kind = texts.kind(device.browser, device.os);
    setText(this.#kind, kind === this.#shownName ? '' : kind);
    setText(this.#address, ip ? texts.address(ip) : '');
    mark(this.#active, 'now', isActive(this.view));
    showTime(this.#active, lastActiveAt, activeText(this.view, words), times.exact(lastActiveAt));
    showTime(this.#since, createdAt, texts.since(times.short(createdAt)), times.exact(createdAt));
  }

  #edit(): void {
    this.#setEditing(true);
    this.#form.open(this.#shownName);
  }

  #edited(): void {
    this.#setEditing(false);
    this.#pencil.focus();
  }

  #setEditing(editing: boolean): void {
    this.#title.hidden = editing;
    this.#signOut.hidden = editing;
    mark(this.element, 'editing', editing);
  }
}

function makeFacts(one: HTMLElement, other: HTMLElement): HTMLElement {
  const dot = make('span', 'dot');
  dot.ariaHidden = 'true';
  dot.append(' · ');
  return make('p', 'facts', one, dot, other);
}

function activeText(view: SessionView, words: Words): string {
  return isActive(view) ? words.texts.activeNow : words.texts.active(agoOf(view.lastActiveAt, words));
}
