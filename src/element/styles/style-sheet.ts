import { dialog } from './dialog.js';
import { frame } from './frame.js';
import { rows } from './rows.js';
import { surroundings } from './surroundings.js';
import { theme } from './theme.js';

let sheet: CSSStyleSheet | undefined;

/** The style sheet that all elements share. Created by script, it needs no `unsafe-inline` in a page's policy. */
export function styleSheet(): CSSStyleSheet {
  if (!sheet) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(theme + frame + rows + dialog + surroundings);
  }
  return sheet;
}
