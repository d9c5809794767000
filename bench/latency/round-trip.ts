import { DataSource } from 'typeorm';
import { median } from '../../test/support/statistics.js';
import type { ServerUrls } from '../machine/servers.js';

const QUERIES = 2_000;

/** The median time of a query to PostgreSQL and back, one after the other, in milliseconds. */
export async function roundTripOf({ postgres }: ServerUrls): Promise<number> {
  const dataSource = await new DataSource({ type: 'postgres', url: postgres ?? '' }).initialize();
  const times: number[] = [];
  for (let query = 0; query < QUERIES; query++) {
    const startedAt = performance.now();
    await dataSource.query('SELECT 1');
    times.push(performance.now() - startedAt);
  }
  await dataSource.destroy();
  return median(times);
}
