import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { MemorySessionStore, type SessionEventMap, SessionEvents, type TokenPair } from 'nestjs-session-registry';
import { type Adapter, SECRET, startApp, type TestApp, type TestAppOptions } from '../support/app.js';
import type { Answer } from '../support/client.js';
import { BusyClient } from './busy-app-client.js';
import { NotesController } from './busy-app-own-routes.js';
import type { BusyApp } from './busy-apps.js';

const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
export const PAGE = 'https://app.example';

/** A running busy app. */
export interface BusyWorld {
  readonly adapter: Adapter;
  readonly app: TestApp;
  readonly client: BusyClient;
  readonly store: MemorySessionStore;
  /** What was refused, and why. */
  readonly refused: SessionEventMap['refused'][];
  /** A user whom no other test signs in. */
  newUser(): string;
}

/** Starts an app with these globals. Its sessions are in memory; browsers get cookies, other clients bodies. */
export async function startBusyApp(adapter: Adapter, busy: BusyApp): Promise<BusyWorld> {
  const store = new MemorySessionStore();
  const options: NonNullable<TestAppOptions['options']> = {
    ...{ store, database: undefined, secret: undefined, keys: [{ kid: 'busy', privateKey }, { secret: SECRET }] },
    ...{ transport: 'both', cookies: { origins: [PAGE] }, prefix: busy.modulePrefix ?? '' },
  };
  const app = await startApp({ ...busy, adapter, options, controllers: [NotesController] });
  const refused: SessionEventMap['refused'][] = [];
  app.nest.get(SessionEvents).on('refused', (event) => refused.push(event));
  const client = new BusyClient(new URL(await app.nest.getUrl()).origin, busy);
  return { adapter, app, client, store, refused, newUser: () => `user-${randomUUID()}` };
}

/** Status, body and what the contract says about caches. */
export function essence({ status, body, headers }: Answer): object {
  return { status, body, cacheControl: headers.get('cache-control') };
}

/** A token response as the contract has it. */
export const tokenResponse = (session: object) => ({
  access_token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/) as string,
  token_type: 'Bearer',
  expires_in: 300,
  refresh_token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/) as string,
  refresh_expires_in: 2_592_000,
  session,
});

export const guidOf = ({ session: { guid } }: TokenPair) => guid;
