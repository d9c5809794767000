import { nameKind, plural, type Texts, textOf } from './texts.js';

const REASONS = {
  signed_out: 'Signed out on the device itself.',
  revoked: 'Signed out from the list of devices.',
  revoked_all: 'Signed out with all devices.',
  replaced: 'Signed in again on the same device.',
  evicted: 'Replaced by a newer device.',
  reuse_detected:
    'Someone used an old copy of this sign-in, so we ended it. If that was not you, change your password.',
  credentials_changed: 'The password was changed.',
  user_disabled: 'The account was locked.',
  expired: 'The time limit was reached.',
  idle: 'Not used for too long.',
};

const ERRORS = {
  offline: 'There is no connection. Try again when it is back.',
  unavailable: 'The server cannot answer right now. Try again in a moment.',
  invalid_request: 'This name is not possible. Try another.',
  '': 'That did not work. Try again.',
};

/** English. */
export const en: Texts = {
  heading: 'Your devices',
  lead: (devices) =>
    plural(
      devices,
      'You are signed in on this device only.',
      `You are signed in on ${devices} devices. Sign out any you do not recognize.`,
    ),
  loading: 'Loading your devices …',
  current: 'This device',
  kind: (browser, os) => nameKind(browser, os, `${browser} on ${os}`, 'Unknown device'),
  suspected: 'Used from two places in turn. If only one of them is you, sign out here.',
  address: (ip) => `IP ${ip}`,
  activeNow: 'Active now',
  active: (ago) => `Active ${ago}`,
  since: (when) => `Signed in since ${when}`,
  justNow: 'just now',

  rename: (name) => `Rename ${name}`,
  newName: 'Name of this device',
  save: 'Save',
  cancel: 'Cancel',

  signOut: 'Sign out',
  signOutDevice: (name) => `Sign out ${name}`,
  signOutOthers: (devices) => plural(devices, 'Sign out the other device', `Sign out all other devices (${devices})`),
  signOutAll: 'Sign out everywhere',

  askDevice: (name) => `Sign out ${name}?`,
  askDeviceText: 'Whoever uses it has to sign in again.',
  askCurrentText: 'You will have to sign in again on this device.',
  askOthers: (devices) => plural(devices, 'Sign out the other device?', `Sign out ${devices} other devices?`),
  askOthersText: 'They have to sign in again. You stay signed in on this device.',
  askAll: 'Sign out everywhere?',
  askAllText: (devices) => `You will have to sign in again on all ${devices} devices, this one too.`,

  signedOutDevice: (name) => `${name} is signed out.`,
  signedOutOthers: (devices) =>
    plural(devices, 'The other device is signed out.', `${devices} other devices are signed out.`),
  signedInDevice: (name) => `New sign-in: ${name}.`,

  showMore: 'More',

  endedHeading: 'Recently ended',
  showAll: (devices) => `Show all (${devices})`,
  showFewer: 'Show fewer',
  reason: (reason) => textOf(REASONS, reason),

  offline: (time) => `Showing what was known at ${time}. Updating when the connection is back.`,
  failed: 'Your devices could not be loaded.',
  retry: 'Try again',
  signedOut: 'You are signed out on this device.',
  signInAgain: 'Sign in again to see your devices.',
  error: (code, wait) =>
    code === 'too_many_requests' ? `Too many attempts. Try again ${wait || 'later'}.` : textOf(ERRORS, code),
};
