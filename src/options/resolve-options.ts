import type { Type } from '@nestjs/common';
import { SystemClock } from '../clock.js';
import type { AuthModuleOptions } from './auth-module-options.js';
import { CLIENT_OPTIONS, resolveRecord } from './client-options.js';
import { refuseContradictions } from './contradictions.js';
import { LIFETIME_OPTIONS, resolveLifetimes } from './lifetime-options.js';
import { MESSAGE_OPTIONS, resolveMessages } from './message-options.js';
import { oneOf, refuseUnknown, timer } from './option-readers.js';
import { withRealm } from './realm-defaults.js';
import { resolvePurge } from './purge-options.js';
import type { ResolvedAuthOptions } from './resolved-auth-options.js';
import { resolveRevocation } from './revocation-options.js';
import { resolveServerless, SERVERLESS_OPTIONS } from './serverless-option.js';
import { resolveSessions, SESSION_OPTIONS } from './session-options.js';
import { resolveStorage, STORAGE_OPTIONS } from './storage-options.js';
import { resolveSuspicion } from './suspicion-options.js';
import { resolveTokens, TOKEN_OPTIONS } from './token-options.js';
import { resolveTransport, TRANSPORT_OPTIONS } from './transport-options.js';
import { type AuthUsers, USER_OPTIONS } from './users.js';

const KNOWN: Record<keyof AuthModuleOptions, true> = {
  ...TOKEN_OPTIONS,
  ...LIFETIME_OPTIONS,
  ...SESSION_OPTIONS,
  ...STORAGE_OPTIONS,
  ...USER_OPTIONS,
  ...TRANSPORT_OPTIONS,
  ...CLIENT_OPTIONS,
  ...MESSAGE_OPTIONS,
  ...SERVERLESS_OPTIONS,
  revocation: true,
  suspicion: true,
  purge: true,
  shutdownTimeout: true,
  clock: true,
};

/**
 * Validates the options, fills in every default and freezes the result; `realm` is the extra of that name. Throws
 * ConfigurationError.
 */
export function resolveOptions(options: AuthModuleOptions, realm?: string): ResolvedAuthOptions {
  refuseUnknown('', options, KNOWN);
  const given = realm === undefined ? options : withRealm(options, realm);
  const lifetimes = resolveLifetimes(given);
  const sessions = resolveSessions(given, lifetimes);
  const tokens = resolveTokens(given, lifetimes);
  refuseContradictions(given, tokens, sessions);
  const record = resolveRecord(given);
  const serverless = resolveServerless(given);
  return Object.freeze({
    realm,
    clock: given.clock ?? new SystemClock(),
    tokens,
    sessions,
    storage: resolveStorage(given),
    serverless,
    purge: resolvePurge(given.purge, serverless),
    record,
    suspicion: resolveSuspicion(given.suspicion, record),
    revocation: resolveRevocation(given.revocation),
    messages: resolveMessages(given),
    transport: resolveTransport(given, realm),
    // With `loginBody`, only the parameters of its first method differ.
    users: given.users as Type<AuthUsers> | undefined,
    loginBody: given.loginBody,
    checkUser: oneOf('checkUser', given.checkUser ?? 'renewal', ['renewal', 'request']),
    claims: given.claims,
    shutdownTimeout: timer('shutdownTimeout', given.shutdownTimeout ?? '5s'),
  });
}
