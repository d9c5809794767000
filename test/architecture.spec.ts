import { describe, expect, it } from 'vitest';
import { House, say } from './support/house.js';

/** The public API of a subpath each. */
const SUBPATHS = ['redis.ts', 'passport.ts', 'client.ts', 'testing.ts', 'element/entry.ts'];
/** What runs in browsers cannot have the clock of the server. */
const CLOCKS = ['clock.ts', 'client/clock.ts', 'element/now.ts'];

/** The rings of the house and what each may import besides itself; `BASE` may be imported by all. */
const BASE = ['errors', 'clock', 'id-rules', 'faults', 'events', 'wire', 'realm'];
const RINGS: Record<string, readonly string[]> = {
  errors: [],
  clock: [],
  'id-rules': [],
  faults: ['clock'],
  events: ['wire', 'errors', 'faults'],
  wire: [],
  realm: ['errors'],
  options: BASE,
  tokens: [...BASE, 'options'],
  sessions: [...BASE, 'options'],
  live: [...BASE, 'options', 'sessions'],
  revocation: [...BASE, 'options', 'tokens', 'sessions'],
  copies: [...BASE, 'options', 'tokens', 'sessions', 'revocation'],
  suspicion: [...BASE, 'options', 'sessions'],
  'second-factor': [...BASE, 'options', 'tokens'],
  auth: [...BASE, 'options', 'tokens', 'sessions', 'revocation'],
  'storage/sql': [...BASE, 'options', 'sessions', 'revocation', 'copies', 'suspicion'],
  'storage/connections': [...BASE, 'storage/sql'],
  'storage/pools': [...BASE, 'options', 'storage/sql', 'storage/connections'],
  'storage/typeorm': [...BASE, 'options', 'sessions', 'storage/sql', 'storage/connections'],
  'storage/memory': [...BASE, 'sessions', 'revocation', 'suspicion'],
  redis: [...BASE, 'options', 'sessions', 'revocation', 'copies'],
  http: [...BASE, 'options', 'sessions', 'live', 'auth'],
  passport: [...BASE, 'auth', 'http'],
  testing: [...BASE, 'options', 'tokens', 'sessions', 'revocation', 'auth'],
  client: ['wire'],
  element: ['wire', 'client'],
};

const house = new House('src');

describe('the house', () => {
  it('lets no ring import a ring outside of it', () => {
    const broken = house.imports.filter(({ from, to }) => !allowed(ringOf(from), ringOf(to))).map(say);
    expect(broken).toEqual([]);
  });

  it('knows every file as part of a ring', () => {
    const unknown = house.files.map(ringOf).filter((ring) => ring !== 'module' && ring !== 'index' && !(ring in RINGS));
    expect(unknown).toEqual([]);
  });

  it('needs passport in one room only', () => {
    const users = house.saying(/from '(?:@nestjs\/passport|passport|passport-jwt)'/);
    expect(users.map(ringOf)).toEqual(users.map(() => 'passport'));
    expect(users.length).toBeGreaterThan(0);
  });

  it('has no circles', () => {
    expect(house.circles()).toEqual([]);
  });

  it('has one barrel, and nothing inside imports it', () => {
    expect(house.files.filter((file) => file.endsWith('index.ts'))).toEqual(['index.ts']);
    expect(house.imports.filter(({ to }) => ringOf(to) === 'index').map(say)).toEqual([]);
  });

  it('names what it exports, one by one', () => {
    expect(house.saying(/export (?:\*|default)/)).toEqual([]);
  });

  it('keeps every file within 250 lines', () => {
    expect(house.tooLong()).toEqual([]);
  });

  it('reads the time in one place', () => {
    const readers = house.saying(/Date\.now\(|new Date\(\)|performance\.now/);
    expect(readers.filter((file) => !CLOCKS.includes(file))).toEqual([]);
  });

  it('has no holes in its types', () => {
    expect(house.saying(/(?:: |<|as )any\b|@ts-(?:ignore|nocheck)|biome-ignore/)).toEqual([]);
  });

  it('explains every export', () => {
    const unexplained = house.files.flatMap(undocumentedExports);
    expect(unexplained).toEqual([]);
  });
});

function ringOf(file: string): string {
  if (SUBPATHS.includes(file)) return 'index';
  const rooms = file.split('/').slice(0, file.startsWith('storage/') ? 2 : 1);
  return rooms.join('/').replace(/\.ts$/, '');
}

function allowed(from: string, to: string): boolean {
  if (from === 'module' || from === 'index' || from === to) return true;
  return RINGS[from]?.includes(to) ?? false;
}

function undocumentedExports(file: string): string[] {
  if (['index.ts', ...SUBPATHS].includes(file)) return [];
  const lines = house.text(file).split('\n');
  return lines.flatMap((line, index) => {
    if (!/^export (abstract )?(class|function|async function|interface|type|const) /.test(line)) return [];
    let above = index - 1;
    while (/^(@|\}\)|\s+\w.*,$|\)$)/.test(lines[above] ?? '')) above -= 1;
    return (lines[above] ?? '').trimEnd().endsWith('*/') ? [] : [`${file}:${index + 1} ${line}`];
  });
}
