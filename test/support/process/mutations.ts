import type { INestApplicationContext } from '@nestjs/common';
import { SessionEntity, SessionStore, sessionEntities } from 'nestjs-session-registry';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { OpenedCopies } from '../../../src/module/copies.providers.js';
import type { TokenCheck } from '../../../src/revocation/token-check.js';
import { RevocationChecks } from '../../../src/revocation/revocation-checks.js';
import { OpenedStore } from '../../../src/module/open-store.js';
import type { SqlDatabase } from '../../../src/storage/sql/sql-database.js';

/** Removes a rule from a running app, to see that a checker notices, or adds a fault to it. */
export type Mutation = 'no row check' | 'read then write' | 'no drop' | 'stops in a sign-in';

/** Removes a rule from the app. */
export async function mutate(
  app: INestApplicationContext,
  mutation: Mutation,
  database: DataSourceOptions,
): Promise<void> {
  if (mutation === 'no row check') believeSignatures(app.get(RevocationChecks, { strict: false }).of());
  else if (mutation === 'no drop') keepCopies(app.get(OpenedCopies, { strict: false }));
  else if (mutation === 'stops in a sign-in') stopInSignIns(app.get(OpenedStore, { strict: false }));
  else readThenWrite(app.get(SessionStore, { strict: false }), await connect(database));
}

function believeSignatures(check: TokenCheck): void {
  check.check = async () => ({ ok: true, lastActiveAt: Date.now() });
}

function keepCopies({ hot }: OpenedCopies): void {
  if (hot) hot.drop = async () => {};
}

/** The whole process stops, as with its host, while the transaction of a sign-in holds its locks. */
function stopInSignIns({ store }: OpenedStore): void {
  const { database } = store as unknown as { database: SqlDatabase };
  store.open = ({ userId }) =>
    database.bulk.transaction(async (executor) => {
      await executor.run(...database.dialect.lockUser.with({ userId }));
      process.kill(process.pid, 'SIGSTOP');
      throw new Error('it was continued');
    });
}

function readThenWrite(store: SessionStore, dataSource: DataSource): void {
  store.rotate = async (rotation) => {
    const session = await store.find(rotation);
    if (session?.refTokID !== rotation.from || session.endedAt !== null) return undefined;
    const { to: refTokID, from: predecessor, at: rotatedAt } = rotation;
    const rotated = { refTokID, predecessor, rotatedAt, usedAt: null };
    await dataSource.createQueryBuilder().update(SessionEntity).set(rotated).where({ guid: session.guid }).execute();
    return { ...session, ...rotated };
  };
}

function connect(database: DataSourceOptions): Promise<DataSource> {
  return new DataSource({ ...database, entities: sessionEntities } as DataSourceOptions).initialize();
}
