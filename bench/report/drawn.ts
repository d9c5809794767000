/** A contender that has a bar in the chart: its id, and what a reader who knows none of our names calls it. */
export interface Drawn {
  id: string;
  label: string;
}

/** The bars that answer "what does it cost to check each request, compared with what I use today?" The table has the others. */
export const DRAWN: readonly Drawn[] = [
  { id: 'no-guard', label: 'No guard at all' },
  { id: 'strict-SQLite', label: 'This library: row checked on each request, SQLite' },
  { id: 'strict-PostgreSQL', label: 'This library: row checked on each request, PostgreSQL' },
  { id: 'expiry', label: 'This library: token only, no row checked' },
  { id: 'express-session-redis', label: 'express-session: session read from Redis' },
  { id: 'stateless-key-object', label: 'Passport JWT: token only, key as a KeyObject' },
  { id: 'stateless-string', label: 'Passport JWT: token only, secret as a string' },
  { id: 'find-one', label: 'Passport JWT: user read from PostgreSQL with findOne' },
  { id: 'better-auth-redis', label: 'better-auth: session read from Redis' },
  { id: 'better-auth-postgres', label: 'better-auth: session read from PostgreSQL' },
];
