import { expect } from 'vitest';
import type { Answer, ErrorBody } from './client.js';

/** Holds an answer against "the database cannot answer": 503 `unavailable`, and when to try again. */
export function expectUnavailable({ status, body, headers }: Answer): void {
  expect({ status, code: (body as ErrorBody).code }).toEqual({ status: 503, code: 'unavailable' });
  expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
}

/**
 * The message of what an attempt fails with. Asked by shape: an error of a native module belongs to the first realm
 * that loaded it, and `toThrow` would not know it in another test file.
 */
export async function failureOf(attempt: Promise<unknown>): Promise<string> {
  try {
    await attempt;
  } catch (error) {
    return String((error as { message?: unknown }).message);
  }
  throw new Error('it did not fail');
}
