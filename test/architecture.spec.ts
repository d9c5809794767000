import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const SRC = resolve('src');
const MAX_LINES = 250;
/** The public API of a subpath each. */
const SUBPATHS = ['redis.ts', 'client.ts', 'testing.ts', 'element/entry.ts'];
/** What runs in browsers cannot have the clock of the server. */
const CLOCKS = ['clock.ts', 'client/clock.ts', 'element/now.ts'];

/** The rings of the house and what each may import besides itself; `BASE` may be imported by all. */
const BASE = ['errors', 'clock', 'id-rules', 'faults', 'events', 'wire'];
const RINGS: Record<string, readonly string[]> = {
  errors: [],
  clock: [],
  'id-rules': [],
  faults: ['clock'],
  events: ['wire', 'errors', 'faults'],
  wire: [],
  options: BASE,
  tokens: [...BASE, 'options'],
  sessions: [...BASE, 'options'],
  live: [...BASE, 'options', 'sessions'],
  revocation: [...BASE, 'options', 'tokens', 'sessions'],
  copies: [...BASE, 'options', 'tokens', 'sessions', 'revocation'],
  suspicion: [...BASE, 'options', 'sessions'],
  auth: [...BASE, 'options', 'tokens', 'sessions', 'revocation'],
  'storage/sql': [...BASE, 'options', 'sessions', 'revocation', 'copies', 'suspicion'],
  'storage/connections': [...BASE, 'storage/sql'],
  'storage/typeorm': [...BASE, 'sessions', 'storage/sql', 'storage/connections'],
  'storage/memory': [...BASE, 'sessions', 'revocation', 'suspicion'],
  redis: [...BASE, 'options', 'sessions', 'revocation', 'copies'],
  http: [...BASE, 'options', 'sessions', 'live', 'auth'],
  testing: [...BASE, 'options', 'tokens', 'sessions', 'revocation', 'auth'],
  client: ['wire'],
  element: ['wire', 'client'],
};

interface Import {
  from: string;
  to: string;
  typeOnly: boolean;
}

const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => join(SRC, name));
const imports = files.flatMap(importsOf);

describe('the house', () => {
  it('lets no ring import a ring outside of it', () => {
    const broken = imports.filter(({ from, to }) => !allowed(ringOf(from), ringOf(to))).map(say);
    expect(broken).toEqual([]);
  });

  it('knows every file as part of a ring', () => {
    const unknown = files.map(ringOf).filter((ring) => ring !== 'module' && ring !== 'index' && !(ring in RINGS));
    expect(unknown).toEqual([]);
  });

  it('has no circles', () => {
    expect(files.map((file) => circleFrom(file)).filter((circle) => circle !== undefined)).toEqual([]);
  });

  it('has one barrel, and nothing inside imports it', () => {
    expect(files.filter((file) => file.endsWith('index.ts')).map(short)).toEqual(['index.ts']);
    expect(imports.filter(({ to }) => ringOf(to) === 'index').map(say)).toEqual([]);
  });

  it('names what it exports, one by one', () => {
    const starred = files.filter((file) => /export \*|export default/.test(readFileSync(file, 'utf8'))).map(short);
    expect(starred).toEqual([]);
  });

  it(`keeps every file within ${MAX_LINES} lines`, () => {
    const long = files.filter((file) => readFileSync(file, 'utf8').split('\n').length - 1 > MAX_LINES).map(short);
    expect(long).toEqual([]);
  });

  it('reads the time in one place', () => {
    const readers = files.filter((file) =>
      /Date\.now\(|new Date\(\)|performance\.now/.test(readFileSync(file, 'utf8')),
    );
    expect(readers.map(short).filter((file) => !CLOCKS.includes(file))).toEqual([]);
  });

  it('has no holes in its types', () => {
    const holes = files.filter((file) =>
      /(: any\b|<any>|as any\b|@ts-ignore|@ts-nocheck|biome-ignore)/.test(readFileSync(file, 'utf8')),
    );
    expect(holes.map(short)).toEqual([]);
  });

  it('explains every export', () => {
    const unexplained = files.flatMap(undocumentedExports);
    expect(unexplained).toEqual([]);
  });
});

function ringOf(file: string): string {
  const path = short(file);
  if (SUBPATHS.includes(path)) return 'index';
  const rooms = path.split('/').slice(0, path.startsWith('storage/') ? 2 : 1);
  return rooms.join('/').replace(/\.ts$/, '');
}

function allowed(from: string, to: string): boolean {
  if (from === 'module' || from === 'index' || from === to) return true;
  return RINGS[from]?.includes(to) ?? false;
}

function importsOf(file: string): Import[] {
  const text = readFileSync(file, 'utf8');
  const found = text.matchAll(/^(?:import|export)\s+(type\s)?[^;]*?from '(\.[^']+)'/gms);
  return [...found].map(([, type, path = '']) => ({
    from: file,
    to: resolve(dirname(file), path.replace(/\.js$/, '.ts')),
    typeOnly: type !== undefined,
  }));
}

function circleFrom(start: string): string | undefined {
  const seen = new Set<string>();
  const queue = [...next(start)];
  for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
    if (file === start) return short(start);
    if (seen.has(file)) continue;
    seen.add(file);
    queue.push(...next(file));
  }
  return undefined;
}

function next(file: string): string[] {
  return imports.filter(({ from }) => from === file).map(({ to }) => to);
}

function undocumentedExports(file: string): string[] {
  if (['index.ts', ...SUBPATHS].includes(short(file))) return [];
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.flatMap((line, index) => {
    if (!/^export (abstract )?(class|function|async function|interface|type|const) /.test(line)) return [];
    let above = index - 1;
    while (/^(@|\}\)|\s+\w.*,$|\)$)/.test(lines[above] ?? '')) above -= 1;
    return (lines[above] ?? '').trimEnd().endsWith('*/') ? [] : [`${short(file)}:${index + 1} ${line}`];
  });
}

function say({ from, to }: Import): string {
  return `${short(from)} imports ${short(to)}`;
}

function short(file: string): string {
  return relative(SRC, file);
}
