import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { AuthError, type Session } from 'nestjs-session-registry';
import { JwtSessionStrategy } from 'nestjs-session-registry/passport';
import passport from 'passport';
import { Refusals } from '../../../src/http/refusals.js';
import { SessionStore } from '../../../src/sessions/session-store.js';
import { type Adapter, SECRET, startApp, type TestApp, type TestAppOptions } from '../../support/app.js';
import { NotesController, PassportNotesController } from '../../support/notes.js';
import { KEYS } from './keys.js';
import type { Trap } from './outbound.js';

/** Who the tokens are from. */
export const ISSUER = 'https://issuer.example';
/** Who they are for, unlike the one they are from. */
export const AUDIENCE = 'https://api.example';

/** Nothing is written but for a reason that is in a case. */
const COMMON = { issuer: ISSUER, audience: AUDIENCE, touchInterval: '30d', purge: false } as const;
const COOKIES = { access: true, origins: ['https://other.example'] };

/** The apps the corpus is sent to. */
export const APPS = {
  bearer: { ...COMMON, secret: SECRET },
  keys: { ...COMMON, secret: undefined as never, keys: KEYS },
  cookie: { ...COMMON, secret: SECRET, transport: 'cookie', cookies: COOKIES },
  both: { ...COMMON, secret: SECRET, transport: 'both', cookies: COOKIES },
} as const satisfies Record<string, TestAppOptions['options']>;
/** The name of one of them. */
export type AppName = keyof typeof APPS;

/** An app under fire: where it listens, what it refused, and what lies in its database. */
export interface Stage {
  readonly name: AppName;
  readonly adapter: Adapter;
  readonly app: TestApp;
  readonly port: number;
  readonly trap: Trap;
  /** Every refusal since it was last emptied. */
  readonly refusals: AuthError[];
  /** What the store was asked since it was last emptied, by the names of its questions. */
  readonly asked: string[];
  /** Passport has one strategy of a name in a process: makes it this app's. */
  takePassport(): void;
  /** Moves on with each write to the database, whatever was written. */
  version(): number;
  rowsOf(userId: string): Session[];
  close(): Promise<void>;
}

/** Starts an app of the corpus. */
export async function startStage(adapter: Adapter, name: AppName, trap: Trap): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), 'corpus-'));
  const app = await startOn(join(folder, 'sessions.sqlite'), adapter, name);
  const database = new Database(app.file, { readonly: true });
  const rows = database.prepare<[string], Session>('SELECT * FROM sessions WHERE userId = ? ORDER BY rowid');
  return {
    ...{ name, adapter, app, trap, refusals: recordRefusals(app), asked: recordQuestions(app) },
    port: Number(new URL(app.client.baseUrl).port),
    takePassport: () => passport.use('jwt-session', app.nest.get(JwtSessionStrategy)),
    version: () => Number(database.pragma('data_version', { simple: true })),
    rowsOf: (userId) => rows.all(userId),
    close: async () => {
      database.close();
      await app.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function startOn(file: string, adapter: Adapter, name: AppName): Promise<TestApp> {
  let connection: Database.Database | undefined;
  const prepareDatabase = (opened: unknown): void => {
    connection = opened as Database.Database;
  };
  const database = { type: 'better-sqlite3', database: file, enableWAL: true, prepareDatabase } as const;
  const options = { ...APPS[name], database } as TestAppOptions['options'] & object;
  const controllers = [NotesController, PassportNotesController];
  const app = await startApp({ adapter, file, options, controllers, providers: [JwtSessionStrategy] });
  // Thousands of writes, and no power cut among what is shown here.
  connection?.pragma('synchronous = OFF');
  return app;
}

function recordRefusals({ nest }: TestApp): AuthError[] {
  const recorded: AuthError[] = [];
  const refusals = nest.get(Refusals);
  const report = refusals.report.bind(refusals);
  refusals.report = (error) => {
    if (error instanceof AuthError) recorded.push(error);
    return report(error);
  };
  return recorded;
}

function recordQuestions({ nest }: TestApp): string[] {
  const asked: string[] = [];
  const store = nest.get(SessionStore) as unknown as Record<string, (...given: unknown[]) => unknown>;
  for (const name of ['check', 'find', 'list', 'rotate', 'markUsed', 'rename', 'end', 'cutOff']) {
    const ask = store[name]?.bind(store);
    store[name] = (...given) => {
      asked.push(name);
      return ask?.(...given);
    };
  }
  return asked;
}
