/** A value a statement takes or a row holds. */
export type SqlValue = string | number | null;
/** A row by its column names. */
export type SqlRow = Readonly<Record<string, SqlValue>>;
