import { type AuthRequest, bearerTokenOf } from '../../auth/request-info.js';
import { AuthError } from '../../errors.js';

const AUTHORIZATION = 'authorization';

/**
 * The token of the Authorization header. Throws AuthError `invalid_request` for two such headers, of which Node would
 * show only the first.
 */
export function headerTokenOf(request: AuthRequest): string | undefined {
  if (countAuthorization(request) > 1) throw twoCredentials('there are two Authorization headers');
  return bearerTokenOf(request);
}

/** The one of the two that is present. Throws AuthError `invalid_request` if both are (RFC 6750 section 2). */
export function oneOfTwo(first: string | undefined, second: string | undefined, detail: string): string | undefined {
  if (first !== undefined && second !== undefined) throw twoCredentials(detail);
  return first ?? second;
}

/** RFC 6750 section 3.1: more than one credential makes a request malformed. */
export function twoCredentials(detail: string): AuthError {
  return new AuthError('invalid_request', 'two_credentials', { detail });
}

// Every guarded request runs this: the length is compared before a string is created.
function countAuthorization({ rawHeaders, raw }: AuthRequest): number {
  const names = rawHeaders ?? raw?.rawHeaders ?? [];
  let count = 0;
  for (let index = 0; index < names.length; index += 2) {
    const name = names[index] as string;
    if (name.length === AUTHORIZATION.length && name.toLowerCase() === AUTHORIZATION) count += 1;
  }
  return count;
}
