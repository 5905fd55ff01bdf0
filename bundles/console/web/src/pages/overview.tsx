import type { JSX } from 'preact';
import { useRef, useState, useEffect } from 'preact/hooks';
import { Refused, send } from '../api.ts';
import { HeatMap, Lines, type Series } from '../charts.tsx';
import { POLL_MILLIS, useLive } from '../live.ts';
import type { GatewayStatus, Job, LunRow, SessionRow } from '../model.ts';
import { parse, type Sample } from '../prometheus.ts';
import { type Column, bounds, column, durations, lunBytes, lunKey, rates, type Reading } from '../traffic.ts';
import { duration, rate, size } from '../units.ts';
import { Bar, Facts, Loaded, Plain } from '../widgets.tsx';

const COLUMNS = 60;
const BUSIEST = 8;

interface Metrics {
  atMillis: number;
  /** Undefined where there is no such thing at the server. */
  samples: Sample[] | undefined;
}

async function metrics(path: string): Promise<Metrics> {
  try {
    const response = await send('GET', path);
    return { atMillis: performance.now(), samples: parse(await response.text()) };
  } catch (failed) {
    if (failed instanceof Refused && failed.status === 404) {
      return { atMillis: performance.now(), samples: undefined };
    }
    throw failed;
  }
}

/** What is served, by whom it is used, and what is wrong. */
export function Overview(): JSX.Element {
  const status = useLive<GatewayStatus>('/gateway', POLL_MILLIS);
  const jobs = useLive<Job[]>('/jobs', POLL_MILLIS).value?.filter((job) => job.state === 'running') ?? [];
  return (
    <>
      <h1 tabIndex={-1}>Overview</h1>
      <Loaded got={status}>
        {(gateway) => (
          <>
            <Problems of={gateway.problems} />
            <div class="tiles">
              <Tile href="#/disks" count={gateway.backstores} what="disks" note={gateway.backstoresAway > 0 ? `${gateway.backstoresAway} away` : ''} />
              <Tile href="#/targets" count={gateway.targets} what="targets" note="" />
              <Tile href="#/sessions" count={gateway.sessions} what="sessions" note={`${gateway.connections} connections`} />
              <Tile href="#/portals" count={gateway.portals} what="portals" note="" />
            </div>
            <Facts
              of={[
                ['Version', gateway.version],
                ['Running for', duration(gateway.uptimeSeconds)],
                ['Memory for data', `${size(gateway.dataMemoryBytes)} of ${size(gateway.dataMemoryLimitBytes)}`],
                ['Stalls', gateway.eventLoopStalls || ''],
              ]}
            />
          </>
        )}
      </Loaded>
      {jobs.length > 0 && (
        <section>
          <h2>Jobs</h2>
          {jobs.map((job) => (
            <p key={job.id}>
              <a href="#/jobs">{job.what}</a> {job.progressPercent !== null && <Bar percent={job.progressPercent} label={job.what} />}
            </p>
          ))}
        </section>
      )}
      <Traffic />
    </>
  );
}

export function Problems({ of }: { of: string[] }): JSX.Element {
  return of.length === 0 ? (
    <p class="well">Nothing is wrong.</p>
  ) : (
    <ul class="problems" aria-label="Problems">
      {of.map((problem) => (
        <li key={problem}>{problem}</li>
      ))}
    </ul>
  );
}

function Tile(props: { href: string; count: number; what: string; note: string }): JSX.Element {
  return (
    <a class="tile" href={props.href}>
      <strong>{props.count}</strong> <span>{props.what}</span> <small>{props.note}</small>
    </a>
  );
}

/** How fast disks are now, and have been for the last two minutes. */
function Traffic(): JSX.Element {
  const got = useLive<Metrics>('/metrics', POLL_MILLIS, metrics);
  const luns = useLive<LunRow[]>('/luns');
  const sessions = useLive<SessionRow[]>('/sessions', POLL_MILLIS);
  const measured = got.value?.samples;
  const history = useHistory(got.value, sessions.value);
  return (
    <>
      <section>
        <h2>Throughput</h2>
        {got.error && (
          <p class="problem" role="alert">
            {got.error.message}
          </p>
        )}
        {got.value && !measured && (
          <p class="quiet">
            Of sessions: <code>feature:install sluice-metrics</code> at the console has each LUN measured, and latency.
          </p>
        )}
        <Lines label="Throughput of the last two minutes" series={history.total} />
        <Plain
          label="Busiest"
          rows={history.busiest.slice(0, BUSIEST)}
          id={(row) => row.name}
          empty={measured && luns.value?.length ? 'No disk is being used.' : 'Nobody uses a disk.'}
          heads={[
            { head: measured ? 'LUN' : 'Target', cell: (row) => row.name },
            { head: 'Read', number: true, cell: (row) => rate(row.read) },
            { head: 'Written', number: true, cell: (row) => rate(row.written) },
          ]}
        />
      </section>
      {measured && (
        <section>
          <h2>Latency</h2>
          <HeatMap columns={history.columns} bounds={history.bounds} count={COLUMNS} />
        </section>
      )}
    </>
  );
}

interface Used {
  name: string;
  read: number;
  written: number;
}

interface History {
  total: Series[];
  busiest: Used[];
  columns: Column[];
  bounds: number[];
}

/** Remembers what was read last, and what came of it. */
function useHistory(metrics: Metrics | undefined, sessions: SessionRow[] | undefined): History {
  const last = useRef<{ bytes: Reading | null; times: Reading | null }>({ bytes: null, times: null });
  const [history, setHistory] = useState<History>({ total: series([], []), busiest: [], columns: [], bounds: [] });
  const fromSessions = metrics !== undefined && metrics.samples === undefined;
  useEffect(() => {
    if (!metrics?.samples) {
      return;
    }
    const bytes = lunBytes(metrics.samples, metrics.atMillis);
    const times = durations(metrics.samples, metrics.atMillis);
    const used = usedLuns(rates(last.current.bytes, bytes), metrics.samples);
    const next = column(last.current.times, times);
    const first = last.current.bytes === null;
    last.current = { bytes, times };
    setHistory((old) => ({
      ...grown(old, used, !first),
      columns: next ? [...old.columns, next].slice(-COLUMNS) : old.columns,
      bounds: bounds(times),
    }));
  }, [metrics]);
  useEffect(() => {
    if (fromSessions && sessions) {
      setHistory((old) => ({ ...grown(old, usedTargets(sessions), true), columns: [], bounds: [] }));
    }
  }, [fromSessions, sessions]);
  return history;
}

function series(read: number[], written: number[]): Series[] {
  return [
    { name: 'Read', values: read },
    { name: 'Written', values: written },
  ];
}

function grown(old: History, used: Used[], counts: boolean): History {
  const add = (to: number[], value: number): number[] => (counts ? [...to, value].slice(-COLUMNS) : to);
  const sum = (of: (one: Used) => number): number => used.reduce((all, one) => all + of(one), 0);
  const total = series(
    add(old.total[0]!.values, sum((one) => one.read)),
    add(old.total[1]!.values, sum((one) => one.written)),
  );
  const busiest = used.filter((one) => one.read + one.written > 0).sort((one, other) => other.read + other.written - one.read - one.written);
  return { ...old, total, busiest };
}

function usedLuns(grown: Map<string, number>, samples: Sample[]): Used[] {
  const names = new Map<string, string>();
  for (const { name, labels } of samples) {
    if (name === 'sluice_lun_bytes_total') {
      names.set(lunKey(labels['target'] ?? '', labels['lun'] ?? ''), `${labels['target']} lun ${labels['lun']} (${labels['backstore']})`);
    }
  }
  return [...names].map(([key, name]) => ({ name, read: grown.get(`${key} read`) ?? 0, written: grown.get(`${key} write`) ?? 0 }));
}

function usedTargets(sessions: SessionRow[]): Used[] {
  const used = new Map<string, Used>();
  for (const session of sessions) {
    const name = session.target ?? 'discovery';
    const one = used.get(name) ?? { name, read: 0, written: 0 };
    used.set(name, { name, read: one.read + session.readBytesPerSecond, written: one.written + session.writtenBytesPerSecond });
  }
  return [...used.values()];
}
