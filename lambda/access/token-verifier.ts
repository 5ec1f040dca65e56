import { createRemoteJWKSet, errors, type JWTVerifyGetKey, jwtVerify } from 'jose';

/** Whose tokens are taken. */
export interface TokenRules {
  readonly issuer: string;
  readonly audience: string;
}

/** Answers the caller that a token names; undefined where the token is not to be trusted. */
export type TokenVerifier = (token: string) => Promise<string | undefined>;

/** Asymmetric ones alone: nobody who can verify a token can make one. */
const ALGORITHMS = ['RS256', 'ES256'];

/** Clocks differ by a little. */
const CLOCK_TOLERANCE_SECONDS = 5;

/** A key set is fetched again after this long, and for an unknown key at most every half minute. */
const KEY_SET_MAX_AGE_MS = 10 * 60 * 1000;
const KEY_SET_COOLDOWN_MS = 30_000;
const KEY_SET_TIMEOUT_MS = 5000;

/** What is the token's own fault; whatever else fails is the key set's or ours. */
const NOT_TRUSTED = [
  errors.JOSEAlgNotAllowed,
  errors.JOSENotSupported,
  // Nothing in it says which of the issuer's keys has signed it.
  errors.JWKSMultipleMatchingKeys,
  errors.JWKSNoMatchingKey,
  errors.JWSInvalid,
  errors.JWSSignatureVerificationFailed,
  errors.JWTClaimValidationFailed,
  errors.JWTExpired,
  errors.JWTInvalid,
];

/** The keys that an issuer publishes, kept between requests. */
export function publishedKeys(url: string): JWTVerifyGetKey {
  return createRemoteJWKSet(new URL(url), {
    cacheMaxAge: KEY_SET_MAX_AGE_MS,
    cooldownDuration: KEY_SET_COOLDOWN_MS,
    timeoutDuration: KEY_SET_TIMEOUT_MS,
  });
}

/**
 * Verifies signature, issuer, audience and expiry of tokens.
 * @param now what the time is @default - the machine's
 * @throws what the key set throws where it can't be had: that says nothing about the token
 */
export function tokenVerifier(
  keys: JWTVerifyGetKey,
  { issuer, audience }: TokenRules,
  now: () => Date = () => new Date(),
): TokenVerifier {
  return async (token) => {
    try {
      const { payload } = await jwtVerify(token, keys, {
        issuer,
        audience,
        algorithms: ALGORITHMS,
        requiredClaims: ['exp', 'sub'],
        clockTolerance: CLOCK_TOLERANCE_SECONDS,
        currentDate: now(),
      });
      return payload.sub;
    } catch (error) {
      if (NOT_TRUSTED.some((kind) => error instanceof kind)) return undefined;
      throw error;
    }
  };
}
