import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { EnvironmentError } from './environment-error.js';

/** The secret of the tokens, and the file it is kept in, where this app made it. */
export interface Secret {
  readonly value: string;
  readonly file?: string;
}

/** The secret stored in `file`, made first if there is none, so that a restart keeps everybody signed in. */
export function storedSecret(file: string): Secret {
  try {
    return { value: readFileSync(file, 'utf8').trim(), file };
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw cannotStore(file, error);
  }
  try {
    storeNewSecret(file);
    return { value: readFileSync(file, 'utf8').trim(), file };
  } catch (error) {
    throw cannotStore(file, error);
  }
}

/** Several processes may start at once: a link appears whole, and the first one stays. */
function storeNewSecret(file: string): void {
  const draft = `${file}.${process.pid}`;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(draft, `${randomBytes(48).toString('base64')}\n`, { mode: 0o600 });
  try {
    linkSync(draft, file);
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

function cannotStore(file: string, cause: unknown): EnvironmentError {
  const why = cause instanceof Error ? cause.message : String(cause);
  const mend =
    'Set it to at least 32 random bytes, for example of `openssl rand -base64 48`, ' +
    'or let DATABASE_URL name a file in a folder this app may write to';
  return new EnvironmentError('AUTH_SECRET', `it is not set, and ${file} cannot keep one (${why})`, mend);
}

function hasCode(error: unknown, code: string): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === code;
}
