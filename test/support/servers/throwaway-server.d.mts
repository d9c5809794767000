/** A server started for the tests, gone with them. */
export interface ThrowawayServer {
  readonly url: string;
  readonly port: number;
  /** Ends it for good; its folder goes with it. */
  stop(): Promise<void>;
  /** Ends it from one moment to the next; `start` brings it back on the same port, with the same folder. */
  kill(): Promise<void>;
  start(): Promise<void>;
  /** Has it answer nothing, though its connections stay, until `resume`. */
  pause(): Promise<void>;
  resume(): Promise<void>;
}

export function serverFolder(name: string): string;
export function freePort(): Promise<number>;
export function lastingPort(): Promise<number>;
export function startServer(server: {
  folder: string;
  port: number;
  command: string[];
  url: string;
  identity?: { uid: number; gid: number } | undefined;
}): Promise<ThrowawayServer>;
