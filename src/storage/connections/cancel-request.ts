import { connect } from 'node:net';

/** PostgreSQL's "CancelRequest" (Frontend/Backend Protocol, section 55.2.8). */
const CODE = 80_877_102;
const PATIENCE = 1_000;

/** Which statement: that of a backend, as its connection was told. */
export interface CancelTarget {
  readonly host: string;
  readonly port: number;
  readonly processID: number | null;
  readonly secretKey: number | null;
}

/**
 * Asks a PostgreSQL server, or the pooler before it, to end the statement under way. Resolves once it has heard that, or
 * cannot be asked: only then another statement is safe from it.
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
