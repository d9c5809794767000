import { Pool } from 'pg';
import type { AppSpec } from '../contract/app-spec.js';
import type { BenchApp } from '../contract/bench-app.js';
import { createApp as createRegistryApp } from './registry.js';

/** The app with this library on a `Pool` of `pg`, which has as many connections as the one that TypeORM makes. */
export function createApp(spec: AppSpec): BenchApp {
  const { url } = spec.database as { url?: string };
  const pool = new Pool({ connectionString: url });
  return createRegistryApp({ ...spec, options: { ...spec.options, database: pool } });
}
