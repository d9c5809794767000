/** The page: shows the form or the devices, and keeps the devices fresh while somebody looks. */

import { DeviceList, EndedList } from './devices.js';
import { Entry } from './entry.js';
import { call, forget, load, onChangeElsewhere, SignedOut, signOut, Unreachable, username } from './session.js';
import { setText } from './words.js';

const EVERY = 4_000;
const GOOD_NEWS_STAYS = 8_000;
const find = (id) => document.getElementById(id);

const entry = new Entry(() => show());
const devices = new DeviceList({ rename, signOut: signOutDevice });
const ended = new EndedList();
let timer;
let latest = 0;
let goodNews;

/** Shows what fits: the devices when signed in, else the form, with the reason if there is one. */
function show(reason = '') {
  const signedIn = load() !== null;
  const changed = find('home').hidden === signedIn;
  find('home').hidden = !signedIn;
  find('entry').hidden = signedIn;
  document.title = signedIn ? 'Your devices' : 'Sign in';
  clearTimeout(timer);
  latest++;
  if (signedIn) {
    setText(find('account'), username());
    if (changed) find('home-title').focus();
    refresh();
    return;
  }
  devices.show([]);
  say('');
  if (reason) entry.say(reason);
  if (changed) find('username').focus();
}

async function refresh() {
  clearTimeout(timer);
  // An answer that was asked for before a sign-out must not bring its row back.
  const turn = ++latest;
  try {
    const [live, over] = await Promise.all([call('GET', '/sessions'), call('GET', '/sessions?state=ended')]);
    if (turn !== latest) return;
    devices.show(live);
    ended.show(over);
    showBulk(live.filter(({ current }) => !current).length);
    setText(find('connection'), '');
  } catch (error) {
    if (turn !== latest) return;
    if (error instanceof SignedOut) return show('This device was signed out. Sign in to go on.');
    setText(find('connection'), `${error.message} Trying again; you stay signed in.`);
  }
  if (!document.hidden) timer = setTimeout(refresh, EVERY);
}

function showBulk(others) {
  find('sign-out-others').hidden = others === 0;
  setText(find('sign-out-others'), others === 1 ? 'Sign out the other device' : `Sign out the other ${others} devices`);
}

/** Runs what somebody asked for and says how it went; true if it went well. */
async function act(work, done) {
  try {
    const result = await work();
    say(done(result));
    if (load()) await refresh();
    return true;
  } catch (error) {
    if (error instanceof SignedOut) show('This device was signed out. Sign in to go on.');
    else say(error instanceof Unreachable ? `That did not work. ${error.message}` : error.message, true);
    return false;
  }
}

function say(text, isError = false) {
  clearTimeout(goodNews);
  if (text && !isError) goodNews = setTimeout(() => say(''), GOOD_NEWS_STAYS);
  find('message').classList.toggle('error', isError);
  find('message').textContent = text;
}

function rename({ guid, name: before }, name) {
  return act(
    () => call('PATCH', `/sessions/${guid}`, { name }),
    (view) => `“${before}” is now “${view.name}”.`,
  );
}

async function signOutDevice({ guid, name, current }) {
  if (!current) {
    await act(
      () => call('DELETE', `/sessions/${guid}`),
      () => `${name} is signed out.`,
    );
    return;
  }
  const done = await act(signOut, () => '');
  if (done) show('You are signed out.');
}

async function signOutOthers() {
  const text = 'They need the password to get in again. You stay signed in here.';
  if (!(await confirmed(`${find('sign-out-others').textContent}?`, text, 'Sign out'))) return;
  await act(
    () => call('DELETE', '/sessions?except=current'),
    ({ revoked }) => (revoked === 1 ? 'The other device is signed out.' : `${revoked} other devices are signed out.`),
  );
}

async function signOutEverywhere() {
  const text = 'This device is signed out too, and every device needs the password to get in again.';
  if (!(await confirmed('Sign out everywhere?', text, 'Sign out everywhere'))) return;
  const all = async () => {
    await call('DELETE', '/sessions');
    forget();
  };
  const done = await act(all, () => '');
  if (done) show('You are signed out everywhere.');
}

function confirmed(title, text, yes) {
  const dialog = find('confirm');
  find('confirm-title').textContent = title;
  find('confirm-text').textContent = text;
  find('confirm-yes').textContent = yes;
  dialog.returnValue = 'no';
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => resolve(dialog.returnValue === 'yes'), { once: true });
  });
}

find('sign-out-others').addEventListener('click', signOutOthers);
find('sign-out-all').addEventListener('click', signOutEverywhere);
document.addEventListener('visibilitychange', () => !document.hidden && load() && refresh());
addEventListener('online', () => load() && refresh());
onChangeElsewhere(() => show(load() ? '' : 'You signed out in another tab.'));
show();
