import type { INestApplicationContext } from '@nestjs/common';
import { SessionEntity, SessionStore } from 'nestjs-session-registry';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { OpenedCopies } from '../../../src/auth.module-copies.js';
import type { RevocationCheck } from '../../../src/revocation/revocation-check.js';
import { RevocationChecks } from '../../../src/revocation/revocation-checks.js';

/** A rule taken out of a running app, to see that a checker notices. */
export type Mutation = 'no row check' | 'read then write' | 'no drop';

/** Takes a rule out of the app. */
export async function mutate(
  app: INestApplicationContext,
  mutation: Mutation,
  database: DataSourceOptions,
): Promise<void> {
  if (mutation === 'no row check') believeSignatures(app.get(RevocationChecks, { strict: false }).of());
  else if (mutation === 'no drop') keepCopies(app.get(OpenedCopies, { strict: false }));
  else readThenWrite(app.get(SessionStore, { strict: false }), await connect(database));
}

function believeSignatures(check: RevocationCheck): void {
  check.check = async () => ({ ok: true, lastActiveAt: Date.now() });
}

function keepCopies({ hot }: OpenedCopies): void {
  if (hot) hot.drop = async () => {};
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
  return new DataSource({ ...database, entities: [SessionEntity] } as DataSourceOptions).initialize();
}
