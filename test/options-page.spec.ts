import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import ts from 'typescript';

const PAGE = 'docs/options.md';
const SRC = resolve('src');
/** Where the public types of the options begin. What they are made of is found from there, in whichever files it is. */
const ENTRY = resolve('src/index.ts');
const ROOTS = ['AuthModuleOptions', 'AuthModuleExtras'];
/** What stands in the column of defaults where the types tell none. */
const WITHOUT_DEFAULT = { optional: 'none', required: 'required' };

const program = compile();
const checker = program.getTypeChecker();
const documented = rowsOf(readFileSync(PAGE, 'utf8'));
const declared = new Map(ROOTS.flatMap((root) => optionsOf(exported(root), '')));

describe(`${PAGE}`, () => {
  it('has a line for each option, and for nothing else', () => {
    expect([...declared.keys()]).toEqual(expect.arrayContaining(['secret', 'purge.every', 'keys[].kid', 'isGlobal']));
    expect(documented.map(({ name }) => name).sort()).toEqual([...declared.keys()].sort());
  });

  it('tells the default of each option as the types tell it', () => {
    const told = documented.map(({ name, preset }) => [name, plain(preset)] as const);
    expect(Object.fromEntries(told)).toEqual(Object.fromEntries(declared));
  });

  it('tells the type of each option, and what it is for', () => {
    expect(documented.filter(({ type, purpose }) => type === '' || purpose === '')).toEqual([]);
  });
});

interface Row {
  name: string;
  type: string;
  preset: string;
  purpose: string;
}

/** The rows of the tables whose first column is "option". */
function rowsOf(page: string): Row[] {
  const tables = page.matchAll(/^\| option \|.*\n\|[-| ]+\n((?:\|.*\n)+)/gm);
  return [...tables].flatMap(([, body = '']) =>
    body
      .trimEnd()
      .split('\n')
      .map((line) => {
        const [, name = '', type = '', preset = '', purpose = ''] = line.split(/(?<!\\)\|/).map((cell) => cell.trim());
        return { name: name.replaceAll('`', ''), type, preset, purpose };
      }),
  );
}

function compile(): ts.Program {
  const { config } = ts.readConfigFile('tsconfig.json', ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, resolve('.'));
  return ts.createProgram([ENTRY], options);
}

/** A type by the name the library exports it under. */
function exported(name: string): ts.Type {
  const source = program.getSourceFile(ENTRY);
  const entry = source && checker.getSymbolAtLocation(source);
  const found = entry && checker.getExportsOfModule(entry).find((symbol) => symbol.name === name);
  if (!found) throw new Error(`${ENTRY} exports no ${name}`);
  const symbol = found.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(found) : found;
  return checker.getDeclaredTypeOfSymbol(symbol);
}

/** The options of a type by their full names, with their defaults; those of nested types as `outer.inner`. */
function optionsOf(type: ts.Type, prefix: string): [name: string, preset: string][] {
  return checker.getPropertiesOfType(type).flatMap((option) => {
    const name = prefix + option.name;
    return [[name, presetOf(option)] as [string, string], ...nestedIn(option, name)];
  });
}

function nestedIn(option: ts.Symbol, name: string): [name: string, preset: string][] {
  return partsOf(checker.getTypeOfSymbol(option)).flatMap((part) => {
    const element = checker.isArrayType(part) ? checker.getTypeArguments(part as ts.TypeReference)[0] : undefined;
    const inner = (element ? partsOf(element) : [part]).filter(isSetOfOptions);
    return inner.flatMap((one) => optionsOf(one, `${name}${element ? '[]' : ''}.`));
  });
}

function partsOf(type: ts.Type): ts.Type[] {
  return type.isUnion() ? type.types : [type];
}

/** An interface of this library that holds more than methods: what an app writes as an object. */
function isSetOfOptions(type: ts.Type): boolean {
  const declarations = type.getSymbol()?.declarations ?? [];
  const isOwn = declarations.some(
    (node) =>
      (ts.isInterfaceDeclaration(node) || ts.isTypeLiteralNode(node)) &&
      resolve(node.getSourceFile().fileName).startsWith(SRC),
  );
  return isOwn && checker.getPropertiesOfType(type).some(({ flags }) => !(flags & ts.SymbolFlags.Method));
}

/** What `@default` says of an option, in one line and without backticks. */
function presetOf(option: ts.Symbol): string {
  const tag = option.getJsDocTags(checker).find(({ name }) => name === 'default');
  if (tag) return plain(ts.displayPartsToString(tag.text));
  return option.flags & ts.SymbolFlags.Optional ? WITHOUT_DEFAULT.optional : WITHOUT_DEFAULT.required;
}

function plain(text: string): string {
  return text.replaceAll('`', '').replaceAll('\\|', '|').replaceAll(/\s+/g, ' ').trim();
}
