// The sandbox's second product beside a fixture: registered with the command, and started.
import {
  coachAddresses,
  type ReadingCoach,
  startReadingCoach,
} from '../../sandbox/reading-coach/start-reading-coach.ts';
import type { Fixture } from './bridge.ts';
import { findFreePort } from './redis-server.ts';

/** @param words further ones of `client put` */
export async function startCoach(fixture: Fixture, words: readonly string[] = []): Promise<ReadingCoach> {
  const port = await findFreePort();
  const { redirectUri, initiateLoginUri, postLogoutRedirectUri, backchannelLogoutUri } = coachAddresses(port);
  const put = await fixture.command(
    ...['client', 'put', 'reading-coach', '--scopes', 'openid,profile,offline_access', '--redirect-uri', redirectUri],
    ...['--initiate-login-uri', initiateLoginUri, '--post-logout-redirect-uri', postLogoutRedirectUri],
    ...['--backchannel-logout-uri', backchannelLogoutUri, ...words],
  );
  if (put.exitCode !== 0) throw new Error(`client put: ${put.stdout}${put.stderr}`);
  const clientSecret = String(put.json['secret']);
  return startReadingCoach({ port, issuer: fixture.publicUrl, clientId: 'reading-coach', clientSecret });
}
