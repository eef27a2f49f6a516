// A pre-flight over HTTP: from a list of users, or by reading Clever if possible; returns the counts or the list. The
// same as the command.
import { join } from 'node:path';
import type { Request, Response, Router } from 'express';
import type { AuditLog } from '../../audit/audit-log.ts';
import type { District, Districts } from '../../district/district.ts';
import type { ExportItem } from '../../formats/feed.ts';
import { readCleverExport } from '../../preflight/clever-export.ts';
import type { Preflight, PreflightRun } from '../../preflight/preflight.ts';
import { describePreflight, preflightRows } from '../../preflight/preflight-report.ts';
import { readUsersAtClever } from '../../preflight/users-at-clever.ts';
import { type DataApi, DataApiFailure } from '../../secure-sync/ports.ts';
import { syncOptionOf } from '../../secure-sync/sync-district.ts';
import { sendApiProblem } from '../kit/api-response.ts';
import type { Caller, Guards } from '../kit/authenticate.ts';
import type { BodyDeadline } from '../kit/read-body.ts';
import { createRouter, findDistrict } from '../kit/router.ts';
import { behind, sendCsv } from '../kit/send-stream.ts';
import { type UploadPlace, withUpload } from './receive-upload.ts';

interface PreflightRoutesNeeds {
  readonly guards: Guards;
  readonly districts: Districts;
  readonly preflight: Preflight;
  readonly auditLog: AuditLog;
  readonly dataApi: Pick<DataApi, 'connect'>;
  readonly bodyDeadline: BodyDeadline;
  readonly uploads: UploadPlace;
  /** Called with errors after the response began. */
  readonly onFailure: (failure: unknown) => void;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
}

export function createPreflightRoutes(needs: PreflightRoutesNeeds): Router {
  const { guards, districts } = needs;
  const router = createRouter();

  router.post(
    '/districts/:id/preflight',
    guards.admin(async (request, response, caller) => {
      const district = await findDistrict(districts.find, request, response);
      if (district === undefined) return;
      const asked: Asked = { request, response, district, caller };
      if (hasBody(request) || syncOptionOf(district) === undefined) await answerUpload(needs, asked);
      else await answerFromClever(needs, asked);
    }),
  );

  return router;
}

interface Asked {
  readonly request: Request;
  readonly response: Response;
  readonly district: District;
  readonly caller: Caller;
}

async function answerUpload(needs: PreflightRoutesNeeds, asked: Asked): Promise<void> {
  const { request, response } = asked;
  needs.bodyDeadline.lift(request);
  const refused = await withUpload(request, needs.uploads, async ({ folder, files: [file, second] }) => {
    if (file === undefined || second !== undefined) {
      return {
        kind: 'refused',
        code: 'malformed_request',
        detail: 'Send one CSV file, or one workbook (.xlsx).',
      } as const;
    }
    await answer(needs, asked, readCleverExport(join(folder, file)));
    return undefined;
  });
  if (refused?.kind === 'refused') sendApiProblem(response, refused.code, refused.detail);
}

/** Reading a district takes a while; it ends when the client disconnects. */
async function answerFromClever(needs: PreflightRoutesNeeds, asked: Asked): Promise<void> {
  const { response, district } = asked;
  const left = new AbortController();
  response.once('close', () => left.abort());
  const people = readUsersAtClever(needs.dataApi.connect(district.cleverId, left.signal));
  try {
    await answer(needs, asked, people);
  } catch (failure) {
    if (!(failure instanceof DataApiFailure)) throw failure;
    if (!left.signal.aborted) {
      sendApiProblem(response, 'clever_unread', `See: sso-bridge sync --district ${district.id}`, {
        reason: failure.reason,
      });
    }
  }
}

async function answer(
  { preflight, auditLog, onFailure, clock }: PreflightRoutesNeeds,
  { request, response, district, caller }: Asked,
  people: AsyncIterable<ExportItem>,
): Promise<void> {
  const run = preflight(district, people);
  const first = await run.verdicts.next();
  response.vary('Accept').set('Cache-Control', 'no-store');
  const wantsCsv = request.accepts(['application/json', 'text/csv']) === 'text/csv';
  if (wantsCsv && !isUnreadable(run))
    await sendCsv(response, 'preflight.csv', preflightRows(behind(first, run.verdicts)), onFailure);
  else await sendJson(response, district, run);
  // The caller has seen addresses of both sides.
  await auditLog.record(district.id, {
    action: 'preflight_made',
    at: clock(),
    by: caller.id,
    people: run.count().checked,
  });
}

async function sendJson(response: Response, district: District, run: PreflightRun): Promise<void> {
  for await (const _verdicts of run.verdicts);
  const document = describePreflight(district.id, run.count());
  if (isUnreadable(run)) sendApiProblem(response, 'export_unreadable', 'See findings.', document);
  else response.json(document);
}

/** RFC 9112 section 6.3: without either of the two there is no body. */
const hasBody = ({ headers }: Request): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;

export const isUnreadable = (run: PreflightRun): boolean =>
  run.count().findings.some(({ severity }) => severity === 'error');
