import { AuthGuard, type IAuthGuard } from '@nestjs/passport';

/** Set in the options of passport if no other strategy is asked after this one. */
const ALONE = Symbol('ALONE');

/**
 * Lets `AuthGuard(name)` tell the strategy that it is asked alone. A strategy does not learn this from passport, and
 * for a refusal by `fail` the guard would throw an answer of its own. `AuthGuard` makes one class for each name.
 */
export function markLoneGuard(name: string): void {
  const guard: Pick<IAuthGuard, 'getAuthenticateOptions'> = AuthGuard(name).prototype;
  guard.getAuthenticateOptions = () => ({ [ALONE]: true });
}

/** Whether these options of passport come from `AuthGuard` with one name, and not with several in a row. */
export function isAlone(options: unknown): boolean {
  return (options as { [ALONE]?: boolean } | undefined)?.[ALONE] === true;
}
