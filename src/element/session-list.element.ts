import type { SessionClient } from '../client/session-client.js';
import { localeOf, watchLanguage } from './language.js';
import { startPulse } from './pulse.js';
import { Screen, type Settings } from './screen.js';
import { styleSheet } from './styles/style-sheet.js';
import type { Texts } from './texts/texts.js';

const DEFAULT_LEVEL = 2;
// A server has no elements, but the module is imported there as well.
const Base = typeof HTMLElement === 'undefined' ? (class {} as unknown as typeof HTMLElement) : HTMLElement;

/**
 * `<session-list>`: shows, renames and signs out a user's devices, and stays up to date. It needs a `client`; its
 * attributes are `lang`, `theme` (`light` or `dark`), `ended="hidden"` and `heading-level` (2).
 */
export class SessionListElement extends Base {
  static readonly observedAttributes: readonly string[] = ['lang', 'ended', 'heading-level'];

  readonly #screen: Screen;
  #texts: Partial<Texts> = {};
  #stops: (() => void)[] = [];

  constructor() {
    super();
    const shadow = this.attachShadow({ mode: 'open' });
    shadow.adoptedStyleSheets = [styleSheet()];
    this.#screen = new Screen(shadow, () => this.#settings());
  }

  /** Where the devices come from. Until it is set, the outline of a list is shown. */
  get client(): SessionClient | undefined {
    return this.#screen.feed?.client;
  }

  set client(client: SessionClient | null | undefined) {
    if (client === this.client) return;
    this.#screen.take(client ?? undefined);
    if (this.#stops.length > 0) this.#screen.start();
  }

  /** Texts of the page's own, instead of some or all. */
  get texts(): Partial<Texts> {
    return this.#texts;
  }

  set texts(texts: Partial<Texts> | null | undefined) {
    this.#texts = texts ?? {};
    this.#screen.changed();
  }

  /** Reads the devices again. An error is shown, not thrown. */
  async refresh(): Promise<void> {
    await this.#screen.feed?.refresh();
  }

  connectedCallback(): void {
    this.#takeEarly('client');
    this.#takeEarly('texts');
    this.#stops = [
      watchLanguage(() => this.#screen.changed()),
      startPulse(
        () => this.#screen.beat(),
        () => this.refresh(),
      ),
    ];
    this.#screen.start();
  }

  disconnectedCallback(): void {
    for (const stop of this.#stops.splice(0)) stop();
    this.#screen.feed?.stop();
  }

  attributeChangedCallback(): void {
    this.#screen.changed();
  }

  #settings(): Settings {
    return {
      locale: localeOf(this),
      texts: this.#texts,
      level: Number(this.getAttribute('heading-level')) || DEFAULT_LEVEL,
      showEnded: this.getAttribute('ended') !== 'hidden',
    };
  }

  /** A property that was set before the element was defined is an own property of it, and hides the setter. */
  #takeEarly(name: 'client' | 'texts'): void {
    if (!Object.hasOwn(this, name)) return;
    const value = this[name];
    Reflect.deleteProperty(this, name);
    Object.assign(this, { [name]: value });
  }
}
