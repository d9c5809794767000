import { createHash, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { resolveOptions } from '../../src/options/resolve-options.js';
import { drawnBits, guessedBits, periodOf } from '../../src/options/keys/secret-worth.js';

const RANDOM = 3_000;
const KEY = 'it is a key of another kind (PEM, DER, JWK or OpenSSH), which others may know';
const REPEATS = 'it repeats itself, and is easy to guess';
const SEQUENCES = 'it is made of sequences or repeated pieces, and is easy to guess';
const MEND = /(?:G|g)ive at least 32 random bytes, for example from `openssl rand -base64 48`\.$/;

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const ed25519 = generateKeyPairSync('ed25519');
const pem = (key: KeyObject): string =>
  key.export({ type: key.type === 'public' ? 'spki' : 'pkcs8', format: 'pem' }).toString();
const der = (key: KeyObject): Buffer =>
  key.export({ type: key.type === 'public' ? 'spki' : 'pkcs8', format: 'der' }) as Buffer;
const jwk = (key: KeyObject): string => JSON.stringify(key.export({ format: 'jwk' }));
/** A public key as OpenSSH writes it. */
const ssh = (() => {
  const x = Buffer.from(ed25519.publicKey.export({ format: 'jwk' }).x ?? '', 'base64url');
  const part = (bytes: Buffer) => Buffer.concat([Buffer.from([0, 0, 0, bytes.length]), bytes]);
  return Buffer.concat([part(Buffer.from('ssh-ed25519')), part(x)]).toString('base64');
})();

/** What boot says of a secret; undefined where it takes it. */
function problemOf(secret: string | Buffer): string | undefined {
  try {
    resolveOptions({ secret });
    return undefined;
  } catch (error) {
    const { message } = error as Error;
    expect(message).toMatch(MEND);
    return message.replace(/^AuthModule option `secret`: (.*?)\. (?:Give|Put) .*$/, '$1');
  }
}

/** Bytes as if drawn, the same in every run. */
function drawn(name: string, length: number): Buffer {
  const blocks = Array.from({ length: Math.ceil(length / 32) }, (_, block) => `${name} ${block}`);
  return Buffer.concat(blocks.map((block) => createHash('sha256').update(block).digest())).subarray(0, length);
}

const pick = (alphabet: string, bytes: Buffer): string =>
  [...bytes].map((byte) => alphabet[byte % alphabet.length]).join('');

describe('a secret', () => {
  const publicPem = pem(rsa.publicKey);
  it.each<[string, string | Buffer]>([
    ['a public PEM', publicPem],
    ['one with a blank before it', ` ${publicPem}`],
    ['one with a line before it', `\n${publicPem}`],
    ['one with a mark of byte order', `\ufeff${publicPem}`],
    ['one with that, as bytes', Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(publicPem)])],
    ['one in UTF-16', Buffer.from(`\ufeff${publicPem}`, 'utf16le')],
    ['one with a comment before it', `# the key\n${publicPem}`],
    ['one in quotes', JSON.stringify(publicPem)],
    ['one without line breaks', publicPem.replaceAll('\n', '\\n')],
    ['one that lost its dashes', publicPem.replaceAll('-', '')],
    ['its lines without the frame', publicPem.replace(/-----.*-----/g, '')],
    ['its Base64', Buffer.from(publicPem).toString('base64')],
    [
      'its Base64, wrapped',
      Buffer.from(publicPem)
        .toString('base64')
        .replace(/(.{64})/g, '$1\n'),
    ],
    ['the Base64 of its Base64', Buffer.from(Buffer.from(publicPem).toString('base64')).toString('base64')],
    ['its digits', Buffer.from(publicPem).toString('hex')],
    ['a public PEM on P-256', ` ${pem(p256.publicKey)}`],
    ['a public PEM of Ed25519', ` ${pem(ed25519.publicKey)}`],
    ['a private PEM', ` ${pem(p256.privateKey)}`],
    ['an RSA PEM of the older form', `\t${rsa.publicKey.export({ type: 'pkcs1', format: 'pem' })}`],
    ['DER', der(rsa.publicKey)],
    ['DER of Ed25519', der(ed25519.publicKey)],
    ['DER of the older form', rsa.publicKey.export({ type: 'pkcs1', format: 'der' }) as Buffer],
    ['private DER', der(p256.privateKey)],
    ['DER in Base64', der(p256.publicKey).toString('base64')],
    ['DER in base64url', der(p256.publicKey).toString('base64url')],
    ['DER in digits', der(p256.publicKey).toString('hex')],
    ['a JWK', jwk(rsa.publicKey)],
    ['a JWK with a blank before it', `\n ${jwk(p256.publicKey)}`],
    ['a set of JWKs', JSON.stringify({ keys: [ed25519.publicKey.export({ format: 'jwk' })] })],
    ['a JWK in Base64', Buffer.from(jwk(p256.publicKey)).toString('base64')],
    ['a line of OpenSSH', `ssh-ed25519 ${ssh} ada@desk`],
    ['one with a blank before it', ` ssh-ed25519 ${ssh}`],
    ['its Base64 alone', ssh],
  ])('is not %s', (_, secret) => {
    expect(problemOf(secret)).toBe(KEY);
  });

  it.each<[string, string | Buffer]>([
    ['the digits from 0 to f twice', '0123456789abcdef'.repeat(2)],
    ['the digits from 0 to f four times', '0123456789abcdef'.repeat(4)],
    ['16 random characters twice', 'k3VqZ8sT1pWxR5yN'.repeat(2)],
    ['16 random bytes twice', Buffer.concat([drawn('half', 16), drawn('half', 16)])],
    ['a word, cut at the end', 'supersecretsupersecretsupersecre'],
    ['a word in both cases', 'SuperSecretsupersecretSUPERSECRETsuperSecret'],
    ['one letter', 'a'.repeat(64)],
  ])('is not %s', (_, secret) => {
    expect(problemOf(secret)).toBe(REPEATS);
  });

  it.each<[string, string | Buffer]>([
    ['the alphabet and digits', 'abcdefghijklmnopqrstuvwxyz0123456789'],
    ['the alphabet in both cases', 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'],
    ['the alphabet backwards', 'zyxwvutsrqponmlkjihgfedcba9876543210'],
    ['every second letter and digit', 'acegikmoqsuwybdfhjlnprtvxz0246813579'],
    ['digits from 0 to f, there and back', '0123456789abcdeffedcba9876543210'],
    ['rows of a keyboard', 'qwertyuiopasdfghjklzxcvbnm1234567890'],
    ['rows of a German keyboard', 'qwertzuiopasdfghjklyxcvbnm1234567890'],
    ['columns of a keyboard', '1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.0p;/'],
    ['a palindrome', `${'k3VqZ8sT1pWxR5yN'}${[...'k3VqZ8sT1pWxR5yN'].reverse().join('')}`],
    ['one word with numbers', 'secret01secret02secret03secret04secret05'],
    ['bytes in order', Buffer.from(Array.from({ length: 48 }, (_, at) => at))],
    ['bytes in order, in digits', Buffer.from(Array.from({ length: 48 }, (_, at) => at)).toString('hex')],
    ['bytes in order, in Base64', Buffer.from(Array.from({ length: 48 }, (_, at) => at)).toString('base64')],
    ['one letter in Base64', Buffer.from('a'.repeat(40)).toString('base64').slice(0, -2)],
    ['the alphabet in Base64', Buffer.from('abcdefghijklmnopqrstuvwxyz0123456789').toString('base64')],
  ])('is not %s, either', (_, secret) => {
    expect([SEQUENCES, REPEATS]).toContain(problemOf(secret));
  });

  it('is not a published one, even with blanks around it', () => {
    for (const around of ['', ' ', '\n', '\ufeff', '\r\n']) {
      const secret = `${around}a-string-secret-at-least-256-bits-long${around}`;
      expect(problemOf(secret)).toBe('it is an example, known to everybody');
    }
  });

  it('is worth its characters: 32 digits are not enough, 39 are', () => {
    const digits = pick('0123456789', drawn('digits', 39));
    expect(problemOf(digits.slice(0, 32))).toBe('its characters are worth 106 bits at most, but 128 are needed');
    expect(problemOf(digits)).toBeUndefined();
  });

  const kinds: [string, (name: string) => string | Buffer][] = [
    ['32 bytes', (name) => drawn(name, 32)],
    ['64 bytes', (name) => drawn(name, 64)],
    ['16 bytes in digits', (name) => drawn(name, 16).toString('hex')],
    ['32 bytes in digits', (name) => drawn(name, 32).toString('hex')],
    ['32 bytes in capital digits', (name) => drawn(name, 32).toString('hex').toUpperCase()],
    ['24 bytes in Base64', (name) => drawn(name, 24).toString('base64')],
    ['32 bytes in Base64', (name) => drawn(name, 32).toString('base64')],
    ['48 bytes in Base64', (name) => drawn(name, 48).toString('base64')],
    ['48 bytes in base64url and a line break', (name) => `${drawn(name, 48).toString('base64url')}\n`],
    ['512 bytes in Base64', (name) => drawn(name, 512).toString('base64')],
    ['32 letters', (name) => pick('abcdefghijklmnopqrstuvwxyz', drawn(name, 32))],
    ['40 digits', (name) => pick('0123456789', drawn(name, 40))],
    [
      'two UUIDs',
      (name) =>
        drawn(name, 32)
          .toString('hex')
          .replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/g, '$1-$2-$3-$4-$5'),
    ],
    ['ten words', (name) => [...drawn(name, 10)].map((byte) => WORDS[byte % WORDS.length]).join(' ')],
    ['ten words without blanks', (name) => [...drawn(name, 10)].map((byte) => WORDS[byte % WORDS.length]).join('-')],
  ];

  it.each(kinds)(`of %s that were drawn is taken, ${RANDOM} times of ${RANDOM}`, (kind, draw) => {
    const refused = Array.from({ length: RANDOM }, (_, at) => draw(`${kind} ${at}`)).filter((one) => problemOf(one));
    expect(refused.map(String)).toEqual([]);
  });

  it('loses a few bits at most for what chance put into it', () => {
    const lost = Array.from({ length: RANDOM }, (_, at) => {
      const secret = Buffer.from(drawn(`lost ${at}`, 16).toString('hex'));
      return drawnBits(secret) - guessedBits(secret);
    });
    expect(Math.max(...lost)).toBeLessThan(20);
  });

  it('is the repetition of the shortest piece there is', () => {
    expect(['a', 'abab', 'abcab', 'abcd', 'AbaB'].map((text) => periodOf(Buffer.from(text)))).toEqual([1, 2, 3, 4, 2]);
  });
});

/** Common words of four letters and more, as a list of words for passphrases has them. */
const WORDS = (
  'acorn amber angle apple arrow badge bagel baker basil beach berry bison blade bloom board brave bread brick bridge ' +
  'brook brush cabin camel candle canyon cargo castle cedar chalk cherry chess cider cliff clock cloud clover coast ' +
  'comet copper coral cotton crane creek crown daisy delta desert dragon drum eagle ember fable falcon fern ferry field ' +
  'flame flint flute forest fossil frost garden ginger glacier globe grape gravel harbor hazel heron honey hotel iceberg ' +
  'island ivory jacket jasmine jungle kettle ladder lagoon lantern lemon lilac linen lion magnet maple marble meadow ' +
  'melon mirror monkey moss mountain mustard needle nickel oasis ocean olive onion orbit orchid otter oyster paddle palm ' +
  'panda paper pearl pebble pepper piano pigeon pilot planet plum pocket poppy prairie pumpkin quartz rabbit raven ribbon'
).split(' ');
