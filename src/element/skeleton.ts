import { make } from './dom.js';

/** The outline of a list, until there is one. */
export function makeSkeleton(): HTMLElement {
  return make('div', 'card skeleton', make('div', 'bones'), make('div', 'bones'), make('div', 'bones'));
}
