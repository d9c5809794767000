import { startRedisServer, until } from './redis-server.mjs';
import { lastingPort } from './throwaway-server.mjs';

const SLOTS = 16_384;
const SETTINGS = ['cluster-enabled yes', 'cluster-node-timeout 2000'];

/** Starts a Redis Cluster of so many masters, the slots shared out among them, each node to be mistreated. */
export async function startRedisCluster(size = 3, { replicasEach = 0, settings = [] } = {}) {
  const masters = await startNodes(size, settings);
  const replicas = await startNodes(size * replicasEach, settings);
  const nodes = [...masters, ...replicas];
  await Promise.all(masters.map((node, index) => share(node, index, size)));
  await meet(nodes);
  await Promise.all(replicas.map((node, index) => follow(node, masters[index % size])));
  const ready = async () => void (await Promise.all(nodes.map((node) => until(() => knows(node, nodes.length)))));
  await ready();
  const stop = async () => void (await Promise.all(nodes.map((node) => node.stop())));
  return { masters, replicas, rootNodes: nodes.map(({ url }) => ({ url })), ready, stop };
}

async function startNodes(count, settings) {
  return Promise.all(Array.from({ length: count }, () => startNode(settings)));
}

async function startNode(settings) {
  const busPort = await lastingPort();
  const node = await startRedisServer({ settings: [...SETTINGS, `cluster-port ${busPort}`, ...settings] });
  return { ...node, busPort };
}

async function share(node, index, size) {
  const border = (of) => Math.floor((of * SLOTS) / size);
  await node.ask('CLUSTER', 'ADDSLOTSRANGE', border(index), border(index + 1) - 1);
  await node.ask('CLUSTER', 'SET-CONFIG-EPOCH', index + 1);
}

async function meet([first, ...others]) {
  await Promise.all(others.map((node) => node.ask('CLUSTER', 'MEET', '127.0.0.1', first.port, first.busPort)));
}

async function follow(replica, master) {
  const id = await master.ask('CLUSTER', 'MYID');
  await until(async () => (await replica.ask('CLUSTER', 'REPLICATE', id)) === 'OK');
  await until(async () => (await replica.ask('INFO', 'replication')).includes('master_link_status:up'));
}

async function knows(node, size) {
  const info = await node.ask('CLUSTER', 'INFO');
  const links = (await node.ask('CLUSTER', 'NODES')).split('\n').filter((line) => line.includes(' connected'));
  return info.includes('cluster_state:ok') && links.length === size && info.includes(`cluster_known_nodes:${size}`);
}
