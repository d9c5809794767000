import dns from 'node:dns';
import { createServer, type Server, Socket } from 'node:net';

/** A server nobody has a reason to call: tokens name it, and a verifier that follows a token's word would come. */
export interface Trap {
  readonly url: string;
  /** Who came. */
  readonly visits: string[];
  close(): Promise<void>;
}

/** Opens the trap on a free port. */
export async function openTrap(): Promise<Trap> {
  const visits: string[] = [];
  const server = createServer((socket) => {
    visits.push(`${socket.remoteAddress}:${socket.remotePort}`);
    socket.destroy();
  });
  const port = await listen(server);
  return {
    url: `http://127.0.0.1:${port}`,
    visits,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** What left the process, apart from the test's own connections to the apps. */
export interface Outbound {
  readonly seen: string[];
  restore(): void;
}

/** Watches every connection but those to these ports, and every name looked up, from now on. */
export function watchOutbound(ports: readonly number[]): Outbound {
  const seen: string[] = [];
  const [{ connect }, { lookup }] = [Socket.prototype, dns];
  Socket.prototype.connect = function (this: Socket, ...given: unknown[]) {
    const port = portOf(given);
    if (!ports.includes(port)) seen.push(`connect ${JSON.stringify(given)}`);
    return (connect as (...all: unknown[]) => Socket).apply(this, given);
  } as typeof connect;
  dns.lookup = ((...given: unknown[]) => {
    seen.push(`lookup ${String(given[0])}`);
    return (lookup as (...all: unknown[]) => void)(...given);
  }) as typeof lookup;
  const restore = () => {
    Socket.prototype.connect = connect;
    dns.lookup = lookup;
  };
  return { seen, restore };
}

// `net.connect` hands its arguments on as one list, `new Socket().connect` as they are.
function portOf(given: readonly unknown[]): number {
  const [first] = given.flat() as [unknown];
  return typeof first === 'object' && first !== null ? Number((first as { port?: unknown }).port) : Number(first);
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port));
  });
}
