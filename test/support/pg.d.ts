/** The part of `pg` that is used where its own types are not installed. */
declare module 'pg' {
  import { EventEmitter } from 'node:events';

  export class Pool extends EventEmitter {
    constructor(options: { connectionString?: string | undefined; max?: number; idleTimeoutMillis?: number });
    /** A client, which has no types here. */
    connect(): Promise<never>;
    query(text: string): Promise<unknown>;
    end(): Promise<void>;
  }

  export class Client extends EventEmitter {
    constructor(options: { connectionString?: string | undefined });
    connect(): Promise<void>;
    query(text: string): Promise<unknown>;
    end(): Promise<void>;
  }
}
