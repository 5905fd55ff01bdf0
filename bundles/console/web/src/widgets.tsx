/** What pages are made of. Everything is text in elements: nothing that a server says is ever markup. */

import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { Refused } from './api.ts';
import { changed, type Got } from './live.ts';

const PAGE_ROWS = 50;

let tell: (line: string) => void = () => undefined;

/** Says that something was done: shown for a while, and read out. */
export function announce(line: string): void {
  tell(line);
}

export function Announcements(): JSX.Element {
  const [line, setLine] = useState('');
  useEffect(() => {
    tell = setLine;
  }, []);
  useEffect(() => {
    const timer = setTimeout(() => setLine(''), 8000);
    return () => clearTimeout(timer);
  }, [line]);
  return (
    <p class={line ? 'toast shown' : 'toast'} role="status" aria-live="polite">
      {line}
    </p>
  );
}

/** What is shown of something that is asked for: it, or why it is not there. */
export function Loaded<T>({ got, children }: { got: Got<T>; children: (value: T) => ComponentChildren }): JSX.Element {
  return (
    <>
      {got.error && (
        <p class="problem" role="alert">
          {got.error.message}
        </p>
      )}
      {got.value === undefined ? !got.error && <p class="quiet">…</p> : children(got.value)}
    </>
  );
}

export interface Head<T> {
  head: string;
  number?: boolean;
  cell: (row: T) => ComponentChildren;
}

/** A list with a box to filter it, a page of rows at a time, so that a thousand rows are as quick as ten. */
export function Table<T>(props: { label: string; rows: T[]; heads: Head<T>[]; id: (row: T) => string | number; words: (row: T) => string; empty: string }): JSX.Element {
  const [filter, setFilter] = useState('');
  const [page, setPage] = useState(0);
  const wanted = filter.toLowerCase();
  const rows = wanted ? props.rows.filter((row) => props.words(row).toLowerCase().includes(wanted)) : props.rows;
  const pages = Math.max(1, Math.ceil(rows.length / PAGE_ROWS));
  const at = Math.min(page, pages - 1);
  return (
    <>
      <div class="bar">
        <label>
          <span class="hidden">Filter {props.label}</span>
          <input type="search" placeholder="Filter" value={filter} onInput={(event) => (setFilter(event.currentTarget.value), setPage(0))} />
        </label>
        <span class="quiet">{rows.length === props.rows.length ? rows.length : `${rows.length} of ${props.rows.length}`}</span>
        {pages > 1 && (
          <span class="pages">
            <button type="button" disabled={at === 0} onClick={() => setPage(at - 1)}>
              Previous
            </button>
            <span>
              Page {at + 1} of {pages}
            </span>
            <button type="button" disabled={at === pages - 1} onClick={() => setPage(at + 1)}>
              Next
            </button>
          </span>
        )}
      </div>
      <Plain {...props} rows={rows.slice(at * PAGE_ROWS, (at + 1) * PAGE_ROWS)} />
    </>
  );
}

/** A list as it is. */
export function Plain<T>(props: { label: string; rows: T[]; heads: Head<T>[]; id: (row: T) => string | number; empty: string }): JSX.Element {
  if (props.rows.length === 0) {
    return <p class="quiet">{props.empty}</p>;
  }
  return (
    <div class="scroll" role="region" aria-label={props.label} tabIndex={0}>
      <table>
        <thead>
          <tr>
            {props.heads.map((head) => (
              <th key={head.head} scope="col" class={head.number ? 'number' : ''}>
                {head.head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {props.rows.map((row) => (
            <tr key={props.id(row)}>
              {props.heads.map((head) => (
                <td key={head.head} class={head.number ? 'number' : ''}>
                  {head.cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Names and values of one thing. */
export function Facts({ of }: { of: [string, ComponentChildren][] }): JSX.Element {
  return (
    <dl class="facts">
      {of
        .filter(([, value]) => value !== null && value !== undefined && value !== '')
        .map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}

export function Badge({ text, good }: { text: string; good: boolean }): JSX.Element {
  return <span class={good ? 'badge good' : 'badge bad'}>{text}</span>;
}

export function Bar({ percent, label }: { percent: number; label: string }): JSX.Element {
  return (
    <span class="progress">
      <progress max={100} value={percent} aria-label={label} /> <span>{percent} %</span>
    </span>
  );
}

type FieldProps = { name: string; label: string; hint?: string | undefined } & Omit<JSX.IntrinsicElements['input'], 'name' | 'label' | 'id'>;

/** An entry of a form; its name is the one that the interface gives it. */
export function Field({ name, label, hint, ...rest }: FieldProps): JSX.Element {
  const id = useId();
  const box = rest.type === 'checkbox';
  const input = <input id={id} name={name} aria-describedby={hint ? `${id}-hint` : undefined} autocomplete="off" spellcheck={false} {...rest} />;
  return (
    <div class={box ? 'field box' : 'field'}>
      {box && input}
      <label for={id}>{label}</label>
      {!box && input}
      {hint && (
        <small id={`${id}-hint`} class="quiet">
          {hint}
        </small>
      )}
    </div>
  );
}

/** A choice of a form: values and what is shown of them. */
export function Choice(props: { name: string; label: string; of: [string, string][]; value?: string; onInput?: (value: string) => void }): JSX.Element {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{props.label}</label>
      <select id={id} name={props.name} value={props.value} onChange={(event) => props.onInput?.(event.currentTarget.value)}>
        {props.of.map(([value, text]) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </select>
    </div>
  );
}

/** Values of a form by their names, without blanks around them. */
export class Entries {
  constructor(private readonly form: HTMLFormElement) {}

  text(name: string): string {
    const input = this.form.elements.namedItem(name);
    return input instanceof HTMLInputElement || input instanceof HTMLSelectElement ? input.value.trim() : '';
  }

  /** A secret, of which a blank may be part. */
  raw(name: string): string {
    const input = this.form.elements.namedItem(name);
    return input instanceof HTMLInputElement ? input.value : '';
  }

  flag(name: string): boolean {
    const input = this.form.elements.namedItem(name);
    return input instanceof HTMLInputElement && input.checked;
  }

  list(name: string): string[] {
    return this.text(name).split(/[\s,]+/).filter((word) => word !== '');
  }
}

/** A form: what is refused stands at its end, and the field that was named gets the focus. Sent once at a time. */
export function Form(props: { action: string; submit: (entries: Entries) => Promise<unknown>; danger?: boolean; cancel?: (() => void) | undefined; children?: ComponentChildren; disabled?: boolean }): JSX.Element {
  const [refused, setRefused] = useState('');
  const [busy, setBusy] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    const sent = form.current;
    if (busy || !sent) {
      return;
    }
    setBusy(true);
    setRefused('');
    sent.querySelectorAll('[aria-invalid]').forEach((input) => input.removeAttribute('aria-invalid'));
    try {
      await props.submit(new Entries(sent));
      changed();
    } catch (failed) {
      setRefused(failed instanceof Error ? failed.message : String(failed));
      mark(sent, failed instanceof Refused ? failed.field : '');
    } finally {
      setBusy(false);
    }
  };
  return (
    <form ref={form} onSubmit={(event) => void submit(event)} noValidate>
      {props.children}
      <p class="problem" role="alert" hidden={!refused}>
        {refused}
      </p>
      <div class="buttons">
        <button type="submit" class={props.danger ? 'danger' : 'primary'} disabled={busy || props.disabled} aria-busy={busy}>
          {props.action}
        </button>
        {props.cancel && (
          <button type="button" onClick={props.cancel}>
            Cancel
          </button>
        )}
      </div>
    </form>
  );
}

function mark(form: HTMLFormElement, field: string): void {
  const input = field ? form.elements.namedItem(field) : null;
  if (input instanceof HTMLElement) {
    input.setAttribute('aria-invalid', 'true');
    input.focus();
  }
}

/** A dialog over the page, which has the focus until it is closed; Escape closes it. */
export function Dialog({ title, close, children }: { title: string; close: () => void; children: ComponentChildren }): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const shown = dialog.current;
    shown?.showModal();
    return () => shown?.close();
  }, []);
  return (
    <dialog ref={dialog} aria-labelledby={id} onCancel={(event) => (event.preventDefault(), close())}>
      <h2 id={id}>{title}</h2>
      {children}
    </dialog>
  );
}

/** A button that opens a dialog with a form. */
export function Act(props: { button: string; title: string; action: string; danger?: boolean; confirm?: string; done: string; submit: (entries: Entries) => Promise<unknown>; children?: ComponentChildren }): JSX.Element {
  const [open, setOpen] = useState(false);
  const close = (): void => setOpen(false);
  const submit = async (entries: Entries): Promise<void> => {
    if (props.confirm !== undefined && entries.text('confirm') !== props.confirm) {
      throw new Refused(0, `Type ${props.confirm} to confirm.`, 'confirm');
    }
    await props.submit(entries);
    close();
    announce(props.done);
  };
  return (
    <>
      <button type="button" class={props.danger ? 'danger' : ''} onClick={() => setOpen(true)}>
        {props.button}
      </button>
      {open && (
        <Dialog title={props.title} close={close}>
          <Form action={props.action} submit={submit} danger={props.danger ?? false} cancel={close}>
            {props.children}
            {props.confirm !== undefined && <Field name="confirm" label={`Type ${props.confirm} to confirm`} />}
          </Form>
        </Dialog>
      )}
    </>
  );
}

/** Text with a button that copies it. */
export function Copy({ text, label }: { text: string; label: string }): JSX.Element {
  const pre = useRef<HTMLPreElement>(null);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      announce(`Copied: ${label}.`);
    } catch {
      // A browser that does not let the page copy lets people do it.
      const selection = getSelection();
      if (pre.current && selection) {
        selection.selectAllChildren(pre.current);
        announce('Selected: press Ctrl+C.');
      }
    }
  };
  return (
    <div class="copy">
      <pre ref={pre} tabIndex={0} aria-label={label}>
        {text}
      </pre>
      <button type="button" onClick={() => void copy()} aria-label={`Copy ${label}`}>
        Copy
      </button>
    </div>
  );
}
