import { DataSource, type DataSourceOptions } from 'typeorm';
import { ConfigurationError } from '../../errors.js';
import { atBoot } from '../sql/at-boot.js';
import { driverErrorField } from '../sql/driver-error.js';

/** Connects, or reports why that is not possible. Throws ConfigurationError. */
export async function connectAtBoot(options: DataSourceOptions): Promise<DataSource> {
  const dataSource = made(options);
  try {
    return await atBoot('connecting to it', dataSource.initialize());
  } catch (cause) {
    if (cause instanceof ConfigurationError) throw cause;
    const said = String(driverErrorField(cause, 'message') || driverErrorField(cause, 'code'));
    const mend = 'Check its address, that the server is running, and that it accepts this user';
    throw Object.assign(new ConfigurationError('database', `it cannot be reached (${said})`, mend), { cause });
  }
}

/** TypeORM loads the driver here. */
function made(options: DataSourceOptions): DataSource {
  try {
    return new DataSource(options);
  } catch (cause) {
    const problem = `TypeORM cannot load what opens '${options.type}' (${String(driverErrorField(cause, 'message'))})`;
    const mend = 'Install the driver next to `typeorm`, or name a database whose driver is installed';
    throw Object.assign(new ConfigurationError('database', problem, mend), { cause });
  }
}
