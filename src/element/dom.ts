/** Makes an element. `names` are its classes and its parts at once: the element styles by class, a page by `::part`. */
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

/** Makes a button that is no submit button. */
export function makeButton(names: string, onClick: () => void): HTMLButtonElement {
  const button = make('button', `button ${names}`);
  button.type = 'button';
  button.onclick = onClick;
  return button;
}

/** Makes a heading, or what else has a role and may be given the focus by script. */
export function makeWithRole(role: string, names: string, ...children: Node[]): HTMLElement {
  const element = make('div', names, ...children);
  element.role = role;
  element.tabIndex = -1;
  return element;
}

/** Makes a paragraph that is read out when its text changes: `status` at the next pause, `alert` at once. */
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

/** Adds a class and a part of one name, or takes them away. */
export function mark(element: Element, name: string, on: boolean): void {
  element.classList.toggle(name, on);
  element.part.toggle(name, on);
}

/** Sets a text that changed; one that did not keeps its selection and is not read out again. */
export function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

/** Shows a time in words, and exactly for who points at it. */
export function showTime(element: HTMLTimeElement, iso: string, words: string, exact: string): void {
  element.dateTime = iso;
  element.title = exact;
  setText(element, words);
}
