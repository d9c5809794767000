import type { SessionNews, TokenStorage } from './session-client.js';

/** Web Locks, the part that is used here. */
export interface Locks {
  request<T>(name: string, options: { signal: AbortSignal }, work: () => Promise<T>): Promise<T>;
}

/** A BroadcastChannel, the part that is used here. */
export interface Channel {
  onmessage: ((event: { readonly data: SessionNews | 0 }) => void) | null;
  postMessage(message: SessionNews | 0): void;
  close(): void;
}

/** What a browser has in addition to `fetch`, and other platforms have in part or not at all. */
export interface Platform {
  readonly localStorage?: TokenStorage | undefined;
  readonly location?: { readonly href: string } | undefined;
  readonly document?: { readonly hidden: boolean } | undefined;
  readonly navigator?: { readonly locks?: Locks } | undefined;
  readonly TextDecoderStream?: unknown;
  readonly BroadcastChannel: new (name: string) => Channel;
  addEventListener?(type: string, listener: (event: { readonly type: string }) => void): void;
}

/** The platform this runs on. Read anew each time: a client may be created before all of it exists. */
export const platform = globalThis as unknown as Platform;
