import { MemorySessionStore } from '../../src/storage/memory/memory-session.store.js';
import { describeSessionStore } from '../contracts/session-store.contract.js';

describeSessionStore('in memory', async () => ({ store: new MemorySessionStore(), close: async () => {} }));
