/** The list of devices and of those recently ended: keeps what is on the screen in step with the server's answer. */

import { ago, lastActive, reasonFor, setText, showTime, since } from './words.js';

const MOST_ENDED = 5;
const ICONS = new Set(['desktop', 'phone', 'tablet', 'tv', 'watch', 'app']);
const find = (id) => document.getElementById(id);

/** The live devices; `actions` are called with a session view: `rename(view, name)` and `signOut(view)`. */
export class DeviceList {
  #rows = new Map();

  constructor(actions) {
    this.actions = actions;
  }

  show(views) {
    const wanted = views.map((view) => this.#row(view));
    const gone = [...this.#rows].filter(([guid]) => !views.some((view) => view.guid === guid));
    for (const [guid, row] of gone) {
      // The keyboard must not be left on a button that is no more.
      if (row.element.contains(document.activeElement)) find('home-title').focus();
      row.element.remove();
      this.#rows.delete(guid);
    }
    const list = find('devices');
    // Moving an element takes its focus, so only what is out of place moves.
    for (const [index, { element }] of wanted.entries()) {
      if (list.children[index] !== element) list.insertBefore(element, list.children[index] ?? null);
    }
  }

  #row(view) {
    const row = this.#rows.get(view.guid) ?? new DeviceRow(this.actions);
    this.#rows.set(view.guid, row);
    row.update(view);
    return row;
  }
}

class DeviceRow {
  constructor(actions) {
    this.actions = actions;
    this.element = find('device-template').content.firstElementChild.cloneNode(true);
    this.#part('.start-rename').addEventListener('click', () => this.#startRename());
    this.#part('.sign-out').addEventListener('click', () => this.actions.signOut(this.view));
    this.#part('.cancel').addEventListener('click', () => this.#endRename());
    this.#part('.rename').addEventListener('keydown', ({ key }) => key === 'Escape' && this.#endRename());
    this.#part('.rename').addEventListener('submit', (event) => this.#save(event));
  }

  update(view) {
    this.view = view;
    const { name, device, ip, current } = view;
    this.element.classList.toggle('current', current);
    setText(this.#part('.name'), name);
    this.#part('.badge').hidden = !current;
    this.#part('use').setAttribute('href', `#icon-${ICONS.has(device.type) ? device.type : 'unknown'}`);
    // A device without a name of its own goes by its browser and system already.
    setText(this.#part('.kind'), [name === kindOf(device) ? '' : kindOf(device), ip].filter(Boolean).join(' · '));
    this.#part('.active').classList.toggle('now', lastActive(view) === 'Active now');
    showTime(this.#part('.active time'), view.lastActiveAt, lastActive(view));
    showTime(this.#part('.since time'), view.createdAt, since(view.createdAt));
    this.#part('.start-rename').setAttribute('aria-label', `Rename ${name}`);
    this.#part('.sign-out').setAttribute('aria-label', `Sign out ${name}${current ? ', this device' : ''}`);
  }

  #startRename() {
    this.#edit(true);
    const input = this.#part('.rename input');
    input.value = this.view.name;
    input.select();
    input.focus();
  }

  #endRename() {
    this.#edit(false);
    this.#part('.start-rename').focus();
  }

  #edit(editing) {
    this.#part('.rename').hidden = !editing;
    this.#part('.title').hidden = editing;
    this.#part('.actions').hidden = editing;
  }

  async #save(event) {
    event.preventDefault();
    const name = this.#part('.rename input').value.trim();
    if (name && (await this.actions.rename(this.view, name))) this.#endRename();
  }

  #part(selector) {
    return this.element.querySelector(selector);
  }
}

function kindOf({ browser, os }) {
  return [browser, os].filter(Boolean).join(' on ') || 'Unknown browser';
}

/** The recently ended devices: a few, and all on request. */
export class EndedList {
  #all = false;
  #shown = '';
  #views = [];

  constructor() {
    find('ended-more').addEventListener('click', () => {
      this.#all = !this.#all;
      this.show(this.#views);
    });
  }

  show(views) {
    this.#views = views;
    find('ended-section').hidden = views.length === 0;
    find('ended-more').hidden = views.length <= MOST_ENDED;
    setText(find('ended-more'), this.#all ? 'Show fewer' : `Show all ${views.length}`);
    const some = this.#all ? views : views.slice(0, MOST_ENDED);
    const shown = some.map(({ guid, endedAt }) => guid + ago(endedAt)).join();
    if (shown !== this.#shown) find('ended').replaceChildren(...some.map(endedRow));
    this.#shown = shown;
  }
}

function endedRow({ name, endReason, endedAt }) {
  const element = find('ended-template').content.firstElementChild.cloneNode(true);
  element.classList.toggle('alarming', endReason === 'reuse_detected');
  setText(element.querySelector('.name'), name);
  setText(element.querySelector('.reason'), `${reasonFor(endReason)}.`);
  showTime(element.querySelector('time'), endedAt, ago(endedAt));
  return element;
}
