/** What the guarded route says, and the change of password. */

import { ask, problemOf } from './client.js';

const find = (id) => document.getElementById(id);
const NAMES = { userId: 'User', guid: 'This sign-in' };

/** The profile page. */
export class Profile {
  constructor() {
    find('password-form').addEventListener('submit', (event) => this.#change(event));
  }

  /** Asks for the facts again. */
  async show() {
    this.#say('');
    try {
      const facts = Object.entries(await ask('GET', '/profile'));
      find('profile-facts').replaceChildren(...facts.flatMap(([name, value]) => [term(name), definition(value)]));
    } catch (error) {
      this.#say(problemOf(error), true);
    }
  }

  async #change(event) {
    event.preventDefault();
    const body = { password: find('current-password').value, newPassword: find('new-password').value };
    try {
      const { revoked } = await ask('PATCH', '/account/password', body);
      find('password-form').reset();
      this.#say(`Your password is changed. ${others(revoked)}`);
    } catch (error) {
      // The form stays as it is, to be sent once more.
      this.#say(problemOf(error), true);
    }
  }

  #say(text, isError = false) {
    find('password-message').classList.toggle('error', isError);
    find('password-message').textContent = text;
  }
}

function others(revoked) {
  if (revoked === 0) return 'No other device is signed in.';
  return revoked === 1 ? 'One other device was signed out.' : `${revoked} other devices were signed out.`;
}

function term(name) {
  const element = document.createElement('dt');
  element.textContent = NAMES[name] ?? name;
  return element;
}

function definition(value) {
  const element = document.createElement('dd');
  element.textContent = value;
  return element;
}
