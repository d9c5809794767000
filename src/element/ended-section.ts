import type { EndedSessionView } from '../wire.js';
import { labelBy, make, makeButton, makeWithRole, setText } from './dom.js';
import { EndedRow, isAlarming } from './ended-row.js';
import { KeyedList } from './keyed-list.js';
import type { Words } from './words.js';

const MOST_SHOWN = 5;

/** The recently ended devices: a few, and all on request. Alarming ones are always among the few. */
export class EndedSection {
  readonly #heading = makeWithRole('heading', 'ended-heading');
  readonly #list = new KeyedList<EndedSessionView>('card ended-list', () => new EndedRow());
  readonly #more = makeButton('show-all', () => this.#toggle());
  readonly element = make('section', 'ended', this.#heading, this.#list.element, this.#more);
  #isAll = false;
  #show = () => {};

  constructor() {
    labelBy(this.element, this.#heading);
  }

  /** Shows these; an empty list hides the section. `level` is that of its heading. */
  update(views: readonly EndedSessionView[], words: Words, level: number): void {
    this.#show = () => this.update(views, words, level);
    const { texts } = words;
    const few = views.filter((view, index) => index < MOST_SHOWN || isAlarming(view));
    this.element.hidden = views.length === 0;
    this.#heading.ariaLevel = String(level);
    setText(this.#heading, texts.endedHeading);
    this.#list.show(this.#isAll ? views : few, words);
    this.#more.hidden = few.length === views.length;
    setText(this.#more, this.#isAll ? texts.showFewer : texts.showAll(views.length));
    this.#more.ariaExpanded = String(this.#isAll);
  }

  highlight(guid: string): void {
    this.#list.highlight(guid);
  }

  #toggle(): void {
    this.#isAll = !this.#isAll;
    this.#show();
  }
}
