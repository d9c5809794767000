import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { unavailable } from '../unavailable/unavailable.js';
import { Lanes } from './lanes.js';

/** Of the settings OWASP holds equal, the one that takes least memory (16 MiB). */
const COST = { N: 2 ** 14, r: 8, p: 5 };
const KEY_BYTES = 32;
/**
 * A key takes a processor a tenth of a second, and Node does four at once, in threads that also read files and look up
 * names. Without a bound the last of 600 sign-ins would wait for a minute, and all who come after it, too.
 */
const LANES = new Lanes({
  lanes: Math.min(availableParallelism(), 3),
  patience: 5_000,
  room: 1_000,
  refusal: () => unavailable('Too many passwords are being checked right now; try again'),
});

/** A password as it is stored: `scrypt$N$r$p$salt$key`. Throws a 503 where too many are asked for at once. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const key = await derive(password, salt, COST);
  return ['scrypt', COST.N, COST.r, COST.p, salt.toString('base64url'), key.toString('base64url')].join('$');
}

/**
 * Whether a password is the one that was stored. Without a stored one it takes as long, and says no. Throws a 503 where too
 * many are asked for at once.
 */
export async function verifyPassword(password: string, stored = NOBODYS): Promise<boolean> {
  const [, N, r, p, salt = '', key = ''] = stored.split('$');
  const cost = { N: Number(N), r: Number(r), p: Number(p) };
  const derived = await derive(password, Buffer.from(salt, 'base64url'), cost);
  return timingSafeEqual(derived, Buffer.from(key, 'base64url')) && stored !== NOBODYS;
}

const NOBODYS = ['scrypt', COST.N, COST.r, COST.p, noise(16), noise(KEY_BYTES)].join('$');

function noise(bytes: number): string {
  return randomBytes(bytes).toString('base64url');
}

/** Throws a 503 where too many are derived already. */
function derive(password: string, salt: Buffer, cost: ScryptOptions): Promise<Buffer> {
  // The same letters typed on another system may arrive as other code points.
  const letters = password.normalize('NFKC');
  return LANES.run(
    () =>
      new Promise((resolve, reject) => {
        scrypt(letters, salt, KEY_BYTES, cost, (error, key) => (error ? reject(error) : resolve(key)));
      }),
  );
}
