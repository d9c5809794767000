/** The public API of `nestjs-session-registry/client`. */
export { createSessionClient } from './client/create-session-client.js';
export type {
  ClientSessions,
  Credentials,
  SessionClient,
  SessionClientOptions,
  SessionNews,
  SignedOutReason,
  TokenStorage,
} from './client/session-client.js';
export { SessionClientError, type SessionClientErrorCode } from './client/session-client-error.js';
export type { DeviceType, DeviceView, EndedSessionView, EndReason, SessionView } from './wire.js';
