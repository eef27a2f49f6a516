// Changes of program credentials, OpenID clients and signing keys on request, each with an entry in the staff audit
// log.

import type { StaffAuditEntry, StaffAuditLog } from '../audit/audit-log.ts';
import type { ClientChanges } from '../session/client.ts';
import type { Clients } from '../session/clients.ts';
import type { Credential, Credentials, Scope } from '../session/credentials.ts';
import { makeVectors, type VectorKit, type VectorOptions } from '../session/make-vectors.ts';
import type { Replaced } from '../session/replace-compromised-keys.ts';
import type { SigningKeys } from '../session/signing-keys.ts';

interface NewCredential {
  readonly scope: Scope;
  readonly name: string;
  readonly lifeMs: number | undefined;
  /** As in `Credential`. */
  readonly madeBy?: Credential['madeBy'];
}

export interface RecordedAccess {
  createCredential(made: NewCredential, by: string): ReturnType<Credentials['create']>;
  /** False if no valid credential has the id. */
  revokeCredential(id: string, by: string, reason?: string): Promise<boolean>;
  putClient(id: string, changes: ClientChanges, by: string): ReturnType<Clients['put']>;
  rotateClient(id: string, endFormer: boolean, by: string): ReturnType<Clients['rotate']>;
  /** False if there is no such client. */
  removeClient(id: string, by: string, reason?: string): Promise<boolean>;
  rotateKeys(by: string): ReturnType<SigningKeys['rotate']>;
  /** Ends every session of every district. */
  replaceCompromisedKeys(by: string): Promise<Replaced>;
  makeVectors(to: VectorOptions, by: string): Promise<VectorKit>;
}

interface RecordedAccessNeeds {
  readonly credentials: Pick<Credentials, 'create' | 'revoke'>;
  readonly clients: Pick<Clients, 'put' | 'rotate' | 'remove'>;
  readonly keys: SigningKeys;
  readonly replaceCompromisedKeys: (said: { readonly by: string; readonly reason: string }) => Promise<Replaced>;
  readonly staffAuditLog: Pick<StaffAuditLog, 'record'>;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
}

/** `by` in an entry is as in audit-log.ts. */
export function createRecordedAccess(needs: RecordedAccessNeeds): RecordedAccess {
  const { credentials, clients, keys, staffAuditLog, clock } = needs;
  const record = (
    action: StaffAuditEntry['action'],
    by: string,
    why: string,
    facts: Readonly<Record<string, string | number>>,
  ) => staffAuditLog.record({ action, at: clock(), by, why, ...facts });

  return {
    async createCredential({ scope, name, lifeMs, madeBy }, by) {
      const made = await credentials.create(scope, name, lifeMs, madeBy);
      await record('credential_created', by, name, { credential: made.credential.id, scope });
      return made;
    },
    async revokeCredential(id, by, reason = 'not said') {
      const isRevoked = await credentials.revoke(id);
      if (isRevoked) await record('credential_revoked', by, reason, { credential: id });
      return isRevoked;
    },
    async putClient(id, changes, by) {
      const result = await clients.put(id, changes);
      if (result.kind === 'refused') return result;
      const { isPublic, redirectUris, scopes } = result.client;
      const facts = { client: id, kind: isPublic ? 'public' : 'confidential', scopes: scopes.join(' ') };
      await record('client_put', by, result.isNew ? 'registered' : 'changed', {
        ...facts,
        redirect_uris: redirectUris.join(' '),
      });
      return result;
    },
    async rotateClient(id, endFormer, by) {
      const result = await clients.rotate(id, endFormer);
      if (result.kind === 'done')
        await record('client_rotated', by, endFormer ? 'former secrets ended' : 'not said', { client: id });
      return result;
    },
    async removeClient(id, by, reason = 'not said') {
      const isRemoved = await clients.remove(id);
      if (isRemoved) await record('client_removed', by, reason, { client: id });
      return isRemoved;
    },
    async rotateKeys(by) {
      const result = await keys.rotate();
      if (result.kind !== 'refused') await record('keys_rotated', by, 'not said', { key: result.key.kid });
      return result;
    },
    async replaceCompromisedKeys(by) {
      const reason = 'signing key compromised';
      const replaced = await needs.replaceCompromisedKeys({ by, reason });
      await record('keys_replaced', by, reason, { key: replaced.key.kid, districts: replaced.districts.length });
      return replaced;
    },
    async makeVectors(to, by) {
      const vectors = await makeVectors(keys, to);
      await record('vectors_made', by, 'not said', { audience: to.audience });
      return vectors;
    },
  };
}
