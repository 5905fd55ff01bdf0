/** The page: a login, and what the part of the address behind # asks for. */

import { render, type JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { hasToken, setToken, whenLoggedOut } from './api.ts';
import { start, stop } from './live.ts';
import { Login } from './login.tsx';
import { Create } from './pages/create.tsx';
import { Disk, Disks } from './pages/disks.tsx';
import { Initiators } from './pages/initiators.tsx';
import { Jobs } from './pages/jobs.tsx';
import { Overview } from './pages/overview.tsx';
import { Portals } from './pages/portals.tsx';
import { SessionPage, Sessions } from './pages/sessions.tsx';
import { TargetPage, Targets } from './pages/targets.tsx';
import { Announcements } from './widgets.tsx';

interface Place {
  /** What stands behind #/. */
  path: string;
  title: string;
  /** Shows it; or one of it, if it is named. */
  show: (name: string) => JSX.Element;
  inMenu: boolean;
}

const PLACES: Place[] = [
  { path: '', title: 'Overview', show: () => <Overview />, inMenu: true },
  { path: 'disks', title: 'Disks', show: (name) => (name ? <Disk key={name} name={name} /> : <Disks />), inMenu: true },
  { path: 'targets', title: 'Targets', show: (name) => (name ? <TargetPage key={name} name={name} /> : <Targets />), inMenu: true },
  { path: 'sessions', title: 'Sessions', show: (name) => (name ? <SessionPage key={name} id={name} /> : <Sessions />), inMenu: true },
  { path: 'initiators', title: 'Initiators', show: () => <Initiators />, inMenu: true },
  { path: 'jobs', title: 'Jobs', show: () => <Jobs />, inMenu: true },
  { path: 'portals', title: 'Portals', show: () => <Portals />, inMenu: true },
  { path: 'create', title: 'Create a disk', show: () => <Create />, inMenu: false },
];

function useHash(): string {
  const [hash, setHash] = useState(location.hash);
  useEffect(() => {
    const listener = (): void => setHash(location.hash);
    addEventListener('hashchange', listener);
    return () => removeEventListener('hashchange', listener);
  }, []);
  return hash;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const THEMES = ['auto', 'light', 'dark'];

function ThemeSwitch(): JSX.Element {
  const [theme, setTheme] = useState(localStorage.getItem('sluice-theme') ?? 'auto');
  useEffect(() => {
    document.documentElement.dataset['theme'] = theme;
    localStorage.setItem('sluice-theme', theme);
  }, [theme]);
  return (
    <button type="button" class="plain" onClick={() => setTheme(THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length]!)}>
      Colours: {theme}
    </button>
  );
}

function App(): JSX.Element {
  const [inside, setInside] = useState(hasToken());
  const [line, setLine] = useState('');
  const main = useRef<HTMLElement>(null);
  const hash = useHash();
  const [first, ...rest] = hash.replace(/^#\/?/, '').split('/');
  const place = PLACES.find((one) => one.path === first) ?? PLACES[0]!;
  const name = decode(rest.join('/'));
  const leave = (why: string): void => {
    stop();
    setToken('');
    setLine(why);
    setInside(false);
  };
  useEffect(() => whenLoggedOut(leave), []);
  useEffect(() => {
    if (inside) {
      start();
    }
    return stop;
  }, [inside]);
  useEffect(() => {
    document.title = inside ? `${name || place.title} - Sluice` : 'Sluice';
    // Who reads with the ears, or goes by keys, begins where the new page does.
    main.current?.querySelector('h1')?.focus();
  }, [hash, inside]);
  if (!inside) {
    return (
      <>
        <Login line={line} done={() => (setLine(''), setInside(true))} />
        <Announcements />
      </>
    );
  }
  return (
    <>
      <header>
        <strong>Sluice</strong>
        <nav aria-label="Pages">
          {PLACES.filter((one) => one.inMenu).map((one) => (
            <a key={one.path} href={`#/${one.path}`} aria-current={one === place ? 'page' : undefined}>
              {one.title}
            </a>
          ))}
        </nav>
        <ThemeSwitch />
        <button type="button" class="plain" onClick={() => leave('')}>
          Log out
        </button>
      </header>
      <main ref={main}>{place.show(name)}</main>
      <Announcements />
    </>
  );
}

render(<App />, document.getElementById('app')!);
