import type { DataSourceOptions } from 'typeorm';
import { EnvironmentError } from './environment-error.js';

const MEND = 'Write sqlite:FILE, postgres://USER:PASSWORD@HOST/NAME or mysql://USER:PASSWORD@HOST/NAME';

/** What a `DATABASE_URL` names: the options TypeORM opens it with, and the file, where it is one. */
export interface DatabaseAddress {
  readonly options: DataSourceOptions;
  readonly file: string | undefined;
  /** For the screen: without a password. */
  readonly shown: string;
}

/** Reads a `DATABASE_URL`. Throws EnvironmentError. */
export function parseDatabaseUrl(url: string): DatabaseAddress {
  const scheme = /^([a-z]+):/.exec(url)?.[1];
  if (scheme === 'sqlite') return sqlite(url);
  if (scheme === 'postgres' || scheme === 'postgresql') return server('postgres', url);
  if (scheme === 'mysql') return server('mysql', url);
  throw new EnvironmentError('DATABASE_URL', 'it names no database this app knows', MEND);
}

function sqlite(url: string): DatabaseAddress {
  const file = url.replace(/^sqlite:(?:\/\/)?/, '');
  if (file === '') throw new EnvironmentError('DATABASE_URL', 'it names no file', MEND);
  return {
    options: { type: 'better-sqlite3', database: file, enableWAL: true },
    file: file === ':memory:' ? undefined : file,
    shown: `sqlite:${file}`,
  };
}

function server(type: 'postgres' | 'mysql', url: string): DatabaseAddress {
  if (!URL.canParse(url)) throw new EnvironmentError('DATABASE_URL', 'it is no valid URL', MEND);
  const { host, pathname } = new URL(url);
  if (host === '' || pathname.length < 2) {
    throw new EnvironmentError('DATABASE_URL', 'it lacks the host or the name of the database', MEND);
  }
  return { options: { type, url }, file: undefined, shown: `${type}://${host}${pathname}` };
}
