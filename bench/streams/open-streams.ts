import { Agent, get } from 'node:http';
import type { SignedIn } from '../contract/app-spec.js';

/** Connections being opened at once: a server answers so many before it lets others wait. */
const AT_ONCE = 100;

/** Streams that stay open until they are closed. */
export interface OpenStreams {
  /** Beats and events heard until now. */
  heard(): number;
  /** Streams that ended by themselves. */
  lost(): number;
  close(): void;
}

/** Opens `GET /sessions/events` for each session, on a connection of its own. Throws where one is refused. */
export async function openStreams(url: string, sessions: readonly SignedIn[]): Promise<OpenStreams> {
  const agent = new Agent({ keepAlive: false, maxSockets: Number.POSITIVE_INFINITY });
  const seen = { heard: 0, lost: 0, closing: false };
  const waiting = sessions.values();
  const work = async () => {
    for (const session of waiting) await openStream(url, session, agent, seen);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return {
    heard: () => seen.heard,
    lost: () => seen.lost,
    close: () => {
      seen.closing = true;
      agent.destroy();
    },
  };
}

interface Seen {
  heard: number;
  lost: number;
  closing: boolean;
}

function openStream(url: string, { credentials }: SignedIn, agent: Agent, seen: Seen): Promise<void> {
  return new Promise((opened, fail) => {
    const request = get(`${url}/sessions/events`, { agent, headers: credentials }, (response) => {
      if (response.statusCode !== 200) return fail(new Error(`a stream was answered ${response.statusCode}`));
      response.on('data', () => {
        seen.heard += 1;
        opened();
      });
      response.on('close', () => {
        if (!seen.closing) seen.lost += 1;
      });
      response.on('error', () => {});
    });
    request.on('error', (error) => (seen.closing ? undefined : fail(error)));
  });
}
