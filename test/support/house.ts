import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import ts from 'typescript';

/** One file imports another. Both paths start at the root of their house. */
export interface Import {
  readonly from: string;
  readonly to: string;
}

const SOURCE = /(?<!\.d)\.m?ts$|\.mjs$/;
/** What a compiled file is called, and what it is made from. */
const COMPILED = /\.js$/;
const MAX_LINES = 250;

/** The source files in some folders, and what they import of each other. */
export class House {
  readonly files: readonly string[];
  readonly imports: readonly Import[];
  readonly #texts = new Map<string, string>();

  constructor(
    private readonly root: string,
    folders: readonly string[] = [''],
  ) {
    this.files = folders.flatMap((folder) => this.#filesIn(folder));
    this.imports = this.files.flatMap((file) => this.#importsOf(file));
  }

  /** The text of a file. */
  text(file: string): string {
    const text = this.#texts.get(file) ?? readFileSync(join(this.root, file), 'utf8');
    this.#texts.set(file, text);
    return text;
  }

  /** The files whose text matches. */
  saying(what: RegExp): string[] {
    return this.files.filter((file) => what.test(this.text(file)));
  }

  /** The files that are too long to be read at one go. */
  tooLong(): string[] {
    return this.files.filter((file) => this.text(file).split('\n').length - 1 > MAX_LINES);
  }

  /** The files that import each other in a circle; or the rooms, if files are identified only by their room. */
  circles(roomOf: (file: string) => string = (file) => file): string[] {
    const doors = new Map<string, Set<string>>();
    for (const [from, to] of this.imports.map((one) => [roomOf(one.from), roomOf(one.to)] as const)) {
      if (from !== to) doors.set(from, (doors.get(from) ?? new Set()).add(to));
    }
    return [...doors.keys()].filter((room) => leadsBack(room, doors));
  }

  #filesIn(folder: string): string[] {
    return readdirSync(join(this.root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => SOURCE.test(name) && !name.includes('node_modules'))
      .map((name) => join(folder, name));
  }

  #importsOf(file: string): Import[] {
    const { importedFiles } = ts.preProcessFile(this.text(file), true, true);
    return importedFiles
      .filter(({ fileName }) => fileName.startsWith('.'))
      .map(({ fileName }) => resolve(this.root, dirname(file), fileName.replace(COMPILED, '.ts')))
      .map((path) => ({ from: file, to: relative(this.root, path) }));
  }
}

/** An import as a sentence. */
export function say({ from, to }: Import): string {
  return `${from} imports ${to}`;
}

function leadsBack(start: string, doors: ReadonlyMap<string, ReadonlySet<string>>): boolean {
  const seen = new Set<string>(doors.get(start));
  for (const room of seen) for (const next of doors.get(room) ?? []) seen.add(next);
  return seen.has(start);
}
