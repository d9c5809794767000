import 'reflect-metadata';
import type { INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Adapter, AppKind, AppQuestion, AppSpec, SignedIn } from '../contract/app-spec.js';
import type { BenchApp } from '../contract/bench-app.js';
import { serve, specOf } from '../support/answering.js';

/** Sign-ins under way at once, where nothing else is asked for: as many as the pool of a database has connections. */
const SIGN_INS_AT_ONCE = 10;
const APPS: Record<AppKind, () => Promise<{ createApp(spec: AppSpec): BenchApp | Promise<BenchApp> }>> = {
  'no-guard': () => import('./no-guard.js'),
  stateless: () => import('./stateless.js'),
  'find-one': () => import('./find-one.js'),
  registry: () => import('./registry.js'),
  'registry-on-pool': () => import('./registry-on-pool.js'),
  grown: () => import('./grown.js'),
  'express-session': () => import('../peers/express-session.js'),
  'better-auth': () => import('../peers/better-auth.js'),
};

const spec = specOf<AppSpec>();
const bench = await (await APPS[spec.app]()).createApp(spec);
const app = await create(bench.module, spec.adapter);
await bench.configure?.(app);
app.enableShutdownHooks();
await app.listen(0, '127.0.0.1');
// An idle connection closed under a client that is about to use it would look like a fault.
app.getHttpServer().keepAliveTimeout = 60_000;
serve(await app.getUrl(), answer);

async function create(module: BenchApp['module'], adapter: Adapter): Promise<INestApplication> {
  if (adapter === 'express') return NestFactory.create(module, { logger: ['error'] });
  return NestFactory.create<NestFastifyApplication>(module, new FastifyAdapter(), { logger: ['error'] });
}

async function answer(question: AppQuestion): Promise<unknown> {
  if ('cpu' in question) return cpuTime();
  if ('purge' in question) return bench.purge?.(app);
  const signedIn = await signIn(question.signIn, question.atOnce ?? SIGN_INS_AT_ONCE);
  if (question.aged) await bench.age?.();
  return signedIn;
}

function cpuTime(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

async function signIn(userIds: readonly string[], atOnce: number): Promise<SignedIn[]> {
  const signedIn: SignedIn[] = [];
  const waiting = userIds.values();
  const work = async () => {
    for (const userId of waiting) signedIn.push({ userId, credentials: await bench.signIn(app, userId) });
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return signedIn;
}
