import type { EndedSessionView, SessionView } from '../wire.js';
import { emit, type Listeners } from './listeners.js';
import { readNews } from './news-stream.js';
import { type Channel, type Locks, platform } from './platform.js';
import type { Send } from './requests.js';
import type { SessionNews, SignedOutReason } from './session-client.js';
import { wake } from './waiting.js';

/**
 * One stream for all tabs, since a browser opens at most six connections to a host: the tab that holds the lock reads
 * it and tells the others. Without locks each tab has its own.
 */
export function createLive(
  key: string,
  send: Send,
  watchers: Listeners<SessionNews>,
  end: (reason: SignedOutReason, guid: string) => void,
): [follow: (guid: string | undefined) => void, state: () => SessionNews | undefined] {
  let followed: string | undefined;
  let run = new AbortController();
  let channel: Channel | undefined;
  let state: SessionNews | undefined;

  function deliver(news: SessionNews): void {
    const { session } = news as { session?: SessionView & Partial<EndedSessionView> };
    if (session) {
      // `replaced`: by another sign-in in this browser, whose answer will arrive soon.
      if (session.endReason && session.endReason !== 'replaced') end(session.endReason, session.guid);
    } else {
      if (state?.type === news.type) return;
      state = news;
    }
    emit(watchers, news);
  }

  function start(name: string): void {
    const { signal } = run;
    const locks = platform.navigator?.locks;
    // A browser with locks has channels, too.
    channel = locks && new platform.BroadcastChannel(name);
    const tell = (news: SessionNews) => {
      if (signal.aborted) return;
      deliver(news);
      channel?.postMessage(news);
    };
    const read = () => {
      // Another tab had the stream until now: some news may have been missed.
      if (state) tell({ type: 'disconnected' });
      return readNews(send, signal, channel, tell);
    };
    if (channel) {
      // An empty message asks for the current state.
      channel.onmessage = ({ data }) => (data ? deliver(data) : state && channel?.postMessage(state));
      channel.postMessage(0);
      (locks as Locks).request(name, { signal }, read).catch(() => {});
    } else read();
  }

  const follow = (guid: string | undefined) => {
    if (guid === followed) return;
    run.abort();
    channel?.close();
    wake();
    followed = guid;
    state = undefined;
    run = new AbortController();
    if (guid) start(`${key}-${guid}`);
  };
  return [follow, () => state];
}
