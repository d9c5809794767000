/** Times and reasons in plain words. */

const REASONS = {
  signed_out: 'Signed out on the device itself',
  revoked: 'You signed it out from your list of devices',
  revoked_all: 'You signed out everywhere',
  replaced: 'You signed in again on the same device',
  evicted: 'Made room for a newer device',
  reuse_detected: 'Ended for safety: an old copy of its sign-in was used. If in doubt, change your password',
  credentials_changed: 'Your password was changed',
  user_disabled: 'Your account was locked',
  expired: 'It reached its time limit',
  idle: 'It was not used for too long',
};

const MINUTE = 60;
const UNITS = [
  ['day', 24 * 60 * MINUTE],
  ['hour', 60 * MINUTE],
  ['minute', MINUTE],
];
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
const clock = new Intl.DateTimeFormat('en', { timeStyle: 'short' });
const day = new Intl.DateTimeFormat('en', { month: 'short', day: 'numeric' });
const dayOfYear = new Intl.DateTimeFormat('en', { dateStyle: 'medium' });
const exact = new Intl.DateTimeFormat('en', { dateStyle: 'full', timeStyle: 'long' });

/** Why a session ended. */
export function reasonFor(endReason) {
  return REASONS[endReason] ?? 'It ended';
}

/** What to do about too many attempts, given the seconds of a `Retry-After`. */
export function waitFor(seconds) {
  const minutes = Math.ceil(Number(seconds) / MINUTE);
  if (!(minutes > 0)) return 'Too many attempts; try again later.';
  return `Too many attempts; try again in ${minutes === 1 ? 'a minute' : `${minutes} minutes`}.`;
}

/** How long ago, such as "5 minutes ago". */
export function ago(iso) {
  const seconds = (Date.now() - new Date(iso)) / 1000;
  const [unit, length] = UNITS.find(([, length]) => seconds >= length) ?? [];
  return unit ? relative.format(-Math.floor(seconds / length), unit) : 'just now';
}

/** When a device was last used. The server notes it about once a minute, so a little ago is now. */
export function lastActive({ current, lastActiveAt }) {
  const isNow = current || Date.now() - new Date(lastActiveAt) < 1.5 * MINUTE * 1000;
  return isNow ? 'Active now' : `Active ${ago(lastActiveAt)}`;
}

/** A time as short as it is clear: "5:02 AM" today, else "Nov 22", or "Nov 22, 2024" in another year. */
export function since(iso) {
  const [then, now] = [new Date(iso), new Date()];
  if (then.toDateString() === now.toDateString()) return clock.format(then);
  return (then.getFullYear() === now.getFullYear() ? day : dayOfYear).format(then);
}

/** Shows a time in words, and to the second for who points at it. */
export function showTime(element, iso, words) {
  element.dateTime = iso;
  element.title = exact.format(new Date(iso));
  setText(element, words);
}

/** Sets a text that changed: one that did not keeps the selection, and is not read out again. */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
