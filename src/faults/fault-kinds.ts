import type { FaultKind } from './faults.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** How a kind of fault is reported. */
export interface FaultWords {
  readonly level: 'error' | 'warn';
  /** The beginning of its lines. */
  readonly fails: string;
  /** The beginning of the line that reports its end. */
  readonly over: string;
  /** How it affects requests, and what to look at. */
  readonly advice: string;
  /** The fault is over after this long without a failure, in milliseconds. */
  readonly calm: number;
  /** Whether that alone ends it, because successes are not reported. */
  readonly endsAlone?: boolean;
  /** Whether it lasts until the setup changes, so that a line now and then would tell nothing new. */
  readonly once?: boolean;
  /** Whether the app's code failed, so that the line names the place in it. */
  readonly ofApp?: boolean;
}

const CALM = 10 * SECOND;
const TOKENS = "Synchronize this machine's clock (NTP, chrony)";

/** The texts of each kind. */
export const FAULT_KINDS: Readonly<Record<FaultKind, FaultWords>> = {
  store: {
    ...{ level: 'error', calm: CALM, fails: 'The session store fails', over: 'The session store works again' },
    advice: 'Requests that need it are answered 503. Look at the database, its connections and the network to it',
  },
  users: {
    ...{
      level: 'error',
      calm: CALM,
      ofApp: true,
      fails: "The app's `users` fail",
      over: "The app's `users` answer again",
    },
    advice: 'Requests that call them are answered 503. Look at your class of the option `users`',
  },
  check: {
    ...{ level: 'error', calm: CALM, ofApp: true, fails: 'A check of the app fails', over: 'The check works again' },
    advice: 'Requests that need it are answered 503. Look at your class of the option `checks`',
  },
  redis: {
    ...{ level: 'warn', calm: CALM, fails: 'Redis is lost, and is tried again', over: 'Redis answers again' },
    advice:
      'The database answers instead of copies; requests that need Redis are answered 503. Look at the server of `SessionRedis`',
  },
  copyLedger: {
    ...{ level: 'warn', calm: CALM, fails: 'Copies in Redis are not read', over: 'Copies in Redis may be read again' },
    advice: 'The database does not say which of them are valid, and answers itself. Look at its table `session_copies`',
  },
  hotCopies: {
    ...{ level: 'warn', calm: CALM, fails: 'No copies can be kept in Redis', over: 'Copies are kept in Redis again' },
    advice:
      'The database answers instead of them. Look at the version and the permissions of the server of `SessionRedis`',
  },
  staleFeed: {
    ...{
      level: 'warn',
      calm: CALM,
      fails: 'Messages about stale copies are lost',
      over: 'Messages about stale copies arrive again',
    },
    advice: 'Near copies are not used meanwhile. Look at the connection that receives them',
  },
  liveFeed: {
    ...{
      level: 'warn',
      calm: CALM,
      fails: 'Messages about changed sessions are lost',
      over: 'Messages about changed sessions arrive again',
    },
    advice:
      'Live updates read the rows every second meanwhile. Look at the connection that listens (LISTEN and NOTIFY)',
  },
  unheard: {
    ...{ level: 'warn', calm: CALM, once: true, fails: 'Messages between processes do not arrive' },
    over: 'Messages between processes arrive again',
    advice:
      'Live updates read the rows every second, and near copies are not used. A pooler in transaction mode loses LISTEN: give ' +
      '`database` the address of the server or of a pooler in session mode, or send messages over Redis (options `messages` ' +
      'and `revocation.nearCopy.over`)',
  },
  word: {
    ...{ level: 'warn', calm: MINUTE, endsAlone: true, fails: 'Messages to other processes cannot be sent' },
    over: 'No message to other processes was lost for a minute',
    advice:
      'They notice what changed later: live updates within 5 minutes, near copies after `maxAge`. Look at the database or ' +
      'the Redis that carries them',
  },
  purge: {
    ...{ level: 'error', calm: CALM, fails: 'Purge fails, and is tried again', over: 'Purge works again' },
    advice: 'Rows of ended sessions stay. Look at the database',
  },
  listener: {
    ...{ level: 'error', calm: 10 * MINUTE, endsAlone: true, ofApp: true, fails: 'A listener of session events fails' },
    over: 'No listener of session events has failed for 10 minutes',
    advice: 'It did not finish its work; no verdict changes. Look at the listener you passed to `SessionEvents.on`',
  },
  futureTokens: {
    ...{ level: 'error', calm: 5 * MINUTE, endsAlone: true, fails: 'Genuine tokens are refused as dated ahead' },
    over: 'No token was dated ahead for 5 minutes',
    advice: `This machine's clock is behind, or that of a machine that signs is ahead. ${TOKENS}, and theirs`,
  },
  clockOff: {
    ...{ level: 'warn', calm: 0, fails: 'The clock is off', over: 'The clock is no longer off by 5 to 60 s' },
    advice: `Ends by time are wrong by as much. ${TOKENS}`,
  },
  clockWrong: {
    ...{ level: 'error', calm: 0, fails: 'The clock is wrong', over: "The clock is within 60 s of the database's" },
    advice: `Machines more than 60 s apart refuse each other's tokens. ${TOKENS}, or that of the database`,
  },
};
