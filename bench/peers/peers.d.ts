// The part of the peers used here, so that types can be checked without installing them.
declare module 'express-session' {
  import type { RequestHandler } from '@nestjs/common/interfaces';
  interface SessionData {
    userId?: string;
    destroy(done: (error?: unknown) => void): void;
  }
  interface Options {
    store: unknown;
    secret: string;
    resave: boolean;
    saveUninitialized: boolean;
  }
  const session: ((options: Options) => RequestHandler) & { Store: unknown };
  export default session;
  export type { SessionData };
}
declare module 'connect-pg-simple' {
  interface Options {
    conString: string;
    createTableIfMissing: boolean;
    disableTouch: boolean;
  }
  export default function connect(session: unknown): new (options: Options) => unknown;
}
declare module 'connect-redis' {
  export class RedisStore {
    constructor(options: { client: unknown; disableTouch: boolean });
  }
}
declare module 'better-auth' {
  interface Auth {
    readonly options: unknown;
    readonly api: {
      signUpEmail(call: { body: object; returnHeaders: true }): Promise<{ headers: Headers }>;
      signOut(call: { headers: Headers }): Promise<unknown>;
      getSession(call: { headers: Headers }): Promise<{ user: { id: string; name: string } } | null>;
    };
  }
  export function betterAuth(options: object): Auth;
}
declare module 'better-auth/node' {
  export function fromNodeHeaders(headers: object): Headers;
}
declare module 'better-auth/db/migration' {
  export function getMigrations(options: unknown): Promise<{ runMigrations(): Promise<void> }>;
}
