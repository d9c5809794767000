import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Creates the table of the app. */
export class CreateAccounts1700000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const key = 'CONSTRAINT "PK_5a7a02c20412299d198e097a8fe" PRIMARY KEY ("id")';
    await runner.query(
      `CREATE TABLE "accounts" ("id" character varying NOT NULL, "display_name" character varying NOT NULL, ${key})`,
    );
  }
  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE "accounts"');
  }
}
