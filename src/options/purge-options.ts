import type { Duration } from './duration.js';

/** How dead rows leave the sessions table. */
export interface PurgeOptions {
  /**
   * How often this process looks for dead rows.
   * @default '10m'
   */
  every?: Duration;
  /**
   * Rows deleted in one statement.
   * @default 1000
   */
  batch?: number;
  /**
   * How long an ended session stays visible in `GET /sessions?state=ended` before it is deleted.
   * @default '30d'
   */
  retention?: Duration;
}
