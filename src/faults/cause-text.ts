const MAX_DEPTH = 5;
const MAX_LENGTH = 300;

/**
 * An error as drivers throw it. Tested by its shape, since an error of a native driver need not be an `instanceof`
 * Error.
 */
interface DriverError {
  readonly message?: unknown;
  readonly code?: unknown;
  readonly errno?: unknown;
  readonly sqlState?: unknown;
  readonly cause?: unknown;
  readonly errors?: readonly unknown[];
  readonly stack?: unknown;
}

/** An error and its causes in one short line: codes of the driver, errno and SQLSTATE, and the messages. */
export function causeText(cause: unknown): string {
  const said = new Set(causesOf(cause).map(textOf).filter(Boolean));
  return oneLine([...said].join(', caused by ')) || 'no cause was given';
}

/** Where in the code it was thrown: the first line of its stack outside of libraries, or nothing. */
export function placeOf(cause: unknown): string {
  const { stack } = causesOf(cause)[0] ?? {};
  const lines = typeof stack === 'string' ? stack.split('\n') : [];
  const line = lines.find((text) => /^\s+at /.test(text) && !/node_modules|node:/.test(text));
  return line === undefined ? '' : ` (${oneLine(line.trim())})`;
}

/** An error and its causes, from the outermost in. */
export function causesOf(cause: unknown): DriverError[] {
  const causes: DriverError[] = [];
  for (let at = cause; at !== undefined && at !== null && causes.length < MAX_DEPTH; at = beneath(at)) {
    causes.push(typeof at === 'object' ? at : { message: at });
  }
  return causes;
}

/** Text that fits into one line of a log: no control characters, no line breaks, and not long. */
export function oneLine(text: string): string {
  const line = text.replaceAll(/[\p{C}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();
  return line.length > MAX_LENGTH ? `${line.slice(0, MAX_LENGTH)}…` : line;
}

/** Of several attempts, such as to the addresses of one host, the first represents all. */
function beneath(error: unknown): unknown {
  const { cause, errors } = error as DriverError;
  return cause ?? errors?.[0];
}

function textOf({ message, code, sqlState, errno }: DriverError): string {
  const text = message === undefined ? '' : String(message);
  const codes = [code, errno, sqlState].filter((value) => typeof value === 'string' || Number(value) > 0);
  const unsaid = [...new Set(codes.map(String))].filter((value) => !text.includes(value));
  return unsaid.length > 0 ? `[${unsaid.join(' ')}] ${text}` : text;
}
