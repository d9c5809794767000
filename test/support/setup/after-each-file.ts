import { afterAll, vi } from 'vitest';

// Files share a process. What one of them has put in the place of time, functions and limits ends with it.
afterAll(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  vi.resetConfig();
});
