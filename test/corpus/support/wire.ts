import { connect } from 'node:net';

/** An answer as it came over the wire; `status` 0 is a connection closed without one. */
export interface RawAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: ReadonlyMap<string, readonly string[]>;
  readonly text: string;
}

/** One answer of a stream, and the bytes after it. */
export interface Parsed {
  readonly answer: RawAnswer;
  readonly rest: Buffer;
}

/** The answer to a connection that was closed without a word. */
export const SILENCE: RawAnswer = { status: 0, headers: new Map(), text: '' };

/**
 * Sends these bytes over a connection of their own, closes its sending half, and resolves to everything that comes
 * back. A server that hangs up meanwhile ends the answer, and is no failure of the test.
 */
export function exchange(port: number, request: Buffer): Promise<RawAnswer[]> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const socket = connect({ port, host: '127.0.0.1' });
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    socket.on('error', () => {});
    socket.on('close', () => resolve(answersIn(Buffer.concat(chunks))));
    socket.end(request);
  });
}

/** The one answer to these bytes; the last, where there are several. */
export async function ask(port: number, request: Buffer): Promise<RawAnswer> {
  return (await exchange(port, request)).at(-1) ?? SILENCE;
}

/** All answers of a stream that ended. */
export function answersIn(bytes: Buffer): RawAnswer[] {
  const answers: RawAnswer[] = [];
  for (let rest = bytes; rest.length > 0; ) {
    const parsed = nextAnswer(rest, true);
    if (!parsed) break;
    answers.push(parsed.answer);
    rest = parsed.rest;
  }
  return answers;
}

/** The first answer of a stream, or undefined while it is not complete; an ended one is taken as it is. */
export function nextAnswer(bytes: Buffer, ended = false): Parsed | undefined {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const { status, headers } = headOf(bytes.subarray(0, end).toString('latin1'));
  const body = bytes.subarray(end + 4);
  const taken = lengthOf(body, status, headers);
  if (taken === undefined || (taken.length > body.length && !ended)) return undefined;
  const text = taken.text ?? body.subarray(0, taken.length).toString();
  return { answer: { status, headers, text }, rest: body.subarray(taken.length) };
}

/** The only value of a header; undefined without one. */
export function headerOf({ headers }: RawAnswer, name: string): string | undefined {
  return headers.get(name)?.join(', ');
}

/** The JSON of an answer, or undefined where it is none. */
export function jsonOf({ text }: RawAnswer): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function headOf(head: string): Pick<RawAnswer, 'status' | 'headers'> {
  const [statusLine = '', ...lines] = head.split('\r\n');
  const headers = new Map<string, string[]>();
  for (const line of lines) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).toLowerCase();
    headers.set(name, [...(headers.get(name) ?? []), line.slice(colon + 1).trim()]);
  }
  return { status: Number(statusLine.split(' ')[1]), headers };
}

function lengthOf(
  body: Buffer,
  status: number,
  headers: RawAnswer['headers'],
): { length: number; text?: string } | undefined {
  if (status === 204 || status === 304) return { length: 0 };
  if (headers.get('transfer-encoding')?.includes('chunked')) return chunksIn(body);
  return { length: Number(headers.get('content-length')?.[0] ?? 0) };
}

function chunksIn(body: Buffer): { length: number; text: string } | undefined {
  let [at, text] = [0, ''];
  for (;;) {
    const line = body.indexOf('\r\n', at);
    if (line < 0) return undefined;
    const size = Number.parseInt(body.subarray(at, line).toString('latin1'), 16);
    at = line + 2 + size + 2;
    if (at > body.length) return undefined;
    if (size === 0) return { length: at, text };
    text += body.subarray(line + 2, at - 2).toString();
  }
}
