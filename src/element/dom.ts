/** Creates an element. `names` are both its classes and its parts: the element styles by class, a page by `::part`. */
export function make<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  names = '',
  ...children: Node[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  element.className = names;
  element.setAttribute('part', names);
  element.append(...children);
  return element;
}

/** Creates a button that does not submit a form. */
export function makeButton(names: string, onClick: () => void): HTMLButtonElement {
  const button = make('button', `button ${names}`);
  button.type = 'button';
  button.onclick = onClick;
  return button;
}

/** Creates a heading, or another element with a role that can receive the focus by script. */
export function makeWithRole(role: string, names: string, ...children: Node[]): HTMLElement {
  const element = make('div', names, ...children);
  element.role = role;
  element.tabIndex = -1;
  return element;
}

/** Creates a paragraph that is read out when its text changes: `status` at the next pause, `alert` at once. */
export function makeLive(role: 'status' | 'alert', names: string): HTMLElement {
  const element = make('p', names);
  element.role = role;
  return element;
}

/** Labels an element by another one. */
export function labelBy(element: Element, label: Element): void {
  label.id = label.className;
  element.setAttribute('aria-labelledby', label.id);
}

/** Adds or removes a class and a part of the same name. */
export function mark(element: Element, name: string, on: boolean): void {
  element.classList.toggle(name, on);
  element.part.toggle(name, on);
}

/** Sets a text only if it changed; otherwise it keeps its selection and is not read out again. */
export function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

/** Shows a time in words, and the exact time on hover. */
export function showTime(element: HTMLTimeElement, iso: string, words: string, exact: string): void {
  element.dateTime = iso;
  element.title = exact;
  setText(element, words);
}
