import { companionCases } from './session-store/companion.cases.js';
import { cutOffCases } from './session-store/cut-off.cases.js';
import { deviceCases } from './session-store/device.cases.js';
import { endingCases } from './session-store/ending.cases.js';
import { everybodyCases } from './session-store/everybody.cases.js';
import { forgettingCases } from './session-store/forgetting.cases.js';
import { limitCases } from './session-store/limit.cases.js';
import { markCases } from './session-store/mark.cases.js';
import { openingCases } from './session-store/opening.cases.js';
import { purgeCases } from './session-store/purge.cases.js';
import { readingCases } from './session-store/reading.cases.js';
import { rotationCases } from './session-store/rotation.cases.js';
import type { StoreCase } from './session-store/store-case.js';
import { touchCases } from './session-store/touch.cases.js';
import { valuesCases } from './session-store/values.cases.js';

/**
 * The contract of every `SessionStore`, as cases for any test runner. Give each case an empty store. Cases whose
 * `needsEmptyStore` is false can also share one store, if you run them one after the other.
 */
export const sessionStoreContract: readonly StoreCase[] = [
  ...readingCases,
  ...openingCases,
  ...limitCases,
  ...rotationCases,
  ...endingCases,
  ...deviceCases,
  ...cutOffCases,
  ...markCases,
  ...everybodyCases,
  ...touchCases,
  ...forgettingCases,
  ...companionCases,
  ...purgeCases,
  ...valuesCases,
];
