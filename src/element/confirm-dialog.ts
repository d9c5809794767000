import { labelBy, make, makeButton, makeLive, setText } from './dom.js';
import { explain, type Words } from './words.js';

/** What is asked before something is done. */
export interface Question {
  title: string;
  /** What will happen. */
  text: string;
  /** The label of the button that does it. */
  yes: string;
  /** Does it; resolves to the message to show then, rejects if it failed. */
  act: () => Promise<string>;
}

/** The code that uses a dialog. */
export interface DialogHost {
  words(): Words;
  say(text: string): void;
  /** Returns the focus to the element that had it, or to one nearby. */
  giveFocus(opener: HTMLElement): void;
}

/**
 * Asks, with the focus on the safe answer. Stays open until the action is done, and shows an error where the user
 * looks.
 */
export class ConfirmDialog {
  readonly element = make('dialog', 'dialog');
  readonly #title = make('h2', 'dialog-title');
  readonly #text = make('p', 'dialog-text');
  readonly #error = makeLive('alert', 'error');
  readonly #no = makeButton('cancel', () => this.close());
  readonly #yes = makeButton('confirm', () => void this.#act());
  #question: Question | undefined;

  constructor(private readonly host: DialogHost) {
    labelBy(this.element, this.#title);
    this.#text.id = 'dialog-text';
    this.element.setAttribute('aria-describedby', this.#text.id);
    // A click outside cancels, if the browser supports the attribute.
    this.element.setAttribute('closedby', 'any');
    const buttons = make('div', 'dialog-buttons', this.#no, this.#yes);
    this.element.append(this.#title, this.#text, this.#error, buttons);
  }

  ask(question: Question, opener: HTMLElement): void {
    this.#expect(question);
    setText(this.#title, question.title);
    setText(this.#text, question.text);
    setText(this.#error, '');
    setText(this.#no, this.host.words().texts.cancel);
    setText(this.#yes, question.yes);
    this.element.onclose = () => this.host.giveFocus(opener);
    this.element.showModal();
    this.#no.focus();
  }

  close(): void {
    this.element.close();
  }

  async #act(): Promise<void> {
    const question = this.#question;
    if (!question) return;
    // Until it is done, there is nothing to answer, unless the dialog was closed and asks something else by then.
    this.#expect(undefined);
    const isShown = () => this.element.open && !this.#question;
    setText(this.#error, '');
    try {
      const done = await question.act();
      if (isShown()) this.close();
      this.host.say(done);
    } catch (error) {
      const why = explain(error, this.host.words());
      if (!isShown()) return this.host.say(why);
      setText(this.#error, why);
      this.#expect(question);
    }
  }

  #expect(question: Question | undefined): void {
    this.#question = question;
    this.#yes.ariaDisabled = String(!question);
  }
}
