import type { SessionView } from '../wire.js';
import { BulkActions } from './bulk-actions.js';
import { DeviceRow } from './device-row.js';
import { labelBy, make, makeButton, makeLive, makeWithRole, setText } from './dom.js';
import { EndedSection } from './ended-section.js';
import type { Feed } from './feed.js';
import type { Handlers } from './handlers.js';
import { KeyedList } from './keyed-list.js';
import { Panel } from './panel.js';
import { makeSkeleton } from './skeleton.js';
import { Toast } from './toast.js';
import type { Words } from './words.js';

/** The settings of the page. */
export interface ViewSettings {
  readonly level: number;
  readonly showEnded: boolean;
}

/** Everything that is visible, created once and updated from the feed. */
export class View {
  readonly toast = new Toast();
  readonly #heading = makeWithRole('heading', 'heading');
  readonly #lead = makeLive('status', 'lead');
  readonly #offline = makeLive('status', 'notice');
  readonly #skeleton = makeSkeleton();
  readonly #panel: Panel;
  readonly #devices: KeyedList<SessionView>;
  readonly #more: HTMLButtonElement;
  readonly #bulk: BulkActions;
  readonly #ended = new EndedSection();
  readonly #lists: HTMLElement;
  readonly element: HTMLElement;

  constructor(handlers: Handlers) {
    this.#panel = new Panel(() => handlers.retry());
    this.#devices = new KeyedList('card list', (view) => new DeviceRow(view, handlers));
    this.#bulk = new BulkActions(handlers);
    this.#more = makeButton('more', () => handlers.more());
    this.#lists = make('div', 'lists', this.#devices.element, this.#more, this.#bulk.element, this.#ended.element);
    const head = [this.#heading, this.#lead, this.#offline];
    const body = [this.#skeleton, this.#panel.element, this.#lists, this.toast.element];
    this.element = makeWithRole('region', 'root', ...head, ...body);
    labelBy(this.element, this.#heading);
    labelBy(this.#devices.element, this.#heading);
  }

  render(feed: Feed | undefined, words: Words, { level, showEnded }: ViewSettings): void {
    const { live = [], ended = [] } = feed?.board ?? {};
    this.element.lang = words.language;
    this.element.dir = words.direction;
    this.#heading.ariaLevel = String(level);
    this.#updateHead(feed, live.length, words);
    this.#panel.update(feed, words);
    this.#devices.show(live, words);
    this.#more.hidden = !(feed && live.length >= feed.limit && feed.limit < 1e3);
    setText(this.#more, words.texts.showMore);
    this.#bulk.update(live, words);
    this.#ended.update(showEnded ? ended : [], words, level + 1);
  }

  highlight(guid: string): void {
    this.#devices.highlight(guid);
    this.#ended.highlight(guid);
  }

  /** Focuses the element next to the place where the focus was lost. */
  focusNear(): void {
    for (const near of [this.#devices.near(), this.#panel.element, this.#heading, this.element]) {
      near?.focus();
      // Asks the element, not the document: its active element may be gone already, which is noticed only later.
      if (near?.matches(':focus')) return;
    }
  }

  #updateHead(feed: Feed | undefined, devices: number, { texts, times }: Words): void {
    const isReady = feed?.phase === 'ready';
    const isLoading = !feed || feed.phase === 'loading';
    this.element.ariaBusy = String(isLoading);
    this.#skeleton.hidden = !isLoading;
    this.#lists.hidden = !isReady;
    setText(this.#heading, texts.heading);
    setText(this.#lead, isReady ? texts.lead(devices) : isLoading ? texts.loading : '');
    setText(this.#offline, isReady && feed.offline ? texts.offline(times.clock(feed.knownAt)) : '');
  }
}
