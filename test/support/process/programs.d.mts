/** The file that runs the program of this source, as the sources are now. */
export function programOf(source: string): Promise<string>;
/** Builds the programs, unless they were built from the same sources before. Gives the folder they are in. */
export function buildPrograms(): Promise<string>;
