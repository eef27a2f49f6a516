// The two audit logs: per district, and of what staff read and changed.

import { createAuditLog, createStaffAuditLog } from '../audit/audit-log.ts';
import type { Storage } from './storage.ts';

export type Audit = ReturnType<typeof createAudit>;

export const createAudit = ({ store, vault, clock }: Storage) => ({
  auditLog: createAuditLog(store, vault),
  staffAuditLog: createStaffAuditLog(store, vault, clock),
});
