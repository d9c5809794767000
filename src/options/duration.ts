import { inspect } from 'node:util';
import { ConfigurationError } from '../errors.js';

/** A length of time: milliseconds, or a whole number with a unit: `500ms`, `10s`, `5m`, `12h`, `30d`. */
export type Duration = number | `${number}${'ms' | 's' | 'm' | 'h' | 'd'}`;

const UNITS: Record<string, number> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Reads a duration as milliseconds; throws ConfigurationError, naming `option`, for anything else. */
export function parseDuration(option: string, value: unknown): number {
  const milliseconds = typeof value === 'string' ? fromText(value) : value;
  if (Number.isSafeInteger(milliseconds) && (milliseconds as number) >= 0) return milliseconds as number;
  throw new ConfigurationError(
    option,
    `${typeof value === 'string' ? JSON.stringify(value) : inspect(value)} is not a valid duration`,
    "Write a whole number with a unit, such as '10s', '5m', '12h' or '30d', or a number of milliseconds",
  );
}

function fromText(text: string): number {
  const match = /^(\d{1,15})(ms|s|m|h|d)$/.exec(text);
  return match ? Number(match[1]) * (UNITS[match[2] ?? ''] ?? Number.NaN) : Number.NaN;
}
