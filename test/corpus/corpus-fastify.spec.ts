import { corpusOn, FOR_ANOTHER_ADAPTER } from './suite.js';

corpusOn('fastify', FOR_ANOTHER_ADAPTER);
