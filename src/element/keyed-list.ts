import { make } from './dom.js';
import type { Words } from './words.js';

/** One row of a list: created once for a guid, and updated from then on. */
export interface Row<View> {
  readonly element: HTMLElement;
  update(view: View, words: Words): void;
}

/** A list whose rows remain the same elements, so that neither the focus nor typed text is lost. */
export class KeyedList<View extends { guid: string }> {
  readonly element: HTMLUListElement;
  readonly #rows = new Map<string, Row<View>>();
  #gap = 0;

  constructor(
    names: string,
    private readonly makeRow: (view: View) => Row<View>,
  ) {
    this.element = make('ul', names);
    // Safari does not treat a list without bullets as a list unless it has the role.
    this.element.role = 'list';
  }

  show(views: readonly View[], words: Words): void {
    this.#removeAllBut(new Set(views.map(({ guid }) => guid)));
    arrange(
      this.element,
      views.map((view) => this.#row(view, words)),
    );
  }

  /** Highlights a row for a moment. */
  highlight(guid: string): void {
    const row = this.#rows.get(guid)?.element;
    if (!row) return;
    row.classList.add('fresh');
    row.onanimationend = () => row.classList.remove('fresh');
  }

  /** The row at the place where the last one was removed. */
  near(): HTMLElement | undefined {
    const rows = [...this.element.children] as HTMLElement[];
    return rows[Math.min(this.#gap, rows.length - 1)];
  }

  #row(view: View, words: Words): HTMLElement {
    const row = this.#rows.get(view.guid) ?? this.makeRow(view);
    this.#rows.set(view.guid, row);
    row.update(view, words);
    return row.element;
  }

  #removeAllBut(wanted: ReadonlySet<string>): void {
    for (const [guid, { element }] of this.#rows) {
      if (wanted.has(guid)) continue;
      this.#gap = [...this.element.children].indexOf(element);
      element.remove();
      this.#rows.delete(guid);
    }
  }
}

/** Puts elements in order. A moved element loses its focus, so the others are moved around the focused one. */
function arrange(list: HTMLElement, elements: readonly HTMLElement[]): void {
  const inUse = Math.max(
    elements.findIndex((element) => element.matches(':focus-within')),
    0,
  );
  const anchor = elements[inUse];
  if (!anchor) return;
  if (anchor.parentElement !== list) list.prepend(anchor);
  elements.slice(0, inUse).reduceRight(placeBefore, anchor);
  elements.slice(inUse + 1).reduce(placeAfter, anchor);
}

function placeBefore(beside: HTMLElement, element: HTMLElement): HTMLElement {
  if (beside.previousElementSibling !== element) beside.before(element);
  return element;
}

function placeAfter(beside: HTMLElement, element: HTMLElement): HTMLElement {
  if (beside.nextElementSibling !== element) beside.after(element);
  return element;
}
