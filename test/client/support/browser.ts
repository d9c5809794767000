import type { Channel, Locks, Platform } from '../../../src/client/platform.js';
import type { TokenStorage } from '../../../src/client/session-client.js';

/** Gives way to everything that is on its way in this process. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Waits until something holds; fails loudly when it never does. */
export async function until(holds: () => unknown): Promise<void> {
  for (let turns = 0; !(await holds()); turns++) {
    if (turns > 20_000) throw new Error(`this never came true: ${holds}`);
    await turn();
  }
}

/** A `localStorage` that tells of its changes. */
export class FakeStorage implements TokenStorage {
  readonly entries = new Map<string, string>();
  onChange = () => {};

  getItem(key: string): string | null {
    return this.entries.get(key) ?? null;
  }

  setItem(key: string, value: string): void {
    this.entries.set(key, value);
    this.onChange();
  }

  removeItem(key: string): void {
    this.entries.delete(key);
    this.onChange();
  }

  /** What is kept for a client, as text. */
  get text(): string {
    return this.entries.get('session') ?? '';
  }
}

/** Web Locks of one origin. */
export class FakeLocks implements Locks {
  readonly #last = new Map<string, Promise<unknown>>();
  /** The names that were asked for, in their order. */
  readonly asked: string[] = [];

  async request<T>(name: string, { signal }: { signal: AbortSignal }, work: () => Promise<T>): Promise<T> {
    this.asked.push(name);
    const before = this.#last.get(name);
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    this.#last.set(
      name,
      (before ?? Promise.resolve()).then(() => held),
    );
    try {
      await Promise.race([before, rejection(signal)]);
      return await work();
    } finally {
      release();
    }
  }
}

function rejection(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
}

/** BroadcastChannels of one origin. */
export function fakeChannels(open: Set<Channel>): Platform['BroadcastChannel'] {
  const members = new Set<FakeChannel>();
  class FakeChannel implements Channel {
    onmessage: Channel['onmessage'] = null;

    constructor(private readonly name: string) {
      open.add(this);
      members.add(this);
    }

    postMessage(message: Parameters<Channel['postMessage']>[0]): void {
      if (!open.has(this)) throw new Error('the channel is closed');
      const data = structuredClone(message);
      for (const other of members)
        if (other !== this && other.name === this.name) setImmediate(() => other.#hear(data));
    }

    close(): void {
      open.delete(this);
      members.delete(this);
    }

    #hear(data: Parameters<Channel['postMessage']>[0]): void {
      if (open.has(this)) this.onmessage?.({ data });
    }
  }
  return FakeChannel;
}

/** What a browser adds to Node, for every client that is made until `close`. */
export class FakeBrowser {
  readonly storage = new FakeStorage();
  readonly locks = new FakeLocks();
  /** The channels that are open. */
  readonly channels = new Set<Channel>();
  readonly #listeners = new Map<string, ((event: { type: string }) => void)[]>();
  readonly #former = new Map<string, PropertyDescriptor | undefined>();
  readonly #document = { hidden: false };
  readonly #stops: (() => void)[] = [];

  /** With locks or, as on plain HTTP, without. */
  constructor({ locks = true, page }: { locks?: boolean; page?: string } = {}) {
    this.storage.onChange = () => this.dispatch('storage');
    this.#put('localStorage', this.storage);
    this.#put('document', this.#document);
    this.#put('navigator', locks ? { locks: this.locks } : {});
    this.#put('BroadcastChannel', fakeChannels(this.channels));
    this.#put('location', page === undefined ? undefined : { href: page });
    this.#put('addEventListener', (type: string, listener: (event: { type: string }) => void) => {
      this.#listeners.set(type, [...(this.#listeners.get(type) ?? []), listener]);
    });
  }

  dispatch(type: 'storage' | 'online' | 'offline' | 'visibilitychange'): void {
    for (const listener of this.#listeners.get(type) ?? []) listener({ type });
  }

  show(visibilityState: 'visible' | 'hidden'): void {
    this.#document.hidden = visibilityState === 'hidden';
    this.dispatch('visibilitychange');
  }

  /** Lets no wait between two tries last. */
  async hurry<T>(attempt: Promise<T>): Promise<T> {
    let isOver = false;
    const over = () => {
      isOver = true;
    };
    attempt.then(over, over);
    while (!isOver) {
      await turn();
      this.dispatch('online');
    }
    return attempt;
  }

  /** Calls this when the browser is closed. */
  atEnd(stop: () => void): void {
    this.#stops.push(stop);
  }

  async close(): Promise<void> {
    for (const stop of this.#stops) stop();
    for (let turns = 0; turns < 10; turns++) await turn();
    for (const [name, former] of this.#former) {
      if (former) Object.defineProperty(globalThis, name, former);
      else Reflect.deleteProperty(globalThis, name);
    }
  }

  #put(name: string, value: unknown): void {
    this.#former.set(name, Object.getOwnPropertyDescriptor(globalThis, name));
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  }
}
