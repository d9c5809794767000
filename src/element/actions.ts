import type { ClientSessions } from '../client/session-client.js';
import type { SessionView } from '../wire.js';
import type { Question } from './confirm-dialog.js';
import type { Feed } from './feed.js';
import type { Handlers } from './handlers.js';
import { nameOf, type Words } from './words.js';

/** The code that actions work for. */
export interface ActionHost {
  readonly feed?: Feed | undefined;
  words(): Words;
  ask(question: Question, opener: HTMLElement): void;
  say(text: string): void;
}

/** Renames devices and signs them out; an action that ends something asks first, and confirms it afterwards. */
export class Actions implements Handlers {
  constructor(private readonly host: ActionHost) {}

  async rename({ guid }: SessionView, name: string): Promise<void> {
    await this.host.feed?.rename(guid, name);
  }

  signOut(view: SessionView, opener: HTMLElement): void {
    const words = this.host.words();
    const { texts } = words;
    const name = nameOf(view, words);
    const text = view.current ? texts.askCurrentText : texts.askDeviceText;
    const said = view.current ? '' : texts.signedOutDevice(name);
    const act = this.#ending(
      [view],
      (sessions) => sessions.revoke(view.guid),
      () => said,
    );
    this.host.ask({ title: texts.askDevice(name), text, yes: texts.signOut, act }, opener);
  }

  signOutOthers(opener: HTMLElement): void {
    const { texts } = this.host.words();
    const others = this.#live().filter(({ current }) => !current);
    const act = this.#ending(others, (sessions) => sessions.revokeOthers(), texts.signedOutOthers);
    const title = texts.askOthers(others.length);
    this.host.ask({ title, text: texts.askOthersText, yes: texts.signOut, act }, opener);
  }

  signOutAll(opener: HTMLElement): void {
    const { texts } = this.host.words();
    const all = this.#live();
    // The message is then shown in place of the list.
    const act = this.#ending(
      all,
      (sessions) => sessions.revokeAll(),
      () => '',
    );
    const text = texts.askAllText(all.length);
    this.host.ask({ title: texts.askAll, text, yes: texts.signOutAll, act }, opener);
  }

  retry(): void {
    this.host.feed?.retry();
  }

  more(): void {
    this.host.feed?.more();
  }

  #live(): readonly SessionView[] {
    return this.host.feed?.board.live ?? [];
  }

  #ending<Answer>(
    views: readonly SessionView[],
    call: (sessions: ClientSessions) => Promise<Answer>,
    done: (answer: Answer) => string,
  ): () => Promise<string> {
    const guids = views.map(({ guid }) => guid);
    return async () => (await this.host.feed?.end(guids, call, done)) ?? '';
  }
}
