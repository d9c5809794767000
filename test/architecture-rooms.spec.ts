import { describe, expect, it } from 'vitest';
import { House, say } from './support/house.js';

/** The rooms around the library and what each may import besides itself, `OPEN` and the library. */
const OPEN = 'test/support';
const ROOMS: Record<string, readonly string[]> = {
  src: [],
  examples: [],
  test: [],
  'test/support': [],
  'test/client': [],
  'test/contracts': [],
  'test/copies': [],
  'test/corpus': [],
  'test/faults': [],
  'test/features': [],
  'test/outside': ['test/examples'],
  'test/races': [],
  'test/size': [],
  'test/types': [],
  'test/unit': [],
  'test/storage': ['test/contracts'],
  'test/examples': ['examples'],
  'test/browser': ['test/examples'],
  'bench/machine': [],
  'bench/support': [],
  'bench/contract': ['bench/machine'],
  'bench/peers': ['bench/contract'],
  'bench/apps': ['bench/contract', 'bench/peers', 'bench/support'],
  'bench/contenders': ['bench/contract', 'bench/machine', 'bench/support'],
  'bench/load': ['bench/contract'],
  'bench/throughput': ['bench/contract', 'bench/contenders', 'bench/load', 'bench/support'],
  'bench/delay': ['bench/contract', 'bench/contenders', 'bench/support'],
  'bench/latency': ['bench/contenders', 'bench/load', 'bench/machine', 'bench/support'],
  'bench/renewal': ['bench/contract', 'bench/support'],
  'bench/storm': ['bench/contenders', 'bench/load'],
  'bench/streams': ['bench/contract'],
  'bench/report': ['bench/contenders', 'bench/delay', 'bench/machine', 'bench/support', 'bench/throughput'],
  'bench/growth': ['bench/apps', 'bench/contract', 'bench/contenders', 'bench/load', 'bench/report', 'bench/support'],
};
/** What imports every room of the bench: its suites, and their specs. */
const HALLS = ['bench', 'test/bench'];
/** What Vitest imports by itself takes no other kind of export. */
const BY_DEFAULT = ['test/outside/prisma-app/prisma.config.ts', 'test/support/setup/servers.mjs'];

const houses = new House('.', ['src', 'examples', 'test', 'bench']);
const around = new House('.', ['examples', 'test', 'bench']);

describe('around the house', () => {
  it('lets no room import a room it is not to know', () => {
    const broken = houses.imports.filter(({ from, to }) => !allowed(roomOf(from), roomOf(to))).map(say);
    expect(broken).toEqual([]);
  });

  it('knows every room', () => {
    const rooms = new Set(houses.files.map(roomOf));
    expect([...rooms].sort()).toEqual([...Object.keys(ROOMS), ...HALLS].sort());
  });

  it('has no circles', () => {
    expect(around.circles()).toEqual([]);
  });

  it('has no two folders that import each other', () => {
    expect(around.circles((file) => file.slice(0, file.lastIndexOf('/')))).toEqual([]);
  });

  it('imports no spec', () => {
    expect(around.imports.filter(({ to }) => to.endsWith('.spec.ts')).map(say)).toEqual([]);
  });

  it('has no barrels', () => {
    expect(around.files.filter((file) => /\/index\.\w+$/.test(file))).toEqual([]);
    expect(around.saying(/^export \*/m)).toEqual([]);
  });

  it('exports by name, but to tools that ask for a default', () => {
    expect(around.saying(/^export default/m).sort()).toEqual(BY_DEFAULT);
  });

  it('keeps every file within 250 lines', () => {
    expect(around.tooLong()).toEqual([]);
  });

  it('has no holes in its types', () => {
    expect(around.saying(/(?:: |<|as )any\b(?! \w)|@ts-(?:ignore|nocheck)/)).toEqual([]);
  });
});

function roomOf(file: string): string {
  const [house = '', ...path] = file.split('/');
  return ['test', 'bench'].includes(house) && path.length > 1 ? `${house}/${path[0]}` : house;
}

function allowed(from: string, to: string): boolean {
  if (from === to) return true;
  if (to === 'src') return from !== 'src';
  if (to === OPEN) return from !== 'src' && from !== 'examples';
  if (HALLS.includes(from)) return to.startsWith('bench/');
  return ROOMS[from]?.includes(to) ?? false;
}
