import { now } from './clock.js';
import { readBlocks, type StreamBlock } from './event-stream.js';
import { type Channel, platform } from './platform.js';
import type { Send } from './requests.js';
import type { SessionNews } from './session-client.js';
import { patiently, pause, sleepers, spread, type wake } from './waiting.js';

/**
 * Reports the news of a session until `over` is aborted and the waiting code is woken up. It reads
 * `GET /sessions/events`, and reconnects when the stream breaks off. If there is no such route, or an answer cannot be
 * read while it arrives, it only asks from time to time whether the session is still live. If no other tab depends on
 * this one, it pauses while the page is hidden.
 */
export async function readNews(
  send: Send,
  over: AbortSignal,
  others: Channel | undefined,
  tell: (news: SessionNews) => void,
): Promise<void> {
  // React Native does not have it; there, an answer is only available at its end.
  let streams = platform.TextDecoderStream;
  let wait = 1_000;
  let lastId = '';
  let connection: AbortController | undefined;

  const mayRun = () => !over.aborted && (others || !platform.document?.hidden);
  // A browser that goes offline leaves a stream open and silent.
  const check: typeof wake = (event) => (mayRun() && event?.type !== 'offline') || connection?.abort();

  function hear({ event, data, id = lastId, retry }: StreamBlock): void {
    lastId = id;
    wait = +(retry as string) || wait;
    if (data) tell({ type: event, session: JSON.parse(data) } as SessionNews);
  }

  /**
   * One request, to the end of its answer. Resolves to the pause before the next one, or to undefined if the stream was
   * lost.
   */
  async function connect(controller: AbortController, alive: () => void): Promise<number | undefined> {
    connection = controller;
    const { ok, status, body, headers } = await send(streams ? '/sessions/events' : '/sessions', {
      headers: { 'Last-Event-ID': lastId },
      signal: controller.signal,
    });
    const isStream = /event/.test(headers.get('Content-Type') as string);
    if (!isStream && (ok || status === 404)) streams = undefined;
    if (!ok) return undefined;
    wait = 1_000;
    tell({ type: 'connected' });
    if (!isStream) return 30_000;
    const enough = now() + 1_000;
    await readBlocks(body as NonNullable<typeof body>, hear, alive);
    // A server ends a stream with its token. If the next one follows soon, nothing was lost, unless it ends at once,
    // again and again.
    return now() < enough ? undefined : spread(wait);
  }

  sleepers.add(check);
  for (;;) {
    // The server sends at least a comment every 20 seconds: a stream that is silent for a minute is dead.
    let delay = mayRun() ? await patiently(60_000, connect).catch(() => undefined) : 30_000;
    if (over.aborted) break;
    if (!delay) {
      tell({ type: 'disconnected' });
      wait = Math.min(2 * wait, 30_000);
      delay = spread(wait);
    }
    await pause(delay);
  }
  sleepers.delete(check);
}
