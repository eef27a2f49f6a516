// Maps an error of oauth4webapi about a callback or an id_token to one word. The only place that reads its errors;
// their messages and causes quote tokens and claims, so only the word is passed on.
import { AuthorizationResponseError, OperationProcessingError, UnsupportedOperationError } from 'oauth4webapi';
import * as z from 'zod';
import type { CleverReason } from './refusal.ts';

const factsSchema = z.looseObject({
  claim: z.string().optional(),
  claims: z.record(z.string(), z.unknown()).optional(),
});
type Facts = z.infer<typeof factsSchema>;

const reasonOfClaim: Readonly<Record<string, CleverReason>> = {
  iss: 'wrong-issuer',
  aud: 'wrong-audience',
  azp: 'wrong-audience',
  nonce: 'wrong-nonce',
  exp: 'expired',
  nbf: 'not-yet-valid',
};

/** Before the code was sent: state, `iss` (RFC 9207) or the parameters themselves. `undefined`: a programming error. */
export function nameCallbackError(error: unknown): CleverReason | undefined {
  return isJudgement(error) || error instanceof AuthorizationResponseError ? 'bad-callback' : undefined;
}

/**
 * After the token endpoint gave an id_token that Clever signed. `undefined`: a programming error, which must not be
 * reported as an invalid token.
 */
export function nameVerificationError(error: unknown): CleverReason | undefined {
  return isJudgement(error) ? nameFacts(error.code, factsSchema.safeParse(error.cause).data ?? {}) : undefined;
}

const isJudgement = (error: unknown): error is OperationProcessingError | UnsupportedOperationError =>
  error instanceof OperationProcessingError || error instanceof UnsupportedOperationError;

function nameFacts(code: string | undefined, facts: Facts): CleverReason {
  switch (code) {
    case 'OAUTH_JWT_CLAIM_COMPARISON_FAILED':
    case 'OAUTH_JWT_TIMESTAMP_CHECK_FAILED':
      return reasonOfClaim[facts.claim ?? ''] ?? 'malformed-token';
    case 'OAUTH_INVALID_RESPONSE':
      return nameInvalid(facts);
    default:
      return 'malformed-token';
  }
}

function nameInvalid(facts: Facts): CleverReason {
  if (facts.claims !== undefined && facts.claims['nonce'] === undefined) return 'wrong-nonce';
  return 'malformed-token';
}
