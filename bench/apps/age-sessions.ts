import { SessionEntity, sessionEntities } from 'nestjs-session-registry';
import { DataSource, type DataSourceOptions, In } from 'typeorm';

/** How often a session's "last active" is written, which is the default of `touchInterval`. */
const TOUCH_INTERVAL = 60;

/**
 * Spreads "last active" over the last minute. Sessions opened a moment ago would not be touched during a short run at
 * all, and those of a minute ago all at once; so, as in an app that has run for a while, the next one is due every few
 * requests.
 */
export async function ageSessions(database: DataSourceOptions): Promise<void> {
  const dataSource = new DataSource({ ...database, entities: sessionEntities } as DataSourceOptions);
  await dataSource.initialize();
  const guids = (await dataSource.getRepository(SessionEntity).find({ select: { guid: true } })).map(
    ({ guid }) => guid,
  );
  const now = Date.now();
  for (let second = 0; second < TOUCH_INTERVAL; second++) {
    const due = guids.filter((_, index) => index % TOUCH_INTERVAL === second);
    await dataSource.getRepository(SessionEntity).update({ guid: In(due) }, { lastActiveAt: now - second * 1_000 });
  }
  // Plans are made with statistics, and dead rows are gone, as after a while.
  if (database.type === 'postgres') await dataSource.query('VACUUM ANALYZE');
  await dataSource.destroy();
}
