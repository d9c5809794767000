import { describe, expect, it } from 'vitest';
import { registry } from '../../bench/contenders/contender.js';
import { measureDelay } from '../../bench/delay/measure-delay.js';

const OPTIONS = { processes: 2, revokes: 4, atOnce: 4 };
const SURROUNDINGS = { server: [], anyCore: [], urls: {} };

// The sources do: what is asked is whether a delay that is there is seen.
process.env.BENCH_LIBRARY = 'src';

describe('the time a sign-out takes to be known everywhere', () => {
  it('is measured where a process learns of it late', async () => {
    const late = registry('late', 'nothing', { accessTtl: '5s', revocation: { check: 'expiry' } });
    const { revokes, max } = await measureDelay(late, { ...OPTIONS, patience: 10_000 }, SURROUNDINGS);
    expect(revokes).toBe(4);
    expect(max).toBeGreaterThan(50);
    expect(max).toBeLessThan(5_000);
  });

  it('fails the bench where a process never learns of it', async () => {
    const deaf = registry('deaf', 'nothing', { revocation: { check: 'denylist', denylist: 'memory' } });
    const measured = measureDelay(deaf, { ...OPTIONS, patience: 200 }, SURROUNDINGS);
    await expect(measured).rejects.toThrow('still accepts a session 200 ms after it was signed out');
  });
});
