import { createHash } from 'node:crypto';

/** The token generation of every row that is filled in. */
export const GENERATION = 'the-generation-of-rowA';

/** The name of a row: as if drawn, so that neighbours in time are not neighbours in the index. */
export function guidOf(row: number): string {
  const hex = createHash('md5').update(String(row)).digest('hex');
  return hex.replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, '$1-$2-$3-$4-$5');
}

/** Whose row it is, where each user has so many. */
export function userOf(row: number, perUser: number): string {
  return `user-${Math.floor(row / perUser)}`;
}
