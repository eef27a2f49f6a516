// Access to /district: an administrator of the district, by the live session of this browser. All other visitors get
// the same 404, so that no response reveals which accounts have access.
import type { Request, RequestHandler, Response } from 'express';
import { h } from 'preact';
import type { DistrictVisitor, FindDistrictVisitor } from '../../admin/district-visitor.ts';
import type { AuditLog, StaffAuditLog } from '../../audit/audit-log.ts';
import { timeZoneOf } from '../../district/district.ts';
import type { Cookies } from '../kit/cookies.ts';
import { type FormToken, isSameOrigin } from '../kit/csrf.ts';
import { supportContact } from '../kit/send-page.ts';
import { sendForbidden, sendNotFound } from '../kit/send-refusal.ts';
import type { PageContext } from '../roster/page-context.ts';
import { ReaderContext } from '../support/pages/time.tsx';
import { DistrictFrame } from './pages/district-frame.tsx';

export interface DistrictPageContext extends PageContext {
  /** Of a school administrator; undefined for the whole district. */
  readonly schoolIds: readonly string[] | undefined;
}

export type DistrictHandler = (request: Request, response: Response, context: DistrictPageContext) => unknown;

/** `district`: not for school administrators, who see only the users of their schools. */
export type DistrictAccess = (reach: 'school' | 'district', handler: DistrictHandler) => RequestHandler;

export interface DistrictAccessNeeds {
  readonly findVisitor: FindDistrictVisitor;
  readonly cookies: Pick<Cookies, 'sessions'>;
  readonly formToken: FormToken;
  readonly origin: string;
  readonly auditLog: AuditLog;
  readonly staffAuditLog: Pick<StaffAuditLog, 'record'>;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
}

export const districtBase = '/district';

export function createDistrictAccess(needs: DistrictAccessNeeds): DistrictAccess {
  return (reach, handler) => async (request, response) => {
    response.vary('Cookie');
    const visitor = await needs.findVisitor(needs.cookies.sessions(request));
    const isForbidden = visitor?.schoolIds !== undefined && reach === 'district';
    if (visitor === undefined || isForbidden) return sendNotFound(request, response);
    const isReading = request.method === 'GET' || request.method === 'HEAD';
    // The form's token follows in the body: a form that the browser reports as another site's is not read.
    if (!isReading && !isSameOrigin(request, needs.origin, true)) return sendForbidden(request, response);
    return handler(request, response, createPageContext(needs, request, visitor));
  };
}

function createPageContext(
  { formToken, auditLog, staffAuditLog, clock }: DistrictAccessNeeds,
  request: Request,
  { district, account, sid, schoolIds }: DistrictVisitor,
): DistrictPageContext {
  const token = formToken.make(sid);
  return {
    district,
    schoolIds,
    base: districtBase,
    by: 'district',
    account,
    owner: account,
    isStaff: false,
    formToken: token,
    // Every form of these pages has the token, whatever origin the browser reports.
    isOwnForm: (given) => typeof given === 'string' && formToken.fits(given, sid),
    frame: (title, children) =>
      h(ReaderContext.Provider, {
        value: { zone: timeZoneOf(district), path: districtBase },
        children: h(DistrictFrame, {
          title,
          here: request.path,
          formToken: token,
          isSchool: schoolIds !== undefined,
          contact: request.app.get(supportContact),
          children,
        }),
      }),
    async note(action, facts = {}) {
      const entry = { at: clock(), by: 'district', account, ...facts };
      await auditLog.record(district.id, { action, ...entry });
      await staffAuditLog.record({ action, ...entry, why: 'own district', district: district.id });
    },
  };
}
