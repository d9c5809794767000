import { Agent, request } from 'node:http';
import type { Credentials } from '../apps/app-spec.js';
import { USER_AGENT } from '../apps/bench-app.js';
import { serve } from '../support/answering.js';
import type { PaceJob, PaceResult } from './pace-job.js';

/** Kept from one part to the next, with its connections. */
const agent = new Agent({ keepAlive: true });

serve('ready', run);

/** Sends what is due each millisecond, whether or not earlier requests were answered: a slow answer hides nothing. */
function run({ url, credentials, connections, perSecond, seconds }: PaceJob): Promise<PaceResult> {
  agent.maxSockets = connections;
  const latencies: number[] = [];
  const [total, startedAt] = [Math.floor(perSecond * seconds), performance.now()];
  let [sent, failures] = [0, 0];
  return new Promise((done) => {
    const answered = (dueAt: number, status: number) => {
      if (status !== 200) failures += 1;
      if (latencies.push(performance.now() - dueAt) < total) return;
      clearInterval(timer);
      done({ latencies, failures });
    };
    const timer = setInterval(() => {
      for (const due = (performance.now() - startedAt) * (perSecond / 1_000); sent < Math.min(due, total); sent++) {
        call(`${url}/profile`, credentials[sent % credentials.length] ?? {}, answered);
      }
    }, 1);
  });
}

function call(url: string, credentials: Credentials, answered: (dueAt: number, status: number) => void) {
  const dueAt = performance.now();
  const sent = request(url, { headers: { ...credentials, 'user-agent': USER_AGENT }, agent }, (response) => {
    response.resume().once('end', () => answered(dueAt, response.statusCode ?? 0));
  });
  sent.once('error', () => answered(dueAt, 0)).end();
}
