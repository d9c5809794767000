import type { ServerResponse } from 'node:http';

/**
 * Calls `listener` once with the status of the answer. Node's own events tell nothing more once the client has left,
 * and who hangs up right after a guess has guessed all the same.
 */
export function onAnswer(response: ServerResponse, listener: (status: number) => void): void {
  const { end } = response;
  response.end = ((...parts: Parameters<typeof end>) => {
    response.end = end;
    listener(response.statusCode);
    return end.apply(response, parts);
  }) as typeof end;
}
