import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

type PageProps = {
  readonly title: string;
  readonly children: ComponentChildren;
  /** Beside the heading: what the page is about, or what is done here first. */
  readonly aside?: ComponentChildren;
};

let isFirst = true;

/** A new page begins at its heading, for eyes, keyboard and screen reader alike; the first one as browsers do it. */
export const Page = ({ title, children, aside }: PageProps) => {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · Cadastre`;
    if (!isFirst) heading.current?.focus();
    isFirst = false;
  }, [title]);
  return (
    <>
      <div class="title">
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        {aside}
      </div>
      {children}
    </>
  );
};
