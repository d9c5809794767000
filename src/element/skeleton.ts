import { make } from './dom.js';

/** The outline of a list, shown until it is loaded. */
export function makeSkeleton(): HTMLElement {
  return make('div', 'card skeleton', make('div', 'bones'), make('div', 'bones'), make('div', 'bones'));
}
