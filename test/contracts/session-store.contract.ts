import { afterAll, beforeAll, describe, it } from 'vitest';
import type { SessionStore } from 'nestjs-session-registry';
import { sessionStoreContract } from 'nestjs-session-registry/testing';

/** An empty store, and how to let go of it. */
export interface OpenedForTest {
  readonly store: SessionStore;
  close(): Promise<void>;
}
export type OpenStore = () => Promise<OpenedForTest>;

const needingNone = sessionStoreContract.filter(({ needsEmptyStore }) => !needsEmptyStore);
const needingOne = sessionStoreContract.filter(({ needsEmptyStore }) => needsEmptyStore);

/** What every SessionStore keeps to. `open` gives an empty store; it is called about a dozen times. */
export function describeSessionStore(name: string, open: OpenStore): void {
  describe(`the session store ${name}`, () => {
    let opened: OpenedForTest;

    beforeAll(async () => {
      opened = await open();
    });
    afterAll(() => opened.close());

    it.each(needingNone)('$name', ({ run }) => run(opened.store));

    it.each(needingOne)('$name', async ({ run }) => {
      const empty = await open();
      await run(empty.store).finally(() => empty.close());
    });
  });
}
