import { describe, expect, it } from 'vitest';
import { SessionEvents } from '../../src/events/session-events.js';

const OPENED = { userId: 'ada', guid: 'g1', at: 1 };

/** A bus, and what its listeners failed with. */
function start() {
  const failures: [string, unknown][] = [];
  return { failures, events: new SessionEvents((name, error) => failures.push([name, error])) };
}

describe('the bus of session events', () => {
  it('tells every listener of the kind, in the order they came', () => {
    const { events } = start();
    const told: unknown[] = [];
    events.on('opened', (event) => told.push(['first', event]));
    events.on('opened', (event) => told.push(['second', event]));
    events.on('renewed', () => told.push('another kind'));
    events.emit('opened', OPENED);
    expect(told).toEqual([
      ['first', OPENED],
      ['second', OPENED],
    ]);
  });

  it('calls listeners before emit returns, and does not wait for them', () => {
    const { events } = start();
    const told: string[] = [];
    events.on('opened', async () => {
      told.push('begins');
      await Promise.resolve();
      told.push('ends');
    });
    events.emit('opened', OPENED);
    expect(told).toEqual(['begins']);
  });

  it('does nothing if nobody listens', () => {
    const { events, failures } = start();
    events.emit('purged', { count: 1, at: 1 });
    expect(failures).toEqual([]);
  });

  it('stops telling a listener that left, and only that one', () => {
    const { events } = start();
    const told: string[] = [];
    const leave = events.on('opened', () => told.push('left'));
    events.on('opened', () => told.push('stays'));
    leave();
    leave();
    events.emit('opened', OPENED);
    expect(told).toEqual(['stays']);
  });

  it('lets a listener leave while it is told', () => {
    const { events } = start();
    const told: string[] = [];
    const leave = events.on('opened', () => {
      told.push('once');
      leave();
    });
    events.on('opened', () => told.push('always'));
    events.emit('opened', OPENED);
    events.emit('opened', OPENED);
    expect(told).toEqual(['once', 'always', 'always']);
  });

  it('tells the others when a listener throws, and hands on the failure', () => {
    const { events, failures } = start();
    const told: string[] = [];
    const error = new Error('this listener throws');
    events.on('revoked', () => {
      throw error;
    });
    events.on('revoked', () => told.push('second'));
    events.emit('revoked', { userId: 'ada', reason: 'revoked', count: 1, at: 1 });
    expect(told).toEqual(['second']);
    expect(failures).toEqual([['revoked', error]]);
  });

  it('hands on the failure of a listener that rejects', async () => {
    const error = new Error('this listener rejects');
    const failure = new Promise((resolve) => {
      const events = new SessionEvents((name, reason) => resolve([name, reason]));
      events.on('reused', () => Promise.reject(error));
      events.emit('reused', { ...OPENED, client: { userAgent: null, ip: null } });
    });
    expect(await failure).toEqual(['reused', error]);
  });

  it('is not disturbed by a listener that answers with something odd', () => {
    const { events, failures } = start();
    const told: string[] = [];
    const odd = {
      // biome-ignore lint/suspicious/noThenProperty: a listener may hand back anything
      get then(): never {
        throw new Error('no promise');
      },
    };
    events.on('opened', () => odd);
    events.on('opened', () => told.push('second'));
    events.emit('opened', OPENED);
    expect(told).toEqual(['second']);
    expect(failures.length).toBeLessThanOrEqual(1);
  });

  it('swallows errors of listeners if nobody wants to know', () => {
    const events = new SessionEvents();
    events.on('opened', () => {
      throw new Error('this listener throws');
    });
    expect(() => events.emit('opened', OPENED)).not.toThrow();
  });
});
