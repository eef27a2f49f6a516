// The button that starts a sign-in.
import type { App } from '../../outcome/outcome.ts';

interface SignInLinkProps {
  readonly app: App | undefined;
  readonly label: string;
}

export function SignInLink({ app, label }: SignInLinkProps) {
  return (
    <a class="button" href={app === undefined ? '/login' : `/login?app=${encodeURIComponent(app)}`}>
      {label}
    </a>
  );
}
