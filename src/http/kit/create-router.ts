// The path settings of every public router.
import { Router } from 'express';

/** Case-sensitive: a proxy that blocks /support must not leave /Support open. A trailing slash is ignored. */
export const createRouter = (): Router => Router({ caseSensitive: true });
