import 'reflect-metadata';
import { after, before, describe, test } from 'node:test';
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AuthService, SessionRegistry } from 'nestjs-session-registry';
import { sessionStoreContract, TestClock, tokenCheckContract } from 'nestjs-session-registry/testing';
import { appModule } from './app.module.js';
import { DocumentStore } from './document.store.js';

describe('the store', () => {
  for (const { name, run } of sessionStoreContract) test(name, () => run(new DocumentStore()));
});

describe('the check', () => {
  const clock = new TestClock();
  let app: INestApplicationContext;
  before(async () => {
    app = await NestFactory.createApplicationContext(appModule({ clock }), { logger: ['warn', 'error'] });
  });
  after(() => app.close());

  for (const { name, run } of tokenCheckContract({ one: 'at once', all: 'at once' })) {
    test(name, () => run({ auth: app.get(AuthService), registry: app.get(SessionRegistry), clock }));
  }
});
