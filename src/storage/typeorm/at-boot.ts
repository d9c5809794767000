import type { DataSource } from 'typeorm';
import { ConfigurationError } from '../../errors.js';
import { driverErrorField } from '../sql/driver-error.js';

/** How long each step at boot may take, in milliseconds. */
const PATIENCE = 15_000;

/** Connects, or reports why that is not possible. Throws ConfigurationError. */
export async function connectAtBoot(dataSource: DataSource): Promise<DataSource> {
  try {
    return await atBoot('connecting to it', dataSource.initialize());
  } catch (cause) {
    if (cause instanceof ConfigurationError) throw cause;
    const said = String(driverErrorField(cause, 'message') || driverErrorField(cause, 'code'));
    const mend = 'Check its address, that the server is running, and that it accepts this user';
    throw Object.assign(new ConfigurationError('database', `it cannot be reached (${said})`, mend), { cause });
  }
}

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
