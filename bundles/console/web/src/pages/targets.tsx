import type { JSX } from 'preact';
import { change, path, Refused } from '../api.ts';
import { lines } from '../commands.ts';
import { useLive } from '../live.ts';
import type { BackstoreRow, Initiator, Portal, Target, TargetRow } from '../model.ts';
import { Act, Badge, Choice, Copy, Facts, Field, Loaded, Plain, Table } from '../widgets.tsx';
import { portalFor, prefix } from './create.tsx';

/** All targets. */
export function Targets(): JSX.Element {
  const got = useLive<TargetRow[]>('/targets');
  return (
    <>
      <h1 tabIndex={-1}>Targets</h1>
      <div class="buttons">
        <Act
          button="Create a target"
          title="Create a target"
          action="Create"
          done="The target was created."
          submit={(entries) => {
            if (!entries.text('target')) {
              throw new Refused(0, 'A target has a name.', 'target');
            }
            return change('POST /targets', [], { target: entries.text('target') });
          }}
        >
          <Field name="target" label="iSCSI name" defaultValue={`${prefix(got.value ?? [])}:`} hint="It has no LUN until a disk is mapped." />
        </Act>
      </div>
      <Loaded got={got}>
        {(rows) => (
          <Table
            label="targets"
            rows={rows}
            id={(row) => row.target}
            words={(row) => row.target}
            empty="There is no target yet."
            heads={[
              { head: 'Target', cell: (row) => <a href={`#/targets/${encodeURIComponent(row.target)}`}>{row.target}</a> },
              { head: 'Logins', cell: (row) => <Badge text={row.enabled ? 'accepted' : 'refused'} good={row.enabled} /> },
              { head: 'Access', cell: (row) => row.accessState },
              { head: 'LUNs', number: true, cell: (row) => row.luns },
              { head: 'Sessions', number: true, cell: (row) => row.sessions },
            ]}
          />
        )}
      </Loaded>
    </>
  );
}

/** One target: its LUNs, who may use it and who does. */
export function TargetPage({ name }: { name: string }): JSX.Element {
  const got = useLive<Target>(path('targets', name));
  return (
    <>
      <p>
        <a href="#/targets">Targets</a>
      </p>
      <h1 tabIndex={-1}>{name}</h1>
      <Loaded got={got}>
        {(target) => (
          <>
            <Actions target={target} />
            <Facts
              of={[
                ['Logins', <Badge text={target.enabled ? 'accepted' : 'refused'} good={target.enabled} />],
                ['Access', target.accessState],
                ['Portal groups', target.portalGroups.join(', ') || 'all'],
                ['Redirected to', target.redirectedTo && `${target.redirectedTo}${target.redirectedForGood ? ', for good' : ''}`],
              ]}
            />
            <Ports target={target} />
            <Luns target={target} />
            <Access target={target} />
            <section>
              <h2>Sessions</h2>
              <Plain
                label="Sessions"
                rows={target.sessions}
                id={(row) => row.id}
                empty="Nobody is logged in."
                heads={[
                  { head: 'Session', cell: (row) => <a href={`#/sessions/${row.id}`}>{row.id}</a> },
                  { head: 'Initiator', cell: (row) => row.initiator },
                  { head: 'Address', cell: (row) => row.remote },
                ]}
              />
            </section>
            <HostLines target={target} />
          </>
        )}
      </Loaded>
    </>
  );
}

function Actions({ target }: { target: Target }): JSX.Element {
  return (
    <div class="buttons">
      {target.enabled ? (
        <Act button="Disable" title={`Refuse logins to ${target.target}`} action="Disable" done="Logins are refused." submit={() => change('PUT /targets/{iqn}/enabled', [target.target], { enabled: false })}>
          <p>{target.sessions.length > 0 ? `Its sessions end: ${target.sessions.length}.` : 'Nobody is logged in.'}</p>
        </Act>
      ) : (
        <Act button="Enable" title={`Accept logins to ${target.target}`} action="Enable" done="Logins are accepted." submit={() => change('PUT /targets/{iqn}/enabled', [target.target], { enabled: true })} />
      )}
      <Act
        button="Delete"
        danger
        title={`Delete ${target.target}`}
        action="Delete"
        confirm={target.target}
        done="The target was deleted."
        submit={async (entries) => {
          await change('DELETE /targets/{iqn}', [target.target], undefined, entries.flag('force') ? '?force=true' : '');
          location.hash = '#/targets';
        }}
      >
        <p>Its disks stay.</p>
        {target.sessions.length > 0 && <Field type="checkbox" name="force" label={`Even if sessions use it: ${target.sessions.length}`} />}
      </Act>
    </div>
  );
}

const STATES: [string, string][] = ['active-optimized', 'active-non-optimized', 'standby', 'unavailable'].map((state) => [state, state]);

/** What multipath software of hosts sees, by the groups of portals that they come through. */
function Ports({ target }: { target: Target }): JSX.Element {
  return (
    <section>
      <h2>Ports</h2>
      <Plain
        label="Ports"
        rows={target.ports}
        id={(row) => row.number}
        empty="No portal reaches it."
        heads={[
          { head: 'Port', number: true, cell: (row) => row.number },
          { head: 'Portal group', number: true, cell: (row) => row.group },
          { head: 'Access', cell: (row) => <Badge text={row.accessState} good={row.accessState.startsWith('active')} /> },
          {
            head: 'Change',
            cell: (row) => (
              <Act
                button={`Access of port ${row.number}`}
                title={`Access through port ${row.number}`}
                action="Set"
                done="Hosts are told."
                submit={(entries) => change('PUT /targets/{iqn}/ports/{group}/access-state', [target.target, row.group], { accessState: entries.text('accessState') })}
              >
                <Choice name="accessState" label="Access (ALUA)" of={STATES} />
              </Act>
            ),
          },
        ]}
      />
      <div class="buttons">
        <Act button="Access of all ports" title={`Access to ${target.target}`} action="Set" done="Hosts are told." submit={(entries) => change('PUT /targets/{iqn}/access-state', [target.target], { accessState: entries.text('accessState') })}>
          <Choice name="accessState" label="Access (ALUA)" of={STATES} />
        </Act>
        <Act
          button="Redirect"
          title="Send initiators elsewhere"
          action="Redirect"
          done="Initiators that log in are sent there."
          submit={(entries) => {
            if (!entries.text('redirectedTo')) {
              throw new Refused(0, 'Say where initiators are sent.', 'redirectedTo');
            }
            return change('PUT /targets/{iqn}/redirect', [target.target], { redirectedTo: entries.text('redirectedTo'), redirectedForGood: entries.flag('redirectedForGood') });
          }}
        >
          <Field name="redirectedTo" label="Address and port" hint="Such as 192.0.2.2:3260." />
          <Field type="checkbox" name="redirectedForGood" label="They are to remember it" />
        </Act>
        {target.redirectedTo && (
          <Act button="Keep initiators" title="Send nobody elsewhere" action="Keep them" done="Nobody is sent elsewhere." submit={() => change('DELETE /targets/{iqn}/redirect', [target.target])} />
        )}
      </div>
    </section>
  );
}

function Luns({ target }: { target: Target }): JSX.Element {
  const backstores = useLive<BackstoreRow[]>('/backstores').value ?? [];
  return (
    <section>
      <h2>LUNs</h2>
      <Plain
        label="LUNs"
        rows={target.luns}
        id={(row) => row.lun}
        empty="It has no LUN."
        heads={[
          { head: 'LUN', number: true, cell: (row) => row.lun },
          { head: 'Disk', cell: (row) => <a href={`#/disks/${encodeURIComponent(row.backstore)}`}>{row.backstore}</a> },
          { head: 'Access', cell: (row) => (row.readOnly ? 'read-only' : 'read and write') },
          {
            head: 'Change',
            cell: (row) => (
              <Act
                button={`Unmap LUN ${row.lun}`}
                danger
                title={`Unmap LUN ${row.lun}, ${row.backstore}`}
                action="Unmap"
                done={`LUN ${row.lun} was unmapped.`}
                submit={(entries) => change('DELETE /targets/{iqn}/luns/{lun}', [target.target, row.lun], undefined, entries.flag('force') ? '?force=true' : '')}
              >
                <p>The disk stays.</p>
                {target.sessions.length > 0 && <Field type="checkbox" name="force" label="Even if sessions use it" />}
              </Act>
            ),
          },
        ]}
      />
      <Act
        button="Map a disk"
        title={`Map a disk to ${target.target}`}
        action="Map"
        done="The disk was mapped."
        submit={(entries) => {
          const lun = entries.text('lun');
          if (lun !== '' && !/^\d{1,5}$/.test(lun)) {
            throw new Refused(0, 'A LUN is a number from 0 to 16383.', 'lun');
          }
          return change('POST /targets/{iqn}/luns', [target.target], { backstore: entries.text('backstore'), readOnly: entries.flag('readOnly'), ...(lun === '' ? {} : { lun: Number(lun) }) });
        }}
      >
        <Choice name="backstore" label="Disk" of={backstores.map((one) => [one.name, one.name])} />
        <Field name="lun" label="LUN" hint="Nothing for the first free one." inputMode="numeric" />
        <Field type="checkbox" name="readOnly" label="Read-only" />
      </Act>
    </section>
  );
}

function Access({ target }: { target: Target }): JSX.Element {
  const initiators = useLive<Initiator[]>('/initiators').value ?? [];
  const groups = useLive<Initiator[]>('/initiator-groups').value ?? [];
  return (
    <section>
      <h2>Who may use it</h2>
      <Plain
        label="Who may use it"
        rows={target.grants}
        id={(row) => row.initiator}
        empty="Nobody was named: this machine may, and who comes by a portal that is open to all."
        heads={[
          { head: 'Initiator', cell: (row) => row.initiator },
          { head: 'LUNs', cell: (row) => (row.luns.length === 0 ? 'all' : row.luns.map((view) => `${view.targetLun} as ${view.lun}`).join(', ')) },
          { head: 'Access', cell: (row) => (row.readOnly ? 'read-only' : 'read and write') },
          {
            head: 'Change',
            cell: (row) => (
              <Act
                button={`Deny ${row.initiator}`}
                danger
                title={`Take back what ${row.initiator} was allowed`}
                action="Deny"
                done={`${row.initiator} may not use it any more.`}
                submit={(entries) => change('DELETE /targets/{iqn}/grants/{initiator}', [target.target, row.initiator], undefined, entries.flag('openToAll') ? '?openToAll=true' : '')}
              >
                {target.grants.length === 1 && <Field type="checkbox" name="openToAll" label="It is the last one: open the target as a new one is" />}
              </Act>
            ),
          },
        ]}
      />
      <Act
        button="Allow an initiator"
        title={`Who may use ${target.target}`}
        action="Allow"
        done="It was allowed."
        submit={(entries) => {
          if (!entries.text('initiator')) {
            throw new Refused(0, 'There is no initiator yet: add one first.', 'initiator');
          }
          return change('PUT /targets/{iqn}/grants/{initiator}', [target.target, entries.text('initiator')], { readOnly: entries.flag('readOnly') });
        }}
      >
        <Choice name="initiator" label="Initiator" of={[...initiators, ...groups].map((one) => [one.name, `${one.name} (${one.kind})`])} />
        <Field type="checkbox" name="readOnly" label="Read-only" />
      </Act>
    </section>
  );
}

function HostLines({ target }: { target: Target }): JSX.Element {
  const portals = useLive<Portal[]>('/portals').value;
  const lun = target.luns[0]?.lun;
  return (
    <>
      {portals && lun !== undefined && (
        <details>
          <summary>Lines for hosts</summary>
          {lines({ portal: portalFor(portals), target: target.target, lun }).map((one) => (
            <section key={one.id}>
              <h3>{one.title}</h3>
              <Copy text={one.text} label={`lines for ${one.title}`} />
            </section>
          ))}
        </details>
      )}
    </>
  );
}
