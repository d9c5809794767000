import { flag } from './option-readers.js';

/** The options about what is kept of a client. */
export interface ClientSettings {
  /**
   * Whether the address a client comes from is kept with its session, to be shown in the list.
   * @default true
   */
  recordIp?: boolean;
  /**
   * Whether the User-Agent of a client is kept with its session. Without it the list shows no browser and no system.
   * @default true
   */
  recordUserAgent?: boolean;
}

/** The names of these options. */
export const CLIENT_OPTIONS: Record<keyof ClientSettings, true> = {
  recordIp: true,
  recordUserAgent: true,
};

/** What is kept of a client. */
export interface ClientRecord {
  readonly ip: boolean;
  readonly userAgent: boolean;
}

/** What is kept of a client, checked and filled in. Throws ConfigurationError. */
export function resolveRecord(given: ClientSettings): ClientRecord {
  return Object.freeze({
    ip: flag('recordIp', given.recordIp ?? true),
    userAgent: flag('recordUserAgent', given.recordUserAgent ?? true),
  });
}
