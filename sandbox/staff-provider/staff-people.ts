// The users of the stand-in for the staff's provider. One of each: scope support, scope admin, on no list, and with an
// unverified address.

export interface StaffPerson {
  readonly subject: string;
  readonly email: string;
  readonly emailVerified: boolean;
}

export const supportPerson: StaffPerson = { subject: 'staff-1', email: 'casey@support.example', emailVerified: true };
export const adminPerson: StaffPerson = { subject: 'staff-2', email: 'robin@support.example', emailVerified: true };

export const staffPeople: readonly StaffPerson[] = [
  supportPerson,
  adminPerson,
  { subject: 'staff-3', email: 'visitor@elsewhere.example', emailVerified: true },
  { subject: 'staff-4', email: 'unverified@support.example', emailVerified: false },
];
