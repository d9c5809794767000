/** Sends an answer: a response of Express or of Fastify, or one that a middleware has wrapped. */
export interface Sender {
  send: unknown;
  /** Only Express has it. */
  json?: unknown;
}

/** Makes `deliver` what this response sends next, whatever it is told to send. */
export function pinAnswer(response: Sender, deliver: () => void): void {
  const { send, json } = response;
  const own = json === undefined ? { send } : { send, json };
  const pinned = () => {
    Object.assign(response, own);
    deliver();
    return response;
  };
  for (const name of Object.keys(own)) Object.assign(response, { [name]: pinned });
}
