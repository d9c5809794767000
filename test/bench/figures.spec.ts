import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { PEERS } from '../../bench/contenders/peers.js';
import { refuseFailures } from '../../bench/load/failures.js';
import { drawChart } from '../../bench/report/chart.js';
import { DRAWN } from '../../bench/report/drawn.js';
import { alignedTable, markdownTable } from '../../bench/report/table.js';
import type { Measurement } from '../../bench/throughput/measure.js';
import { summarize } from '../../bench/throughput/summary.js';
import { median, percentile } from '../support/statistics.js';

const TABLE = {
  columns: ['check', 'p50'],
  rows: [
    ['session', '9.0'],
    ['expiry', '10.5'],
  ],
};

describe('the chart of the bench', () => {
  it('has a bar for each guard of its list, the fastest first, and says which hold a sign-out', () => {
    const rounds = [{ 'no-guard': measurement(100, 1.04), slow: measurement(20, 0.2), fast: measurement(80, 0.8) }];
    const of = (id: string, refuses: 'device' | 'nothing') =>
      ({ id, title: id, app: refuses === 'device' ? 'registry' : 'stateless', adapter: 'express', refuses }) as const;
    const contenders = [
      of('no-guard', 'nothing'),
      of('slow', 'nothing'),
      of('fast', 'device'),
      of('left-out', 'device'),
    ];
    const list = [
      { id: 'slow', label: 'Slow & <old>' },
      { id: 'fast', label: 'This library' },
      { id: 'no-guard', label: 'No guard' },
      { id: 'not-in-this-run', label: 'Another' },
    ];
    expect(barsOf(drawChart(summarize(contenders, rounds), list))).toEqual([
      ['No guard', 'open', '414', '100 %'],
      ['This library', 'ours', '331', '80 %'],
      ['Slow &amp; &lt;old>', 'other late', '83', '20 %'],
    ]);
  });

  it('has ten bars at most, each of a contender there is and with a label of its own', () => {
    const ids = PEERS.map(({ id }) => id);
    const rounds = [Object.fromEntries(ids.map((id) => [id, measurement(50, 0.5)]))];
    const labels = barsOf(drawChart(summarize(PEERS, rounds), DRAWN)).map(([label]) => label);
    expect(labels.length).toBeLessThanOrEqual(10);
    expect(labels).toHaveLength(DRAWN.length);
    expect(new Set(labels).size).toBe(DRAWN.length);
    expect(DRAWN.filter(({ id, label }) => label === '' || !ids.includes(id))).toEqual([]);
  });

  it('is drawn on the page of the documentation with the bars of its list', () => {
    const bars = barsOf(readFileSync('docs/images/performance.svg', 'utf8'));
    expect(bars.map(([label]) => label).sort()).toEqual(DRAWN.map(({ label }) => label).sort());
  });
});

function barsOf(chart: string): string[][] {
  const bars = chart.matchAll(/end">(.*?)<.*?class="([\w ]+)" .*?width="(\d+)".*?figure".*?>(.*?)</g);
  return [...bars].map(([, ...what]) => what);
}

describe('the figures of the bench', () => {
  it('are medians and nearest ranks', () => {
    expect([median([3, 1, 2]), median([4, 1, 2, 3]), median([])]).toEqual([2, 2.5, Number.NaN]);
    const hundred = Array.from({ length: 100 }, (_, index) => index + 1);
    expect([0.5, 0.99, 1].map((share) => percentile(hundred, share))).toEqual([50, 99, 100]);
    expect(percentile([], 0.5)).toBe(0);
  });

  it('sum up the ratios of the turns, so that a slow minute concerns both', () => {
    const rounds = [[50, 0.5] as const, [5, 0.4] as const, [60, 0.6] as const].map(([mine, open]) => ({
      mine: measurement(mine, open),
    }));
    const contender = { id: 'mine', title: 'mine', app: 'registry', adapter: 'express', refuses: 'device' } as const;
    const [summary] = summarize([contender], rounds);
    expect(summary).toMatchObject({ requestsPerSecond: { median: 50, min: 5, max: 60 }, ratio: { open: 0.5 } });
    expect(summary?.ratio.stateless).toBeUndefined();
  });

  it('are none where a single request was not answered 200', () => {
    const some = { ...measurement(10), failures: { 'refused requests': 2, 'connection errors': 1 } };
    expect(() => refuseFailures({ title: 'mine' }, some)).toThrow(
      'mine: not every request was answered, but 2 refused requests, 1 connection errors',
    );
    expect(() => refuseFailures({ title: 'mine' }, { ...measurement(0), requests: 0 })).toThrow(
      'no request was answered',
    );
    expect(refuseFailures({ title: 'mine' }, measurement(10))).toEqual(measurement(10));
  });

  it('are drawn for a terminal and for a page', () => {
    expect(alignedTable(TABLE)).toBe('check      p50\n-------   ----\nsession    9.0\nexpiry    10.5');
    expect(markdownTable(TABLE)).toBe('| check | p50 |\n|---|---:|\n| session | 9.0 |\n| expiry | 10.5 |');
  });
});

function measurement(requestsPerSecond: number, open?: number): Measurement {
  const rest = { requests: 1, p50: 1, p99: 1, failures: {}, cpuPerRequest: 1, busy: 1, verified: [] };
  return { requestsPerSecond, ratio: { open, stateless: undefined }, ...rest };
}
