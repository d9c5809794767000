import { SessionListElement } from './session-list.element.js';

declare global {
  interface HTMLElementTagNameMap {
    'session-list': SessionListElement;
  }
}

const NAME = 'session-list';

/** Defines the element, also by another name; does nothing where the name is taken, or where there are no elements. */
export function defineSessionList(name: string = NAME): void {
  if (typeof customElements === 'undefined' || customElements.get(name)) return;
  // A class can be defined once only.
  customElements.define(name, name === NAME ? SessionListElement : class extends SessionListElement {});
}
