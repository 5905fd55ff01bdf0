import type { JSX } from 'preact';
import { change, path, Refused } from '../api.ts';
import { POLL_MILLIS, useLive } from '../live.ts';
import { type Backstore, type BackstoreRow, isRunning, type Layer, type Move, type StorageType } from '../model.ts';
import { parseSize, size } from '../units.ts';
import { Act, Badge, type Entries, Facts, Field, Loaded, Table } from '../widgets.tsx';
import { MoveProgress } from './jobs.tsx';
import { settings, StorageFields } from './settings.tsx';

/** Reads a size of a form. */
export function sizeOf(entries: Entries, name: string): number {
  const bytes = parseSize(entries.text(name));
  if (bytes === null) {
    throw new Refused(0, 'The size is a number with K, M, G or T behind it, such as 10G.', name);
  }
  return bytes;
}

/** All disks. */
export function Disks(): JSX.Element {
  return (
    <>
      <h1 tabIndex={-1}>Disks</h1>
      <p>
        <a class="button primary" href="#/create">
          Create a disk
        </a>
      </p>
      <Loaded got={useLive<BackstoreRow[]>('/backstores')}>
        {(rows) => (
          <Table
            label="disks"
            rows={rows}
            id={(row) => row.name}
            words={(row) => [row.name, row.type, row.state, ...row.mappings].join(' ')}
            empty="There is no disk yet."
            heads={[
              { head: 'Name', cell: (row) => <a href={`#/disks/${encodeURIComponent(row.name)}`}>{row.name}</a> },
              { head: 'State', cell: (row) => <Badge text={row.state} good={row.state === 'online' || row.state === 'standby'} /> },
              { head: 'Type', cell: (row) => row.type },
              { head: 'Size', number: true, cell: (row) => size(row.sizeBytes) },
              { head: 'Used', number: true, cell: (row) => (row.usedBytes === null ? '' : size(row.usedBytes)) },
              { head: 'Mapped as', cell: (row) => row.mappings.join(', ') },
            ]}
          />
        )}
      </Loaded>
    </>
  );
}

/** One disk, and what can be done with it. */
export function Disk({ name }: { name: string }): JSX.Element {
  const got = useLive<Backstore>(path('backstores', name), POLL_MILLIS);
  const layers = useLive<Layer[]>(path('backstores', name, 'layers'));
  const move = useLive<Move[]>('/moves', POLL_MILLIS).value?.find((one) => one.name === name);
  return (
    <>
      <p>
        <a href="#/disks">Disks</a>
      </p>
      <h1 tabIndex={-1}>{name}</h1>
      <Loaded got={got}>
        {(disk) => (
          <>
            {disk.problem && (
              <p class="problem" role="alert">
                {disk.problem}
              </p>
            )}
            {move && <MoveProgress move={move} />}
            <Actions disk={disk} moving={move !== undefined && isRunning(move)} />
            <Facts of={facts(disk, layers.value ?? [])} />
          </>
        )}
      </Loaded>
    </>
  );
}

function words(options: Record<string, string>): string {
  return Object.entries(options)
    .map(([key, value]) => `${key}=${value}`)
    .join(', ');
}

function facts(disk: Backstore, layers: Layer[]): [string, JSX.Element | string | number | null][] {
  return [
    ['State', <Badge text={disk.state} good={disk.state === 'online' || disk.state === 'standby'} />],
    ['Size', size(disk.sizeBytes)],
    ['Type', disk.type],
    ['Settings', words(disk.options)],
    ['Layers', layers.map((layer) => `${layer.type} (${words(layer.options)})`).join(', ')],
    ['Mapped as', disk.mappings.join(', ')],
    ['Space in use', disk.usedBytes === null ? null : size(disk.usedBytes)],
    ['Space left', disk.freeBytes === null ? null : size(disk.freeBytes)],
    ['Kept on', disk.medium],
    ['Caution', disk.caution],
    ['Block', `${disk.blockSizeBytes} B`],
    ['Thin', disk.thin ? 'yes' : 'no'],
    ['Read-only', disk.readOnly ? 'yes' : 'no'],
    ['Reads', `${disk.reads}, ${size(disk.readBytes)}`],
    ['Writes', `${disk.writes}, ${size(disk.writtenBytes)}`],
    ['Errors', disk.errors],
    ['Under way', disk.operationsRunning],
    ['Waiting for storage', disk.operationsHeld || null],
    ['Overdue', disk.operationsOverdue || null],
    ['NAA', <code>{disk.naa}</code>],
    ['Serial number', <code>{disk.serialNumber}</code>],
  ];
}

function Actions({ disk, moving }: { disk: Backstore; moving: boolean }): JSX.Element {
  const types = useLive<StorageType[]>('/backstore-types').value ?? [];
  return (
    <div class="buttons">
      <Act button="Resize" title={`Make ${disk.name} larger`} action="Resize" done={`${disk.name} is larger.`} submit={(entries) => change('PATCH /backstores/{name}', [disk.name], { sizeBytes: sizeOf(entries, 'sizeBytes') })}>
        <Field name="sizeBytes" label="New size" hint={`It has ${size(disk.sizeBytes)}; it can only grow.`} />
      </Act>
      <Act button="Reopen" title={`Open the storage of ${disk.name} anew`} action="Reopen" done={`${disk.name} was reopened.`} submit={() => change('POST /backstores/{name}/reopen', [disk.name])}>
        <p>Commands of hosts wait meanwhile. It clears a failure.</p>
      </Act>
      {!moving && (
        <Act
          button="Move"
          title={`Move ${disk.name} to other storage`}
          action="Move"
          done={`${disk.name} is being moved.`}
          submit={(entries) => {
            const type = entries.text('type');
            const options = settings(types, type, entries);
            return change('POST /backstores/{name}/move', [disk.name], { type, options, rateBytesPerSecond: entries.text('rateBytesPerSecond') ? sizeOf(entries, 'rateBytesPerSecond') : 0 });
          }}
        >
          <p>Hosts notice nothing. The old storage is left as it is.</p>
          <StorageFields types={types} name="type" label="New storage" />
          <Field name="rateBytesPerSecond" label="At most, in a second" hint="Such as 50M; nothing for as fast as it can." />
        </Act>
      )}
      <Act
        button="Delete"
        danger
        title={`Delete ${disk.name}`}
        action="Delete"
        confirm={disk.name}
        done={`${disk.name} was deleted.`}
        submit={async () => {
          await change('DELETE /backstores/{name}', [disk.name]);
          location.hash = '#/disks';
        }}
      >
        <p>The gateway forgets the disk. {disk.mappings.length > 0 && `It is mapped as ${disk.mappings.join(', ')}: unmap it first.`}</p>
      </Act>
    </div>
  );
}
