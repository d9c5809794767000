import type { SqlValue } from './sql-value.js';

/** A named list of values, for `size` placeholders. */
interface Many {
  readonly name: string;
  readonly size: number;
}

/** Some SQL, and the names of the values for its placeholders, in order. */
interface Piece {
  readonly text: string;
  readonly takes: readonly (string | Many)[];
}

type NameIn<Hole> = Hole extends string ? Hole : Hole extends Statement<infer Name, infer _> ? Name : never;
type ListIn<Hole> = Hole extends Statement<infer _, infer List> ? List : never;

/** A statement or a part of one, in which each value and each list of values has a name. */
export class Statement<Name extends string = never, List extends string = never> implements Piece {
  constructor(
    /** The SQL, with `?` for each value. */
    readonly text: string,
    readonly takes: Piece['takes'],
  ) {}

  /** The arguments for a `SqlExecutor`: the text, and its values in order. A list may be shorter than its size. */
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
 * Builds a statement or a part of one, on one line. An interpolated string is the name of a value; numbers and other parts
 * are inserted as they are.
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

/** A part of a statement without values, known only at run time. */
export function raw(text: string): Statement {
  return new Statement(text, []);
}

/** The placeholders for a list with this name and at most `size` values, separated by commas. */
export function many<const List extends string>(name: List, size: number): Statement<never, List> {
  return new Statement(Array(size).fill('?').join(', '), [{ name, size }]);
}

/** Caches statements that depend on a size or on the kind of database: each variant is built once. */
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

/** Pads the list to its full size, so that all lists share one prepared statement. No guid and no id is empty. */
function filledUp(list: readonly SqlValue[], { name, size }: Many): SqlValue[] {
  if (list.length > size)
    throw new Error(`"${name}" has ${list.length} values, but the statement takes at most ${size}`);
  return Array.from({ length: size }, (_, at) => list[at] ?? '');
}

function toPiece(hole: string | number | Piece): Piece {
  if (typeof hole === 'number') return raw(String(hole));
  if (typeof hole !== 'string') return hole;
  if (!/^[a-z]\w*$/i.test(hole)) throw new Error(`"${hole}" is not a valid name for a value. Use raw() to insert SQL`);
  return { text: '?', takes: [hole] };
}

function linesOf(template: TemplateStringsArray): readonly string[] {
  if (template.some((piece) => piece.includes('?')))
    throw new Error(`A bare ? has no name. Interpolate the name of the value: ${template.join('…')}`);
  return template.map((piece, at) => piece.replace(/\n\s*/g, (_, from) => (at + from === 0 ? '' : ' ')));
}
