/** The one session client of this page. */

import { createSessionClient } from '/lib/client.js';

export const client = createSessionClient({});

/** A request to the app's own routes; gives the answer, or throws an Error with a sentence to show. */
export async function ask(method, path, body) {
  const headers = body ? { 'Content-Type': 'application/json' } : {};
  const response = await client.fetch(path, { method, headers, ...(body && { body: JSON.stringify(body) }) });
  const answer = await response.json().catch(() => ({}));
  if (response.ok) return answer;
  if (response.status >= 500) throw new Error('The server cannot answer right now. Nothing was changed.');
  throw Object.assign(new Error(answer.message), { retryAfter: Number(response.headers.get('retry-after')) });
}

const PROBLEMS = {
  offline: 'The server cannot be reached. Check your connection.',
  unavailable: 'The server cannot answer right now. Nothing was changed.',
  invalid_credentials: 'User name or password is wrong.',
};

/** What went wrong, as a sentence to show. */
export function problemOf({ code, message, retryAfter }) {
  if (retryAfter > 0) return waitFor(retryAfter);
  const text = PROBLEMS[code] ?? [message].flat().join('. ');
  const sentence = text.charAt(0).toUpperCase() + text.slice(1);
  return sentence.endsWith('.') ? sentence : `${sentence}.`;
}

function waitFor(seconds) {
  const minutes = Math.ceil(seconds / 60);
  return `Too many attempts; try again in ${minutes === 1 ? 'a minute' : `${minutes} minutes`}.`;
}
