import { inspect } from 'node:util';
import { ConfigurationError } from '../errors.js';
import { parseDuration } from './duration.js';

const MAX_TIMER = 2 ** 31 - 1;

/** These are read before a factory is called, so they are not options that it can return. */
const EXTRAS = new Set(['isGlobal', 'controllers', 'prefix', 'store', 'checks', 'realm']);

/** Refuses an unknown option, and anything that is not an object of options. */
export function refuseUnknown(prefix: string, given: unknown, known: Record<string, true>): void {
  if (typeof given !== 'object' || given === null) {
    throw new ConfigurationError(
      prefix.slice(0, -1) || 'options',
      `${inspect(given)} is not an object`,
      'Give an object',
    );
  }
  for (const name of Object.keys(given)) {
    if (Object.hasOwn(known, name)) continue;
    if (EXTRAS.has(prefix + name)) throw misplaced(name);
    const names = Object.keys(known).join(', ');
    throw new ConfigurationError(prefix + name, 'there is no such option', `Known options: ${names}`);
  }
}

/** A length of time above zero, in milliseconds. */
export function positive(option: string, given: unknown): number {
  const milliseconds = parseDuration(option, given);
  if (milliseconds > 0) return milliseconds;
  throw new ConfigurationError(option, 'it is zero', 'Give a length of time');
}

/** A length of time that a timer of Node can wait, in milliseconds. */
export function timer(option: string, given: unknown): number {
  const milliseconds = positive(option, given);
  if (milliseconds <= MAX_TIMER) return milliseconds;
  throw new ConfigurationError(option, 'it is longer than a timer of Node can wait', "Use '24d' or less");
}

/** A length of time in whole seconds, in milliseconds. */
export function wholeSeconds(option: string, given: unknown): number {
  const milliseconds = positive(option, given);
  if (milliseconds % 1000 === 0) return milliseconds;
  throw new ConfigurationError(option, 'tokens count in whole seconds', "Give whole seconds, such as '5m'");
}

/** A whole number of at least 1. */
export function count(option: string, given: unknown, most = Number.MAX_SAFE_INTEGER): number {
  if (Number.isSafeInteger(given) && (given as number) > 0 && (given as number) <= most) return given as number;
  const range = most === Number.MAX_SAFE_INTEGER ? 'of at least 1' : `from 1 to ${most}`;
  throw new ConfigurationError(option, `${inspect(given)} is not a valid count`, `Give a whole number ${range}`);
}

/** A text that is not empty. */
export function text(option: string, given: unknown): string {
  if (typeof given === 'string' && given !== '') return given;
  throw new ConfigurationError(option, 'it is not a text, or it is empty', 'Give a name or a URL');
}

/** True or false, and nothing that only resembles them. */
export function flag(option: string, given: unknown): boolean {
  if (typeof given === 'boolean') return given;
  throw new ConfigurationError(option, `${inspect(given)} is neither true nor false`, 'Use true or false');
}

/** One of several words. */
export function oneOf<T extends string>(option: string, given: T, allowed: readonly T[]): T {
  if (allowed.includes(given)) return given;
  throw new ConfigurationError(option, `'${String(given)}' is not one of its values`, `Use ${allowed.join(' or ')}`);
}

function misplaced(name: string): ConfigurationError {
  return new ConfigurationError(name, 'it is read before the factory is called', 'Give it beside `useFactory`');
}
