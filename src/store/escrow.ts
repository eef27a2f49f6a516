// The escrow of account ids: the key they are derived with, sealed to a public key whose private half is kept elsewhere
// (JWE, RFC 7516). For the case that STORE_KEYS are lost. It opens no stored value.
import { createPrivateKey, type KeyObject } from 'node:crypto';
import { CompactEncrypt, calculateJwkThumbprint, compactDecrypt, decodeProtectedHeader, errors, exportJWK } from 'jose';
import type { Address, Store } from './store.ts';

const escrowAt: Address = { partition: 'vault', id: 'escrow' };
/** An escrow has about 600 bytes. */
export const maxEscrowBytes = 65_536;
const type = 'summit-k12-sso-bridge account ids 1';

/** Identifies the key pair: the JWK thumbprint of the public key (RFC 7638). */
const idOf = async (key: KeyObject): Promise<string> => calculateJwkThumbprint(await exportJWK(key));

const algorithmOf = ({ asymmetricKeyType }: KeyObject): string =>
  asymmetricKeyType === 'rsa' ? 'RSA-OAEP-256' : 'ECDH-ES+A256KW';

/** @param accountKey from readAccountKey */
async function sealEscrow(accountKey: Buffer, to: KeyObject): Promise<string> {
  const header = { alg: algorithmOf(to), enc: 'A256GCM', typ: type, kid: await idOf(to) };
  return new CompactEncrypt(accountKey).setProtectedHeader(header).encrypt(to);
}

/**
 * Stores an escrow to this key: at first start, and when the key has changed.
 * @returns the id of the key, if an escrow was made now
 */
export async function keepEscrow(
  store: Pick<Store, 'get' | 'put'>,
  accountKey: () => Promise<Buffer>,
  to: KeyObject,
): Promise<string | undefined> {
  const id = await idOf(to);
  const held = await readEscrow(store);
  if (held !== undefined && keyIdOf(held) === id) return undefined;
  await store.put(escrowAt, Buffer.from(await sealEscrow(await accountKey(), to)));
  return id;
}

/** Needs no keys. */
export async function readEscrow(store: Pick<Store, 'get'>): Promise<string | undefined> {
  return (await store.get([escrowAt]))[0]?.toString();
}

export type EscrowOpened =
  | { readonly kind: 'opened'; readonly accountKey: Buffer }
  | { readonly kind: 'refused'; readonly code: 'escrow_broken' | 'escrow_key'; readonly detail: string };

/** @param privateKey in PEM */
export async function openEscrow(escrow: string, privateKey: string): Promise<EscrowOpened> {
  const refused = (code: 'escrow_broken' | 'escrow_key', detail: string) =>
    ({ kind: 'refused', code, detail }) as const;
  const key = readPrivateKey(privateKey);
  if (key === undefined) return refused('escrow_key', 'The private key is not one in PEM without a passphrase.');
  const kid = keyIdOf(escrow);
  if (kid === undefined) return refused('escrow_broken', 'The escrow is not one that the bridge made.');
  const options = { keyManagementAlgorithms: [algorithmOf(key)], contentEncryptionAlgorithms: ['A256GCM'] };
  try {
    const { plaintext } = await compactDecrypt(escrow.trim(), key, options);
    if (plaintext.length !== 32) return refused('escrow_broken', 'The escrow does not hold what it should.');
    return { kind: 'opened', accountKey: Buffer.from(plaintext) };
  } catch (failure) {
    if (!(failure instanceof errors.JOSEError || failure instanceof TypeError)) throw failure;
    return refused(
      'escrow_key',
      `The private key does not open the escrow, which is sealed to the key with the id ${kid}.`,
    );
  }
}

function keyIdOf(escrow: string): string | undefined {
  try {
    const { typ, kid } = decodeProtectedHeader(escrow.trim());
    return typ === type ? kid : undefined;
  } catch {
    return undefined;
  }
}

function readPrivateKey(pem: string): KeyObject | undefined {
  try {
    return createPrivateKey(pem);
  } catch {
    return undefined;
  }
}
