import { make, makeButton, makeWithRole, setText } from './dom.js';
import type { Feed } from './feed.js';
import { makeIcon, setIcon } from './icons.js';
import { explain, type Words } from './words.js';

/** Stands for the lists where there are none: they could not be read, or this device is signed out. */
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
  // That one did it oneself, just now, is known.
  return [texts.signedOut, reason === 'signed_out' ? '' : texts.reason(reason), texts.signInAgain];
}
