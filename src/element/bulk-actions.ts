import type { SessionView } from '../wire.js';
import { make, makeButton, setText } from './dom.js';
import type { Handlers } from './handlers.js';
import type { Words } from './words.js';

/** The buttons for several devices at once; hidden if there is only this one. */
export class BulkActions {
  readonly #others = makeButton('sign-out-others', () => this.host.signOutOthers(this.#others));
  readonly #all = makeButton('sign-out-all', () => this.host.signOutAll(this.#all));
  readonly element = make('div', 'bulk', this.#others, this.#all);

  constructor(private readonly host: Handlers) {}

  update(live: readonly SessionView[], { texts }: Words): void {
    const { length } = live.filter(({ current }) => !current);
    this.element.hidden = length === 0;
    setText(this.#others, texts.signOutOthers(length));
    setText(this.#all, texts.signOutAll);
  }
}
