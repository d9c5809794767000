/** A value in a statement or in a row. */
export type SqlValue = string | number | null;
/** A row: its values by column name. */
export type SqlRow = Readonly<Record<string, SqlValue>>;
