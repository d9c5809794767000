/** What the types of the oldest supported Node do not have. */
declare module 'node:sqlite' {
  export class DatabaseSync {
    constructor(file: string);
    exec(sql: string): void;
    open(): void;
    prepare(sql: string): { get(...values: string[]): unknown };
    close(): void;
  }
}
