/** Sign-in and sign-up: one form, two ways to use it. */

import { ask, client, problemOf } from './client.js';

const find = (id) => document.getElementById(id);
const WAYS = {
  in: {
    title: 'Sign in',
    lead: 'See where your account is signed in.',
    question: 'New here?',
    other: 'Create an account',
    password: 'current-password',
    minLength: 0,
  },
  up: {
    title: 'Create an account',
    lead: 'A name and a password are all it takes.',
    question: 'Have an account?',
    other: 'Sign in',
    password: 'new-password',
    minLength: 8,
  },
};

/** The form before sign-in. */
export class Entry {
  #way = 'in';

  constructor() {
    find('switch').addEventListener('click', () => {
      this.#choose(this.#way === 'in' ? 'up' : 'in');
      this.say('');
      find('username').focus();
    });
    find('entry-form').addEventListener('submit', (event) => this.#submit(event));
    this.#choose('in');
  }

  /** Tells why the form is here, or what went wrong. */
  say(text, isError = false) {
    find('entry-message').classList.toggle('error', isError);
    find('entry-message').textContent = text;
  }

  #choose(way) {
    this.#way = way;
    const { title, lead, question, other, password, minLength } = WAYS[way];
    for (const id of ['entry-title', 'entry-submit']) find(id).textContent = title;
    find('entry-lead').textContent = lead;
    find('switch-question').textContent = question;
    find('switch').textContent = other;
    find('password').autocomplete = password;
    find('password').minLength = minLength;
    find('password-hint').hidden = way === 'in';
  }

  async #submit(event) {
    event.preventDefault();
    const credentials = { username: find('username').value, password: find('password').value };
    find('entry-submit').disabled = true;
    this.say('');
    try {
      if (this.#way === 'up') await ask('POST', '/users', credentials);
      location.hash = '#devices';
      await client.login(credentials);
      find('entry-form').reset();
      this.#choose('in');
    } catch (error) {
      this.say(problemOf(error), true);
    } finally {
      find('entry-submit').disabled = false;
    }
  }
}
