import { randomUUID } from 'node:crypto';

/** Ids nobody else has, so that nothing of another run concerns them on a server that is shared. */
export function usersOf(count: number): string[] {
  const run = randomUUID().slice(0, 8);
  return Array.from({ length: count }, (_, index) => `${run}-${index}`);
}
