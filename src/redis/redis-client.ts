/** The arguments of a script: the keys it works on, and further values. */
export interface ScriptCall {
  keys: string[];
  arguments: string[];
}

/** The commands of node-redis that this library needs, as its client, its Sentinel and its Cluster offer them. */
export interface RedisCommands {
  readonly isOpen: boolean;
  connect(): Promise<unknown>;
  close(): Promise<unknown>;
  destroy(): unknown;
  on(event: string, listener: (detail?: unknown) => void): unknown;
  get(key: string): Promise<unknown>;
  evalSha(sha: string, call: ScriptCall): Promise<unknown>;
  eval(script: string, call: ScriptCall): Promise<unknown>;
  publish(channel: string, message: string): Promise<unknown>;
}

/** A connection that receives messages. */
export interface Subscriber {
  on(event: string, listener: (detail?: unknown) => void): unknown;
  connect(): Promise<unknown>;
  subscribe(channel: string, listener: (message: string) => void): Promise<unknown>;
  destroy(): unknown;
}

interface SingleNode {
  sendCommand(args: string[]): Promise<unknown>;
  duplicate(): Subscriber;
}

interface SentinelNodes {
  getMasterNode(): unknown;
  duplicate(): Subscriber;
  sendCommand(isReadonly: boolean, args: string[]): Promise<unknown>;
}

interface ClusterNodes {
  readonly masters: readonly unknown[];
  nodeClient(node: unknown): SingleNode | Promise<SingleNode>;
}

/** A client of node-redis, from `createClient`, `createSentinel` or `createCluster`. */
export type RedisClient = RedisCommands & (SingleNode | SentinelNodes | ClusterNodes);

/** Sends a command to every master, but not to replicas. */
export async function onEveryMaster(client: RedisClient, args: string[]): Promise<unknown[]> {
  if ('masters' in client) {
    const nodes = client.masters.map(async (master) => (await client.nodeClient(master)).sendCommand(args));
    return Promise.all(nodes);
  }
  return [await ('getMasterNode' in client ? client.sendCommand(false, args) : client.sendCommand(args))];
}

/** A separate connection to receive messages. In a cluster any node will do, because every node passes messages on. */
export async function subscriberOf(client: RedisClient): Promise<Subscriber> {
  if (!('masters' in client)) return client.duplicate();
  const node = client.masters[Math.floor(Math.random() * client.masters.length)];
  return (await client.nodeClient(node)).duplicate();
}

/** Resolves like `answer`, or rejects if that takes longer than so many milliseconds. */
export function within<T>(milliseconds: number, answer: Promise<T>): Promise<T> {
  return new Promise((done, fail) => {
    const late = () => fail(new Error(`Redis did not answer within ${milliseconds} ms`));
    const timer = setTimeout(late, milliseconds);
    answer.then(done, fail).finally(() => clearTimeout(timer));
  });
}
