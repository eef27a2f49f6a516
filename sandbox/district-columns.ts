// The files of a Clever-style export and their columns, including many that the bridge must not keep.
export const fileNames = [
  'schools.csv',
  'students.csv',
  'teachers.csv',
  'staff.csv',
  'sections.csv',
  'enrollments.csv',
] as const;
export type FileName = (typeof fileNames)[number];

export type Row = Readonly<Record<string, string>>;

const columns: Readonly<Record<FileName, string>> = {
  'schools.csv': `School_id School_name School_number State_id Nces_id Low_grade High_grade Principal Principal_email
    School_address School_city School_state School_zip School_phone`,
  'students.csv': `School_id Student_id Student_number State_id Last_name Middle_name First_name Grade Gender Graduation_year
    DOB Race Hispanic_Latino Home_language Ell_status Frl_status IEP_status Student_street Student_city Student_state
    Student_zip Student_email Contact_relationship Contact_type Contact_name Contact_phone Contact_phone_type Contact_email
    Contact_sis_id Username Password Unweighted_gpa Weighted_gpa ext.bus_route`,
  'teachers.csv': `School_id Teacher_id Teacher_number State_teacher_id Teacher_email First_name Middle_name Last_name Title
    Username Password`,
  'staff.csv': 'School_id Staff_id Staff_email First_name Last_name Department Title Role Username Password',
  'sections.csv': `School_id Section_id Teacher_id Teacher_2_id Teacher_3_id Name Section_number Grade Course_name
    Course_number Course_description Period Subject Term_name Term_start Term_end`,
  'enrollments.csv': 'School_id Student_id Section_id',
};

export function columnsOf(file: FileName): readonly string[] {
  return columns[file].split(/\s+/);
}

/** `IEP_status` as the specification spells it, or `Iep status` as some districts' exports do. */
export function headerCell(column: string, style: 'School_id' | 'School id'): string {
  if (style === 'School_id' || column.startsWith('ext.')) return column;
  const words = column.replaceAll('_', ' ').toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
