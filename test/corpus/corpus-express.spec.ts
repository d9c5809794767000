import { corpusOn } from './suite.js';

corpusOn('express');
