/** The part of `pg` that is used where its own types are not installed. */
declare module 'pg' {
  export class Pool {
    constructor(options: { connectionString?: string | undefined });
    /** A client, which has no types here. */
    connect(): Promise<never>;
    query(text: string): Promise<unknown>;
    end(): Promise<void>;
  }
}
