import { Logger } from '@nestjs/common';

/** The log of a module; its lines say which realm they are about. */
export class AuthLogger extends Logger {
  constructor(readonly realm: string | undefined) {
    super(realm === undefined ? 'AuthModule' : `AuthModule, realm ${realm}`);
  }
}
