import fastifyCompress from '@fastify/compress';
import fastifyHelmet from '@fastify/helmet';
import { ClassSerializerInterceptor, ValidationPipe, VersioningType } from '@nestjs/common';
import { APP_GUARD, APP_INTERCEPTOR, APP_PIPE, Reflector } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { ThrottlerGuard, ThrottlerModule } from '@nestjs/throttler';
import compression from 'compression';
import helmet from 'helmet';
import type { TestAppOptions } from '../support/app.js';
import {
  CatchAll,
  careless,
  mangling,
  mappingErrors,
  OwnGuard,
  settingHeaders,
  settingUser,
  timing,
  wrapping,
} from './busy-app-globals.js';

type Nest = Parameters<NonNullable<TestAppOptions['prepare']>>[0];
type Headers = Record<string, string>;

/** An app with globals: what it does to itself, and how its routes are called. */
export interface BusyApp {
  readonly prepare?: (nest: Nest) => unknown;
  readonly providers?: NonNullable<TestAppOptions['providers']>;
  readonly imports?: NonNullable<TestAppOptions['imports']>;
  readonly bodyParser?: false;
  /** The option `prefix`. */
  readonly modulePrefix?: string;
  /** Before each path. */
  readonly prefix?: string;
  /** Between the prefix and the path of a route of the app. */
  readonly ownPrefix?: string;
  /** On requests to routes that are not open to all. */
  readonly headers?: Headers;
  /** On requests to routes of the app. */
  readonly ownHeaders?: Headers;
  /** What the app's routes answer to `GET /notes`. */
  readonly note?: unknown;
  /** What they answer to `POST /notes` with `{ title: 7, more: 1 }`; on Express alone, if Fastify differs. */
  readonly added?: { status: number; body?: unknown };
  readonly addedOnExpress?: { status: number; body?: unknown };
  /** What each answer has. */
  readonly seen?: Headers;
}

const NOTE = { title: 'milk', secret: 'in the cellar' };
const ADDED = { status: 201, body: { titles: [7, 1], type: 'object' } };
const pipes = (options: ConstructorParameters<typeof ValidationPipe>[0]) => (nest: Nest) =>
  nest.useGlobalPipes(new ValidationPipe(options));
const serializing = (nest: Nest) => new ClassSerializerInterceptor(nest.get(Reflector), { strategy: 'excludeAll' });
const versions = (type: VersioningType.URI | VersioningType.HEADER | VersioningType.MEDIA_TYPE) => (nest: Nest) =>
  nest.enableVersioning({ type, header: 'X-Version', key: 'v=', defaultVersion: '1' } as never);
const cors = (nest: Nest) => nest.enableCors({ origin: 'https://app.example', credentials: true });
const LIMITS = ThrottlerModule.forRoot([{ ttl: 60_000, limit: 100_000 }]);

async function protect(nest: Nest): Promise<void> {
  const fastify = nest as unknown as NestFastifyApplication;
  if (nest.getHttpAdapter().getType() === 'fastify') await fastify.register(fastifyHelmet as never);
  else nest.use(helmet());
}

async function compress(nest: Nest): Promise<void> {
  const fastify = nest as unknown as NestFastifyApplication;
  if (nest.getHttpAdapter().getType() === 'fastify') await fastify.register(fastifyCompress as never, { threshold: 0 });
  else nest.use(compression({ threshold: 0 }));
}

const PROTECTED = { 'x-content-type-options': 'nosniff', 'x-frame-options': 'SAMEORIGIN' };
const CORS = { 'access-control-allow-origin': 'https://app.example', 'access-control-allow-credentials': 'true' };

/** The apps, by the globals that they have. */
export const BUSY_APPS: Readonly<Record<string, BusyApp>> = {
  'no globals': {},
  'a ValidationPipe that forbids unknown members': {
    prepare: pipes({ whitelist: true, forbidNonWhitelisted: true, forbidUnknownValues: true }),
    added: { status: 400 },
  },
  'a ValidationPipe that transforms, of decorators of the app too': {
    prepare: pipes({ transform: true, validateCustomDecorators: true }),
    added: { status: 400 },
  },
  'a ValidationPipe with whitelist and implicit conversion': {
    prepare: pipes({ transform: true, whitelist: true, transformOptions: { enableImplicitConversion: true } }),
    added: { status: 201, body: { titles: ['7'], type: 'object' } },
  },
  'a ValidationPipe with another status, as a provider': {
    providers: [{ provide: APP_PIPE, useFactory: () => new ValidationPipe({ errorHttpStatusCode: 422 }) }],
    added: { status: 422 },
  },
  'a pipe that changes everything': {
    prepare: (nest) => nest.useGlobalPipes(mangling),
    added: { status: 201, body: { titles: ['{"title":7,"more":1}'], type: 'object' } },
  },
  'an interceptor that wraps answers, as a provider': {
    providers: [{ provide: APP_INTERCEPTOR, useValue: wrapping }],
    note: { data: NOTE },
    added: { status: 201, body: { data: ADDED.body } },
  },
  'an interceptor that takes an answer for granted, before a catch-all filter': {
    prepare: (nest) => nest.useGlobalInterceptors(careless).useGlobalFilters(new CatchAll(nest.getHttpAdapter())),
    note: { keys: ['title', 'secret'] },
    added: { status: 201, body: { keys: ['titles', 'type'] } },
  },
  'an interceptor that makes all errors one': {
    prepare: (nest) => nest.useGlobalInterceptors(mappingErrors),
  },
  'interceptors that set headers and the user': {
    prepare: (nest) => nest.useGlobalInterceptors(settingHeaders, settingUser),
    seen: { 'x-response-time': '7' },
  },
  'a timeout interceptor': { prepare: (nest) => nest.useGlobalInterceptors(timing) },
  'a ClassSerializerInterceptor that excludes all': {
    prepare: (nest) => nest.useGlobalInterceptors(serializing(nest)),
    note: { title: 'milk' },
    added: { status: 201, body: {} },
  },
  'versions in the URI, with a default': { prepare: versions(VersioningType.URI), ownPrefix: '/v1' },
  'versions in a header, with a default': {
    prepare: versions(VersioningType.HEADER),
    ownHeaders: { 'x-version': '1' },
  },
  'versions in the media type, with a default': {
    prepare: versions(VersioningType.MEDIA_TYPE),
    ownHeaders: { accept: 'application/json;v=1' },
  },
  'a global prefix': { prepare: (nest) => nest.setGlobalPrefix('api'), prefix: '/api' },
  'a catch-all filter': { prepare: (nest) => nest.useGlobalFilters(new CatchAll(nest.getHttpAdapter())) },
  throttler: {
    imports: [LIMITS],
    providers: [{ provide: APP_GUARD, useClass: ThrottlerGuard }],
    seen: { 'x-ratelimit-limit': '100000' },
  },
  helmet: { prepare: protect, seen: PROTECTED },
  compression: { prepare: compress, seen: { 'content-encoding': 'gzip' } },
  'CORS with credentials': { prepare: cors, seen: CORS },
  'a guard of the app that knows isPublic': {
    providers: [{ provide: APP_GUARD, useClass: OwnGuard }],
    headers: { 'x-tenant': 'acme' },
  },
  // Fastify has a parser for JSON of its own.
  'no body parser': { bodyParser: false, addedOnExpress: { status: 201, body: { titles: [], type: 'undefined' } } },
  'all of them': {
    imports: [LIMITS],
    providers: [
      { provide: APP_GUARD, useClass: ThrottlerGuard },
      { provide: APP_GUARD, useClass: OwnGuard },
      { provide: APP_INTERCEPTOR, useValue: settingUser },
    ],
    prepare: async (nest) => {
      await protect(nest);
      await compress(nest);
      cors(nest);
      versions(VersioningType.URI)(nest);
      nest
        .setGlobalPrefix('api')
        .useGlobalPipes(new ValidationPipe({ whitelist: true, forbidNonWhitelisted: true, errorHttpStatusCode: 422 }))
        .useGlobalInterceptors(settingHeaders, timing, wrapping, serializing(nest), mappingErrors)
        .useGlobalFilters(new CatchAll(nest.getHttpAdapter()));
    },
    prefix: '/api',
    ownPrefix: '/v1',
    headers: { 'x-tenant': 'acme' },
    note: { data: { title: 'milk' } },
    // The pipes run inside of the interceptors.
    added: { status: 502, body: { oops: 502 } },
    seen: { ...PROTECTED, ...CORS, 'x-ratelimit-limit': '100000', 'x-response-time': '7', 'content-encoding': 'gzip' },
  },
};

/** What routes of the app answer where its globals leave that alone. */
export const PLAIN = { note: NOTE, added: ADDED };
