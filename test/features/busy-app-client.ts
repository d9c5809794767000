import { type Answer, Client } from '../support/client.js';
import type { BusyApp } from './busy-apps.js';

const OPEN = ['/auth/', '/.well-known/'];
const OWN = ['/notes', '/profile', '/open'];

/** A client that knows where the routes of a busy app are, and what its guards ask for. */
export class BusyClient extends Client {
  constructor(
    readonly origin: string,
    readonly busy: BusyApp,
  ) {
    super(origin + (busy.prefix ?? ''));
  }

  override call<T>(method: string, path: string, call: Parameters<Client['call']>[2] = {}): Promise<Answer<T>> {
    const isOwn = OWN.some((own) => path.startsWith(own));
    const isOpen = OPEN.some((open) => path.startsWith(open));
    const headers = { ...(!isOpen && this.busy.headers), ...(isOwn && this.busy.ownHeaders), ...call.headers };
    return super.call<T>(method, (isOwn ? (this.busy.ownPrefix ?? '') : '') + path, { ...call, headers });
  }
}
