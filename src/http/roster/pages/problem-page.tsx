// An error, and a link back.
import type { PageContext } from '../page-context.ts';

export const ProblemPage = ({ context, text }: { readonly context: PageContext; readonly text: string }) =>
  context.frame(
    'This could not be done',
    <>
      <h1>This could not be done</h1>
      <p>{text}</p>
      <p>
        <a class="onward" href={context.base}>
          Back to {context.district.name}
        </a>
      </p>
    </>,
  );
