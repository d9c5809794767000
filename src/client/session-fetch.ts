import { now } from './clock.js';
import type { Renew } from './renewal.js';
import type { Send } from './requests.js';
import type { Access } from './session-store.js';
import { unlessAborted } from './waiting.js';

/** `fetch` with the access token, which is renewed before it expires and when the server answers 401. */
export function createSessionFetch(
  send: Send,
  isOwn: (input: string | URL) => boolean,
  access: Access,
  renew: Renew,
): Send {
  async function sendRenewing(input: string | URL, init: RequestInit): Promise<Response> {
    if (!isOwn(input)) return send(input, init);
    let session = await access();
    if ((session.renewAt as number) < now()) session = await renew(session);
    const response = await send(input, init, session);
    if (response.status !== 401 || !session.guid) return response;
    const renewed = await renew(session);
    // A request of one session is not repeated in another, and a stream (`duplex`) cannot be sent twice.
    return renewed.guid !== session.guid || 'duplex' in init ? response : send(input, init, renewed);
  }

  // A caller that aborts stops waiting; a renewal continues for the others that share it.
  return (input, init = {}) => unlessAborted(sendRenewing(input, init), init.signal);
}
