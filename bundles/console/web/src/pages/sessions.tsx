import type { JSX } from 'preact';
import { change, path } from '../api.ts';
import { POLL_MILLIS, useLive } from '../live.ts';
import type { Session, SessionRow } from '../model.ts';
import { rate, size } from '../units.ts';
import { Act, Facts, Loaded, Plain, Table } from '../widgets.tsx';

/** Who is logged in. */
export function Sessions(): JSX.Element {
  return (
    <>
      <h1 tabIndex={-1}>Sessions</h1>
      <Loaded got={useLive<SessionRow[]>('/sessions', POLL_MILLIS)}>
        {(rows) => (
          <Table
            label="sessions"
            rows={rows}
            id={(row) => row.id}
            words={(row) => [row.initiator, row.target, row.remote, row.admittedAs].join(' ')}
            empty="Nobody is logged in."
            heads={[
              { head: 'Session', cell: (row) => <a href={`#/sessions/${row.id}`}>{row.id}</a> },
              { head: 'Initiator', cell: (row) => row.initiator },
              { head: 'Target', cell: (row) => row.target ?? 'discovery' },
              { head: 'Address', cell: (row) => row.remote },
              { head: 'Commands', number: true, cell: (row) => `${row.commandsPerSecond}/s` },
              { head: 'Read', number: true, cell: (row) => rate(row.readBytesPerSecond) },
              { head: 'Written', number: true, cell: (row) => rate(row.writtenBytesPerSecond) },
            ]}
          />
        )}
      </Loaded>
    </>
  );
}

/** One session. */
export function SessionPage({ id }: { id: string }): JSX.Element {
  return (
    <>
      <p>
        <a href="#/sessions">Sessions</a>
      </p>
      <h1 tabIndex={-1}>Session {id}</h1>
      <Loaded got={useLive<Session>(path('sessions', id), POLL_MILLIS)}>
        {(session) => (
          <>
            <div class="buttons">
              <Act
                button="Close"
                danger
                title={`End session ${session.id}`}
                action="Close it"
                done={`Session ${session.id} was ended.`}
                submit={async () => {
                  await change('DELETE /sessions/{id}', [session.id]);
                  location.hash = '#/sessions';
                }}
              >
                <p>A host logs in again by itself: disable the target, or deny the initiator, to keep it out.</p>
              </Act>
            </div>
            <Facts
              of={[
                ['Initiator', session.initiator],
                ['Target', session.target ?? 'discovery'],
                ['Address', session.remote],
                ['Portal', session.portal],
                ['Admitted as', session.admittedAs],
                ['CHAP user', session.chapUser],
                ['Since', new Date(session.since).toLocaleString()],
                ['Commands', `${session.commands}, ${session.commandsPerSecond}/s`],
                ['Read', `${size(session.readBytes)}, ${rate(session.readBytesPerSecond)}`],
                ['Written', `${size(session.writtenBytes)}, ${rate(session.writtenBytesPerSecond)}`],
              ]}
            />
            <h2>Connections</h2>
            <Plain
              label="Connections"
              rows={session.connections}
              id={(row) => row.cid}
              empty="It has no connection."
              heads={[
                { head: 'CID', number: true, cell: (row) => row.cid },
                { head: 'Portal', cell: (row) => row.portal },
                { head: 'Address', cell: (row) => row.remote },
              ]}
            />
            <h2>Negotiated</h2>
            <Facts of={Object.entries(session.parameters)} />
          </>
        )}
      </Loaded>
    </>
  );
}
