import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { change, filled, get, path, Refused, type Row } from '../api.ts';
import { hostAndPort, lines, type Use } from '../commands.ts';
import { useLive } from '../live.ts';
import type { Initiator, Portal, StorageType, TargetRow } from '../model.ts';
import { announce, Choice, Copy, type Entries, Field, Form, Loaded } from '../widgets.tsx';
import { sizeOf } from './disks.tsx';
import { settings, StorageFields } from './settings.tsx';

const NOBODY = '';
/** No name of an initiator begins so. */
const NEW = '+';

/** Makes a disk that a host can use at once: storage, a target, its LUN 0, and who may use it. */
export function Create(): JSX.Element {
  const [made, setMade] = useState<Use | null>(null);
  const types = useLive<StorageType[]>('/backstore-types');
  const targets = useLive<TargetRow[]>('/targets').value;
  const portals = useLive<Portal[]>('/portals').value ?? [];
  const initiators = useLive<Initiator[]>('/initiators').value ?? [];
  return (
    <>
      <p>
        <a href="#/disks">Disks</a>
      </p>
      <h1 tabIndex={-1}>Create a disk</h1>
      {made ? (
        <>
          <Made use={made} />
          <button type="button" onClick={() => setMade(null)}>
            Create another
          </button>
        </>
      ) : (
        <Loaded got={types}>
          {(kinds) => <CreateForm kinds={kinds} prefix={prefix(targets ?? [])} initiators={initiators} portal={portalFor(portals)} made={setMade} />}
        </Loaded>
      )}
    </>
  );
}

/** Returns what most names of targets begin with, to suggest another. */
export function prefix(targets: { target: string }[]): string {
  const counts = new Map<string, number>();
  for (const { target } of targets) {
    const colon = target.lastIndexOf(':');
    if (target.startsWith('iqn.') && colon > 0) {
      counts.set(target.slice(0, colon), (counts.get(target.slice(0, colon)) ?? 0) + 1);
    }
  }
  return [...counts].sort(([, one], [, other]) => other - one)[0]?.[0] ?? 'iqn.2026-11.io.sluice';
}

/** Returns an address that a host can use, of portals that listen: one that is not for this machine alone, if there is one. */
export function portalFor(portals: Portal[], hostname: string = location.hostname): string {
  const addresses = portals
    .filter((portal) => portal.listening)
    .map((portal) => portal.announced || portal.portal)
    .map((portal) => {
      const { host, port } = hostAndPort(portal);
      return host === '0.0.0.0' || host === '::' ? `${hostname}:${port}` : portal;
    });
  return addresses.find((address) => !/^(127\.|\[::1\]|localhost)/.test(address)) ?? addresses[0] ?? `${hostname}:3260`;
}

function CreateForm(props: { kinds: StorageType[]; prefix: string; initiators: Initiator[]; portal: string; made: (use: Use) => void }): JSX.Element {
  const [name, setName] = useState('');
  const [target, setTarget] = useState<string | null>(null);
  const [who, setWho] = useState(NOBODY);
  const suggested = name ? `${props.prefix}:${name.toLowerCase().replace(/[^a-z0-9.-]+/g, '-')}` : '';
  const submit = async (entries: Entries): Promise<void> => {
    const use = await make(entries, props.kinds, props.initiators, props.portal);
    announce(`Created disk ${entries.text('name')}.`);
    props.made(use);
  };
  return (
    <Form action="Create" submit={submit} cancel={() => (location.hash = '#/disks')}>
      <Field name="name" label="Name" value={name} onInput={(event) => setName(event.currentTarget.value)} required />
      <Field name="sizeBytes" label="Size" hint="Such as 10G. Nothing for storage that exists." />
      <StorageFields types={props.kinds} name="type" label="Storage" />
      <Field name="target" label="Target" hint="The iSCSI name by which hosts know it." value={target ?? suggested} onInput={(event) => setTarget(event.currentTarget.value)} required />
      <Choice
        name="who"
        label="Who may use it"
        value={who}
        onInput={setWho}
        of={[[NOBODY, 'nobody is named: this machine'], [NEW, 'a new initiator'], ...props.initiators.map((one): [string, string] => [`=${one.name}`, one.name])]}
      />
      {who === NEW && (
        <fieldset>
          <legend>New initiator</legend>
          <Field name="initiator" label="Its name here" required />
          <Field name="iqns" label="Its iSCSI name" hint="Such as iqn.1993-08.org.debian:01:web1. Nothing for any." />
          <Field name="addresses" label="Its addresses" hint="Such as 192.0.2.0/24. Nothing for anywhere." />
          <Field name="chapUser" label="CHAP user" hint="Nothing for no CHAP." />
          <Field name="chapSecret" label="CHAP secret" hint="12 to 255 characters; Windows takes 16 at most." type="password" autocomplete="new-password" />
        </fieldset>
      )}
    </Form>
  );
}

async function make(entries: Entries, kinds: StorageType[], initiators: Initiator[], portal: string): Promise<Use> {
  const type = entries.text('type');
  const target = entries.text('target');
  const backstore = {
    name: entries.text('name'),
    type,
    ...(entries.text('sizeBytes') ? { sizeBytes: sizeOf(entries, 'sizeBytes') } : {}),
    options: settings(kinds, type, entries),
  };
  for (const [field, value] of [['name', backstore.name], ['target', target]] as const) {
    if (!value) {
      throw new Refused(0, `A disk has a ${field}.`, field);
    }
  }
  const who = entries.text('who');
  if (who === NOBODY) {
    await change('POST /targets', [], { target, backstore });
    return { portal, target, lun: 0 };
  }
  const initiator = who === NEW ? await makeInitiator(entries) : initiators.find((one) => `=${one.name}` === who)!;
  try {
    await makeFor(initiator.name, target, backstore);
  } catch (failed) {
    // The form is sent again, and would be refused for what it has made itself.
    if (who === NEW) {
      await undo([{ row: 'DELETE /initiators/{name}', name: initiator.name }], failed);
    }
    throw failed;
  }
  const iqn = initiator.iqns.length === 1 && !initiator.iqns[0]!.includes('*') ? initiator.iqns[0]! : '';
  return { portal, target, lun: 0, chapUser: initiator.chapUser ?? '', initiatorName: iqn };
}

export async function makeInitiator(entries: Entries): Promise<Initiator> {
  const chapUser = entries.text('chapUser');
  const initiator = {
    name: entries.text('initiator'),
    iqns: entries.list('iqns'),
    addresses: entries.list('addresses'),
    ...(chapUser ? { chapUser, chapSecret: entries.raw('chapSecret') } : {}),
  };
  if (!initiator.name) {
    throw new Refused(0, 'An initiator has a name.', 'initiator');
  }
  try {
    // What has gone on as a job answers nothing.
    return (await change<Initiator | undefined>('POST /initiators', [], initiator)) ?? (await get<Initiator>(path('initiators', initiator.name)));
  } catch (failed) {
    throw failed instanceof Refused && failed.field === 'name' ? new Refused(failed.status, failed.message, 'initiator') : failed;
  }
}

/** The LUN comes last, so that nobody else sees the disk before it is said who may. */
async function makeFor(initiator: string, target: string, backstore: { name: string }): Promise<void> {
  const made: Undone[] = [];
  try {
    await change('POST /backstores', [], backstore);
    made.unshift({ row: 'DELETE /backstores/{name}', name: backstore.name });
    await change('POST /targets', [], { target });
    made.unshift({ row: 'DELETE /targets/{iqn}', name: target });
    await change('PUT /targets/{iqn}/grants/{initiator}', [target, initiator], {});
    await change('POST /targets/{iqn}/luns', [target], { backstore: backstore.name });
  } catch (failed) {
    await undo(made, failed);
    throw failed;
  }
}

/** How something that was made is taken back. */
interface Undone {
  row: Row;
  name: string;
}

/** Takes back what was made before something failed; what cannot be is told with it. */
async function undo(made: Undone[], because: unknown): Promise<void> {
  for (const { row, name } of made) {
    try {
      await change(row, [name]);
    } catch {
      const line = because instanceof Error ? because.message : String(because);
      throw new Refused(0, `${line} What was made before is still there: ${made.map((one) => filled(one.row.split(' ')[1]!, [one.name])).join(', ')}`);
    }
  }
}

/** What a host needs. */
export function Made({ use }: { use: Use }): JSX.Element {
  const first = useRef<HTMLParagraphElement>(null);
  // The form is gone, and the focus with it.
  useEffect(() => first.current?.focus(), []);
  return (
    <>
      <p class="well" ref={first} tabIndex={-1}>
        <a href={`#/targets/${encodeURIComponent(use.target)}`}>{use.target}</a> is served at {use.portal}, as LUN {use.lun}. On the host:
      </p>
      {lines(use).map((one) => (
        <section key={one.id} class="card" id={`lines-${one.id}`}>
          <h2>{one.title}</h2>
          <p class="quiet">{one.note}</p>
          <Copy text={one.text} label={`lines for ${one.title}`} />
        </section>
      ))}
      {use.chapUser && <p class="quiet">Put the secret of {use.chapUser} in the place of SECRET.</p>}
    </>
  );
}
