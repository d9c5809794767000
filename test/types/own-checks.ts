import { RevocationCheck } from 'nestjs-session-registry';

declare module 'nestjs-session-registry' {
  interface OwnChecks {
    account: true;
  }
}

/** A name that was declared is known to the compiler. */
export const known = RevocationCheck('account');
// @ts-expect-error: nobody declared this one.
export const unknown = RevocationCheck('acount');
