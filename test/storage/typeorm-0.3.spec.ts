import { describe, expect, it } from 'vitest';
import { sessionEntities, sessionMigrations } from 'nestjs-session-registry';
import type { DataSource, DataSourceOptions } from 'typeorm';
import { DataSource as FormerDataSource, type DataSourceOptions as FormerOptions } from 'typeorm-0.3';
import { openDatabase } from '../../src/storage/typeorm/open-database.js';
import { SqlSessionStore } from '../../src/storage/sql/sql-session.store.js';
import { describeSameStore } from '../contracts/session-store.contract.js';
import { createDatabase, DATABASES } from '../support/databases.js';

/** A DataSource of TypeORM 0.3, beside the TypeORM that this library imports: another copy, and an older one. */
async function connect(options: DataSourceOptions): Promise<FormerDataSource> {
  const known = { entities: [...sessionEntities], migrations: [...sessionMigrations] };
  const dataSource = new FormerDataSource({ ...options, ...known } as unknown as FormerOptions);
  return dataSource.initialize();
}

for (const kind of DATABASES) {
  describeSameStore(`on ${kind}, with a DataSource of TypeORM 0.3`, async () => {
    const { options, drop } = await createDatabase(kind);
    const dataSource = await connect(options);
    await dataSource.runMigrations();
    const { database, close } = await openDatabase({
      database: dataSource as unknown as DataSource,
      migrate: undefined,
      timeout: 10_000,
    });
    const closeAll = async () => {
      await close();
      await dataSource.destroy();
      await drop();
    };
    return { store: new SqlSessionStore(database), close: closeAll };
  });

  describe(`the entities on ${kind}, in TypeORM 0.3`, () => {
    it('are what the migrations made', async () => {
      const { options, drop } = await createDatabase(kind);
      // TypeORM reads the defaults of a MariaDB server right under its own name alone.
      const type = kind === 'mysql' ? 'mariadb' : options.type;
      const dataSource = await connect({ ...options, type } as DataSourceOptions);
      await dataSource.runMigrations();
      const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
      expect(upQueries.map(({ query }) => query)).toEqual([]);
      await dataSource.destroy();
      await drop();
    });
  });
}
