/** A request before it is written out. `headers` are whole lines, sent as they stand, byte for byte. */
export interface Request {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: readonly string[];
  readonly body?: string | Buffer | undefined;
  readonly version?: string;
}

/** Writes a request out. Characters of a line are bytes; a body brings its length, and says it is JSON unless told. */
export function write({ method = 'GET', path = '/profile', headers = [], body, version = '1.1' }: Request): Buffer {
  const bytes = body === undefined ? Buffer.alloc(0) : Buffer.from(body as string);
  const lines = [
    `${method} ${path} HTTP/${version}`,
    ...(has(headers, 'host') ? [] : ['Host: app.example']),
    ...headers,
    ...(body === undefined || has(headers, 'content-type') ? [] : ['Content-Type: application/json']),
    ...(body === undefined || has(headers, 'content-length') || has(headers, 'transfer-encoding')
      ? []
      : [`Content-Length: ${bytes.length}`]),
  ];
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), bytes]);
}

/** The line that carries an access token. */
export function bearer(token: string): string {
  return `Authorization: Bearer ${token}`;
}

/** `GET /profile` with these header lines. */
export function getProfile(...headers: string[]): Buffer {
  return write({ headers });
}

/** A POST of JSON; a text is sent as it stands. */
export function post(path: string, body: unknown, ...headers: string[]): Buffer {
  const text = typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
  return write({ method: 'POST', path, headers, body: text });
}

function has(headers: readonly string[], name: string): boolean {
  return headers.some((line) => line.toLowerCase().startsWith(`${name}:`));
}
