/** The part of autocannon used here. */
declare module 'autocannon' {
  interface Request {
    method: string;
    path: string;
    headers: Record<string, string>;
  }
  interface Connection {
    setRequests(requests: Request[]): void;
  }
  interface Result {
    errors: number;
    timeouts: number;
    statusCodeStats: Record<string, { count: number }>;
  }
  interface Options {
    url: string;
    connections: number;
    duration: number;
    /** How often it looks whether the time is over, in milliseconds. */
    sampleInt: number;
    setupClient(connection: Connection): void;
  }
  interface Instance extends Promise<Result> {
    on(event: 'start', listener: () => void): this;
    on(
      event: 'response',
      listener: (connection: Connection, status: number, bytes: number, milliseconds: number) => void,
    ): this;
  }
  export default function autocannon(options: Options): Instance;
}
