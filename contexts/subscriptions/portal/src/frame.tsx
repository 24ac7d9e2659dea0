import type { ComponentChildren } from 'preact';
import { go, urlOf, useHere } from './location.ts';
import { type PortalPage, pagesOf } from './pages.ts';
import { Failure } from './parts/controls.tsx';
import { Icon } from './parts/icon.tsx';
import { AccountNotice, ConnectionNotice } from './parts/notices.tsx';
import { useSession } from './session.ts';
import type { Me } from './wire.ts';

type MenuProps = { readonly pages: readonly PortalPage[]; readonly at: PortalPage | undefined };

const Menu = ({ pages, at }: MenuProps) => (
  <nav aria-label="Pages">
    <ul>
      {pages.map((page) => (
        <li key={page.path}>
          <a
            href={urlOf(page.path)}
            {...(page === at ? { 'aria-current': 'page' } : {})}
            onClick={(event) => {
              if (event.ctrlKey || event.metaKey || event.shiftKey) return;
              event.preventDefault();
              go(page.path);
            }}
          >
            <Icon name={page.icon} />
            {page.title}
          </a>
        </li>
      ))}
    </ul>
  </nav>
);

const Who = ({ me, signOut }: { readonly me: Me; readonly signOut: () => void }) => (
  <div class="who">
    <p>
      <strong>{me.name}</strong>
      <span class="hint">
        {me.role} of {me.account}
      </span>
    </p>
    <button type="button" class="quiet" onClick={signOut}>
      <Icon name="leave" />
      Sign out
    </button>
  </div>
);

type FrameProps = {
  /** Instead of the page of the address. */
  readonly children: ComponentChildren;
  readonly failure: string | undefined;
  readonly again: () => void;
  readonly signOut: () => void;
};

export const Frame = ({ children, failure, again, signOut }: FrameProps) => {
  const { me } = useSession();
  const here = useHere();
  const pages = me ? pagesOf(me.role) : [];
  const at = pages.find(({ path }) => path === here) ?? pages[0];
  return (
    <div class={me ? 'frame' : 'frame alone'}>
      <a class="skip" href="#main">
        Skip to content
      </a>
      <header>
        <span class="brand">
          <img src={urlOf('/icon.svg')} alt="" width="28" height="28" />
          Cadastre
        </span>
        {me && <Menu pages={pages} at={at} />}
        {me && <Who me={me} signOut={signOut} />}
      </header>
      <div class="content">
        <ConnectionNotice />
        {me && <AccountNotice />}
        <main id="main" tabIndex={-1}>
          <Failure text={failure} />
          {failure && (
            <button type="button" onClick={again}>
              Try again
            </button>
          )}
          {children ?? (at && <at.Content />)}
        </main>
      </div>
    </div>
  );
};
