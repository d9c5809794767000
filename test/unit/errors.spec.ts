import { describe, expect, it } from 'vitest';
import { AuthError, ConfigurationError } from '../../src/errors.js';

describe('AuthError', () => {
  it('tells the client a code and the operator a reason', () => {
    const error = new AuthError('invalid_token', 'session_ended');
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({
      name: 'AuthError',
      code: 'invalid_token',
      reason: 'session_ended',
      message: 'invalid_token (session_ended)',
    });
    expect(error.cause).toBeUndefined();
  });

  it('carries the underlying fault and the detail, if there are any', () => {
    const cause = new Error('disk full');
    const error = new AuthError('unavailable', 'store_failed', { cause, detail: 'the disk is full' });
    expect(error.cause).toBe(cause);
    expect(error.message).toBe('the disk is full');
  });
});

describe('ConfigurationError', () => {
  it('names the option, what is wrong with it and what to write instead', () => {
    const error = new ConfigurationError('accessTtl', 'it is zero', 'Give a length of time');
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({
      name: 'ConfigurationError',
      option: 'accessTtl',
      message: 'AuthModule option `accessTtl`: it is zero. Give a length of time.',
    });
  });
});
