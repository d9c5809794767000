/**
 * The locale of an element: its own `lang`, otherwise that of the nearest ancestor, also across shadow roots, otherwise
 * English.
 */
export function localeOf(element: Element): string {
  const locale = element.closest('[lang]')?.getAttribute('lang');
  const root = element.getRootNode();
  return locale || (root instanceof ShadowRoot ? localeOf(root.host) : 'en');
}

/** Calls back when a `lang` of the document changes; the returned function stops it. */
export function watchLanguage(onChange: () => void): () => void {
  const observer = new MutationObserver(onChange);
  observer.observe(document, { attributeFilter: ['lang'], subtree: true });
  return () => observer.disconnect();
}
