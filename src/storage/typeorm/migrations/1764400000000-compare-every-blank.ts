import type { MigrationInterface, QueryRunner } from 'typeorm';
import { type Collations, collationsOf } from './columns.js';

/** A column of ids that the library creates: its name, its length, and whether it may be null. */
type IdColumn = readonly [name: string, length: number, presence: 'NOT NULL' | 'NULL'];

const COLUMNS: Readonly<Record<string, readonly IdColumn[]>> = {
  sessions: [
    ['guid', 36, 'NOT NULL'],
    ['refTokID', 32, 'NOT NULL'],
    ['predecessor', 32, 'NULL'],
    ['endReason', 32, 'NULL'],
  ],
  session_cutoffs: [['kept', 36, 'NULL']],
  session_denials: [['kept', 36, 'NULL']],
  session_copies: [['edition', 64, 'NOT NULL']],
};

/**
 * Makes MySQL and MariaDB compare ids with their trailing spaces, as they compare all other texts of the library: the
 * collation these columns had treated a `guid` and the same one with a trailing space as equal. Other databases compare
 * them anyway. Each table is rebuilt once, with its keys and indexes.
 */
export class CompareEveryBlank1764400000000 implements MigrationInterface {
  readonly name = 'CompareEveryBlank1764400000000';

  async up(runner: QueryRunner): Promise<void> {
    await recollate(runner, ({ text }) =>
      isMariaDb(text) ? ['ascii', 'ascii_nopad_bin'] : ['utf8mb4', 'utf8mb4_0900_bin'],
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await recollate(runner, () => ['ascii', 'ascii_bin']);
  }
}

/** MySQL has one family of collations that do not pad, and none of them is for ASCII. */
function isMariaDb({ collation }: Collations['text']): boolean {
  return collation === 'utf8mb4_nopad_bin';
}

async function recollate(
  runner: QueryRunner,
  choose: (collations: Collations) => readonly [charset: string, collation: string],
): Promise<void> {
  const collations = await collationsOf(runner);
  if (!collations.id.collation) return;
  const [charset, collation] = choose(collations);
  for (const [table, columns] of Object.entries(COLUMNS)) {
    const changes = columns.map(([name, length, presence]) => {
      return `MODIFY \`${name}\` varchar(${length}) CHARACTER SET ${charset} COLLATE ${collation} ${presence}`;
    });
    await runner.query(`ALTER TABLE \`${table}\` ${changes.join(', ')}`);
  }
}
