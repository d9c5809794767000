import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Injectable, Module } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import {
  AuthModule,
  AuthService,
  MemorySessionStore,
  SessionRegistry,
  type SessionStore,
} from 'nestjs-session-registry';
import { SECRET } from '../support/app.js';

/** What a store of the app needs of the app. */
@Injectable()
class Shelf {
  readonly stores: SessionStore[] = [];
}

@Module({ providers: [Shelf], exports: [Shelf] })
class ShelfModule {}

@Injectable()
class ShelvedStore extends MemorySessionStore {
  constructor(shelf: Shelf) {
    super();
    shelf.stores.push(this);
  }
}
Reflect.defineMetadata('design:paramtypes', [Shelf], ShelvedStore);

const shelve = (shelf: Shelf) => new ShelvedStore(shelf);
const useFactory = () => ({ secret: SECRET });

/** Boots an app with this store, signs in, and gives the number of stores on the shelf. */
async function boot(store: never): Promise<number> {
  const auth = AuthModule.forRootAsync({ imports: [ShelfModule], store, controllers: false, useFactory });
  const app = await (await Test.createTestingModule({ imports: [ShelfModule, auth] }).compile()).init();
  await app.get(AuthService).login('ada');
  expect(await app.get(SessionRegistry).list('ada')).toHaveLength(1);
  const { stores } = app.get(Shelf);
  await app.close();
  return stores.length;
}

describe('a store of the app', () => {
  it.each([
    ['an instance', new MemorySessionStore(), 0],
    ['a class', ShelvedStore, 1],
    ['a factory', { useFactory: shelve, inject: [Shelf] }, 1],
    ['a factory that takes its time', { useFactory: async (shelf: Shelf) => shelve(shelf), inject: [Shelf] }, 1],
    ['a factory that needs nothing', { useFactory: () => new MemorySessionStore() }, 0],
  ])('may be %s', async (_, store, shelved) => {
    expect(await boot(store as never)).toBe(shelved);
  });

  it.each([
    ['a factory fails', { useFactory: () => Promise.reject(new Error('the shelf is locked')) }, 'the shelf is locked'],
    ['something is missing', { useFactory: shelve, inject: ['NOWHERE'] }, 'NOWHERE'],
  ])(
    'that cannot be made, since %s, refuses to boot over that, and no file takes its place',
    async (_, store, said) => {
      await expect(boot(store as never)).rejects.toThrow(said);
      expect(existsSync('sessions.sqlite')).toBe(false);
    },
  );

  it.each([
    [
      'lacks a method',
      { useFactory: () => Object.assign(new MemorySessionStore(), { endBatch: undefined }) },
      'endBatch',
    ],
    ['is none', { useFactory: () => null }, 'currentTicket'],
    ['is something else', new Map(), 'currentTicket'],
  ])('that %s refuses to boot', async (_, store, method) => {
    await expect(boot(store as never)).rejects.toThrow(
      `AuthModule option \`store\`: it has no method \`${method}\`. Give a class that extends \`SessionStore\`.`,
    );
  });
});
