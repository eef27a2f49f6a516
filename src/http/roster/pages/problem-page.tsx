// What could not be done, and the way back.
import type { Desk } from '../desk.ts';

export const ProblemPage = ({ desk, text }: { readonly desk: Desk; readonly text: string }) =>
  desk.frame(
    'This could not be done',
    <>
      <h1>This could not be done</h1>
      <p>{text}</p>
      <p>
        <a href={desk.base}>Back to {desk.district.name}</a>
      </p>
    </>,
  );
