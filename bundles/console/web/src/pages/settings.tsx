/** The entries of a form that a kind of storage declares. */

import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { StorageType } from '../model.ts';
import { Choice, type Entries, Field } from '../widgets.tsx';

const PREFIX = 'option.';
/** What a kind has found out, and keeps for people. */
const FOUND_OUT = 'createdFrom';

/** Shows the choice of a kind, and what it understands. */
export function StorageFields({ types, name, label }: { types: StorageType[]; name: string; label: string }): JSX.Element {
  const [chosen, setChosen] = useState(types.find((type) => type.type === 'file')?.type ?? types[0]?.type ?? '');
  const type = types.find((one) => one.type === chosen);
  return (
    <>
      <Choice name={name} label={label} of={types.map((one) => [one.type, `${one.type}: ${one.description}`])} value={chosen} onInput={setChosen} />
      {type?.options.filter((option) => option.name !== FOUND_OUT).map((option) =>
        option.type === 'flag' ? (
          <Choice
            key={`${chosen} ${option.name}`}
            name={PREFIX + option.name}
            label={`${option.name}: ${option.description}`}
            of={[
              ['', 'as usual'],
              ['true', 'true'],
              ['false', 'false'],
            ]}
          />
        ) : (
          <Field key={`${chosen} ${option.name}`} name={PREFIX + option.name} label={option.name} hint={option.description} required={option.required} />
        ),
      )}
    </>
  );
}

/** Returns what was given of what a kind understands. */
export function settings(types: StorageType[], chosen: string, entries: Entries): Record<string, string> {
  const options: Record<string, string> = {};
  for (const option of types.find((type) => type.type === chosen)?.options ?? []) {
    const value = entries.text(PREFIX + option.name);
    if (value !== '') {
      options[option.name] = value;
    }
  }
  return options;
}
