import { useEffect, useRef, useState } from 'preact/hooks';

type SecretProps = { readonly title: string; readonly secret: string; readonly onDone: () => void };

/** Takes the focus, since it is not shown again. */
export const SecretShownOnce = ({ title, secret, onDone }: SecretProps) => {
  const heading = useRef<HTMLHeadingElement>(null);
  const [said, setSaid] = useState('');
  useEffect(() => heading.current?.focus(), [secret]);
  const copy = (): void =>
    void navigator.clipboard.writeText(secret).then(
      () => setSaid('Copied.'),
      () => setSaid('The browser does not let this page copy: select the text.'),
    );
  return (
    <section class="card secret" aria-label={title}>
      <h2 ref={heading} tabIndex={-1}>
        {title}
      </h2>
      <p>It is shown only now. Keep it in a safe place.</p>
      <code>{secret}</code>
      <p class="row">
        <button type="button" class="primary" onClick={copy}>
          Copy
        </button>
        <button type="button" onClick={onDone}>
          I have kept it
        </button>
        <output>{said}</output>
      </p>
    </section>
  );
};
