import { makeLive, setText } from './dom.js';

const SHOWN_FOR = 8000;

/** Shows what happened for a while without moving anything, and has it read out at the next pause. */
export class Toast {
  readonly element = makeLive('status', 'toast');
  #timer?: ReturnType<typeof setTimeout>;

  say(text: string): void {
    clearTimeout(this.#timer);
    setText(this.element, text);
    if (text) this.#timer = setTimeout(() => this.say(''), SHOWN_FOR);
  }
}
