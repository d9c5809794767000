/** The locale of an element: its own `lang`, else that of what it is in, through shadow roots too, else English. */
export function localeOf(element: Element): string {
  const locale = element.closest('[lang]')?.getAttribute('lang');
  const root = element.getRootNode();
  return locale || (root instanceof ShadowRoot ? localeOf(root.host) : 'en');
}

/** Hears when a `lang` of the document changes; the function returned stops it. */
export function watchLanguage(onChange: () => void): () => void {
  const observer = new MutationObserver(onChange);
  observer.observe(document, { attributeFilter: ['lang'], subtree: true });
  return () => observer.disconnect();
}
