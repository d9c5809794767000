import { defineSessionList } from './define.js';

export { defineSessionList } from './define.js';
export { SessionListElement } from './session-list.element.js';
export { de } from './texts/de.js';
export { en } from './texts/en.js';
export type { Texts } from './texts/texts.js';
export { zh } from './texts/zh.js';

defineSessionList();
