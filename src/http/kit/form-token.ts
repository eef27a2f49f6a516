// The token in the forms of a signed-in visitor's pages: it shows that a form is ours where the browser does not say.

/** Made from the session id. */
export interface FormToken {
  make(sid: string): string;
  /** In constant time. */
  fits(token: string, sid: string): boolean;
}
