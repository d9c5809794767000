import { afterAll, beforeAll, describe, it } from 'vitest';
import type { SessionStore } from 'nestjs-session-registry';
import { sessionStoreContract } from 'nestjs-session-registry/testing';

/** An empty store, and how to let go of it. */
export interface OpenedForTest {
  readonly store: SessionStore;
  close(): Promise<void>;
}
export type OpenStore = () => Promise<OpenedForTest>;

const SAMPLE = 2;

type Cases = typeof sessionStoreContract;

/** What every SessionStore keeps to. `open` gives an empty store; it is called about a dozen times. */
export function describeSessionStore(name: string, open: OpenStore, cases: Cases = sessionStoreContract): void {
  describe(`the session store ${name}`, () => {
    let opened: OpenedForTest;

    beforeAll(async () => {
      opened = await open();
    });
    afterAll(() => opened.close());

    it.each(cases.filter(({ needsEmptyStore }) => !needsEmptyStore))('$name', ({ run }) => run(opened.store));

    it.each(cases.filter(({ needsEmptyStore }) => needsEmptyStore))('$name', async ({ run }) => {
      const empty = await open();
      await run(empty.store).finally(() => empty.close());
    });
  });
}

/**
 * The same store, reached in another way: two cases of each clause, which bring every statement over it. `npm run
 * test:stores` runs all of them.
 */
export function describeSameStore(name: string, open: OpenStore): void {
  describeSessionStore(name, open, process.env.STORES ? sessionStoreContract : sampleOf(sessionStoreContract));
}

function sampleOf(cases: Cases): Cases {
  const clauseOf = ({ name }: Cases[number]) => name.slice(0, name.indexOf(':'));
  const place = (one: Cases[number]) => cases.filter((other) => clauseOf(other) === clauseOf(one)).indexOf(one);
  return cases.filter((one) => place(one) < SAMPLE);
}
