import type { ComponentChildren } from 'preact';
import { told } from './connection.ts';
import { go, urlOf, useHere } from './location.ts';
import { Balance } from './pages/balance.tsx';
import { ConsumptionPage } from './pages/consumption.tsx';
import { Invoices } from './pages/invoices.tsx';
import { Keys } from './pages/keys.tsx';
import { PlanPage } from './pages/plan.tsx';
import { Users } from './pages/users.tsx';
import { Failure } from './parts/controls.tsx';
import { useSession } from './session.ts';
import { useConnection } from './use-command.ts';

const pages = [
  ['/', 'Consumption', ConsumptionPage],
  ['/balance', 'Balance', Balance],
  ['/keys', 'Keys', Keys],
  ['/users', 'Users', Users],
  ['/invoices', 'Invoices', Invoices],
  ['/plan', 'Plan', PlanPage],
] as const;

const Menu = () => {
  const here = useHere();
  return (
    <nav aria-label="Pages">
      <ul>
        {pages.map(([path, title]) => (
          <li key={path}>
            <a
              href={urlOf(path)}
              {...(here === path ? { 'aria-current': 'page' } : {})}
              onClick={(event) => {
                if (event.ctrlKey || event.metaKey || event.shiftKey) return;
                event.preventDefault();
                go(path);
              }}
            >
              {title}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
};

const Banner = () => {
  const { reads, commands } = useConnection();
  return (
    <output class={commands && reads ? '' : 'banner'}>
      {!reads && <span>The service cannot be reached. What you see may be old.</span>}
      {!commands && (
        <span>
          Read-only: changes cannot be taken at the moment.{' '}
          <button type="button" onClick={() => told('commands', true)}>
            Allow another try
          </button>
        </span>
      )}
    </output>
  );
};

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
  const Here = (pages.find(([path]) => path === here) ?? pages[0])[2];
  return (
    <>
      <a class="skip" href="#main">
        Skip to content
      </a>
      <header>
        <span class="brand">Your account</span>
        {me && <Menu />}
        {me && (
          <span class="row">
            <span>
              {me.name} · {me.account}
            </span>
            <button type="button" onClick={signOut}>
              Sign out
            </button>
          </span>
        )}
      </header>
      <Banner />
      <main id="main" tabIndex={-1}>
        <Failure text={failure} />
        {failure && (
          <button type="button" onClick={again}>
            Try again
          </button>
        )}
        {children ?? <Here />}
      </main>
    </>
  );
};
