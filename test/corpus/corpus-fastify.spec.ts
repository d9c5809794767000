import { corpusOn } from './suite.js';

corpusOn('fastify');
