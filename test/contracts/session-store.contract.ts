import { describe } from '@jest/globals';
import type { OpenStore } from './session-store/bench.js';
import { describeCutOff } from './session-store/cut-off.clauses.js';
import { describeDeviceCutoff } from './session-store/device.clauses.js';
import { describeEnding } from './session-store/ending.clauses.js';
import { describeEverybody } from './session-store/everybody.clauses.js';
import { describeForgetting } from './session-store/forgetting.clauses.js';
import { describeOpening } from './session-store/opening.clauses.js';
import { describePurge } from './session-store/purge.clauses.js';
import { describeReading } from './session-store/reading.clauses.js';
import { describeRotation } from './session-store/rotation.clauses.js';
import { describeTouch } from './session-store/touch.clauses.js';
import { describeValues } from './session-store/values.clauses.js';

/** What every SessionStore keeps to. `open` gives an empty store; it is called a few dozen times. */
export function describeSessionStore(name: string, open: OpenStore): void {
  describe(`the session store ${name}`, () => {
    describeReading(open);
    describeOpening(open);
    describeRotation(open);
    describeEnding(open);
    describeDeviceCutoff(open);
    describeCutOff(open);
    describeEverybody(open);
    describeTouch(open);
    describeForgetting(open);
    describePurge(open);
    describeValues(open);
  });
}
