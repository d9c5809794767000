import { expect, it } from 'vitest';
import type { EventStream } from '../../../src/http/stream/event-stream.js';
import { UnreadBudget } from '../../../src/http/stream/unread-budget.js';

const KB = 1024;

/** A stream as the budget sees it. */
class Unread {
  isCut = false;
  constructor(public unread: number) {}
  cut(): void {
    this.isCut = true;
    this.unread = 0;
  }
}

it('keeps what is unread in 300 streams within 16 MB, and cuts those with most of it', () => {
  const budget = new UnreadBudget();
  const streams = Array.from({ length: 300 }, (_, n) => new Unread(n < 20 ? KB : 250 * KB));
  for (const stream of streams) budget.note(stream as unknown as EventStream);
  expect(streams.reduce((sum, { unread }) => sum + unread, 0)).toBeLessThanOrEqual(16 * KB * KB);
  expect(streams.slice(0, 20).some(({ isCut }) => isCut)).toBe(false);
});

it('cuts nobody whose client has read meanwhile', () => {
  const budget = new UnreadBudget();
  const streams = Array.from({ length: 300 }, () => new Unread(250 * KB));
  for (const stream of streams) {
    budget.note(stream as unknown as EventStream);
    stream.unread = 0;
  }
  expect(streams.some(({ isCut }) => isCut)).toBe(false);
});
