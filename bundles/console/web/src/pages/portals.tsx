import type { JSX } from 'preact';
import { change } from '../api.ts';
import { useLive } from '../live.ts';
import type { Portal } from '../model.ts';
import { Act, Badge, Field, Loaded, Table } from '../widgets.tsx';

/** Where the gateway listens. */
export function Portals(): JSX.Element {
  return (
    <>
      <h1 tabIndex={-1}>Portals</h1>
      <div class="buttons">
        <Act
          button="Add a portal"
          title="Listen on an address"
          action="Add"
          done="The portal was added."
          submit={(entries) =>
            change('POST /portals', [], { portal: entries.text('portal'), openToAll: entries.flag('openToAll'), ...(entries.text('announced') ? { announced: entries.text('announced') } : {}) })
          }
        >
          <Field name="portal" label="Address and port" hint="Such as 192.0.2.1:3260." required />
          <Field name="announced" label="What hosts are told" hint="If it is another address, behind a NAT." />
          <Field type="checkbox" name="openToAll" label="Open to all: strangers may use targets that nobody was allowed to use" />
        </Act>
      </div>
      <Loaded got={useLive<Portal[]>('/portals')}>
        {(rows) => (
          <Table
            label="portals"
            rows={rows}
            id={(row) => row.portal}
            words={(row) => `${row.portal} ${row.announced}`}
            empty="The gateway listens nowhere."
            heads={[
              { head: 'Portal', cell: (row) => row.portal },
              { head: 'State', cell: (row) => <Badge text={row.listening ? 'listening' : row.problem ?? 'not listening'} good={row.listening} /> },
              { head: 'Group', number: true, cell: (row) => row.group },
              { head: 'Announced', cell: (row) => row.announced },
              { head: 'Open to all', cell: (row) => (row.openToAll ? 'yes' : 'no') },
              {
                head: 'Change',
                cell: (row) => (
                  <Act button={`Remove ${row.portal}`} danger title={`Listen on ${row.portal} no more`} action="Remove" confirm={row.portal} done="The portal was removed." submit={() => change('DELETE /portals/{portal}', [row.portal])}>
                    <p>Hosts that come this way are cut off.</p>
                  </Act>
                ),
              },
            ]}
          />
        )}
      </Loaded>
    </>
  );
}
