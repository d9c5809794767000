import { expect } from '@jest/globals';
import type { Answer, ErrorBody } from './client.js';

/** Holds an answer against "the database cannot answer": 503 `unavailable`, and when to try again. */
export function expectUnavailable({ status, body, headers }: Answer): void {
  expect({ status, code: (body as ErrorBody).code }).toEqual({ status: 503, code: 'unavailable' });
  expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
}
