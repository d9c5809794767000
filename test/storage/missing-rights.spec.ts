import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { openDatabase } from '../../src/storage/typeorm/open-database.js';
import { createDatabase, type TestDatabase } from '../support/databases.js';

const SERVERS = ['postgres', 'mysql'] as const;

const CREATE = {
  postgres: (role: string) => [`CREATE ROLE ${role} LOGIN`],
  mysql: (role: string) => [
    `CREATE USER '${role}'@'%'`,
    `GRANT SELECT, INSERT, UPDATE, DELETE ON *.* TO '${role}'@'%'`,
  ],
};
const DROP = { postgres: (role: string) => `DROP ROLE ${role}`, mysql: (role: string) => `DROP USER '${role}'@'%'` };

describe.each(SERVERS)('a role without the right to create tables on %s', (kind) => {
  let at: TestDatabase;
  let owner: DataSource;
  const role = `guest_${process.pid}`;

  beforeAll(async () => {
    at = await createDatabase(kind);
    owner = await new DataSource(at.options).initialize();
    for (const statement of CREATE[kind](role)) await owner.query(statement);
  });
  afterAll(async () => {
    await owner.query(DROP[kind](role));
    await owner.destroy();
    await at.drop();
  });

  it('is told what to run, as whom, and which option to set', async () => {
    const url = Object.assign(new URL(at.url), { username: role, password: '' }).href;
    const database = { type: kind, url } as DataSourceOptions;
    const refusal = await openDatabase({ database, migrate: true, timeout: 10_000 }).catch(String);
    expect(refusal).toContain(`option \`database\`: its role '${role}`);
    expect(refusal).toContain('may not create the tables of the session registry');
    expect(refusal).toMatch(/Run the migrations once as a role that may .*grant .*set `migrate: false`/);
  });

  it('is told the same where the schema is missing and it may not create one', async () => {
    const url = Object.assign(new URL(at.url), { username: role, password: '' }).href;
    const database = { type: kind, url } as DataSourceOptions;
    const tables = { schema: `missing_${process.pid}` };
    const refusal = await openDatabase({ database, migrate: true, timeout: 10_000, tables }).catch(String);
    expect(refusal).toContain(`option \`database\`: its role '${role}`);
    expect(refusal).toMatch(kind === 'postgres' ? /permission denied for database/ : /Access denied .* to database/);
  });
});
