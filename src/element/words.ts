import type { SessionView } from '../wire.js';
import { problemOf } from './problem-of.js';
import { de } from './texts/de.js';
import { en } from './texts/en.js';
import type { Texts } from './texts/texts.js';
import { zh } from './texts/zh.js';
import { Times } from './times.js';

/** The texts and times that the element uses. */
export interface Words {
  readonly texts: Texts;
  readonly times: Times;
  /** The language of the texts, for screen readers. */
  readonly language: string;
  /** The writing direction; empty for that of the page. */
  readonly direction: 'ltr' | '';
}

const LANGUAGES: Readonly<Record<string, Texts>> = { en, de, zh };

/** The words of a locale. Texts of the page's own replace some of them, or all if their language is not known here. */
export function wordsOf(locale: string, own: Partial<Texts>): Words {
  const known = LANGUAGES[locale.toLowerCase().replace(/[-_].*/, '')];
  // English texts with the dates of another language would be neither.
  const language = known || own.heading ? locale : 'en';
  const direction = language === locale ? '' : 'ltr';
  return { texts: { ...(known ?? en), ...own }, times: timesOf(language), language, direction };
}

/** Cached, since formats are expensive to create and words are needed at each change. */
const TIMES = new Map<string, Times>();

function timesOf(locale: string): Times {
  const times = TIMES.get(locale) ?? makeTimes(locale);
  TIMES.set(locale, times);
  return times;
}

function makeTimes(locale: string): Times {
  try {
    return new Times(locale);
  } catch {
    // A `lang` may have any value.
    return new Times('en');
  }
}

/**
 * The name of a device: the one its user gave, otherwise what it is, in the language of the page and not of the server.
 */
export function nameOf({ name, device: { browser, os } }: SessionView, { texts }: Words): string {
  return name === en.kind(browser, os) ? texts.kind(browser, os) : name;
}

/** How long ago something was. */
export function agoOf(iso: string, { texts, times }: Words): string {
  return times.ago(iso) ?? texts.justNow;
}

/** The message for an error. */
export function explain(error: unknown, { texts, times }: Words): string {
  const { code = '', retryAfter } = problemOf(error);
  return texts.error(code, retryAfter ? times.ahead(retryAfter) : '');
}
