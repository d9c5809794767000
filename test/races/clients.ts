import type { TokenPair } from 'nestjs-session-registry';
import { type Client, claimsOf } from '../support/client.js';
import { History, type Revoked, type Span } from './history.js';

/** How long and how hard the clients go at it. */
export interface RaceOptions {
  /** Acknowledged revokes to reach. */
  revokes: number;
  /** Clients at work at the same time. */
  clients: number;
  users: number;
}

/** What a race has shown that it must not. */
export type Findings = Readonly<Record<'late' | 'forks' | 'lost' | 'surprises', string[]>>;
/** What it must have shown. */
export const NO_FINDINGS: Findings = { late: [], forks: [], lost: [], surprises: [] };

interface Device {
  guid: string;
  userId: string;
  pair: TokenPair;
  renewing: boolean;
}

const GHOSTS = 60;

type Step = (device: Device) => Promise<void>;

/** Clients that sign in, call, renew, replay and revoke at random, over all processes, and record what they saw. */
export class Clients {
  readonly history = new History();
  readonly #devices = new Map<string, Device[]>();
  /** The last that were ended: their tokens come back at any time, and are still refused. */
  readonly #ghosts: Device[] = [];
  /** Whatever no rule allows at all: a 5xx, a renewal refused without a cause. */
  readonly surprises: string[] = [];

  constructor(
    private readonly processes: readonly Client[],
    private readonly options: RaceOptions,
  ) {}

  /** Runs until enough revokes were acknowledged, then asks what is left of every session. */
  async run(): Promise<void> {
    await Promise.all(Array.from({ length: this.options.clients }, () => this.#work()));
    await this.#callEverything();
  }

  /** Whatever a rule forbids, by kind, after asking for every session that should be left. */
  async findings(): Promise<Findings> {
    const lost = await this.#lost();
    const { history, surprises } = this;
    return { late: history.lateAcceptances(), forks: history.forks(), lost, surprises };
  }

  /** Sessions that nobody ended and that are gone all the same. */
  async #lost(): Promise<string[]> {
    const alive = new Set<string>();
    for (const device of this.#all()) if (await this.#renew(device)) alive.add(device.guid);
    return this.history.untouched().filter((guid) => !alive.has(guid));
  }

  async #work(): Promise<void> {
    while (this.history.revoked.length < this.options.revokes) {
      const userId = `user-${Math.floor(Math.random() * this.options.users)}`;
      const devices = this.#devices.get(userId) ?? [];
      const device = pick(devices);
      if (device === undefined || devices.length < 3) await this.#open(userId);
      else await this.#step()(device);
    }
  }

  #step(): Step {
    const dice = Math.random();
    if (dice < 0.1) return (device) => this.#call(pick(this.#ghosts) ?? device);
    if (dice < 0.35) return (device) => this.#call(device);
    if (dice < 0.55) return async (device) => void (await this.#renew(device));
    if (dice < 0.65) return (device) => this.#open(device.userId);
    if (dice < 0.8)
      return (device) => this.#revoke(device, 'one', () => this.#any().logout({ token: device.pair.access_token }));
    if (dice < 0.9) return (device) => this.#revokeOther(device);
    if (dice < 0.96) return (device) => this.#revokeMany(device, 'others', '/sessions?except=current');
    return (device) => this.#revokeMany(device, 'all', '/sessions');
  }

  async #open(userId: string): Promise<void> {
    const { value, ...span } = await timed(() => this.#any().call<TokenPair>('POST', '/open', { body: { userId } }));
    // A sign-in that a cutoff overtook is refused, and rightly so.
    if (value.status !== 201) return this.#surprise(value.status !== 401, `POST /open answered ${value.status}`);
    const { guid } = value.body.session;
    this.history.opened.set(guid, { guid, userId, ...span });
    const device = { guid, userId, pair: value.body, renewing: false };
    this.#devices.set(userId, [...(this.#devices.get(userId) ?? []), device]);
  }

  async #call({ guid, pair }: Device): Promise<void> {
    const { value, ...span } = await timed(() => this.#any().profile(pair.access_token));
    this.#surprise(value.status >= 500, `GET /profile answered ${value.status}`);
    if (value.status === 200) this.history.accepted.push({ guid, what: 'call', ...span });
  }

  /** Presents one refresh token from several sides at once; true when the session is alive. */
  async #renew(device: Device): Promise<boolean> {
    if (device.renewing) return true;
    device.renewing = true;
    const { refresh_token } = device.pair;
    const answers = await Promise.all([1, 2, 3].map(() => timed(() => this.#any().refresh(refresh_token))));
    for (const { value, ...span } of answers) {
      this.#surprise(value.status >= 500, `POST /auth/refresh answered ${value.status}`);
      if (value.status === 200) this.#renewed(device, refresh_token, value.body, span);
    }
    device.renewing = false;
    return answers.some(({ value }) => value.status === 200);
  }

  #renewed(device: Device, from: string, pair: TokenPair, span: Span): void {
    this.history.accepted.push({ guid: device.guid, what: 'renewal', ...span });
    this.history.exchanged.push({ guid: device.guid, from: generationOf(from), to: generationOf(pair.refresh_token) });
    device.pair = pair;
  }

  #revokeOther(device: Device): Promise<void> {
    const other = pick(this.#devices.get(device.userId) ?? []) ?? device;
    const request = () => this.#any().call('DELETE', `/sessions/${other.guid}`, { token: device.pair.access_token });
    return this.#revoke(other, 'one', request);
  }

  #revokeMany(device: Device, kind: 'others' | 'all', path: string): Promise<void> {
    return this.#revoke(device, kind, () => this.#any().call('DELETE', path, { token: device.pair.access_token }));
  }

  async #revoke(device: Device, kind: Revoked['kind'], request: () => Promise<{ status: number }>): Promise<void> {
    const { value, ...span } = await timed(request);
    this.#surprise(value.status >= 500, `a revoke answered ${value.status}`);
    if (value.status >= 300) return;
    const { userId, guid } = device;
    this.history.revoked.push({ userId, kind, guid: kind === 'all' ? undefined : guid, ...span });
    const ended = (this.#devices.get(userId) ?? []).filter(
      (other) => (other.guid === guid) === (kind === 'one') || kind === 'all',
    );
    await Promise.all(ended.slice(0, 4).flatMap((dead) => [this.#call(dead), this.#renew(dead)]));
    this.#ghosts.push(...ended);
    this.#ghosts.splice(0, this.#ghosts.length - GHOSTS);
    this.#devices.set(
      userId,
      (this.#devices.get(userId) ?? []).filter((other) => !ended.includes(other)),
    );
  }

  async #callEverything(): Promise<void> {
    for (const device of this.#all()) await this.#call(device);
  }

  #all(): Device[] {
    return [...this.#devices.values()].flat();
  }

  #any(): Client {
    const client = pick(this.processes);
    if (!client) throw new Error('there is no process to talk to');
    return client;
  }

  #surprise(bad: boolean, text: string): void {
    if (bad) this.surprises.push(text);
  }
}

/** The token generation a refresh token belongs to. */
export function generationOf(token: string): string {
  return String(claimsOf(token).refTokID);
}

function pick<T>(items: readonly T[]): T | undefined {
  return items[Math.floor(Math.random() * items.length)];
}

async function timed<T>(work: () => Promise<T>): Promise<Span & { value: T }> {
  const start = performance.now();
  const value = await work();
  return { start, end: performance.now(), value };
}
