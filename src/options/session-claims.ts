/**
 * The app's own claims, empty until the app declares them, once for `claims`, `@CurrentSession()` and `authenticate`:
 * `declare module 'nestjs-session-registry' { interface SessionClaims { role: string } }`.
 */
export interface SessionClaims {}

/**
 * The app's own claims for the access token: what `SessionClaims` declares, or any if it is empty. Names that the library
 * reserves are dropped.
 */
export type CustomClaims = keyof SessionClaims extends never ? Record<string, unknown> : SessionClaims;
