/** What two readings of counters, taken one after the other, say of the time between them. */

import type { Sample } from './prometheus.ts';

/** Counters at one moment: their values by a key, and when. */
export interface Reading {
  atMillis: number;
  values: Map<string, number>;
}

/**
 * Returns how much each counter grew in a second. One that is smaller than before began anew, and counts from nothing; one that is
 * new has no rate yet.
 */
export function rates(before: Reading | null, now: Reading): Map<string, number> {
  const result = new Map<string, number>();
  const seconds = before ? (now.atMillis - before.atMillis) / 1000 : 0;
  if (!before || seconds <= 0) {
    return result;
  }
  for (const [key, value] of now.values) {
    const old = before.values.get(key);
    if (old !== undefined) {
      result.set(key, (value >= old ? value - old : value) / seconds);
    }
  }
  return result;
}

/** A LUN as a key, and back: nothing that a name may have is in between. */
export function lunKey(target: string, lun: string): string {
  return `${target} ${lun}`;
}

/** Returns the bytes of each LUN, by `LUN read` and `LUN write`. */
export function lunBytes(samples: Sample[], atMillis: number): Reading {
  const values = new Map<string, number>();
  for (const sample of samples) {
    if (sample.name === 'sluice_lun_bytes_total') {
      const key = `${lunKey(sample.labels['target'] ?? '', sample.labels['lun'] ?? '')} ${sample.labels['operation']}`;
      values.set(key, (values.get(key) ?? 0) + sample.value);
    }
  }
  return { atMillis, values };
}

const BUCKET = 'sluice_lun_operation_duration_seconds_bucket';

/** Returns how many operations of all LUNs, or of one, have taken as long as each bound at most, by the bound. */
export function durations(samples: Sample[], atMillis: number, lun?: string): Reading {
  const values = new Map<string, number>();
  for (const { name, labels, value } of samples) {
    if (name === BUCKET && (lun === undefined || lunKey(labels['target'] ?? '', labels['lun'] ?? '') === lun)) {
      const bound = labels['le'] ?? '';
      values.set(bound, (values.get(bound) ?? 0) + value);
    }
  }
  return { atMillis, values };
}

/** A column of the heat map: how many operations a second ended within each bound and above the one before. */
export interface Column {
  atMillis: number;
  cells: number[];
}

/** Returns the bounds of buckets in order, the last one without an end. */
export function bounds(reading: Reading): number[] {
  return [...reading.values.keys()].map(bound).sort((one, other) => one - other);
}

function bound(text: string): number {
  return text === '+Inf' ? Infinity : Number(text);
}

/** Returns the column between two readings; null if there is nothing to compare with. */
export function column(before: Reading | null, now: Reading): Column | null {
  const grown = rates(before, now);
  if (grown.size === 0) {
    return null;
  }
  const sorted = [...grown].sort(([one], [other]) => bound(one) - bound(other));
  // Buckets are read one after the other while operations end, so one may seem to have less than a smaller one.
  const cells = sorted.map(([, value], i) => Math.max(0, value - (i === 0 ? 0 : sorted[i - 1]![1])));
  return { atMillis: now.atMillis, cells };
}

/** Returns the shade of a cell, from 0 for nothing to 6, so that few operations can be seen beside very many. */
export function shade(value: number, most: number): number {
  if (value <= 0 || most <= 0) {
    return 0;
  }
  return Math.max(1, Math.min(6, Math.ceil((6 * Math.log1p(value)) / Math.log1p(most))));
}
