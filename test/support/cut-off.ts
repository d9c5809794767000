export { cutOffWhole, wholePage } from '../../src/testing/cut-off-whole.js';
