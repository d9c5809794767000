import { make, makeButton, makeWithRole, setText } from './dom.js';
import type { Feed } from './feed.js';
import { makeIcon, setIcon } from './icons.js';
import { explain, type Words } from './words.js';

/** Shown instead of the lists if they could not be read, or if this device is signed out. */
export class Panel {
  readonly #icon = makeIcon('lock');
  readonly #lines = [make('p', 'panel-title'), make('p', 'panel-text'), make('p', 'panel-text')];
  readonly #retry: HTMLButtonElement;
  readonly element: HTMLElement;

  constructor(onRetry: () => void) {
    this.#retry = makeButton('retry', onRetry);
    this.element = makeWithRole('alert', 'card panel', this.#icon, ...this.#lines, this.#retry);
  }

  update(feed: Feed | undefined, words: Words): void {
    const isFailed = feed?.phase === 'failed';
    const lines = feed ? linesOf(feed, words) : [];
    this.element.hidden = lines.length === 0;
    this.#retry.hidden = !isFailed;
    setIcon(this.#icon, isFailed ? 'warning' : 'lock');
    for (const [index, line] of this.#lines.entries()) setText(line, lines[index] ?? '');
    setText(this.#retry, words.texts.retry);
  }
}

function linesOf({ phase, problem, reason }: Feed, words: Words): string[] {
  const { texts } = words;
  if (phase === 'failed') return [texts.failed, explain(problem, words)];
  if (phase !== 'signed-out') return [];
  // A sign-out that the user just did needs no explanation.
  return [texts.signedOut, reason === 'signed_out' ? '' : texts.reason(reason), texts.signInAgain];
}
