/** The page: the form for who is signed out, devices and profile for who is signed in. */

import '/lib/element/entry.js';
import { ask, client, problemOf } from './client.js';
import { Entry } from './entry.js';
import { Profile } from './profile.js';

const TITLES = { entry: 'Sign in', devices: 'Your devices', profile: 'Profile' };
const REASONS = {
  signed_out: 'You are signed out.',
  revoked: 'This device was signed out from another one.',
  revoked_all: 'You are signed out everywhere.',
  replaced: 'You signed in again on this device.',
  evicted: 'This device was signed out to make room for a newer one.',
  reuse_detected:
    'Someone used an old copy of this sign-in, so we ended it. If that was not you, sign in and change your password.',
  credentials_changed: 'Your password was changed on another device. Sign in with the new one.',
  user_disabled: 'Your account was locked.',
  expired: 'Your sign-in reached its time limit. Sign in to go on.',
  idle: 'This device was not used for a while. Sign in to go on.',
  unknown: 'This device was signed out. Sign in to go on.',
};
const find = (id) => document.getElementById(id);

const entry = new Entry();
const profile = new Profile();
let shown;

/** Shows what fits: for who is signed in, what the address names. */
async function show() {
  const wanted = location.hash === '#profile' ? 'profile' : 'devices';
  const name = (await client.signedIn()) ? wanted : 'entry';
  if (name === shown) return;
  const first = shown === undefined;
  shown = name;
  for (const id of Object.keys(TITLES)) find(id).hidden = id !== name;
  find('bar').hidden = name === 'entry';
  document.title = TITLES[name];
  for (const link of document.querySelectorAll('nav a')) {
    if (link.hash === `#${name}`) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
  if (!first) find(name === 'entry' ? 'username' : name).focus();
  if (name === 'profile') profile.show();
}

async function welcome() {
  const list = document.querySelector('session-list');
  list.client = client;
  entry.say('');
  await show();
  const { username } = await ask('GET', '/account').catch(() => ({ username: 'your account' }));
  for (const element of document.querySelectorAll('.account')) element.textContent = username;
  find('password-account').value = username;
}

client.onSignedIn(welcome);
client.onSignedOut((reason) => {
  document.querySelector('session-list').client = null;
  entry.say(REASONS[reason] ?? REASONS.unknown, reason === 'reuse_detected');
  show();
});
find('sign-out').addEventListener('click', async () => {
  find('sign-out').disabled = true;
  find('bar-message').textContent = '';
  await client.logout().catch((error) => {
    find('bar-message').textContent = `You are still signed in here. ${problemOf(error)}`;
  });
  find('sign-out').disabled = false;
});
addEventListener('hashchange', show);

if (await client.signedIn()) welcome();
else show();
