import { findBinary } from './binaries.mjs';
import { freePort, serverFolder, startServer } from './throwaway-server.mjs';

const BINARY = { name: 'redis-server', debian: 'redis-server', variable: 'TEST_REDIS_URL' };

/** Starts an empty Redis server that keeps nothing on disk. */
export async function startRedis() {
  const daemon = findBinary(BINARY);
  const folder = serverFolder('redis');
  const port = await freePort();
  const settings = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', folder];
  return startServer({ folder, port, command: [daemon, ...settings], url: `redis://127.0.0.1:${port}` });
}
