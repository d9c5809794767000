import type { SessionNews, TokenStorage } from './session-client.js';

/** Web Locks, as far as they are used here. */
export interface Locks {
  request<T>(name: string, options: { signal: AbortSignal }, work: () => Promise<T>): Promise<T>;
}

/** A BroadcastChannel, as far as it is used here. */
export interface Channel {
  onmessage: ((event: { readonly data: SessionNews | 0 }) => void) | null;
  postMessage(message: SessionNews | 0): void;
  close(): void;
}

/** What a browser offers beyond `fetch`, and other places in part or not at all. */
export interface Platform {
  readonly localStorage?: TokenStorage | undefined;
  readonly location?: { readonly href: string } | undefined;
  readonly document?: { readonly hidden: boolean } | undefined;
  readonly navigator?: { readonly locks?: Locks } | undefined;
  readonly TextDecoderStream?: unknown;
  readonly BroadcastChannel: new (name: string) => Channel;
  addEventListener?(type: string, listener: (event: { readonly type: string }) => void): void;
}

/** The place this runs in. Read anew each time: a client may be made before all of it is there. */
export const platform = globalThis as unknown as Platform;
