import type { Contender } from '../contenders/contender.js';
import type { Credentials, SignedIn } from '../contract/app-spec.js';

/** Verifies that an app does what it is measured for. If not, throws an error that says so. */
export async function verify(contender: Contender, url: string, { credentials }: SignedIn): Promise<string[]> {
  const profile = (shown: Credentials) => statusOf(url, 'GET /profile', shown);
  await expectStatus(contender, 'a good session', await profile(credentials), 200);
  if (contender.app === 'no-guard') return ['lets everybody in'];
  for (const [what, bad] of Object.entries(badOnes(credentials))) {
    await expectStatus(contender, what, await profile(bad), 401);
  }
  return ['refuses none, garbage, a forgery', ...(await verifySignOut(contender, url, credentials))];
}

function badOnes(credentials: Credentials): Record<string, Credentials> {
  const [[name = '', value = ''] = []] = Object.entries(credentials);
  const garbage = name === 'cookie' ? value.replaceAll(/=[^;]*/g, '=garbage') : 'Bearer garbage';
  return { 'no session': {}, garbage: { [name]: garbage }, 'a forgery': { [name]: forged(value) } };
}

/** Every signed part with a letter changed in its middle and at its end. */
function forged(value: string): string {
  return value.replaceAll(/[\w%+/.-]{20,}/g, (part) => {
    const middle = Math.floor(part.length * 0.9);
    const letter = part[middle] === 'A' ? 'B' : 'A';
    return part.slice(0, middle) + letter + part.slice(middle + 1);
  });
}

async function verifySignOut(contender: Contender, url: string, credentials: Credentials): Promise<string[]> {
  const { signOut, refuses } = contender;
  if (signOut === undefined) return ['cannot sign out'];
  const ended = await statusOf(url, signOut, credentials);
  if (ended >= 300) throw new Error(`${contender.title}: answered a sign-out ${ended}`);
  await expectStatus(
    contender,
    'what was signed out',
    await statusOf(url, 'GET /profile', credentials),
    refuses === 'nothing' ? 200 : 401,
  );
  if (refuses === 'nothing') return ['lets a signed-out device in until its token ends'];
  return [refuses === 'all' ? 'refuses what "all" ended' : 'refuses a signed-out device'];
}

async function statusOf(url: string, route: string, headers: Credentials): Promise<number> {
  const [method = '', path = ''] = route.split(' ');
  const answer = await fetch(url + path, { method, headers });
  await answer.arrayBuffer();
  return answer.status;
}

async function expectStatus({ title }: Contender, what: string, status: number, due: number): Promise<void> {
  if (status !== due) throw new Error(`${title}: answered ${what} ${status}, and ${due} was due`);
}
