import { useState } from 'preact/hooks';
import { Dialog } from './dialog.tsx';

type SecretProps = {
  readonly title: string;
  readonly about: string;
  readonly secret: string;
  readonly onDone: () => void;
};

export const SecretShownOnce = ({ title, about, secret, onDone }: SecretProps) => {
  const [said, setSaid] = useState('');
  const copy = (): void =>
    void navigator.clipboard.writeText(secret).then(
      () => setSaid('Copied.'),
      () => setSaid('The browser does not let this page copy: select the text.'),
    );
  return (
    <Dialog title={title} onClose={onDone} isFirm>
      <p>{about}</p>
      <code class="secret">{secret}</code>
      <div class="row">
        <button type="button" class="primary" onClick={copy}>
          Copy
        </button>
        <output class="hint">{said}</output>
        <button type="button" class="last" onClick={onDone}>
          I have kept it
        </button>
      </div>
    </Dialog>
  );
};
