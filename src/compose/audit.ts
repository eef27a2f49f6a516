// The two audit logs: per district, and of what staff read and changed.

import { hostname, userInfo } from 'node:os';
import { createAuditLog, createStaffAuditLog, type Operator } from '../audit/audit-log.ts';
import type { Storage } from './storage.ts';

export type Audit = ReturnType<typeof createAudit>;

/** @param operator of a command; a server has none */
export const createAudit = ({ store, vault, clock }: Storage, operator?: Operator) => ({
  auditLog: createAuditLog(store, vault, operator),
  staffAuditLog: createStaffAuditLog(store, vault, clock, operator),
});

/** The owner of this process. In a container the user id may have no name. */
export function readOperator(): Operator {
  const host = hostname();
  try {
    return { os_user: userInfo().username, host };
  } catch {
    return { os_user: 'unknown', host };
  }
}
