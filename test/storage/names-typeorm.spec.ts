import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sessionEntities, sessionEntitiesOf, sessionMigrations, sessionMigrationsOf } from 'nestjs-session-registry';
import { DataSource, type DataSourceOptions, DefaultNamingStrategy } from 'typeorm';
import { SqlSessionStore } from '../../src/storage/sql/sql-session.store.js';
import { openDatabase } from '../../src/storage/typeorm/open-database.js';
import { createDatabase, DATABASES, type TestDatabase } from '../support/databases.js';

const TIMEOUT = 10_000;

/** Like the `SnakeNamingStrategy` that many apps have. */
class SnakeNames extends DefaultNamingStrategy {
  override columnName(property: string, custom: string): string {
    return custom || property.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  }
}

describe.each(DATABASES)('TypeORM with names of its own on %s', (kind) => {
  let at: TestDatabase;
  const made: DataSource[] = [];

  beforeEach(async () => {
    at = await createDatabase(kind);
  });
  afterEach(async () => {
    for (const one of made.splice(0)) await one.destroy();
    await at.drop();
  });

  async function connect(options: object): Promise<DataSource> {
    const all = { ...at.options, ...options } as DataSourceOptions;
    // TypeORM reads the defaults of a MariaDB server right under its own name alone.
    const type = kind === 'mysql' ? 'mariadb' : all.type;
    const dataSource = await new DataSource({ ...all, type } as DataSourceOptions).initialize();
    made.push(dataSource);
    return dataSource;
  }

  const proposedBy = async (dataSource: DataSource) =>
    (await dataSource.driver.createSchemaBuilder().log()).upQueries.map(({ query }) => query);

  it('makes and finds the same tables as the statements, and proposes nothing more', async () => {
    const tables = { prefix: 'by_typeorm_' };
    const dataSource = await connect({
      entities: sessionEntitiesOf(tables, kind === 'sqlite' ? 'better-sqlite3' : kind),
      migrations: sessionMigrationsOf(tables),
    });
    await dataSource.runMigrations();
    const { database, close } = await openDatabase({ database: dataSource, migrate: false, timeout: TIMEOUT, tables });
    expect(await new SqlSessionStore(database).currentTicket()).toBe(0);
    expect(await proposedBy(dataSource)).toEqual([]);
    await close();
  });

  it('is refused where its entities are other tables', async () => {
    const dataSource = await connect({ entities: sessionEntities, entityPrefix: 'app_' });
    const tables = { prefix: 'auth_' };
    const refusal = openDatabase({ database: dataSource, migrate: true, timeout: TIMEOUT, tables });
    await expect(refusal).rejects.toThrow(
      "option `tables`: the sessions are to be in the table 'auth_sessions', but `SessionEntity` of the DataSource is 'app_sessions'",
    );
  });

  it.each<readonly [string, object]>([
    ['a naming strategy', { namingStrategy: new SnakeNames(), entityPrefix: 'snake_' }],
    ['a prefix', { entityPrefix: 'own_' }],
    ...(kind === 'postgres' ? [['a schema', { schema: 'auth' }] as const] : []),
  ])('keeps the sessions of a DataSource with %s', async (_, names) => {
    const dataSource = await connect({ entities: sessionEntities, migrations: sessionMigrations, ...names });
    // TypeORM expects the schema of its options to be there.
    if ('schema' in names) await dataSource.query('CREATE SCHEMA auth');
    await dataSource.runMigrations();
    const { database, close } = await openDatabase({ database: dataSource, migrate: false, timeout: TIMEOUT });
    expect(await new SqlSessionStore(database).currentTicket()).toBe(0);
    expect(await proposedBy(dataSource)).toEqual([]);
    await close();
  });

  it('has the names of its options for a connection that the library opens', async () => {
    const names = kind === 'postgres' ? { schema: 'theirs', entityPrefix: 'p_' } : { entityPrefix: 'p_' };
    const options = { ...at.options, ...names } as DataSourceOptions;
    const { database, close } = await openDatabase({ database: options, migrate: true, timeout: TIMEOUT });
    const schema = kind === 'postgres' ? '"theirs".' : '';
    const quote = kind === 'mysql' ? '`' : '"';
    expect(database.dialect.write('"@sessions"')).toBe(`${schema}"p_sessions"`.replaceAll('"', quote));
    expect(await new SqlSessionStore(database).currentTicket()).toBe(0);
    await close();
  });
});
