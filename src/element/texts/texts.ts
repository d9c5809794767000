import type { SignedOutReason } from '../../client/session-client.js';

/** Every text of the element. A text that depends on a value is a function of it; numbers are whole. */
export interface Texts {
  heading: string;
  /** Below the heading. */
  lead: (devices: number) => string;
  /** Instead of the lead, until the first answer. */
  loading: string;
  /** The badge of the current device. */
  current: string;
  /** What a device is: "Chrome on Windows". Also its name, until the user gives it one. */
  kind: (browser: string | null, os: string | null) => string;
  /** Shown if two clients were found to use the session in turn. */
  suspected: string;
  /** The address at which a device was last seen. */
  address: (ip: string) => string;
  activeNow: string;
  /** `ago` is a text such as "3 hours ago". */
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
  /** The label of the button `signOut`, for screen readers. It should contain that text. */
  signOutDevice: (name: string) => string;
  signOutOthers: (devices: number) => string;
  signOutAll: string;

  /** The questions before an action, each with what will happen. */
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

  /** The label of the button below a long list of devices. */
  showMore: string;

  endedHeading: string;
  showAll: (devices: number) => string;
  showFewer: string;
  /** Why a session ended, in a sentence; '' for no text. */
  reason: (reason: SignedOutReason) => string;

  /** `time` is when the list was last read. */
  offline: (time: string) => string;
  failed: string;
  retry: string;
  signedOut: string;
  signInAgain: string;
  /**
   * The message for an error of the client, by its code. `wait` is a text such as "in 2 minutes", or '' if not known.
   */
  error: (code: string, wait: string) => string;
}

/** Names a device by what is known about it. */
export function nameKind(browser: string | null, os: string | null, both: string, neither: string): string {
  return browser && os ? both : browser || os || neither;
}

/** Reads a text by its key; a key of a newer server gets the text under '', or none. */
export function textOf(texts: Readonly<Record<string, string>>, key: string): string {
  return texts[key] ?? texts[''] ?? '';
}

/** Chooses between one and many, in languages that have only these two forms. */
export function plural(count: number, one: string, other: string): string {
  return count === 1 ? one : other;
}
