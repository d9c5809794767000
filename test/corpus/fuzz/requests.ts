import fc, { type Arbitrary } from 'fast-check';
import { bearer, post, write } from '../support/request.js';
import { jsonOf } from '../support/wire.js';
import type { Range, Shot } from './range.js';
import { bytes, mutated } from './texts.js';

const PATHS = ['/auth/login', '/auth/refresh', '/auth/logout'];
const TYPES = [
  'application/json',
  'application/json; charset=utf-8',
  'text/plain',
  'application/x-www-form-urlencoded',
  '',
];

/** Bodies of every route that reads one: JSON of any shape, members of any value, text that was JSON once. */
export function bodies({ thief }: Range): Arbitrary<Shot> {
  const { guid, username, pair } = thief;
  const text = bodyText([username, `${username}-password`, pair.access_token, guid]);
  const posted = fc.tuple(fc.constantFrom(...PATHS), text, fc.constantFrom(...TYPES)).map(
    ([path, body, type]): Shot => ({
      ...{ app: 'bearer', bytes: post(path, body, `Content-Type: ${type}`) },
      due: () => path === '/auth/login' && logsIn(body),
    }),
  );
  const renamed = text.map(
    (body): Shot => ({
      ...{ app: 'bearer', bytes: renaming(guid, body, pair.access_token) },
      due: (answer) => typeof jsonOf({ ...answer, text: body })?.name === 'string',
    }),
  );
  return fc.oneof({ weight: 3, arbitrary: posted }, renamed);
}

/** Queries, in search of one that is taken for another. */
export function queries({ thief, victims }: Range): Arbitrary<Shot> {
  const headers = [bearer(thief.pair.access_token)];
  const query = fc.oneof(
    fc.constantFrom('except=current', 'state=ended', 'state=live', '__proto__[x]=1', 'a[]=1').chain(mutated),
    fc.webQueryParameters(),
    bytes,
  );
  const clean = query.map(inAddress);
  const listed = clean.map(
    (text): Shot => ({ app: 'bearer', bytes: write({ path: `/sessions?${text}`, headers }), due: () => true }),
  );
  const ended = clean.map((text): Shot => {
    // Empty of meaning is empty: that is the request to end all, and not for here.
    const path = `/sessions?x${text}`;
    return { app: 'bearer', bytes: write({ method: 'DELETE', path, headers }) };
  });
  const unsigned = clean.map(
    (text): Shot => ({ app: 'bearer', bytes: write({ method: 'DELETE', path: `/sessions?${text}` }) }),
  );
  const named = fc.constantFrom('access_token', 'token', 'Authorization', 'refresh_token', 'jwt');
  const carried = named.map((name): Shot => {
    return { app: 'bearer', bytes: write({ path: `/profile?${name}=${victims.bearer.pair.access_token}` }) };
  });
  return fc.oneof(listed, ended, unsigned, carried);
}

/** Guids beside the thief's own, the victim's among them. */
export function guids({ thief, victims }: Range): Arbitrary<Shot> {
  const headers = [bearer(thief.pair.access_token)];
  const guid = fc.oneof(
    fc.constant(victims.bearer.guid),
    mutated(victims.bearer.guid).map(inAddress),
    fc.uuid(),
    bytes.map(inAddress),
    fc.constantFrom('..', '%2e%2e', '%', '*', '__proto__', 'null'),
  );
  return fc.tuple(guid, fc.boolean()).map(([text, renames]): Shot => {
    const path = `/sessions/${text.split('?')[0] || 'x'}`;
    const body = renames ? '{"name":"x"}' : undefined;
    return { app: 'bearer', bytes: write({ method: renames ? 'PATCH' : 'DELETE', path, headers, body }) };
  });
}

/** Addresses, none of which is let in without a token. */
export function addresses(): Arbitrary<Shot> {
  const base = fc.constantFrom(
    '/profile',
    '/sessions',
    '/passport/notes',
    '/open/../profile',
    '//profile',
    '/profile;/open',
  );
  const path = fc
    .oneof(base.chain(mutated), base, fc.webPath(), bytes)
    .map((text) => `/${inAddress(text).replace(/^\//, '')}`);
  const method = fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND');
  return fc.tuple(path, method).map(
    ([address, verb]): Shot => ({
      // The answer to HEAD has a length and no body: it is read to the end of the connection.
      ...{ app: 'bearer', alone: true, bytes: write({ method: verb, path: address, headers: ['Connection: close'] }) },
      due: ({ text }) => text === '{"open":true}' || (verb === 'HEAD' && text === '' && /open/i.test(decode(address))),
    }),
  );
}

/** Bytes that were a request once, or never. */
export function streams({ victims }: Range): Arbitrary<Shot> {
  const request = write({ headers: ['Connection: close', bearer(`${victims.bearer.pair.access_token}x`)] }).toString(
    'latin1',
  );
  const text = fc.oneof(
    fc.constant(request).chain(mutated),
    bytes,
    fc.tuple(bytes, fc.constant(request)).map((all) => all.join('')),
  );
  // The x is what makes it bad: where a change takes it away, the token is good.
  const due = (sent: string) => sent.includes(`${victims.bearer.pair.access_token}\r`);
  return text.map(
    (sent): Shot => ({ app: 'bearer', alone: true, bytes: Buffer.from(sent, 'latin1'), due: () => due(sent) }),
  );
}

function bodyText(words: readonly string[]): Arbitrary<string> {
  const name = fc.constantFrom(
    'username',
    'password',
    'refresh_token',
    'name',
    'deviceName',
    '__proto__',
    'constructor',
    'toString',
  );
  const value = fc.oneof(
    fc.constantFrom(...words),
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc.jsonValue({ maxDepth: 3 }),
  );
  const object = fc.array(fc.tuple(name, value), { maxLength: 5 }).map((members) => {
    // Put together by hand, so that a member can come twice.
    return `{${members.map(([key, of]) => `"${key}":${JSON.stringify(of)}`).join(',')}}`;
  });
  return fc.oneof(
    { weight: 5, arbitrary: object },
    { weight: 2, arbitrary: object.chain(mutated) },
    { weight: 2, arbitrary: fc.json({ maxDepth: 4 }) },
    { weight: 1, arbitrary: bytes },
  );
}

function logsIn(body: string): boolean {
  const { username, password } = jsonOf({ status: 0, headers: new Map(), text: body }) ?? {};
  return typeof username === 'string' && password === `${username}-password`;
}

function renaming(guid: string, body: string, token: string): Buffer {
  return write({ method: 'PATCH', path: `/sessions/${guid}`, body, headers: [bearer(token)] });
}

/** Without what ends an address. */
function inAddress(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is left out
  return text.replace(/[\u0000-\u0020\u007f#]/g, '');
}

function decode(address: string): string {
  try {
    return decodeURIComponent(address);
  } catch {
    return address;
  }
}
