import { expect } from 'vitest';
import type { Adapter } from '../../support/app.js';
import { type Outbound, openTrap, type Trap, watchOutbound } from './outbound.js';
import { bearer, getProfile } from './request.js';
import { Scene } from './scene.js';
import { APPS, type AppName, type Stage, startStage } from './stage.js';
import { ask } from './wire.js';

/** Every app of one adapter, with a watch on what leaves the process. */
export interface Theatre {
  readonly stages: Readonly<Record<AppName, Stage>>;
  /** Fails if anything left the process, or came to the trap. */
  expectQuiet(): void;
  /** Fails unless every app still lets a good token in. */
  expectServing(): Promise<void>;
  close(): Promise<void>;
}

/** Starts the apps of one adapter. */
export async function openTheatre(adapter: Adapter, names = Object.keys(APPS) as AppName[]): Promise<Theatre> {
  const trap = await openTrap();
  const started: [AppName, Stage][] = [];
  for (const name of names) started.push([name, await startStage(adapter, name, trap)]);
  const stages = Object.fromEntries(started) as Record<AppName, Stage>;
  const outbound = watchOutbound(started.map(([, { port }]) => port));
  return {
    stages,
    expectQuiet: () => expectQuiet(trap, outbound),
    expectServing: async () => {
      for (const [, stage] of started) await expectServing(stage);
    },
    close: async () => {
      outbound.restore();
      for (const [, stage] of started) await stage.close();
      await trap.close();
    },
  };
}

function expectQuiet({ visits }: Trap, { seen }: Outbound): void {
  if (visits.length + seen.length > 0) expect([visits, seen]).toEqual([[], []]);
}

async function expectServing(stage: Stage): Promise<void> {
  const { pair } = await Scene.open(stage);
  const { status } = await ask(stage.port, getProfile(bearer(pair.access_token)));
  expect([stage.name, status]).toEqual([stage.name, 200]);
}
