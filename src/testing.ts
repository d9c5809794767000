export type { ContractCase } from './testing/contract-case.js';
export type { StoreCase } from './testing/session-store/store-case.js';
export { sessionStoreContract } from './testing/session-store-contract.js';
export { TestClock } from './testing/test-clock.js';
export type { CheckedApp, Delay } from './testing/token-check/app-under-test.js';
export { type CheckPromises, tokenCheckContract } from './testing/token-check-contract.js';
