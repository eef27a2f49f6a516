// The reason in the JSON body of a request.
import * as z from 'zod';
import { readReason, reasonRule } from '../../audit/reason.ts';

export const reasonShape = z.string().transform((text, context) => {
  const reason = readReason(text);
  if (reason !== undefined) return reason;
  context.addIssue({ code: 'custom', message: `reason ${reasonRule}` });
  return z.NEVER;
});
