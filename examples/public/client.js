/** The one session client of this page. */

import { createSessionClient } from '/lib/client.js';

export const client = createSessionClient({});

/** A request to the app's own routes; gives the answer, or throws an Error with a sentence to show. */
export async function ask(method, path, body) {
  const headers = body ? { 'Content-Type': 'application/json' } : {};
  const response = await client.fetch(path, { method, headers, ...(body && { body: JSON.stringify(body) }) });
  const answer = await response.json().catch(() => ({}));
  if (response.ok) return answer;
  throw Object.assign(new Error(messageOf(response.status, answer)), {
    retryAfter: response.status === 429 ? Number(response.headers.get('retry-after')) : 0,
  });
}

/** What the app says; of a fault, and of an answer that is not the app's, nobody knows what was done. */
function messageOf(status, { code, message }) {
  if (message && (code || status < 500)) return message;
  return 'The server cannot answer right now. Try again; it may be done already.';
}

const PROBLEMS = {
  offline: 'The server cannot be reached. Check your connection.',
  unavailable: 'The server cannot answer right now. Try again.',
  invalid_credentials: 'User name or password is wrong.',
};

/** What went wrong, as a sentence to show. */
export function problemOf({ code, message, retryAfter }) {
  // With `unavailable` it comes from a server that is busy, and nobody made too many attempts.
  if (retryAfter > 0 && code !== 'unavailable') return waitFor(retryAfter);
  const text = PROBLEMS[code] ?? [message].flat().join('. ');
  const sentence = text.charAt(0).toUpperCase() + text.slice(1);
  return sentence.endsWith('.') ? sentence : `${sentence}.`;
}

function waitFor(seconds) {
  const minutes = Math.ceil(seconds / 60);
  return `Too many attempts; try again in ${minutes === 1 ? 'a minute' : `${minutes} minutes`}.`;
}
