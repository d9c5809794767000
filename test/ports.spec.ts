import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

/** Small things an extension could write itself: they are no ports. */
const TOOLS = ['../options/option-readers.js', '../clock.js'];
const IMPORT = /^import (?:type )?\{([^}]*)\} from '(\.\.\/[^']+)';/gm;

/** The names in braces, without `type` before them. */
function namesIn(braces: string): string[] {
  return braces
    .split(',')
    .map((name) => name.replace(/\btype\b/, '').trim())
    .filter((name) => name !== '');
}

const exported = new Set(
  [...readFileSync('src/index.ts', 'utf8').matchAll(/^export (?:type )?\{([^}]*)\}/gm)].flatMap(([, names = '']) =>
    namesIn(names),
  ),
);

describe('the rooms that carry revocations outside of the database', () => {
  const files = readdirSync('src/redis').map((name) => readFileSync(join('src/redis', name), 'utf8'));
  const imports = files.flatMap((text) => [...text.matchAll(IMPORT)]);

  it('use nothing that an extension of somebody else could not import', () => {
    const used = imports.filter(([, , from = '']) => !TOOLS.includes(from)).flatMap(([, names = '']) => namesIn(names));
    expect(used).toContain('SharedMedium');
    expect([...new Set(used)].filter((name) => !exported.has(name))).toEqual([]);
  });
});
