import { MemorySessionStore } from 'nestjs-session-registry';
import { createSessionClient } from 'nestjs-session-registry/client';
import { SessionRedis } from 'nestjs-session-registry/redis';
import { sessionStoreContract } from 'nestjs-session-registry/testing';

describe('the store in memory', () => {
  it.each(sessionStoreContract)('$name', ({ run }) => run(new MemorySessionStore()));
});

it('every import gives what it promises', () => {
  expect([createSessionClient, SessionRedis].map((one) => typeof one)).toEqual(['function', 'function']);
});

it('Jest takes the build for it', () => {
  expect(require.resolve('nestjs-session-registry')).toMatch(/dist\/cjs\/index\.js$/);
});
