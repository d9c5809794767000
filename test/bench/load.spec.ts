import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PEERS } from '../../bench/contenders/peers.js';
import { load } from '../../bench/load/wrk.js';
import { inTurns } from '../../bench/throughput/in-turns.js';

describe('the load of the bench', () => {
  const seen = new Set<string | undefined>();
  let server: Server;
  let url: string;

  beforeAll(async () => {
    server = createServer(({ url: path, headers }, response) => {
      seen.add(headers.authorization);
      response.writeHead(path === '/profile' && headers.authorization !== 'bad' ? 200 : 401).end();
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  const call = (perSecond?: number, ...more: string[]) =>
    load({
      ...{ url, connections: 10, seconds: 1, ...(perSecond && { perSecond }) },
      credentials: ['one', 'other', ...more].map((authorization) => ({ authorization })),
    });

  it('sends what is due at a steady rate and no more, by each device in turn', async () => {
    const { requests, requestsPerSecond, failures } = await call(50);
    expect(failures).toEqual({});
    expect(requests).toBeGreaterThan(0);
    const seconds = requests / requestsPerSecond;
    expect(requests).toBeLessThanOrEqual(50 * seconds + 1);
    expect(seen).toEqual(new Set(['one', 'other']));
  });

  it('sends all it can where no rate is asked for', async () => {
    expect((await call()).requestsPerSecond).toBeGreaterThan(51);
  });

  it('lets one app run at a time while they take turns, and all of them afterwards', async () => {
    const [contender] = PEERS as [(typeof PEERS)[0]];
    const running = new Set([0, 1]);
    const seen: string[] = [];
    const loaded = [0, 1].map((index) => ({
      contender,
      job: { url, connections: 10, seconds: 1, credentials: [{ authorization: 'one' }] },
      app: {
        pause: () => void running.delete(index),
        goOn: () => {
          running.add(index);
          seen.push([...running].sort().join());
        },
      },
    }));
    expect(await inTurns(loaded, 1)).toEqual([expect.any(Number), expect.any(Number)]);
    expect(new Set(seen.slice(0, -1))).toEqual(new Set(['0', '1']));
    expect(seen.at(-1)).toBe('0,1');
  });

  it('says how many were refused', async () => {
    const { requests, failures } = await call(50, 'bad');
    expect(failures).toEqual({ 'refused requests': expect.any(Number) });
    expect(failures['refused requests']).toBeLessThan(requests);
  });
});
