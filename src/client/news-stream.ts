import { now } from './clock.js';
import { readBlocks, type StreamBlock } from './event-stream.js';
import { type Channel, platform } from './platform.js';
import type { Send } from './requests.js';
import type { SessionNews } from './session-client.js';
import { patiently, pause, sleepers, spread, type wake } from './waiting.js';

/**
 * Tells the news of a session until `over` is aborted and those who wait are woken up: from `GET /sessions/events`,
 * coming again where it breaks off. Where there is no such route, or no answer can be read while it arrives, it looks now
 * and then whether the session lives. Without others who hear it from this tab it rests while the page is hidden.
 */
export async function readNews(
  send: Send,
  over: AbortSignal,
  others: Channel | undefined,
  tell: (news: SessionNews) => void,
): Promise<void> {
  // React Native, where an answer is handed over at its end only, lacks it.
  let streams = platform.TextDecoderStream;
  let wait = 1_000;
  let lastId = '';
  let connection: AbortController | undefined;

  const mayRun = () => !over.aborted && (others || !platform.document?.hidden);
  // A browser that goes offline leaves a stream as it is, and silent.
  const check: typeof wake = (event) => (mayRun() && event?.type !== 'offline') || connection?.abort();

  function hear({ event, data, id = lastId, retry }: StreamBlock): void {
    lastId = id;
    wait = +(retry as string) || wait;
    if (data) tell({ type: event, session: JSON.parse(data) } as SessionNews);
  }

  /** One request, to the end of its answer. Resolves to the wait before the next; to nothing where it was lost. */
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
    // A server ends a stream with its token: what follows in a moment is no loss, unless it ends at once, again and again.
    return now() < enough ? undefined : spread(wait);
  }

  sleepers.add(check);
  for (;;) {
    // The server says at least something every 20 seconds: a minute of silence is a dead stream.
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
