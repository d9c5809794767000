export type { ContractCase } from './testing/contract-case.js';
export type { StoreCase } from './testing/session-store/store-case.js';
export { sessionStoreContract } from './testing/session-store-contract.js';
