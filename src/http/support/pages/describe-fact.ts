// Facts of an attempt for staff only, each as a sentence.

import { showTime } from '../../../district/time-zone.ts';
import type { StaffFact } from '../../../support/staff-facts.ts';
import { describeUnreadRoster } from '../../../support/unread-roster.ts';

export function describeFact(fact: StaffFact): string {
  switch (fact.kind) {
    case 'roster_not_read':
      return describeUnreadRoster(fact);
    case 'would_match_now':
      return 'With today’s roster this person would get in.';
    case 'would_be_refused_now':
      return `With today’s roster this person would be refused again: ${fact.code}.`;
    case 'address_shared':
      return `${fact.accounts.length} accounts share the address: ${fact.accounts.map(describeAccount).join('; ')}.`;
    case 'account_of_two_people':
      return `The rosters of ${fact.rosters.length} methods give ${describeAccount(fact)} to two people (name and address both differ), so that neither gets in: ${fact.rosters.map(({ method, place }) => `${method}: ${place}`).join('; ')}. The district corrects the wrong one.`;
    case 'in_another_district':
      return `The address is in the roster of another district: ${fact.districts.join(', ')}. Never tell the caller.`;
    case 'other_districts_not_searched':
      return `Only ${fact.searched} of ${fact.of} other districts were searched for the address.`;
    case 'address_changed_in_roster':
      return `The previous roster had exactly this address for ${describeAccount(fact)}; since the publish of ${describeTime(fact.published_at)} the same SIS id has another.`;
    case 'left_roster':
      return `${capitalize(describeAccount(fact))} had exactly this address and left the roster with the publish of ${describeTime(fact.published_at)}.`;
    case 'linked_account_has_another_address':
      return `This Clever id is linked to ${describeAccount(fact)}, whose address in the roster is another.`;
    case 'account_linked_to_another_clever_id':
      return `${capitalize(describeAccount(fact))} is linked to another Clever id. If it is the same person, release the link.`;
    case 'clever_id_linked_to_another_account':
      return `This Clever id is linked to another account, ${describeAccount(fact)}. If that is wrong, release its link.`;
  }
}

const describeAccount = ({ record, sis_id }: { readonly record: string; readonly sis_id: string }) =>
  `the ${record} ${sis_id}`;
const describeTime = (time: string | null) => (time === null ? 'an unknown time' : showTime(Date.parse(time)));
const capitalize = (text: string) => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
