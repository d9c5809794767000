import type { AuthModuleOptions } from './auth-module-options.js';
import type { TableOptions } from './tables-option.js';
import { DEFAULT_ISSUER } from './token-options.js';

/** The options with the names that a realm changes where the app says nothing: the issuer, and with it the audience. */
export function withRealm(given: AuthModuleOptions, realm: string): AuthModuleOptions {
  return { ...given, issuer: given.issuer ?? `${DEFAULT_ISSUER}/${realm}` };
}

/** Where the tables of a realm are: their names begin with its own, unless the app says otherwise. */
export function tablesIn(realm: string | undefined, tables: TableOptions | undefined): TableOptions | undefined {
  return realm === undefined ? tables : { prefix: `${realm}_`, ...tables };
}
