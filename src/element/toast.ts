import { makeLive, setText } from './dom.js';

const SHOWN_FOR = 8000;

/** Says what happened, aloud at the next pause, and shows it for a while without moving anything. */
export class Toast {
  readonly element = makeLive('status', 'toast');
  #timer?: ReturnType<typeof setTimeout>;

  say(text: string): void {
    clearTimeout(this.#timer);
    setText(this.element, text);
    if (text) this.#timer = setTimeout(() => this.say(''), SHOWN_FOR);
  }
}
