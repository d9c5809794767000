// V8 forgets the shape of what `process.nextTick` makes if a great garbage collection meets none of it, as happens by luck
// while an app with much to load starts; a request on Fastify then costs 3 µs more as long as the process lives. One that
// is kept keeps the shape. Loaded first, in every process of the bench alike.
import { executionAsyncResource } from 'node:async_hooks';

/** What is kept. */
export const ticks = [];

process.nextTick(() => ticks.push(executionAsyncResource()));
