/**
 * A place outside of the database that revocations go through, shared by all processes; such as `SessionRedis` of
 * `nestjs-session-registry/redis`. Opened when the app starts, closed when it ends.
 */
export abstract class RevocationMedium {
  abstract open(): Promise<void>;
  abstract close(): Promise<void>;
}
