// A new secret, on the only page that shows it.
import { untranslated } from '../../pages/untranslated.ts';

interface MadeSecretProps {
  readonly id: string;
  readonly secret: string;
}

export const MadeSecret = ({ id, secret }: MadeSecretProps) => (
  <div class="note" role="status">
    <p>
      <strong>The secret is shown here once and never again.</strong> Keep it where programs keep secrets.
    </p>
    <dl>
      <dt>Id</dt>
      <dd class="sign" {...untranslated}>
        {id}
      </dd>
      <dt>Secret</dt>
      <dd class="sign" {...untranslated}>
        {secret}
      </dd>
    </dl>
  </div>
);
