import type { JSX } from 'preact';
import { change, Refused } from '../api.ts';
import { useLive } from '../live.ts';
import type { Initiator } from '../model.ts';
import { Act, Field, Loaded, Plain, Table } from '../widgets.tsx';

/** Who hosts are. */
export function Initiators(): JSX.Element {
  const groups = useLive<Initiator[]>('/initiator-groups').value ?? [];
  return (
    <>
      <h1 tabIndex={-1}>Initiators</h1>
      <div class="buttons">
        <Add />
      </div>
      <Loaded got={useLive<Initiator[]>('/initiators')}>
        {(rows) => (
          <Table
            label="initiators"
            rows={rows}
            id={(row) => row.name}
            words={(row) => [row.name, ...row.iqns, ...row.addresses, row.chapUser].join(' ')}
            empty="No initiator is known. Targets that nobody was allowed to use are for this machine."
            heads={[
              { head: 'Name', cell: (row) => row.name },
              { head: 'iSCSI names', cell: (row) => row.iqns.join(', ') || 'any' },
              { head: 'Addresses', cell: (row) => row.addresses.join(', ') || 'anywhere' },
              { head: 'CHAP user', cell: (row) => row.chapUser ?? '' },
              {
                head: 'Change',
                cell: (row) => (
                  <Act button={`Delete ${row.name}`} danger title={`Delete ${row.name}`} action="Delete" done={`${row.name} was deleted.`} submit={() => change('DELETE /initiators/{name}', [row.name])}>
                    <p>Targets that it was allowed to use do not know it any more.</p>
                  </Act>
                ),
              },
            ]}
          />
        )}
      </Loaded>
      {groups.length > 0 && (
        <>
          <h2>Groups</h2>
          <Plain
            label="Groups"
            rows={groups}
            id={(row) => row.name}
            empty=""
            heads={[
              { head: 'Name', cell: (row) => row.name },
              { head: 'Members', cell: (row) => row.members.join(', ') },
            ]}
          />
        </>
      )}
    </>
  );
}

function Add(): JSX.Element {
  return (
    <Act
      button="Add an initiator"
      title="Say who a host is"
      action="Add"
      done="The initiator was added."
      submit={(entries) => {
        if (!entries.text('name')) {
          throw new Refused(0, 'An initiator has a name.', 'name');
        }
        const chapUser = entries.text('chapUser');
        const mutualUser = entries.text('mutualUser');
        return change('POST /initiators', [], {
          name: entries.text('name'),
          iqns: entries.list('iqns'),
          addresses: entries.list('addresses'),
          ...(chapUser ? { chapUser, chapSecret: entries.raw('chapSecret') } : {}),
          ...(mutualUser ? { mutualUser, mutualSecret: entries.raw('mutualSecret') } : {}),
        });
      }}
    >
      <Field name="name" label="Its name here" required />
      <Field name="iqns" label="iSCSI names" hint="Several, with blanks between; * stands for anything. Nothing for any." />
      <Field name="addresses" label="Addresses" hint="Such as 192.0.2.0/24. Nothing for anywhere." />
      <Field name="chapUser" label="CHAP user" hint="Nothing for no CHAP." />
      <Field name="chapSecret" label="CHAP secret" type="password" autocomplete="new-password" />
      <Field name="mutualUser" label="CHAP user of the gateway" hint="Nothing if the gateway does not prove itself." />
      <Field name="mutualSecret" label="CHAP secret of the gateway" type="password" autocomplete="new-password" />
    </Act>
  );
}
