import { Agent, request } from 'node:http';
import { USER_AGENT } from '../contract/bench-app.js';

/** A process of the app, over connections that are kept. */
export class Connection {
  readonly #agent = new Agent({ keepAlive: true });

  constructor(private readonly url: string) {}

  /** Sends a request; resolves with the status when the head of the answer is there. */
  send(method: string, path: string, token: string): Promise<number> {
    const headers = { authorization: `Bearer ${token}`, 'user-agent': USER_AGENT };
    return new Promise((done, fail) => {
      const sent = request(this.url + path, { method, headers, agent: this.#agent }, (response) => {
        response.resume();
        done(response.statusCode ?? 0);
      });
      sent.once('error', fail).end();
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}
