import type { Flavour } from './flavour.js';

/** What creates the schema of the tables; nothing where they have none of their own. */
export function schemaStatements(on: Flavour): readonly string[] {
  const { schema } = on.tables;
  return schema === undefined ? [] : [`CREATE SCHEMA IF NOT EXISTS ${on.name(schema)}`];
}

/** Creates the schema of the tables where it is missing. A role without the right to create one needs it only then. */
export async function createSchema(on: Flavour, query: (sql: string) => Promise<unknown>): Promise<void> {
  const { schema } = on.tables;
  if (schema === undefined) return;
  const found = await query(`SELECT schema_name FROM information_schema.schemata WHERE schema_name = '${schema}'`);
  if ((found as unknown[]).length === 0) for (const statement of schemaStatements(on)) await query(statement);
}
