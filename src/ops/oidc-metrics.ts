// The OpenID provider's responses to products.
import { Counter, type Registry } from 'prom-client';

export interface OidcMetrics {
  /** One attempt to notify a client of an ended session. */
  clientNotified(result: 'delivered' | 'failed' | 'given_up'): void;
  /**
   * `endpoint`: authorize, token, userinfo, discovery. `answer`: done, sign_in (redirected to Clever first), refused,
   * failed.
   */
  answered(answer: { readonly endpoint: string; readonly answer: string }): void;
}

export function createOidcMetrics(registers: Registry[]): OidcMetrics {
  const answers = new Counter({
    name: 'sso_bridge_oidc_answers_total',
    help: 'Answers of the OpenID provider by endpoint: done, sign_in, refused, failed.',
    labelNames: ['endpoint', 'answer'],
    registers,
  });
  for (const endpoint of ['authorize', 'token', 'userinfo', 'discovery'])
    for (const answer of ['done', 'refused', 'failed']) answers.inc({ endpoint, answer }, 0);
  answers.inc({ endpoint: 'authorize', answer: 'sign_in' }, 0);
  const logouts = new Counter({
    name: 'sso_bridge_backchannel_logouts_total',
    help: 'Attempts to notify a client of an ended session: delivered, failed (tried again), given_up.',
    labelNames: ['result'],
    registers,
  });
  for (const result of ['delivered', 'failed', 'given_up']) logouts.inc({ result }, 0);
  return {
    clientNotified: (result) => logouts.inc({ result }),
    answered: ({ endpoint, answer }) => answers.inc({ endpoint, answer }),
  };
}
