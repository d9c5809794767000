import { mediumOr, type RevocationMedium } from './revocation-medium.js';

/** The options about what carries messages between the processes of an app. */
export interface MessageSettings {
  /**
   * What tells the other processes that the sessions of a user have changed, for live updates: the database, or a medium such as
   * `SessionRedis`. Only PostgreSQL carries messages; over another database the rows of users who watch are read once a second.
   * @default 'database'
   */
  messages?: 'database' | RevocationMedium;
}

/** The names of these options. */
export const MESSAGE_OPTIONS: Record<keyof MessageSettings, true> = { messages: true };

/** What carries messages, checked and filled in. Throws ConfigurationError. */
export function resolveMessages({ messages = 'database' }: MessageSettings): 'database' | RevocationMedium {
  return mediumOr('messages', messages, ['database']);
}
