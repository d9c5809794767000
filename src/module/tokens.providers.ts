import type { Provider } from '@nestjs/common';
import { ResolvedAuthOptions } from '../options/resolved-auth-options.js';
import { KeySet } from '../tokens/key-set.js';
import { TokenSigner } from '../tokens/token-signer.js';
import { TokenVerifier } from '../tokens/token-verifier.js';

/** The services that sign and verify tokens. */
export const tokens: Provider[] = [
  {
    provide: KeySet,
    inject: [ResolvedAuthOptions],
    useFactory: (options: ResolvedAuthOptions) => new KeySet(options.tokens.keys, options.realm),
  },
  {
    provide: TokenSigner,
    inject: [ResolvedAuthOptions, KeySet],
    useFactory: (options: ResolvedAuthOptions, keys: KeySet) => new TokenSigner(options.tokens, keys),
  },
  {
    provide: TokenVerifier,
    inject: [ResolvedAuthOptions, KeySet],
    useFactory: (options: ResolvedAuthOptions, keys: KeySet) => new TokenVerifier(options.tokens, keys),
  },
];
