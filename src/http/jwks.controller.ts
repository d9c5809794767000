import type { JsonWebKey } from 'node:crypto';
import { Controller, Get, Header, NotFoundException } from '@nestjs/common';
import { AuthService } from '../auth/auth.service.js';
import { Public } from './public.decorator.js';

/** `GET /.well-known/jwks.json`: the public keys of access tokens (RFC 7517 section 5), if there are any. */
@Public()
@Controller('.well-known')
export class JwksController {
  constructor(private readonly auth: AuthService) {}

  @Get('jwks.json')
  // Short, so that a key published here a while before it signs is known everywhere by the time it signs.
  @Header('Cache-Control', 'public, max-age=300')
  jwks(): { keys: readonly JsonWebKey[] } {
    const keys = this.auth.publicKeys();
    if (keys.length > 0) return { keys };
    const message = 'There are no public keys: the access tokens of this service are signed with a secret';
    throw new NotFoundException({ statusCode: 404, error: 'Not Found', message, code: 'not_found' });
  }
}
