import { createHash } from 'node:crypto';
import type { DynamicModule, INestApplication, Type } from '@nestjs/common';
import type { Credentials } from './app-spec.js';

/** What a file of `apps` or `peers` gives: an app with `GET /profile`, and a way to sign in without a password. */
export interface BenchApp {
  module: Type | DynamicModule;
  /** Before it listens. */
  configure?(app: INestApplication): Promise<void>;
  signIn(app: INestApplication, userId: string): Promise<Credentials>;
  /** Deletes dead sessions; resolves to their number. */
  purge?(app: INestApplication): Promise<number>;
  /** Makes sessions as they are after a while, where an app keeps any. */
  age?(): Promise<void>;
}

/** The secret of every contender, the same in all its processes: 64 characters, as of `openssl rand -base64 48`. */
export const SECRET = createHash('sha384').update('bench').digest('base64');

/** Life of an access token, everywhere. */
export const ACCESS_TTL = '5m';

/** What a browser says of itself; the same at sign-in and in requests. */
export const USER_AGENT =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36';
