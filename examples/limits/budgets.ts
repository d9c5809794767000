import { type Action, type LimitedRequest, namedAccount, namedSession } from './attempts.js';

/** How long a failure is held against whoever failed: what somebody who mistyped waits at the longest. */
export const WINDOW = 5 * 60_000;

/** How much of one action may go wrong for one network, or for one subject in it; of a sign-up, how much may be done. */
export interface Budget {
  readonly name: string;
  readonly action: Action;
  /** What is counted within a network; undefined for a request that names none of it. */
  readonly subject: (request: LimitedRequest) => string | undefined;
  /** Answers that count in a window, after which all is refused until it ends. */
  readonly failures: number;
  /** Requests not yet answered, any of which may turn out to be one more failure. */
  readonly underWay: number;
  /**
   * Whether an answer with that status counts.
   * @default those that are the client's fault
   */
  readonly counts?: (status: number) => boolean;
}

const network = () => '';
/** An office behind one address mistypes a lot in five minutes, and a list of leaked passwords is far longer. */
const PER_NETWORK = { subject: network, failures: 1_000, underWay: 2_000 };
/** No number of tries finds a signature. These bound the work, and let many clients meet the end of their sessions. */
const PER_SESSION = { subject: namedSession, failures: 1_000, underWay: 2_000 };
const TOKENS_PER_NETWORK = { subject: network, failures: 100_000, underWay: 2_000 };
/** NIST SP 800-63B section 5.2.2 allows a hundred; 200 at once are for an account that programs share. */
const PER_ACCOUNT = { subject: namedAccount, failures: 100, underWay: 200 };

/** Whoever holds somebody's open browser must not find the password out with it. */
const PER_DEVICE = { subject: namedSession, failures: 10, underWay: 20 };
/** Each makes a row that stays (201), or tells who has an account (409). A class that signs up together is far smaller. */
const SIGN_UPS = {
  ...{ subject: network, failures: 300, underWay: 200 },
  counts: (status: number) => status === 201 || status === 409,
};

/** All bounds of this app. */
export const BUDGETS: readonly Budget[] = [
  { name: 'sign-up, network', action: 'sign up', ...SIGN_UPS },
  { name: 'sign-in, account', action: 'sign in', ...PER_ACCOUNT },
  { name: 'sign-in, network', action: 'sign in', ...PER_NETWORK },
  { name: 'renewal, session', action: 'renew', ...PER_SESSION },
  { name: 'renewal, network', action: 'renew', ...TOKENS_PER_NETWORK },
  { name: 'revocation, session', action: 'revoke', ...PER_SESSION },
  { name: 'revocation, network', action: 'revoke', ...TOKENS_PER_NETWORK },
  { name: 'password change, session', action: 'change password', ...PER_DEVICE },
  { name: 'password change, network', action: 'change password', ...PER_NETWORK },
];
