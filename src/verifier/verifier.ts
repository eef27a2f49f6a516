// The entry of packages/verifier, and `summit-k12-sso-bridge/verifier`: lets a product on Node verify sessions.
// Independent: imports jose and nothing of the bridge.
export {
  createVerifier,
  type Refused,
  type Verified,
  type VerifiedSession,
  type Verifier,
  type VerifierOptions,
} from './create-verifier.ts';
export type { FollowOptions } from './follow-revocations.ts';
export {
  answerRefusal,
  type RefusalAnswer,
  type RequireFastifySessionOptions,
  type RequireHonoSessionOptions,
  type RequireSessionOptions,
  requireFastifySession,
  requireHonoSession,
  requireSession,
  sessionOf,
} from './hooks.ts';
export { type RequestHeaders, type RequestVerified, verifyRequest } from './verify-request.ts';
