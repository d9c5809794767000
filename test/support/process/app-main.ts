import 'reflect-metadata';
import { Body, Controller, Get, Module, Post, Req, UseGuards } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import {
  type ActiveSession,
  AuthModule,
  type AuthModuleOptions,
  type AuthRequest,
  AuthService,
  CurrentSession,
  JwtSessionGuard,
  type NearCopyMetrics,
  RevocationMetrics,
  type TokenPair,
} from 'nestjs-session-registry';
import type { DataSourceOptions } from 'typeorm';
import { FileClock, freezeWhenAsked } from './freezing.js';
import { type Mutation, mutate } from './mutations.js';
import type { ProcessRedis } from './process-redis.js';

/** What a test tells a process it starts; see `app-process.ts`. */
export interface ProcessOptions {
  auth: AuthModuleOptions & { database: DataSourceOptions };
  mutation?: Mutation;
  redis?: ProcessRedis;
  /** 'express' where nothing is said. */
  adapter?: 'express' | 'fastify';
  /** The file of a `FileClock`. Such a process can be frozen. */
  clockFile?: string;
}

@Controller()
class ProcessController {
  constructor(
    private readonly auth: AuthService,
    private readonly metrics: RevocationMetrics,
  ) {}

  /** Signs in without a password: hashing one is not what races are about. */
  @Post('open')
  open(@Body('userId') userId: string, @Req() request: AuthRequest): Promise<TokenPair> {
    return this.auth.login(userId, request);
  }

  @Get('profile')
  @UseGuards(JwtSessionGuard)
  profile(@CurrentSession() session: ActiveSession): ActiveSession {
    return session;
  }

  @Get('near')
  near(): NearCopyMetrics | undefined {
    return this.metrics.nearCopy();
  }

  @Get('memory')
  memory(): NodeJS.MemoryUsage {
    globalThis.gc?.();
    return process.memoryUsage();
  }
}

/** Loaded where it is asked for: few processes are on Fastify, and each would take longer to start. */
async function fastifyAdapter() {
  const { FastifyAdapter } = await import('@nestjs/platform-fastify');
  return new FastifyAdapter();
}

const { auth, mutation, redis, adapter, clockFile } = JSON.parse(process.env.PROCESS_OPTIONS ?? '{}') as ProcessOptions;
// Loaded where it is asked for, like Fastify.
const overRedis = redis && (await import('./process-redis.js')).revocationOver(redis);
const revocation = { ...auth.revocation, ...overRedis };
const clock = clockFile === undefined ? undefined : new FileClock(clockFile);

@Module({
  imports: [AuthModule.forRoot({ ...auth, revocation, ...(clock && { clock }) })],
  controllers: [ProcessController],
})
class ProcessModule {}

const app =
  adapter === 'fastify'
    ? await NestFactory.create(ProcessModule, await fastifyAdapter(), { logger: ['error'] })
    : await NestFactory.create(ProcessModule, { logger: ['error'] });
if (mutation) await mutate(app, mutation, auth.database);
if (clock) app.use(freezeWhenAsked);
app.enableShutdownHooks();
await app.listen(0, '127.0.0.1');
// An idle connection closed under a client that is about to use it would look like a fault.
app.getHttpServer().keepAliveTimeout = 0;
process.send?.({ url: await app.getUrl() });
process.on('disconnect', () => process.exit());
