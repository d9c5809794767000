import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import {
  AuthModule,
  type AuthModuleOptions,
  AuthService,
  SessionRegistry,
  type TokenPair,
} from 'nestjs-session-registry';
import { SECRET, USER_AGENT } from '../contract/bench-app.js';
import { serve, specOf } from '../support/answering.js';
import { usersOf } from '../support/users.js';
import type { RenewalJob, RenewalSpec } from './renewal-job.js';

const { database, connections } = specOf<RenewalSpec>();
const CLIENT = { ip: '127.0.0.1', userAgent: USER_AGENT };
const REQUEST = { ip: CLIENT.ip, headers: { 'user-agent': USER_AGENT } };

@Module({
  imports: [
    AuthModule.forRoot({
      secret: SECRET,
      idleTimeout: '7d',
      database: { ...database, poolSize: connections } as AuthModuleOptions['database'],
    }),
  ],
})
class RenewalModule {}

const app = await NestFactory.createApplicationContext(RenewalModule, { logger: ['error'] });
app.enableShutdownHooks();
const [auth, registry] = [app.get(AuthService), app.get(SessionRegistry)];
const pairs: TokenPair[] = [];

/** What is done for one user after the other, each by one of so many at once. */
const WORK: Record<RenewalJob['what'], (user: string, index: number) => Promise<unknown>> = {
  login: async (user, index) => {
    pairs[index] = await auth.login(user, REQUEST);
  },
  refresh: async (_user, index) => {
    pairs[index] = await auth.refresh(pairs[index]?.refresh_token ?? '', REQUEST);
  },
  renew: async (_user, index) => {
    const { sub, guid, refTokID } = claimsOf(pairs[index]);
    const result = await registry.renew({ userId: sub, guid }, generations.get(guid) ?? refTokID, CLIENT);
    if (!result.ok) throw new Error(`a renewal was refused: ${result.reason}`);
    generations.set(guid, result.session.refTokID);
  },
};
const generations = new Map<string, string>();

serve('ready', async ({ what, sessions, seconds }: RenewalJob) => {
  const users = usersOf(sessions);
  const [startedAt, until] = [performance.now(), performance.now() + seconds * 1_000];
  let done = 0;
  const worker = async (_: unknown, lane: number) => {
    // Everybody has signed in before anybody renews.
    for (let turn = 0, index = lane; performance.now() < until || (what === 'login' && turn === 0); done++) {
      await WORK[what](users[index] ?? '', index);
      index += connections;
      if (index < sessions) continue;
      index = lane;
      turn += 1;
    }
  };
  await Promise.all(Array.from({ length: connections }, worker));
  return (done * 1_000) / (performance.now() - startedAt);
});

function claimsOf(pair: TokenPair | undefined): { sub: string; guid: string; refTokID: string } {
  return JSON.parse(Buffer.from(pair?.refresh_token.split('.')[1] ?? '', 'base64url').toString());
}
