// The entry of packages/verifier, and `summit-k12-sso-bridge/verifier`: lets a product on Node verify sessions.
// Independent: imports jose and nothing of the bridge.
export { createVerifier, type Refused, type Verified, type Verifier, type VerifierOptions } from './create-verifier.ts';
export type { FollowOptions } from './follow-revocations.ts';
export type { VerifiedSession } from './read-session-claims.ts';
export { answerRefusal, type RefusalAnswer } from './refusal-answer.ts';
export { type RequireFastifySessionOptions, requireFastifySession } from './require-fastify-session.ts';
export { type RequireHonoSessionOptions, requireHonoSession } from './require-hono-session.ts';
export { type RequireSessionOptions, requireSession } from './require-session.ts';
export { sessionOf } from './session-of.ts';
export { type RequestHeaders, type RequestVerified, verifyRequest } from './verify-request.ts';
