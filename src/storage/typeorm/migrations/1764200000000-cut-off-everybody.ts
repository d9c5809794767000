import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Adds the cutoff of everybody: the row of `session_cutoffs` whose user id no user has. */
export class CutOffEverybody1764200000000 implements MigrationInterface {
  readonly name = 'CutOffEverybody1764200000000';

  /** Changes nothing if the row exists. */
  async up(runner: QueryRunner): Promise<void> {
    const userId = runner.connection.driver.escape('userId');
    await runner.query(
      `INSERT INTO session_cutoffs (${userId}, ticket) SELECT '', 0 FROM session_tickets ` +
        `WHERE id = 1 AND NOT EXISTS (SELECT 1 FROM session_cutoffs WHERE ${userId} = '')`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DELETE FROM session_cutoffs WHERE ${runner.connection.driver.escape('userId')} = ''`);
  }
}
