import type { JsonWebKey } from 'node:crypto';
import { Get } from '@nestjs/common';
import { AuthService } from '../auth/auth.service.js';
import { AuthError } from '../errors.js';
import { Answer } from './answers/answer.decorator.js';
import { OpenToAll, OwnController } from './answers/own-controller.decorator.js';
import { AuthHttpException } from './auth-http.exception.js';

/** Short, so that a key published here a while before it signs is known everywhere by the time it signs. */
const FIVE_MINUTES = 'public, max-age=300';

/** `GET /.well-known/jwks.json`: the public keys of access tokens (RFC 7517 section 5), if there are any. */
@OwnController('.well-known')
@OpenToAll()
export class JwksController {
  constructor(private readonly auth: AuthService) {}

  @Get('jwks.json')
  @Answer(200, FIVE_MINUTES)
  jwks(): { keys: readonly JsonWebKey[] } {
    const keys = this.auth.publicKeys();
    if (keys.length > 0) return { keys };
    throw new AuthHttpException(new AuthError('not_found', 'no_public_keys'));
  }
}
