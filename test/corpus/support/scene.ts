import type { Session, TokenPair } from 'nestjs-session-registry';
import { SECRET } from '../../support/app.js';
import { claimsOf, headerOf } from '../../support/client.js';
import { TOKEN_TYPES, type TokenKind } from '../../../src/tokens/claims.js';
import { derivedKey, forge, hmac, type Part, rsa, type Signer } from './forge.js';
import { OLD_SECRET, RS } from './keys.js';
import type { Stage } from './stage.js';

let users = 0;

/** A victim with a session of their own, and whoever else a case wants. */
export class Scene {
  private constructor(
    readonly stage: Stage,
    readonly username: string,
    readonly pair: TokenPair,
  ) {}

  /** Signs a new user in. */
  static async open(stage: Stage): Promise<Scene> {
    users += 1;
    const username = `victim-${users}`;
    return new Scene(stage, username, await stage.app.auth.login(`id-of-${username}`));
  }

  get userId(): string {
    return `id-of-${this.username}`;
  }

  get guid(): string {
    return this.pair.session.guid;
  }

  /** The row of the victim's session as it lies in the database. */
  get row(): Session | undefined {
    return this.stage.rowsOf(this.userId).find(({ guid }) => guid === this.guid);
  }

  /** The victim's token of a kind, and what it takes to write another. */
  specimen(kind: TokenKind): Specimen {
    return new Specimen(this, kind, kind === 'access' ? this.pair.access_token : this.pair.refresh_token);
  }
}

/** A good token, from which bad ones are made. */
export class Specimen {
  readonly header: Record<string, unknown>;
  readonly claims: Record<string, unknown>;
  /** The header, the payload and the signature as they stand in the token. */
  readonly parts: readonly [header: string, payload: string, signature: string];

  constructor(
    readonly scene: Scene,
    readonly kind: TokenKind,
    readonly good: string,
  ) {
    this.header = headerOf(good);
    this.claims = claimsOf(good);
    this.parts = good.split('.') as unknown as [string, string, string];
  }

  /** The app's own signer for tokens of this kind. */
  get sign(): Signer {
    if (this.scene.stage.name !== 'keys') return hmac(derivedKey(SECRET, this.kind));
    return this.kind === 'access' ? rsa(RS.privateKey) : hmac(derivedKey(OLD_SECRET, 'refresh'));
  }

  /** The kind this one is not. */
  get otherKind(): TokenKind {
    return this.kind === 'access' ? 'refresh' : 'access';
  }

  /** Now, in seconds. */
  get now(): number {
    return Math.floor(this.scene.stage.app.clock.now() / 1000);
  }

  /** The trap's address. */
  get trap(): string {
    return this.scene.stage.trap.url;
  }

  /** A token with another header and a true signature. */
  withHeader(header: Part, sign = this.sign): string {
    return forge(header, this.claims, sign);
  }

  /** A token whose header has further or other members, and a true signature; `undefined` leaves one out. */
  withMember(members: object, sign = this.sign): string {
    return this.withHeader({ ...this.header, ...members }, sign);
  }

  /** A token with other claims, under a header of the app's own and a true signature. */
  withPayload(payload: Part, sign = this.sign): string {
    return forge(this.header, payload, sign);
  }

  /** A token with some claims changed; `undefined` leaves one out. */
  withClaims(claims: object, sign = this.sign): string {
    return this.withPayload({ ...this.claims, ...claims }, sign);
  }

  /** A token whose claim has this JSON text for a value, as nothing that writes JSON would put it. */
  withText(name: string, json: string): string {
    const mark = 'the place of the text';
    return this.withPayload(JSON.stringify({ ...this.claims, [name]: mark }).replace(JSON.stringify(mark), json));
  }

  /** The same claims in the name of one of the app's other keys. */
  by(header: { alg: string; kid?: unknown }, sign: Signer): string {
    return forge({ alg: header.alg, typ: TOKEN_TYPES[this.kind], kid: header.kid }, this.claims, sign);
  }

  /** The same parts with another signature. */
  signedWith(sign: Signer): string {
    return forge(this.header, this.claims, sign);
  }
}
