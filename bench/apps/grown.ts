import { type AuthModuleOptions, SessionRegistry } from 'nestjs-session-registry';
import type { AppSpec } from '../contract/app-spec.js';
import type { BenchApp } from '../contract/bench-app.js';
import { createApp as createRegistryApp } from './registry.js';
import { GENERATION, guidOf, userOf } from './row-names.js';

/** What is asked of the library's own signer. */
interface Signer {
  sign(kind: 'access', subject: object, now: number): { token: string };
}

/** An app with this library over rows that are there already; who signs in is a row, by its number. */
export async function createApp(spec: AppSpec): Promise<BenchApp> {
  const { perUser, ...options } = spec.options as AuthModuleOptions & { perUser: number };
  const { TokenSigner } = (await import(`${process.cwd()}/dist/tokens/token-signer.js`)) as { TokenSigner: never };
  return {
    ...createRegistryApp({ ...spec, options }),
    signIn: async (app, row) => {
      const signer: Signer = app.get(TokenSigner, { strict: false });
      const userId = userOf(Number(row), perUser);
      const sessionEnd = Date.now() + 86_400_000;
      const subject = { userId, guid: guidOf(Number(row)), refTokID: GENERATION, ticket: 0, sessionEnd, custom: {} };
      return { authorization: `Bearer ${signer.sign('access', subject, Date.now()).token}` };
    },
    purge: (app) => app.get(SessionRegistry).purge(),
  };
}
