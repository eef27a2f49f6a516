// Reports the event of a sign-in to the log, the metrics and the trace.
import { createLimitedLog } from '../limits/limited-log.ts';
import type { Log } from '../ops/log.ts';
import type { Metrics } from '../ops/metrics.ts';
import type { SignInEvent } from '../sign-in/sign-in-event.ts';
import { noteOnRequest } from '../trace/request-context.ts';

/** Events that any client can cause are only counted, so that a flood of them is not a flood of lines. */
export function reportSignIns(
  log: Pick<Log, 'signIn'>,
  metrics: Pick<Metrics, 'signIn'>,
): (event: SignInEvent) => void {
  const reportUnproven = createLimitedLog<SignInEvent>(({ isUnproven, ...event }, count) => log.signIn(event, count), {
    nameOf: ({ outcome }) => outcome,
  });
  return (event) => {
    if (event.isUnproven) reportUnproven(event);
    else log.signIn(event);
    metrics.signIn(event);
    noteOnRequest({ 'sso_bridge.outcome': event.outcome, ...(event.app && { 'sso_bridge.app': event.app }) });
  };
}
