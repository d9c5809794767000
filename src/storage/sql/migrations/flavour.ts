import { isMariadb } from '../dialects/mysql.js';
import { DEFAULT_TABLES, type TableNames } from '../table-names.js';

/** How tables are made in one database. */
export interface Flavour extends Kind {
  /** How the tables are named there. */
  readonly tables: TableNames;
  /** The same kind of database with other names of its tables. */
  with(tables: TableNames): Flavour;
  /** A table of the library, with its schema. */
  table(name: string): string;
  /** An index of the library. */
  index(name: string): string;
}

/** What the databases differ in where tables are made. Names of tables and indexes are those of the library. */
interface Kind {
  /** A name in quotation marks. */
  name(name: string): string;
  /** The type of an id that the library makes, of at most this many characters. */
  id(length: number): string;
  /** The type of a text from outside, of at most this many characters; compared byte by byte, with its trailing spaces. */
  text(length: number): string;
  /** The type of a primary key that counts by itself. */
  readonly countingId: string;
  /** The type of a text of any length. */
  readonly longText: string;
  /** Stands between `CREATE INDEX`, or `ADD COLUMN`, and the name; empty where the database knows no such words. */
  readonly ifNotExists: { readonly index: string; readonly column: string };
  /** Whether an index belongs to a schema, and not to its table. */
  readonly hasIndexesInSchemas: boolean;
  /** Drops an index if it is there. */
  dropIndex(index: string, table: string): string;
  /** Has ids compared with their trailing spaces, or without; no statements where spaces always count. */
  compareIds(table: string, columns: readonly IdColumn[], spaces: 'count' | 'do not count'): readonly string[];
  /** Has all texts of a table compared byte by byte; no statements where they always are. */
  compareTexts(table: string): readonly string[];
}

/** A column of ids that the library makes: its name, its length, and whether it may be null. */
export type IdColumn = readonly [name: string, length: number, presence: 'NOT NULL' | 'NULL'];

const IF_NOT_EXISTS = 'IF NOT EXISTS ';

const PADDED = 'CHARACTER SET ascii COLLATE ascii_bin';

const standard: Kind = {
  name: (name) => `"${name}"`,
  id: (length) => `varchar(${length})`,
  text: (length) => `varchar(${length})`,
  countingId: 'SERIAL PRIMARY KEY',
  longText: 'text',
  ifNotExists: { index: IF_NOT_EXISTS, column: IF_NOT_EXISTS },
  hasIndexesInSchemas: true,
  dropIndex: (index) => `DROP INDEX IF EXISTS ${index}`,
  compareIds: () => [],
  compareTexts: () => [],
};

/** PostgreSQL. */
export const postgresFlavour: Flavour = flavour(standard);

/** SQLite. */
export const sqliteFlavour: Flavour = flavour({
  ...standard,
  countingId: 'integer PRIMARY KEY AUTOINCREMENT NOT NULL',
  ifNotExists: { index: IF_NOT_EXISTS, column: '' },
});

/** MariaDB, which has a collation without padding for ids. */
const mariadbFlavour: Flavour = flavour({
  ...backticked('utf8mb4_nopad_bin', 'CHARACTER SET ascii COLLATE ascii_nopad_bin'),
  ifNotExists: { index: IF_NOT_EXISTS, column: IF_NOT_EXISTS },
  dropIndex: (index, table) => `DROP INDEX IF EXISTS ${index} ON ${table}`,
});

/** MySQL, which has one family of collations that do not pad, and none of them is for ASCII. */
const mysqlFlavour: Flavour = flavour(backticked('utf8mb4_0900_bin', 'CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin'));

/** MariaDB's or MySQL's, by what the server answers to `VERSION()`. */
export function flavourOfVersion(version: unknown): Flavour {
  return isMariadb(version) ? mariadbFlavour : mysqlFlavour;
}

function backticked(collation: string, idsWithSpaces: string): Kind {
  const outside = `CHARACTER SET utf8mb4 COLLATE ${collation}`;
  return {
    name: (name) => `\`${name}\``,
    id: (length) => `varchar(${length}) ${PADDED}`,
    text: (length) => `varchar(${length}) ${outside}`,
    countingId: 'int NOT NULL AUTO_INCREMENT PRIMARY KEY',
    longText: `text ${outside}`,
    ifNotExists: { index: '', column: '' },
    hasIndexesInSchemas: false,
    dropIndex: (index, table) => `DROP INDEX ${index} ON ${table}`,
    compareIds: (table, columns, spaces) => {
      const type = spaces === 'count' ? idsWithSpaces : PADDED;
      const changes = columns.map(
        ([name, length, presence]) => `MODIFY \`${name}\` varchar(${length}) ${type} ${presence}`,
      );
      return [`ALTER TABLE ${table} ${changes.join(', ')}`];
    },
    compareTexts: (table) => [`ALTER TABLE ${table} CONVERT TO ${outside}`],
  };
}

/** The kind of a database with these names of the tables. */
function flavour(kind: Kind, tables = DEFAULT_TABLES): Flavour {
  const inSchema = (quoted: string) => (tables.schema === undefined ? quoted : `${kind.name(tables.schema)}.${quoted}`);
  const table = (name: string) => inSchema(kind.name(tables.table(name)));
  const index = (name: string) => kind.name(tables.index(name));
  return {
    ...kind,
    tables,
    with: (others) => flavour(kind, others),
    table,
    index,
    dropIndex: (name, of) => kind.dropIndex(kind.hasIndexesInSchemas ? inSchema(index(name)) : index(name), table(of)),
    compareIds: (name, columns, spaces) => kind.compareIds(table(name), columns, spaces),
    compareTexts: (name) => kind.compareTexts(table(name)),
  };
}
