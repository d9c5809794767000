import { Controller, Get, Module, UseGuards } from '@nestjs/common';
import {
  type ActiveSession,
  AuthModule,
  type AuthModuleOptions,
  type AuthUsers,
  CurrentSession,
  JwtSessionGuard,
} from 'nestjs-session-registry';
import { DocumentCheck } from './document.check.js';
import { DocumentStore } from './document.store.js';

declare module 'nestjs-session-registry' {
  interface OwnChecks {
    document: true;
  }
}

class Users implements AuthUsers {
  validateCredentials(username: string, password: string) {
    return password === `${username}-password` ? { id: username } : null;
  }
  isActive() {
    return true;
  }
}

@Controller()
@UseGuards(JwtSessionGuard)
class ProfileController {
  @Get('profile')
  profile(@CurrentSession() session: ActiveSession): ActiveSession {
    return session;
  }
}

@Module({
  providers: [{ provide: 'sessions of the app', useClass: DocumentStore }],
  exports: ['sessions of the app'],
})
class StorageModule {}

/** An app whose sessions, and whose check, are its own. */
export function appModule(options: Pick<AuthModuleOptions, 'clock'> = {}) {
  @Module({
    imports: [
      AuthModule.forRootAsync({
        imports: [StorageModule],
        store: { inject: ['sessions of the app'], useFactory: (store: DocumentStore) => store },
        checks: { document: DocumentCheck },
        useFactory: () => ({
          secret: 'a secret of somebody else, longer than thirty-two bytes',
          users: Users,
          revocation: { check: 'document' },
          ...options,
        }),
      }),
    ],
    controllers: [ProfileController],
  })
  class AppModule {}
  return AppModule;
}
