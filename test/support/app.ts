import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Controller, Get, Module, type ModuleMetadata, UseGuards } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import {
  type ActiveSession,
  AuthModule,
  type AuthModuleExtras,
  type AuthModuleOptions,
  AuthService,
  CurrentSession,
  JwtSessionGuard,
  Public,
  type SessionEventMap,
  type SessionEventName,
  SessionEvents,
  SessionRegistry,
} from 'nestjs-session-registry';
import { Client } from './client.js';
import { TestClock } from '../../src/testing/test-clock.js';
import { TestUsers } from './users.js';

export const SECRET = 'a test secret of more than thirty-two bytes, kept in no vault';
export type Adapter = 'express' | 'fastify';
export const ADAPTERS: readonly Adapter[] = ['express', 'fastify'];

@Controller()
@UseGuards(JwtSessionGuard)
class ProfileController {
  @Get('profile')
  profile(@CurrentSession() session: ActiveSession): ActiveSession {
    return session;
  }

  @Public()
  @Get('open')
  open(): { open: boolean } {
    return { open: true };
  }
}

/** One event as it was emitted. */
export interface EmittedEvent {
  name: SessionEventName;
  event: SessionEventMap[SessionEventName];
}

/** A running app over a SQLite file of its own, and hands on what is inside. */
export interface TestApp {
  client: Client;
  clock: TestClock;
  users: TestUsers;
  auth: AuthService;
  registry: SessionRegistry;
  events: EmittedEvent[];
  file: string;
  nest: NestExpressApplication;
  close(): Promise<void>;
}

export interface TestAppOptions {
  adapter?: Adapter;
  options?: Partial<AuthModuleOptions> & AuthModuleExtras;
  controllers?: (new (...parts: never[]) => object)[];
  imports?: NonNullable<ModuleMetadata['imports']>;
  providers?: NonNullable<ModuleMetadata['providers']>;
  /** What to do with the app before it listens. */
  prepare?: (nest: NestExpressApplication) => unknown;
  /** Without the parsers of Nest. */
  bodyParser?: false | undefined;
  /** Another app over the same file. */
  file?: string;
  clock?: TestClock;
}

/** Starts an app on a free port. */
export async function startApp(given: TestAppOptions = {}): Promise<TestApp> {
  const folder = given.file ? undefined : mkdtempSync(join(tmpdir(), 'sessions-'));
  const file = given.file ?? join(folder ?? '', 'sessions.sqlite');
  const clock = given.clock ?? new TestClock();
  const nest = await createNest(given, file, clock);
  await given.prepare?.(nest);
  await nest.listen(0, '127.0.0.1');
  // An idle connection closed under a client that is about to use it would look like a fault.
  nest.getHttpServer().keepAliveTimeout = 0;
  const events: EmittedEvent[] = [];
  for (const name of ['opened', 'renewed', 'repeated', 'reused', 'revoked', 'crowded', 'purged'] as const) {
    nest.get(SessionEvents).on(name, (event) => events.push({ name, event }));
  }
  return {
    client: new Client(await nest.getUrl()),
    clock,
    users: nest.get(TestUsers),
    auth: nest.get(AuthService),
    registry: nest.get(SessionRegistry),
    events,
    file,
    nest,
    close: async () => {
      await nest.close();
      if (folder) rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function createNest(given: TestAppOptions, file: string, clock: TestClock): Promise<NestExpressApplication> {
  const database = { type: 'better-sqlite3', database: file, enableWAL: true } as const;
  const auth = AuthModule.forRoot({ secret: SECRET, users: TestUsers, database, clock, ...given.options });
  @Module({
    imports: [auth, ...(given.imports ?? [])],
    controllers: [ProfileController, ...(given.controllers ?? [])],
    providers: [TestUsers, ...(given.providers ?? [])],
  })
  class TestModule {}
  const testing = await Test.createTestingModule({ imports: [TestModule] }).compile();
  const options = { logger: false, ...(given.bodyParser === false && { bodyParser: false }) } as const;
  const nest =
    given.adapter === 'fastify'
      ? testing.createNestApplication(new FastifyAdapter(), options)
      : testing.createNestApplication(options);
  return nest as unknown as NestExpressApplication;
}
