import { serve } from '../support/answering.js';
import { Caller } from './caller.js';
import type { DelayJob, Observation, Victim } from './delay-job.js';
import { Connection } from './http.js';

// One process, and so one clock, for requests, answers and acknowledgements alike.
serve('ready', run);

async function run({ urls, victims, atOnce, patience }: DelayJob): Promise<Observation[]> {
  const connections = urls.map((url) => new Connection(url));
  const observations: Observation[] = [];
  const waiting = victims.entries();
  const work = async () => {
    for (const [index, victim] of waiting) observations.push(await observe(connections, victim, index, patience));
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  for (const connection of connections) connection.close();
  return observations;
}

async function observe(
  connections: readonly Connection[],
  victim: Victim,
  index: number,
  patience: number,
): Promise<Observation> {
  const callers = connections.map((connection) => new Caller(connection, victim.token, patience));
  const calling = Promise.all(callers.map((caller) => caller.run()));
  await Promise.race([calling, Promise.all(callers.map(({ warm }) => warm))]);
  for (const caller of callers) caller.asked();
  const [acknowledgedAt, intervals] = await Promise.all([
    endAndTell(connections[index % connections.length] as Connection, victim, callers),
    calling,
  ]);
  const last = Math.max(...callers.map(({ lastAcceptedAt }) => lastAcceptedAt));
  const calls = callers.reduce((sum, caller) => sum + caller.calls, 0);
  return { delay: Math.max(0, last - acknowledgedAt), intervals, calls };
}

async function endAndTell(connection: Connection, victim: Victim, callers: readonly Caller[]): Promise<number> {
  const acknowledgedAt = await end(connection, victim);
  await Promise.all(callers.map((caller) => caller.acknowledged(acknowledgedAt)));
  return acknowledgedAt;
}

/** Ends the session on one process, and gives the moment at which that was acknowledged. */
async function end(connection: Connection, { guid, token, by }: Victim): Promise<number> {
  const status =
    by === undefined
      ? await connection.send('POST', '/auth/logout', token)
      : await connection.send('DELETE', `/sessions/${guid}`, by);
  const at = performance.now();
  if (status !== 204) throw new Error(`a sign-out was answered ${status}`);
  return at;
}
