import { ConfigurationError } from '../../errors.js';

/** How long each step at boot may take, in milliseconds. */
const PATIENCE = 15_000;

/**
 * The result of a step at boot. Throws ConfigurationError if it takes too long; `step` describes it, such as
 * "connecting to it".
 */
export function atBoot<T>(step: string, work: Promise<T>, patience = PATIENCE): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = () => reject(noAnswer(step, patience));
    const timer = setTimeout(late, patience);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

function noAnswer(step: string, patience: number): ConfigurationError {
  const problem = `${step} took longer than ${patience / 1_000} s, and was given up`;
  return new ConfigurationError('database', problem, 'Check its address, and that the server answers there');
}
