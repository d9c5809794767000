import type { SqlValue } from './sql-value.js';

/** A list of values for so many `?`. */
interface Many {
  readonly name: string;
  readonly size: number;
}

/** Some SQL, and what each of its `?` takes, in their order. */
interface Piece {
  readonly text: string;
  readonly takes: readonly (string | Many)[];
}

type NameIn<Hole> = Hole extends string ? Hole : Hole extends Statement<infer Name, infer _> ? Name : never;
type ListIn<Hole> = Hole extends Statement<infer _, infer List> ? List : never;

/** A statement or a part of one, with a name for each value and each list of values it takes. */
export class Statement<Name extends string = never, List extends string = never> implements Piece {
  constructor(
    /** With `?` where it takes a value. */
    readonly text: string,
    readonly takes: Piece['takes'],
  ) {}

  /** The text and its values in their order, as a `SqlExecutor` wants them. A list may be shorter than its place. */
  with(
    values: Readonly<Record<Name, SqlValue>> & Readonly<Record<List, readonly SqlValue[]>>,
  ): [sql: string, values: SqlValue[]] {
    const named = values as Readonly<Record<string, SqlValue>> & Readonly<Record<string, readonly SqlValue[]>>;
    const ordered: SqlValue[] = [];
    for (const take of this.takes) {
      if (typeof take === 'string') ordered.push(named[take] as SqlValue);
      else ordered.push(...filledUp(named[take.name] as readonly SqlValue[], take));
    }
    return [this.text, ordered];
  }
}

/**
 * Writes a statement or a part of one, all in one line. Where a string is put in, it takes the value of that name; numbers
 * and other parts stand as they are.
 */
export function sql<const Holes extends readonly (string | number | Piece)[]>(
  template: TemplateStringsArray,
  ...holes: Holes
): Statement<NameIn<Holes[number]>, ListIn<Holes[number]>> {
  const [first = '', ...lines] = linesOf(template);
  const pieces = holes.map(toPiece);
  const text = lines.reduce((before, line, at) => `${before}${pieces[at]?.text}${line}`, first);
  return new Statement(
    text,
    pieces.flatMap(({ takes }) => takes),
  );
}

/** A part of a statement that is known only when the process runs, and takes no values. */
export function raw(text: string): Statement {
  return new Statement(text, []);
}

/** Takes a list of this name, of `size` values at most, with commas between. */
export function many<const List extends string>(name: List, size: number): Statement<never, List> {
  return new Statement(Array(size).fill('?').join(', '), [{ name, size }]);
}

/** For a statement that comes in sizes, or has a part of the database's own: each is written once, and found again. */
export function writtenOnce<Parts extends readonly (string | number)[], Written>(
  write: (...parts: Parts) => Written,
): (...parts: Parts) => Written {
  const known = new Map<string, Written>();
  return (...parts) => {
    const key = parts.join();
    const written = known.get(key) ?? write(...parts);
    known.set(key, written);
    return written;
  };
}

/** Always of one length, so that all lists run one prepared statement. Nobody is called by the empty name. */
function filledUp(list: readonly SqlValue[], { name, size }: Many): SqlValue[] {
  if (list.length > size) throw new Error(`"${name}" has ${list.length} values, and the statement takes ${size}`);
  return Array.from({ length: size }, (_, at) => list[at] ?? '');
}

function toPiece(hole: string | number | Piece): Piece {
  if (typeof hole === 'number') return raw(String(hole));
  if (typeof hole !== 'string') return hole;
  if (!/^[a-z]\w*$/i.test(hole)) throw new Error(`"${hole}" is no name of a value; SQL is put in with raw()`);
  return { text: '?', takes: [hole] };
}

function linesOf(template: TemplateStringsArray): readonly string[] {
  if (template.some((piece) => piece.includes('?'))) throw new Error(`A bare ? has no name: ${template.join('…')}`);
  return template.map((piece, at) => piece.replace(/\n\s*/g, (_, from) => (at + from === 0 ? '' : ' ')));
}
