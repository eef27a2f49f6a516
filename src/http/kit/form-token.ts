// The CSRF token in the forms of a signed-in visitor: proves that a form is the bridge's if the browser sends no
// origin.

/** Derived from the session id. */
export interface FormToken {
  make(sid: string): string;
  /** In constant time. */
  fits(token: string, sid: string): boolean;
}
