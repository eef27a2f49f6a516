// How every router of the public side reads paths.
import { Router } from 'express';

/** Case counts: who closes /support at a proxy must not find /Support open. A slash at the end does not count. */
export const createRouter = (): Router => Router({ caseSensitive: true });
