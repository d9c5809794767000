import { ConfigurationError } from '../errors.js';
import { flag } from './option-readers.js';
import type { PurgeOptions } from './purge-options.js';
import type { RevocationOptions } from './revocation-options.js';

/** The option of an app whose processes may be frozen. */
export interface ServerlessSettings {
  /**
   * Whether the process may be frozen after any answer, as on AWS Lambda and Cloud Run, so that no timer can be relied on:
   * "last active" is then written before the answer, nothing is purged unless the app calls `SessionRegistry.purge`, and no
   * connection is kept to listen, or used after it was unused for half a minute.
   * @default false
   */
  serverless?: boolean;
}

/** The name of this option. */
export const SERVERLESS_OPTIONS: Record<keyof ServerlessSettings, true> = { serverless: true };

/** The options that may need what a frozen process lacks. */
interface Neighbours {
  readonly purge?: PurgeOptions | false | undefined;
  readonly revocation?: RevocationOptions | undefined;
}

/** Whether the process may be frozen. Throws ConfigurationError for an option that needs one that runs all the time. */
export function resolveServerless({ serverless = false, ...others }: ServerlessSettings & Neighbours): boolean {
  if (flag('serverless', serverless)) refuseWhatHasToRun(others);
  return serverless;
}

function refuseWhatHasToRun({ purge, revocation }: Neighbours): void {
  const rules = [
    [
      purge && purge.every !== undefined,
      'purge.every',
      'no timer fires while the process is frozen, and `serverless` says that it may be',
      'Leave it out, and call `SessionRegistry.purge` on a schedule of your platform',
    ],
    [
      revocation?.nearCopy !== undefined,
      'revocation.nearCopy',
      'a process hears of no sign-out while it is frozen, and `serverless` says that it may be',
      'Leave it out: the row is read on each request, or give `revocation.hotCopy`',
    ],
    [
      revocation?.denylist === 'memory',
      'revocation.denylist',
      "'memory' is known to one process, and with `serverless` there are many that come and go",
      "Use 'database' or a `SessionRedis`",
    ],
  ] as const;
  for (const [isBroken, option, problem, mend] of rules) {
    if (isBroken) throw new ConfigurationError(option, problem, mend);
  }
}
