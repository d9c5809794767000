import { readdirSync, readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

type Middleware = (
  request: IncomingMessage & { originalUrl?: string },
  response: ServerResponse,
  next: () => void,
) => void;

/** Serves the files of the page, read once; the same on Express and Fastify, and never a file that is not theirs. */
export function pageFiles(): Middleware {
  const files = new Map([...ownFiles(), ...libraryFiles()]);
  return (request, response, next) => {
    const path = (request.originalUrl ?? request.url ?? '').split('?', 1)[0] ?? '';
    const name = path === '/' ? '/index.html' : path;
    const file = files.get(name);
    if (!file || (request.method !== 'GET' && request.method !== 'HEAD')) return next();
    response.setHeader('Content-Type', TYPES[extname(name)] ?? 'application/octet-stream');
    response.setHeader('Content-Length', file.length);
    response.setHeader('Cache-Control', 'no-cache');
    response.end(request.method === 'HEAD' ? undefined : file);
  };
}

function ownFiles(): [string, Buffer][] {
  const folder = new URL('../public/', import.meta.url);
  return readdirSync(folder).map((name) => [`/${name}`, readFileSync(new URL(name, folder))]);
}

/** The client and the element as the package ships them; an app with a bundler imports them by their names. */
function libraryFiles(): [string, Buffer][] {
  const root = new URL('.', import.meta.resolve('nestjs-session-registry/client'));
  return readdirSync(fileURLToPath(root), { recursive: true, encoding: 'utf8' })
    .filter((name) => /^(client|element)[/.].*js$/.test(name))
    .map((name) => [`/lib/${name}`, readFileSync(new URL(name, root))]);
}
