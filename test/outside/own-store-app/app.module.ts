import { Module } from '@nestjs/common';
import { AuthModule, type AuthModuleOptions } from 'nestjs-session-registry';
import { ProfileController } from '../common/profile.controller.js';
import { SECRET } from '../common/secret.js';
import { Users } from '../common/users.js';
import { DocumentCheck } from './document.check.js';
import { DocumentStore } from './document.store.js';

declare module 'nestjs-session-registry' {
  interface OwnChecks {
    document: true;
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
        useFactory: () => ({ secret: SECRET, users: Users, revocation: { check: 'document' }, ...options }),
      }),
    ],
    controllers: [ProfileController],
  })
  class AppModule {}
  return AppModule;
}
