import { SessionListElement } from './session-list.element.js';

declare global {
  interface HTMLElementTagNameMap {
    'session-list': SessionListElement;
  }
}

const NAME = 'session-list';

/** Defines the element, optionally under another name; does nothing if the name is taken, or on a server. */
export function defineSessionList(name: string = NAME): void {
  if (typeof customElements === 'undefined' || customElements.get(name)) return;
  // A class can only be defined once.
  customElements.define(name, name === NAME ? SessionListElement : class extends SessionListElement {});
}
