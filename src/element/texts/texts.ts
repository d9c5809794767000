import type { SignedOutReason } from '../../client/session-client.js';

/** Everything the element says. What depends on a value is a function of it; numbers are whole. */
export interface Texts {
  heading: string;
  /** Beneath the heading. */
  lead: (devices: number) => string;
  /** In place of the lead, until the first answer. */
  loading: string;
  /** The badge of the device one is on. */
  current: string;
  /** What a device is: "Chrome on Windows". Stands for the name as well, until the device is given one. */
  kind: (browser: string | null, os: string | null) => string;
  /** Where two clients were found to use the sign-in in turn. */
  suspected: string;
  /** The address a device was last seen at. */
  address: (ip: string) => string;
  activeNow: string;
  /** `ago` is such as "3 hours ago". */
  active: (ago: string) => string;
  /** `when` is a time of today, or a date. */
  since: (when: string) => string;
  justNow: string;

  /** The label of the button with the pencil. */
  rename: (name: string) => string;
  /** The label of the field. */
  newName: string;
  save: string;
  cancel: string;

  signOut: string;
  /** The label of the button `signOut`, for screen readers. Let it contain that text. */
  signOutDevice: (name: string) => string;
  signOutOthers: (devices: number) => string;
  signOutAll: string;

  /** The questions before, each with what will happen. */
  askDevice: (name: string) => string;
  askDeviceText: string;
  askCurrentText: string;
  askOthers: (devices: number) => string;
  askOthersText: string;
  askAll: string;
  askAllText: (devices: number) => string;

  /** Read out, and shown for a while. */
  signedOutDevice: (name: string) => string;
  signedOutOthers: (devices: number) => string;
  signedInDevice: (name: string) => string;

  /** The label of the button beneath a long list of devices. */
  showMore: string;

  endedHeading: string;
  showAll: (devices: number) => string;
  showFewer: string;
  /** Why a session ended, a sentence; '' for nothing to say. */
  reason: (reason: SignedOutReason) => string;

  /** `time` is when the list was read last. */
  offline: (time: string) => string;
  failed: string;
  retry: string;
  signedOut: string;
  signInAgain: string;
  /** What to say to an error of the client, by its code. `wait` is such as "in 2 minutes", or '' where not known. */
  error: (code: string, wait: string) => string;
}

/** Names a device by what is known of it. */
export function nameKind(browser: string | null, os: string | null, both: string, neither: string): string {
  return browser && os ? both : browser || os || neither;
}

/** Takes a text by its key; keys of a later server get the text under '', or none. */
export function textOf(texts: Readonly<Record<string, string>>, key: string): string {
  return texts[key] ?? texts[''] ?? '';
}

/** Chooses between one and many, in languages that have no more than that. */
export function plural(count: number, one: string, other: string): string {
  return count === 1 ? one : other;
}
