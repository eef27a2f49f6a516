// A pre-flight over HTTP: a list of people goes in, or nothing where Clever itself can be asked; the figures or the list to
// act on come out. The same as the command.
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Request, Response, Router } from 'express';
import type { District, Districts } from '../../roster/district.ts';
import type { ExportItem } from '../../roster/export-person.ts';
import { readCleverExport } from '../../roster/formats/clever-export.ts';
import { writeCsv } from '../../roster/formats/write-csv.ts';
import { readPeopleAtClever } from '../../roster/people-at-clever.ts';
import type { Preflight, PreflightRun, Verdict } from '../../roster/preflight.ts';
import { describePreflight, preflightRows } from '../../roster/preflight-report.ts';
import { type DataApi, DataApiFailure } from '../../roster/secure-sync/ports.ts';
import { syncOptionOf } from '../../roster/secure-sync/sync-district.ts';
import type { Trail } from '../../support/trail.ts';
import { sendApiProblem } from '../api-problem.ts';
import type { Asker, Guards } from '../authenticate.ts';
import type { BodyDeadline } from '../body-deadline.ts';
import { createRouter } from '../create-router.ts';
import { isClientGone } from '../send-ndjson.ts';
import { behind } from './behind.ts';
import { findDistrict } from './find-district.ts';
import { type UploadPlace, withUpload } from './receive-upload.ts';

export interface PreflightRoutesNeeds {
  readonly guards: Guards;
  readonly districts: Districts;
  readonly preflight: Preflight;
  readonly trail: Trail;
  readonly dataApi: Pick<DataApi, 'connect'>;
  readonly bodyDeadline: BodyDeadline;
  readonly uploads: UploadPlace;
  /** Told of what went wrong after the answer had begun. */
  readonly onFailure: (failure: unknown) => void;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
}

export function createPreflightRoutes(needs: PreflightRoutesNeeds): Router {
  const { guards, districts, preflight, trail, dataApi, bodyDeadline, uploads, onFailure, clock } = needs;
  const router = createRouter();

  router.post(
    '/districts/:id/preflight',
    guards.admin(async (request, response, asker) => {
      const district = await findDistrict(districts.find, request, response);
      if (district === undefined) return;
      if (!hasBody(request) && syncOptionOf(district) !== undefined) {
        return answerFromClever(request, response, district, asker);
      }
      bodyDeadline.lift(request);
      const refused = await withUpload(request, uploads, async ({ folder, files: [file, second] }) => {
        if (file === undefined || second !== undefined) {
          return { kind: 'refused', code: 'malformed_request', detail: 'Send one CSV file.' } as const;
        }
        await answer(request, response, district, asker, readCleverExport(join(folder, file)));
        return undefined;
      });
      if (refused?.kind === 'refused') sendApiProblem(response, refused.code, refused.detail);
    }),
  );

  /** Reading a district takes a while; nobody waits for one who has left. */
  async function answerFromClever(request: Request, response: Response, district: District, asker: Asker) {
    const left = new AbortController();
    response.once('close', () => left.abort());
    const people = readPeopleAtClever(dataApi.connect(district.cleverId, left.signal));
    try {
      await answer(request, response, district, asker, people);
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
    request: Request,
    response: Response,
    district: District,
    asker: Asker,
    people: AsyncIterable<ExportItem>,
  ): Promise<void> {
    const run = preflight(district, people);
    const first = await run.verdicts.next();
    response.vary('Accept').set('Cache-Control', 'no-store');
    const wantsCsv = request.accepts(['application/json', 'text/csv']) === 'text/csv';
    if (wantsCsv && !isUnreadable(run)) await sendCsv(response, behind(first, run.verdicts));
    else await sendJson(response, district, run);
    // Who asked has seen addresses of both sides.
    await trail.record(district.id, {
      action: 'preflight_made',
      at: clock(),
      by: asker.id,
      people: run.count().checked,
    });
  }

  async function sendJson(response: Response, district: District, run: PreflightRun): Promise<void> {
    for await (const _verdicts of run.verdicts);
    const document = describePreflight(district.id, run.count());
    if (isUnreadable(run)) sendApiProblem(response, 'export_unreadable', 'See findings.', document);
    else response.json(document);
  }

  async function sendCsv(response: Response, verdicts: AsyncIterable<readonly Verdict[]>): Promise<void> {
    response.status(200).type('text/csv; charset=utf-8').attachment('preflight.csv');
    try {
      await pipeline(writeCsv(preflightRows(verdicts)), response);
    } catch (failure) {
      if (!isClientGone(failure)) onFailure(failure);
      response.destroy();
    }
  }

  return router;
}

/** RFC 9112 section 6.3: without either of the two there is none. */
const hasBody = ({ headers }: Request): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;

const isUnreadable = (run: PreflightRun): boolean => run.count().findings.some(({ severity }) => severity === 'error');
