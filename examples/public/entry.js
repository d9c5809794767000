/** Sign-in and sign-up: one form, two ways to use it. */

import { signIn, signUp } from './session.js';

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

/** The form before sign-in; calls `onSignedIn` when it is done. */
export class Entry {
  #way = 'in';

  constructor(onSignedIn) {
    this.onSignedIn = onSignedIn;
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
    const [username, password] = [find('username').value, find('password').value];
    find('entry-submit').disabled = true;
    this.say('');
    try {
      if (this.#way === 'up') await signUp(username, password);
      await signIn(username, password);
      find('entry-form').reset();
      this.#choose('in');
      this.onSignedIn();
    } catch (error) {
      this.say(error.message, true);
    } finally {
      find('entry-submit').disabled = false;
    }
  }
}
