import type { DataSourceOptions } from 'typeorm';

/** What the process of the renewals is told at its start; it has as many connections as work under way. */
export interface RenewalSpec {
  database: DataSourceOptions;
  connections: number;
}

/**
 * What to do for some seconds: sign in, renew with a token (`AuthService.refresh`: verified, exchanged, two signed), or
 * renew the row alone (`SessionRegistry.renew`). Answered with how often a second.
 */
export interface RenewalJob {
  what: 'login' | 'refresh' | 'renew';
  sessions: number;
  seconds: number;
}
