// Validates a district's names and settings: one set of rules for the command and HTTP.
import * as z from 'zod';
import { type District, type Rostering, rosterings } from './district.ts';
import { isTimeZone } from './time-zone.ts';

/** The rule, phrased to follow "It" or the name of a field. */
export const districtRules = {
  id: 'must be 1 to 64 letters, digits, dots, dashes and underscores, and begin with a letter or digit',
  clever_id: "must be the district's id at Clever: digits and letters from a to f",
  name: 'must be 1 to 200 printable characters',
  rostering: `must be of ${rosterings.join(', ')}, each once, and only one kind of secure-sync`,
  oneroster_email: 'must be email or username',
  oneroster_id: 'must be sourcedId or identifier',
  district_admins: 'must be allow or deny',
  school_admins: 'must be allow or deny',
  time_zone: 'must be an IANA name of a time zone, such as America/Los_Angeles',
} as const;

export const settingChoices = {
  oneroster_email: ['email', 'username'],
  oneroster_id: ['sourcedId', 'identifier'],
  district_admins: ['deny', 'allow'],
  school_admins: ['deny', 'allow'],
} as const;

export const isDistrictId = (id: string): boolean => /^[A-Za-z0-9][\w.-]{0,63}$/.test(id);
export const isCleverDistrictId = (id: string): boolean => /^[0-9a-f]{1,64}$/.test(id);
export const isDistrictName = (name: string): boolean => /^[^\p{Cc}]{1,200}$/u.test(name) && name.trim() !== '';

/** Undefined if the rule is violated. */
export function readRostering(words: readonly string[]): Rostering[] | undefined {
  const read = rosterings.filter((rostering) => words.includes(rostering));
  const isTwofold = read.includes('secure-sync:full') && read.includes('secure-sync:provisioning');
  return read.length > 0 && read.length === words.length && !isTwofold ? read : undefined;
}

const body = z.object({
  clever_id: z.string(districtRules.clever_id).refine(isCleverDistrictId, districtRules.clever_id),
  name: z.string(districtRules.name).refine(isDistrictName, districtRules.name),
  rostering: z
    .array(z.string(districtRules.rostering), districtRules.rostering)
    .refine((words) => readRostering(words) !== undefined, districtRules.rostering),
  oneroster_email: z.enum(settingChoices.oneroster_email, districtRules.oneroster_email).optional(),
  oneroster_id: z.enum(settingChoices.oneroster_id, districtRules.oneroster_id).optional(),
  district_admins: z.enum(settingChoices.district_admins, districtRules.district_admins).optional(),
  school_admins: z.enum(settingChoices.school_admins, districtRules.school_admins).optional(),
  time_zone: z.string(districtRules.time_zone).refine(isTimeZone, districtRules.time_zone).optional(),
});

export interface DistrictProblem {
  readonly field: string;
  readonly message: string;
}

/** @param value `{clever_id, name, rostering}` and settings of its files, each optional; further members are ignored */
export function readDistrict(
  id: string,
  value: unknown,
):
  | { readonly kind: 'district'; readonly district: District }
  | { readonly kind: 'problems'; readonly problems: readonly DistrictProblem[] } {
  const read = body.safeParse(value);
  const problems = [
    ...(isDistrictId(id) ? [] : [{ field: 'id', message: districtRules.id }]),
    ...(read.error?.issues ?? []).map(({ path, message }) => ({ field: String(path[0] ?? 'body'), message })),
  ];
  if (!read.success || problems.length > 0) return { kind: 'problems', problems };
  const { clever_id: cleverId, name, rostering } = read.data;
  const settings = {
    oneRosterEmail: read.data.oneroster_email,
    oneRosterId: read.data.oneroster_id,
    districtAdmins: read.data.district_admins,
    schoolAdmins: read.data.school_admins,
    timeZone: read.data.time_zone,
  };
  return { kind: 'district', district: { id, cleverId, name, rostering: readRostering(rostering) ?? [], settings } };
}
