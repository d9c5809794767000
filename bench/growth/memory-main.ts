import 'reflect-metadata';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { NestFactory } from '@nestjs/core';
import { AuthService } from 'nestjs-session-registry';
import { createApp } from '../apps/grown.js';
import type { AppSpec } from '../contract/app-spec.js';
import { USER_AGENT } from '../contract/bench-app.js';
import { serve, specOf } from '../support/answering.js';

/** How many checks of how many sessions, and how many at once. Each round goes through all sessions. */
export interface MemoryJob {
  checks: number;
  sessions: number;
  atOnce: number;
}

/** Megabytes after a garbage collection, and checks per second since the last measurement. */
export interface MemorySample {
  checks: number;
  heap: number;
  rss: number;
  perSecond: number;
}

const LOOKS = 10;
const REQUEST = { ip: '203.0.113.7', headers: { 'user-agent': USER_AGENT } };

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
const bench = await createApp(specOf<AppSpec>());
const app = await NestFactory.create(bench.module, { logger: ['error'] });
await app.init();
const auth = app.get(AuthService);

serve('ready', async ({ checks, sessions, atOnce }: MemoryJob) => {
  const samples: MemorySample[] = [look(0, 0)];
  for (let done = 0; done < checks; done += checks / LOOKS) {
    const startedAt = performance.now();
    const rows = numbers(done, done + checks / LOOKS);
    const worker = async () => {
      for (const number of rows) {
        const { authorization } = await bench.signIn(app, String(number % sessions));
        await auth.authenticate(String(authorization).slice('Bearer '.length), REQUEST);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, worker));
    samples.push(look(done + checks / LOOKS, performance.now() - startedAt, checks / LOOKS));
  }
  return samples;
});

function look(checks: number, milliseconds: number, since = 0): MemorySample {
  collect();
  const { heapUsed, rss } = process.memoryUsage();
  const [heap, resident] = [heapUsed, rss].map((bytes) => Math.round(bytes / 2 ** 20)) as [number, number];
  return { checks, heap, rss: resident, perSecond: milliseconds > 0 ? (since * 1_000) / milliseconds : 0 };
}

function* numbers(from: number, to: number): Generator<number> {
  for (let number = from; number < to; number++) yield number;
}
