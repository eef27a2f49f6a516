// The only parser of HTTP Basic credentials (RFC 7617 section 2), so that guards and limits see the same ones.

export interface BasicCredentials {
  readonly id: string;
  readonly secret: string;
}

/** @param header the value of `Authorization`, from any client */
export function readBasic(header: string | undefined): BasicCredentials | undefined {
  const encoded = /^Basic +([A-Za-z0-9+/_-]{1,1024}={0,2}) *$/i.exec(header ?? '')?.[1];
  if (encoded === undefined) return undefined;
  const [, id, secret] = /^([^:]*):(.*)$/s.exec(Buffer.from(encoded, 'base64').toString('utf8')) ?? [];
  return id === undefined || secret === undefined ? undefined : decode({ id, secret });
}

/**
 * RFC 6749 section 2.3.1: OAuth clients form-encode both, some even `-` and `_`, which half of our secrets have.
 * Neither contains a `%`.
 */
function decode({ id, secret }: BasicCredentials): BasicCredentials | undefined {
  try {
    return { id: decodeURIComponent(id), secret: decodeURIComponent(secret) };
  } catch {
    return undefined;
  }
}
