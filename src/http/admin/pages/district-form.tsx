// The form of a district: its Clever district, its rostering, and how its files are read.
import type { ComponentChildren } from 'preact';
import type { District } from '../../../district/district.ts';
import type { DistrictProblem } from '../../../district/read-district.ts';
import { describeDistrict } from '../../../roster/roster-documents.ts';
import type { StaffSession } from '../../../staff/staff-sign-in.ts';
import { FormToken, SupportLayout, zoneChoices } from '../../support/pages/support-layout.tsx';

export interface DistrictValues {
  readonly id?: string;
  readonly name?: string;
  readonly clever_id?: string;
  readonly rostering?: readonly string[];
  readonly [setting: string]: string | readonly string[] | undefined;
}

export const valuesOf = (district: District): DistrictValues => describeDistrict(district);

export interface Confirm {
  readonly name: string;
  readonly warning: string;
  /** A second person decides, based on the reason. */
  readonly waits?: boolean;
}

interface DistrictFormProps {
  readonly session: StaffSession;
  readonly values: DistrictValues;
  readonly isNew: boolean;
  readonly problems?: readonly DistrictProblem[];
  readonly confirm?: Confirm;
}

export function DistrictFormPage({ session, values, isNew, problems = [], confirm }: DistrictFormProps) {
  // Long because it lists each field of one form.
  const title = isNew ? 'Link a district' : `Settings of ${values.name || values.id}`;
  const text = { values, problems };
  return (
    <SupportLayout title={title} session={session} here="admin">
      <h1>{title}</h1>
      {problems.length > 0 && (
        <div class="note todo" role="alert">
          <p>Please correct:</p>
          <ul>
            {problems.map(({ field, message }) => (
              <li key={field}>
                <a href={`#${field}`}>{labels[field] ?? field}</a> {messages[field] ?? message}.
              </li>
            ))}
          </ul>
        </div>
      )}
      <form class="stack" method="post" action={isNew ? '/admin/link' : `/admin/districts/${values.id}/settings`}>
        <FormToken session={session} />
        {confirm && (
          <div class="note todo" role="alert">
            <p>{confirm.warning}</p>
            <label class="choice">
              <input type="checkbox" name={confirm.name} value="yes" required />
              Yes, do this
            </label>
            {confirm.waits && (
              <div class="field">
                <label for="reason">Why? A second person with scope admin has to approve it.</label>
                <input id="reason" name="reason" type="text" required maxLength={300} autocomplete="off" />
              </div>
            )}
          </div>
        )}
        {isNew && (
          <Text
            {...text}
            name="id"
            hint="Our name for it in addresses and commands, such as juniper-flats. It stays."
          />
        )}
        <Text {...text} name="name" hint="As people know it." />
        <Text
          {...text}
          name="clever_id"
          hint="From the district’s page in the Clever dashboard: digits and letters a to f."
        />
        <Rostering values={values} />
        <details open={problems.length > 0}>
          <summary>Options</summary>
          {Object.entries(choices).map(([name, { label, options }]) => (
            <div key={name} class="field">
              <label for={name}>{label}</label>
              <select id={name} name={name}>
                {withOwn(options, values[name]).map(([value, text]) => (
                  <option key={value} value={value} selected={values[name] === value}>
                    {text}
                  </option>
                ))}
              </select>
            </div>
          ))}
        </details>
        <button class="button" type="submit">
          {isNew ? 'Link the district' : 'Change the settings'}
        </button>
      </form>
    </SupportLayout>
  );
}

type Options = readonly (readonly [value: string, text: string])[];

/** Includes values of the district that only the command or API can set. */
const withOwn = (options: Options, own: DistrictValues[string]): Options =>
  typeof own !== 'string' || options.some(([value]) => value === own) ? options : [...options, [own, own]];

/** Where the general message is about values that this form cannot send. */
const messages: Readonly<Record<string, string>> = { rostering: 'must be at least one of those below' };

const labels: Readonly<Record<string, string>> = {
  id: 'Id',
  name: 'Name',
  clever_id: 'Clever id',
  rostering: 'How its roster comes',
};

const choices = {
  oneroster_email: {
    label: 'Address in OneRoster files',
    options: [
      ['email', 'column email'],
      ['username', 'column username'],
    ],
  },
  oneroster_id: {
    label: 'Id of a person in OneRoster files',
    options: [
      ['sourcedId', 'column sourcedId'],
      ['identifier', 'column identifier'],
    ],
  },
  district_admins: {
    label: 'District administrators from automated rosters',
    options: [
      ['deny', 'become school administrators'],
      ['allow', 'are district administrators'],
    ],
  },
  school_admins: {
    label: 'School administrators on the district’s own pages',
    options: [
      ['deny', 'see nothing'],
      ['allow', 'see the open sign-ins of their schools'],
    ],
  },
  time_zone: { label: 'Time zone of its schools', options: zoneChoices },
} as const satisfies Readonly<Record<string, { readonly label: string; readonly options: Options }>>;

interface TextProps extends Pick<DistrictFormProps, 'values'> {
  readonly problems: readonly DistrictProblem[];
  readonly name: string;
  readonly hint: ComponentChildren;
}

function Text({ values, problems, name, hint }: TextProps) {
  const problem = problems.find(({ field }) => field === name);
  const value = values[name];
  return (
    <div class="field">
      <label for={name}>{labels[name]}</label>
      <input
        id={name}
        name={name}
        type="text"
        required
        maxLength={200}
        value={typeof value === 'string' ? value : ''}
        autocomplete="off"
        spellcheck={false}
        aria-invalid={problem === undefined ? undefined : 'true'}
        aria-describedby={`${name}-hint`}
      />
      <p class="quiet" id={`${name}-hint`}>
        {problem && <strong class="wrong">It {problem.message}. </strong>}
        {hint}
      </p>
    </div>
  );
}

function Rostering({ values: { rostering = [] } }: Pick<DistrictFormProps, 'values'>) {
  const sync = rostering.find((each) => each.startsWith('secure-sync:'))?.split(':')[1] ?? '';
  return (
    <fieldset id="rostering">
      <legend>How its roster comes</legend>
      <label class="choice">
        <input type="checkbox" name="rostering" value="sftp" checked={rostering.includes('sftp')} />
        Files by SFTP, or the same uploaded here: OneRoster or Clever-style CSV
      </label>
      <label class="choice">
        <input type="checkbox" name="rostering" value="manual" checked={rostering.includes('manual')} />
        Spreadsheet
      </label>
      <div class="field">
        <label for="secure_sync">Clever Secure Sync</label>
        <select id="secure_sync" name="secure_sync">
          {syncs.map(([value, text]) => (
            <option key={value} value={value} selected={value === sync}>
              {text}
            </option>
          ))}
        </select>
      </div>
    </fieldset>
  );
}

const syncs = [
  ['', 'no'],
  ['full', 'Full Roster Integration: people and classes'],
  ['provisioning', 'Roster Account Provisioning: students; others by spreadsheet'],
] as const;
