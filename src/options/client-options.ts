import { flag } from './option-readers.js';

/** The options about what is stored about a client. */
export interface ClientSettings {
  /**
   * Whether a client's address is stored with its session, to be shown in the list.
   * @default true
   */
  recordIp?: boolean;
  /**
   * Whether a client's User-Agent is stored with its session. Without it the list shows no browser and no system.
   * @default true
   */
  recordUserAgent?: boolean;
}

/** The names of these options. */
export const CLIENT_OPTIONS: Record<keyof ClientSettings, true> = {
  recordIp: true,
  recordUserAgent: true,
};

/** What is stored about a client. */
export interface ClientRecord {
  readonly ip: boolean;
  readonly userAgent: boolean;
}

/** What is stored about a client, validated and with defaults. Throws ConfigurationError. */
export function resolveRecord(given: ClientSettings): ClientRecord {
  return Object.freeze({
    ip: flag('recordIp', given.recordIp ?? true),
    userAgent: flag('recordUserAgent', given.recordUserAgent ?? true),
  });
}
