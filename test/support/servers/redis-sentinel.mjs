import { startConfigured, startRedisServer, until } from './redis-server.mjs';

const NAME = 'sessions';
const SENTINELS = 3;

/** Starts a master, its replica, and three sentinels that make the replica the master when the master is away. */
export async function startRedisSentinel({ settings = [] } = {}) {
  const master = await startRedisServer({ settings });
  const replica = await startRedisServer({ settings, replicaOf: master });
  const sentinels = await Promise.all(Array.from({ length: SENTINELS }, () => startSentinel(master.port)));
  await Promise.all(sentinels.map((sentinel) => until(() => knowsAll(sentinel))));
  const promoted = async () => {
    await until(async () => (await replica.ask('ROLE'))[0] === 'master');
    await Promise.all(sentinels.map((sentinel) => until(() => names(sentinel, replica))));
  };
  const stop = async () => void (await Promise.all([...sentinels, master, replica].map((server) => server.stop())));
  const sentinelRootNodes = sentinels.map(({ port }) => ({ host: '127.0.0.1', port }));
  return { name: NAME, master, replica, sentinels, sentinelRootNodes, promoted, stop };
}

function startSentinel(port) {
  const about = (setting, ...values) => ['sentinel', setting, NAME, ...values].join(' ');
  const lines = [
    about('monitor', '127.0.0.1', port, 2),
    about('down-after-milliseconds', 1_000),
    about('failover-timeout', 3_000),
  ];
  return startConfigured(lines, '--sentinel');
}

/** Whether a failover could begin: the replica and enough of the other sentinels are known. */
async function knowsAll(sentinel) {
  const known = pairs(await sentinel.ask('SENTINEL', 'MASTER', NAME));
  const all = known['num-slaves'] === '1' && Number(known['num-other-sentinels']) === SENTINELS - 1;
  return all && (await sentinel.ask('SENTINEL', 'CKQUORUM', NAME)).startsWith('OK');
}

async function names(sentinel, { port }) {
  const [, named] = await sentinel.ask('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', NAME);
  return Number(named) === port;
}

function pairs(flat) {
  return Object.fromEntries(flat.flatMap((name, index) => (index % 2 === 0 ? [[name, flat[index + 1]]] : [])));
}
