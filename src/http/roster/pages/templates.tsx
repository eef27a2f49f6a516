// The workbooks that a district fills in by hand.
import type { TemplateKind } from '../../../formats/templates.ts';

const templateNames: Readonly<Record<TemplateKind, string>> = {
  bridge: 'Roster of everybody: students, teachers, administrators, classes',
  student: 'Student Roster Template of Summit K12',
  staff: 'Admin and Teacher Roster Template of Summit K12',
};

export const Templates = ({ base }: { readonly base: string }) => (
  <ul class="rows places">
    {Object.entries(templateNames).map(([kind, name]) => (
      <li key={kind}>
        <a href={`${base}/templates/${kind}.xlsx`}>{name}</a>
        <span class="quiet">Excel workbook</span>
      </li>
    ))}
  </ul>
);
