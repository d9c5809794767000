import { make, makeButton, makeLive, setText } from './dom.js';
import { explain, type Words } from './words.js';

/** The length that the server accepts; pages load no module of it. */
const MAX_LENGTH = 100;

/** The code that a form works for. */
export interface RenameHost {
  /** Rejects if it failed. */
  save(name: string): Promise<void>;
  closed(): void;
}

/** The field for a device's name: Enter saves, Escape leaves the name unchanged, and typed text survives a failure. */
export class RenameForm {
  readonly element = make('form', 'rename-form');
  readonly #input = make('input', 'input');
  readonly #save = makeButton('save', () => {});
  readonly #cancel = makeButton('cancel', () => this.close());
  readonly #error = makeLive('alert', 'error');
  #words?: Words;

  constructor(private readonly host: RenameHost) {
    this.element.hidden = true;
    this.#input.maxLength = MAX_LENGTH;
    this.#input.required = true;
    this.#input.autocomplete = 'off';
    this.#save.type = 'submit';
    this.element.append(this.#input, this.#save, this.#cancel, this.#error);
    this.element.onkeydown = (event) => this.#onKey(event);
    this.element.onsubmit = (event) => {
      event.preventDefault();
      void this.#submit();
    };
  }

  update(words: Words, id: string): void {
    this.#words = words;
    this.#error.id = `error-${id}`;
    this.#input.ariaLabel = words.texts.newName;
    this.#input.setAttribute('aria-describedby', this.#error.id);
    setText(this.#save, words.texts.save);
    setText(this.#cancel, words.texts.cancel);
  }

  open(name: string): void {
    this.#input.defaultValue = name;
    this.element.reset();
    this.#complain('');
    this.element.hidden = false;
    this.#input.focus();
    this.#input.select();
  }

  close(): void {
    this.element.hidden = true;
    this.host.closed();
  }

  #onKey(event: KeyboardEvent): void {
    // Escape also cancels a half-typed word in Chinese or Japanese; that is not meant for this form.
    if (event.key !== 'Escape' || event.isComposing) return;
    event.preventDefault();
    event.stopPropagation();
    this.close();
  }

  async #submit(): Promise<void> {
    const name = this.#input.value.trim();
    if (this.#input.readOnly || !this.#words) return;
    if (!name || name === this.#input.defaultValue) return this.close();
    this.#setBusy(true);
    try {
      await this.host.save(name);
      if (!this.element.hidden) this.close();
    } catch (error) {
      this.#complain(explain(error, this.#words));
    } finally {
      this.#setBusy(false);
    }
  }

  #complain(why: string): void {
    setText(this.#error, why);
    this.#input.ariaInvalid = String(why !== '');
    if (why) this.#input.focus();
  }

  #setBusy(busy: boolean): void {
    this.#input.readOnly = busy;
    this.#save.ariaDisabled = String(busy);
  }
}
