import type { DataSource } from 'typeorm';
import { ConfigurationError } from '../../errors.js';
import { atBoot } from '../sql/at-boot.js';
import { driverErrorField } from '../sql/driver-error.js';

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
