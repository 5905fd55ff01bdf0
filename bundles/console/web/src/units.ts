/** Sizes, rates and times as people read and write them. Sizes are in powers of 1024, as the console has them. */

const LETTERS = ['', 'K', 'M', 'G', 'T', 'P', 'E'];

/** Returns a size such as `1.5 GiB`. */
export function size(bytes: number): string {
  let value = bytes;
  let step = 0;
  while (value >= 1024 && step < LETTERS.length - 1) {
    value /= 1024;
    step++;
  }
  const digits = step === 0 || value >= 100 || Number.isInteger(value) ? 0 : 1;
  return `${value.toFixed(digits)} ${step === 0 ? 'B' : `${LETTERS[step]}iB`}`;
}

/** Returns a rate such as `3 MiB/s`. */
export function rate(bytesPerSecond: number): string {
  return `${size(bytesPerSecond)}/s`;
}

/** Returns the bytes of what somebody wrote, such as `10G`, `1.5 GiB` or `512`; null if it is no size. */
export function parseSize(text: string): number | null {
  const parts = /^\s*(\d+(?:\.\d+)?)\s*([KMGTP]?)(?:i?B)?\s*$/i.exec(text);
  if (!parts) {
    return null;
  }
  const bytes = Number(parts[1]) * 1024 ** LETTERS.indexOf(parts[2]!.toUpperCase());
  return Number.isInteger(bytes) && bytes <= Number.MAX_SAFE_INTEGER ? bytes : null;
}

/** Returns a time span such as `3 d 4 h`. */
export function duration(seconds: number): string {
  const parts: [number, string][] = [
    [Math.floor(seconds / 86400), 'd'],
    [Math.floor(seconds / 3600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'min'],
    [Math.floor(seconds) % 60, 's'],
  ];
  const first = parts.findIndex(([count]) => count > 0);
  return parts
    .slice(first < 0 ? 3 : first, first < 0 ? 4 : first + 2)
    .map(([count, unit]) => `${count} ${unit}`)
    .join(' ');
}

/** Returns a latency bound such as `250 µs`. */
export function latency(seconds: number): string {
  if (!Number.isFinite(seconds)) {
    return 'more';
  }
  if (seconds >= 1) {
    return `${+seconds.toPrecision(3)} s`;
  }
  return seconds >= 0.001 ? `${+(seconds * 1e3).toPrecision(3)} ms` : `${+(seconds * 1e6).toPrecision(3)} µs`;
}
