import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import ts from 'typescript';

const PAGES = [
  'README.md',
  'CHANGELOG.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  ...readdirSync('docs')
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];
/** `pg` brings no types. */
const TYPES_OF_PG = resolve('test/support/pg.d.ts');
const SNIPPETS = new Map(
  PAGES.flatMap((page) =>
    [...readFileSync(page, 'utf8').matchAll(/^```ts\n(.*?)^```/gms)].map(
      ([, code = ''], index) => [resolve('test', `${page.replaceAll(/\W/g, '-')}-${index}.snippet.ts`), code] as const,
    ),
  ),
);

describe('the documentation', () => {
  it('has snippets that compile', () => {
    expect(SNIPPETS.size).toBeGreaterThan(0);
    expect(compile()).toEqual([]);
  });

  it('has links that lead somewhere', () => {
    const broken = PAGES.flatMap((page) =>
      [...readFileSync(page, 'utf8').matchAll(/\]\((?!https?:|#)([^)#]+)/g)]
        .map(([, target = '']) => resolve(page, '..', target))
        .filter((target) => !existsSync(target)),
    );
    expect(broken).toEqual([]);
  });

  it('lists every page', () => {
    const list = readFileSync('docs/README.md', 'utf8');
    const pages = readdirSync('docs').filter((name) => name.endsWith('.md') && name !== 'README.md');
    expect(pages.filter((name) => !list.includes(`](${name})`))).toEqual([]);
  });

  it('names tests that there are', () => {
    const named = PAGES.flatMap(namedTests);
    expect(named.length).toBeGreaterThan(30);
    expect(named.filter(({ file, title }) => !readFileSync(file, 'utf8').includes(title))).toEqual([]);
  });
});

/** What a page says behind a link to a test: parts of titles, in quotation marks. */
function namedTests(page: string): { file: string; title: string }[] {
  const links = readFileSync(page, 'utf8').matchAll(/\]\((\.\.\/test\/[^)]+\.ts)\)([^|[]*)/g);
  return [...links].flatMap(([, target = '', said = '']) =>
    [...said.matchAll(/"([^"]+)"/g)].map(([, title = '']) => ({ file: resolve(page, '..', target), title })),
  );
}

function compile(): string[] {
  const { config } = ts.readConfigFile('tsconfig.json', ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, resolve('.'));
  const host = ts.createCompilerHost({ ...options, noUnusedLocals: false });
  const { readFile, fileExists, getSourceFile } = host;
  host.readFile = (name) => SNIPPETS.get(resolve(name)) ?? readFile(name);
  host.fileExists = (name) => SNIPPETS.has(resolve(name)) || fileExists(name);
  host.getSourceFile = (name, languageOptions, onError, fresh) => {
    const code = SNIPPETS.get(resolve(name));
    if (code === undefined) return getSourceFile(name, languageOptions, onError, fresh);
    return ts.createSourceFile(name, code, languageOptions);
  };
  const program = ts.createProgram([...SNIPPETS.keys(), TYPES_OF_PG], { ...options, noUnusedLocals: false }, host);
  return ts
    .getPreEmitDiagnostics(program)
    .map(({ file, messageText }) => `${file?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`);
}
