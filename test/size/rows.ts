import type { DatabaseKind } from '../support/databases.js';

/** The moment "now" of a filled table, in milliseconds. */
export const NOW = Date.UTC(2026, 5, 1);
const DAY = 86_400_000;
const USER_AGENT =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36';
/** The idle limit the rows are made for. */
export const IDLE = 7 * DAY;

/** A kind of row: how many, and when what happened to it, in days from now. */
export interface RowKind {
  prefix: string;
  count: number;
  lastActive: number;
  expires: number;
  ended: number | null;
  purge: number;
}

/** Rows of every way to be dead, each past the retention of 30 days, and as many live ones. */
export function rowKinds(count: number): RowKind[] {
  const third = Math.floor(count / 3);
  return [
    { prefix: 'live', count: count - third, lastActive: -1, expires: 20, ended: null, purge: 6 },
    // Kept active since purge was to look at them: they are postponed, not deleted.
    { prefix: 'kept', count: third, lastActive: -1, expires: 20, ended: null, purge: -40 },
    { prefix: 'late', count: third, lastActive: -60, expires: -31, ended: null, purge: -31 },
    { prefix: 'idle', count: third, lastActive: -50, expires: 5, ended: null, purge: -43 },
    { prefix: 'over', count: count - 2 * third, lastActive: -40, expires: 5, ended: -35, purge: -35 },
  ];
}

/** One statement that inserts rows of a kind, ten sessions a user. */
export function insertRows(kind: DatabaseKind, row: RowKind): string {
  const at = (days: number | null) => (days === null ? 'NULL' : String(NOW + days * DAY));
  const quote = (name: string) => (kind === 'mysql' ? `\`${name}\`` : `"${name}"`);
  const number = kind === 'sqlite' ? "printf('%031d', n)" : "LPAD(CAST(n AS CHAR(31)), 31, '0')";
  const values: Record<string, string> = {
    guid: text(kind, row.prefix, kind === 'postgres' ? "LPAD(n::text, 31, '0')" : number),
    userId: text(kind, 'user', whole(kind, 'n / 10')),
    refTokID: text(kind, 'generation', 'n'),
    predecessor: text(kind, 'predecessor', 'n'),
    ticket: '0',
    userAgent: `'${USER_AGENT}'`,
    ip: "'203.0.113.7'",
    createdAt: at(-90),
    rotatedAt: at(row.lastActive),
    usedAt: at(row.lastActive),
    lastActiveAt: at(row.lastActive),
    expiresAt: at(row.expires),
    endedAt: at(row.ended),
    endReason: row.ended === null ? 'NULL' : "'revoked'",
    purgeAt: at(row.purge),
  };
  const columns = Object.keys(values).map(quote).join(', ');
  return `INSERT INTO sessions (${columns}) SELECT ${Object.values(values).join(', ')} FROM ${numbers(kind, row.count)}`;
}

/** One statement that inserts live sessions of one user, from a number to another, each opened a millisecond after the one before. */
export function insertSessionsOf(kind: DatabaseKind, userId: string, from: number, to: number, now: number): string {
  const quote = (name: string) => (kind === 'mysql' ? `\`${name}\`` : `"${name}"`);
  const number = { sqlite: "printf('%012d', n)", postgres: "LPAD(n::text, 12, '0')", mysql: "LPAD(n, 12, '0')" }[kind];
  const prefix = [...userId].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), 7) % 100_000_000;
  const opened = `${now - to} + n`;
  const values: Record<string, string> = {
    guid: text(kind, `${String(prefix).padStart(8, '0')}-0000-4000-8000`, number),
    userId: `'${userId}'`,
    refTokID: text(kind, 'generation', 'n'),
    ticket: '0',
    userAgent: `'${USER_AGENT}'`,
    ip: "'203.0.113.7'",
    createdAt: opened,
    lastActiveAt: opened,
    expiresAt: String(now + 30 * DAY),
    purgeAt: String(now + 30 * DAY),
  };
  const columns = Object.keys(values).map(quote).join(', ');
  const selected = `SELECT ${Object.values(values).join(', ')} FROM ${numbers(kind, to)} WHERE n >= ${from}`;
  return `INSERT INTO sessions (${columns}) ${selected}`;
}

/** One statement that inserts a cutoff row for every user. */
export function insertCutoffs(kind: DatabaseKind, users: number): string {
  const [userId, ticket] = kind === 'mysql' ? ['`userId`', '`ticket`'] : ['"userId"', '"ticket"'];
  return `INSERT INTO session_cutoffs (${userId}, ${ticket}) SELECT ${text(kind, 'user', 'n')}, 0 FROM ${numbers(kind, users)}`;
}

/** One statement that inserts entries of the denylist, a millisecond apart. */
export function insertDenials(kind: DatabaseKind, entries: number): string {
  const columns = kind === 'mysql' ? '`subject`, `ticket`, `until`' : '"subject", "ticket", "until"';
  const source = numbers(kind, entries);
  return `INSERT INTO session_denials (${columns}) SELECT ${text(kind, 'session', 'n')}, 0, ${NOW} + n FROM ${source}`;
}

function text(kind: DatabaseKind, prefix: string, rest: string): string {
  return kind === 'mysql' ? `CONCAT('${prefix}-', ${rest})` : `'${prefix}-' || (${rest})`;
}

function whole(kind: DatabaseKind, quotient: string): string {
  return kind === 'mysql' ? `FLOOR(${quotient})` : quotient;
}

function numbers(kind: DatabaseKind, count: number): string {
  if (kind === 'postgres') return `generate_series(1, ${count}) AS numbers(n)`;
  if (kind === 'mysql') return `(SELECT seq AS n FROM seq_1_to_${count}) AS numbers`;
  return `(WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ${count}) SELECT n FROM numbers)`;
}
