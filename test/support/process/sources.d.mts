/** The code of a TypeScript file, without asking whether its types are right. */
export function compile(filename: string): Promise<string>;
