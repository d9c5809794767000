import type { Provider } from '@nestjs/common';
import { Clock } from '../clock.js';
import { ResolvedAuthOptions } from '../options/resolved-auth-options.js';
import { SignInSteps } from '../second-factor/sign-in-steps.js';
import { KeySet } from '../tokens/key-set.js';

/** Tokens for sign-ins that take more than one request. */
export const secondFactor: Provider[] = [
  {
    provide: SignInSteps,
    inject: [ResolvedAuthOptions, KeySet, Clock],
    useFactory: ({ tokens }: ResolvedAuthOptions, keys: KeySet, clock: Clock) => new SignInSteps(tokens, keys, clock),
  },
];
