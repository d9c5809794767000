import type { EntitySchema, EntitySchemaOptions } from 'typeorm';

/** A bigint arrives as a text from PostgreSQL and MySQL. */
export const milliseconds = {
  to: (value: number | null) => value,
  from: (value: string | number | null) => (value === null ? null : Number(value)),
};

/**
 * An entity that every copy and version of TypeORM recognizes, and that needs none at run time. Columns have their names
 * explicitly, so that no naming strategy changes them.
 */
export function entitySchema<T extends object>(options: EntitySchemaOptions<T>): EntitySchema<T> {
  // TypeORM asks this member, and not the class.
  return { '@instanceof': Symbol.for('EntitySchema'), options } as unknown as EntitySchema<T>;
}
