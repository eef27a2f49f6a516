// The texts of each action of staff: its name, its effect and the affected users, its result, and what to do next.
import type { DistrictReach } from '../../../admin/district-reach.ts';
import type { KeptAction } from '../../../admin/kept-actions.ts';
import { describeCount } from '../../../roster/report-text.ts';
import { methodNames } from './roster-feeds.tsx';

export interface ActionTexts {
  readonly title: string;
  /** Before: what will happen. */
  readonly effect: string;
  /** After: what happened. */
  readonly done: string;
  readonly next: string;
}

type Described = Pick<KeptAction, 'action' | 'facts' | 'district'>;

export function describeAction({ action, facts, district }: Described): ActionTexts {
  // Long because it lists each action with its texts.
  switch (action.kind) {
    case 'release_link': {
      const name = nameOf(facts, action.account);
      return {
        title: `Release the link of ${name}`,
        effect: `Open sessions of ${name} end. The next person whom Clever sends with the address of this account signs in as ${name}, and stays linked to it.`,
        done: `${capitalize(name)} is linked to no Clever id any more, and its open sessions have ended.`,
        next: 'Ask the person to sign in again from the Clever portal: that sign-in makes the new link.',
      };
    }
    case 'release_links':
      return {
        title: `Release all links of ${district}`,
        effect: `Open sessions of everybody in the district end. Each next sign-in links the person anew, by the address alone.${reachOf(facts)}`,
        done: `No account of the district is linked to a Clever id any more, and all open sessions have ended.${reachDone(facts)}`,
        next: 'People sign in again from the Clever portal. Watch the district’s failed sign-ins for those who do not match.',
      };
    case 'move_link':
      return {
        title: `Move the link of ${action.from} to ${action.to}`,
        effect: `The Clever id that is linked to ${action.from} signs in as ${action.to} from then on. Open sessions of ${action.from} end.`,
        done: `The Clever id signs in as account ${facts['to'] ?? action.to} now. Open sessions of account ${facts['from'] ?? action.from} have ended.`,
        next: 'Ask the person to sign in again. The former account stays closed to others until its link is released.',
      };
    case 'approve_roster':
      return {
        title: `Approve the held roster (${methodNames[action.method]}) of ${district}`,
        effect: 'The held roster replaces the published one. Sessions of people who are not in it end.',
        done: `The held roster is published.${sizeOf(facts)}`,
        next: 'Nothing, if it is right. If it is not, roll back to the previous roster on the district’s page.',
      };
    case 'roll_back_roster':
      return {
        title: `Roll back the roster (${methodNames[action.method]}) of ${district}`,
        effect: 'The previous roster replaces the published one. Sessions of people who are not in it end.',
        done: `The previous roster is published again.${sizeOf(facts)}`,
        next: 'The next roster that arrives is published as usual: have the district correct its files before it does.',
      };
    case 'put_district':
      return {
        title: `Change the settings of ${action.district.name}, with rosters that go`,
        effect: `It is rostered by ${action.district.rostering.join(', ') || 'nothing'} from then on. The rosters of other methods go, and who stands in them alone cannot sign in any more.`,
        done: `The settings are changed. ${describeCount(Number(facts['students'] ?? 0), 'student')} and ${describeCount(Number(facts['employees'] ?? 0), 'employee')} lost access with the rosters that went.`,
        next: 'Upload the roster of the method that takes their place, if there is one.',
      };
    case 'remove_district':
      return {
        title: `Remove ${district}`,
        effect: `Everybody of the district is signed out and cannot sign in any more. Its rosters, links, failed sign-ins and audit log are erased. Nothing brings them back.${reachOf(facts)}`,
        done: 'The district is removed, with everything that was kept of it.',
        next: 'Remove the app’s connection to the district at Clever as well.',
      };
    case 'end_sessions': {
      const name = action.account === undefined ? `everybody in ${district}` : nameOf(facts, action.account);
      return {
        title: `End the sessions of ${name}`,
        effect: `${capitalize(name)} is signed out wherever signed in, and may sign in again at once.`,
        done: `Every session of ${name} that was open has ended. ${action.account === undefined ? `Links are as they were.${reachDone(facts)}` : 'The link is as it was.'}`,
        next: 'They sign in again from the Clever portal. If a device or a password was lost, have it changed at Clever too: who has it can sign in again.',
      };
    }
  }
}

/** `name` if a page has it already. */
function nameOf({ name, record, sis_id: sisId }: KeptAction['facts'], account: string): string {
  if (name !== undefined) return `${name}`;
  return record === undefined ? `account ${account}` : `${record} ${sisId}`;
}

/** The users that an action on a whole district affects. */
export const describePeople = ({ linked, signedIn }: DistrictReach): string =>
  `${linked === 1 ? '1 person is' : `${linked.toLocaleString('en')} people are`} linked, and ${signedIn.toLocaleString('en')} at most ${signedIn === 1 ? 'is' : 'are'} signed in now.`;

const reachOf = ({ links, signed_in: signedIn }: KeptAction['facts']): string =>
  links === undefined ? '' : ` ${describePeople({ linked: Number(links), signedIn: Number(signedIn) })}`;

function reachDone({ links, signed_in: signedIn }: KeptAction['facts']): string {
  if (signedIn === undefined) return '';
  const linked = links === undefined ? '' : `${Number(links).toLocaleString('en')} were linked. `;
  return ` ${linked}${Number(signedIn).toLocaleString('en')} people at most were signed in.`;
}

const sizeOf = ({ students, employees }: KeptAction['facts']): string =>
  students === undefined
    ? ''
    : ` ${describeCount(Number(students), 'student')} and ${describeCount(Number(employees), 'employee')} sign in by it.`;

const capitalize = (text: string) => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
