import { corpusOn } from './support/suite.js';

corpusOn('express');
