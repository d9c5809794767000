import { connect } from 'node:net';

/** PostgreSQL's "CancelRequest" (Frontend/Backend Protocol, section 55.2.8). */
const CODE = 80_877_102;
const PATIENCE = 1_000;

/** Identifies the statement: that of a backend, with the numbers its connection was told. */
export interface CancelTarget {
  readonly host: string;
  readonly port: number;
  readonly processID: number | null;
  readonly secretKey: number | null;
}

/**
 * Asks a PostgreSQL server, or the pooler in front of it, to cancel the current statement. Resolves once the server has
 * received that, or cannot be reached: only then is the next statement safe from the cancel request.
 */
export function requestCancel({ host, port, processID, secretKey }: CancelTarget): Promise<void> {
  const request = Buffer.alloc(16);
  for (const [at, value] of [16, CODE, processID ?? 0, secretKey ?? 0].entries()) request.writeInt32BE(value, at * 4);
  return new Promise((resolve) => {
    const socket = host.startsWith('/') ? connect(`${host}/.s.PGSQL.${port}`) : connect(port, host);
    socket.setTimeout(PATIENCE, () => socket.destroy());
    socket.on('error', () => {}).on('close', () => resolve());
    // The server closes the connection when it has told the backend.
    socket.resume().write(request);
  });
}
