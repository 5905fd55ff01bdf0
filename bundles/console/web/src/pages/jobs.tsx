import type { JSX } from 'preact';
import { change } from '../api.ts';
import { POLL_MILLIS, useLive } from '../live.ts';
import { type Job, isRunning, type Move } from '../model.ts';
import { rate, size } from '../units.ts';
import { Act, Badge, Bar, Facts, Field, Loaded, Plain } from '../widgets.tsx';
import { sizeOf } from './disks.tsx';

/** What goes on for longer, and the last of what is over. */
export function Jobs(): JSX.Element {
  return (
    <>
      <h1 tabIndex={-1}>Jobs</h1>
      <Loaded got={useLive<Job[]>('/jobs', POLL_MILLIS)}>
        {(jobs) => {
          const latest = [...jobs].reverse();
          const running = latest.filter((job) => job.state === 'running');
          return (
            <>
              {running.length === 0 ? <p class="quiet">Nothing goes on for longer.</p> : running.map((job) => <Running key={job.id} job={job} />)}
              <h2>Over</h2>
              <Plain
                label="Jobs that are over"
                rows={latest.filter((job) => job.state !== 'running')}
                id={(job) => job.id}
                empty="None yet."
                heads={[
                  { head: 'Job', cell: (job) => <What job={job} /> },
                  { head: 'State', cell: (job) => <Badge text={job.state} good={job.state === 'done'} /> },
                  { head: 'Outcome', cell: (job) => job.problem ?? job.result },
                  { head: 'By', cell: (job) => job.author },
                  { head: 'Ended', cell: (job) => time(job.ended) },
                ]}
              />
            </>
          );
        }}
      </Loaded>
    </>
  );
}

function Running({ job }: { job: Job }): JSX.Element {
  return (
    <section class="card" aria-label={job.what}>
      <h2>
        <What job={job} />
      </h2>
      {job.problem && <p class="problem">{job.problem}</p>}
      {job.progressPercent !== null && <Bar percent={job.progressPercent} label={job.what} />}
      <Facts
        of={[
          ['By', job.author],
          ['Since', time(job.since)],
        ]}
      />
      {job.cancellable && (
        <div class="buttons">
          <Act button="Cancel the job" danger title={`Cancel ${job.what}`} action="Cancel it" done="The job was cancelled." submit={() => change('DELETE /jobs/{id}', [job.id])}>
            <p>Nothing of it is left.</p>
          </Act>
        </div>
      )}
    </section>
  );
}

/** In its words, with a way to the disk that it is about. */
function What({ job }: { job: Job }): JSX.Element {
  const name = diskOf(job.what);
  if (name === null) {
    return <>{job.what}</>;
  }
  const at = job.what.indexOf(name, job.what.indexOf('backstore '));
  return (
    <>
      {job.what.slice(0, at)}
      <a href={`#/disks/${encodeURIComponent(name)}`}>{name}</a>
      {job.what.slice(at + name.length)}
    </>
  );
}

/** Returns the disk that a job is about, if it is about one. */
export function diskOf(what: string): string | null {
  return /^\S+ backstore (\S+)/.exec(what)?.[1] ?? null;
}

function time(stamp: string | null): string {
  return stamp === null ? '' : new Date(stamp).toLocaleString();
}

/** How far a move is. */
export function MoveProgress({ move }: { move: Move }): JSX.Element {
  return (
    <section class="card" aria-label={`Move of ${move.name}`}>
      <h2>
        Move of {move.name}: {move.state}
      </h2>
      {move.problem && <p class="problem">{move.problem}</p>}
      <Bar percent={move.progressPercent} label={`Move of ${move.name}`} />
      <Facts
        of={[
          ['From', move.from],
          ['To', move.to],
          ['Copied', size(move.copiedBytes)],
          ['Left', size(move.dirtyBytes)],
          ['Pass', move.pass],
          ['Limit', move.rateBytesPerSecond ? rate(move.rateBytesPerSecond) : 'none'],
        ]}
      />
      {isRunning(move) && (
        <div class="buttons">
          <Act
            button="Change the limit"
            title={`How fast ${move.name} is moved`}
            action="Change"
            done="The limit was changed."
            submit={(entries) => change('PATCH /backstores/{name}/move', [move.name], { rateBytesPerSecond: entries.text('rateBytesPerSecond') ? sizeOf(entries, 'rateBytesPerSecond') : 0 })}
          >
            <Field name="rateBytesPerSecond" label="At most, in a second" hint="Such as 50M; nothing for as fast as it can." />
          </Act>
          <Act button="End the move" danger title={`End the move of ${move.name}`} action="End it" done="The move was ended." submit={() => change('DELETE /backstores/{name}/move', [move.name])}>
            <p>The disk stays where it is.</p>
          </Act>
        </div>
      )}
    </section>
  );
}
