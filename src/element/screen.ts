import type { SessionClient } from '../client/session-client.js';
import type { SessionView } from '../wire.js';
import { Actions, type ActionHost } from './actions.js';
import { ConfirmDialog, type DialogHost, type Question } from './confirm-dialog.js';
import { Feed, type FeedHost } from './feed.js';
import type { Texts } from './texts/texts.js';
import { View, type ViewSettings } from './view.js';
import { nameOf, type Words, wordsOf } from './words.js';

/** The current settings that the page wants for the element. */
export interface Settings extends ViewSettings {
  readonly locale: string;
  readonly texts: Partial<Texts>;
}

/** Everything within the shadow root: connects the data, the view and the actions. */
export class Screen implements ActionHost, DialogHost, FeedHost {
  feed?: Feed;
  readonly #dialog = new ConfirmDialog(this);
  readonly #view = new View(new Actions(this));

  constructor(
    private readonly shadow: ShadowRoot,
    private readonly settings: () => Settings,
  ) {
    shadow.append(this.#view.element, this.#dialog.element);
  }

  /** Shows this client's sessions from now on; takes effect with `start`. */
  take(client: SessionClient | undefined): void {
    this.feed?.stop();
    this.feed = client && new Feed(client, this);
  }

  start(): void {
    this.feed?.start();
    this.changed();
  }

  /** Called as time passes: the times have changed, and perhaps the lists. */
  beat(): void {
    this.feed?.refreshIfOld();
    this.changed();
  }

  changed(): void {
    const held = this.shadow.activeElement;
    this.#view.render(this.feed, this.words(), this.settings());
    if (this.feed?.phase !== 'ready') this.#dialog.close();
    // A removed or hidden element cannot keep the focus, and keyboard users must not lose their place.
    if (held?.getClientRects().length === 0) this.#view.focusNear();
  }

  told(view: SessionView, what: 'signedInDevice' | 'signedOutDevice'): void {
    const words = this.words();
    this.#view.highlight(view.guid);
    this.say(words.texts[what](nameOf(view, words)));
  }

  ask(question: Question, opener: HTMLElement): void {
    this.#dialog.ask(question, opener);
  }

  say(text: string): void {
    this.#view.toast.say(text);
  }

  giveFocus(opener: HTMLElement): void {
    // The page may have moved the focus elsewhere in the meantime.
    if (document.activeElement !== document.body && !this.shadow.host.matches(':focus-within')) return;
    opener.focus();
    if (this.shadow.activeElement !== opener) this.#view.focusNear();
  }

  words(): Words {
    const { locale, texts } = this.settings();
    return wordsOf(locale, texts);
  }
}
