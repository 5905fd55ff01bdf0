/** Reads the text that a Prometheus server reads (exposition format 0.0.4), as far as the page needs it. */

export interface Sample {
  name: string;
  labels: Record<string, string>;
  value: number;
}

const LABEL = /\s*([A-Za-z_][A-Za-z0-9_]*)\s*=\s*"((?:[^"\\]|\\.)*)"\s*(,?)/y;
const NAME = /^[A-Za-z_:][A-Za-z0-9_:]*/;

/** Returns the samples of a text; a line that is none is left out. */
export function parse(text: string): Sample[] {
  return text.split('\n').flatMap((line) => {
    const sample = line.startsWith('#') ? null : parseLine(line.trim());
    return sample ? [sample] : [];
  });
}

function parseLine(line: string): Sample | null {
  const name = NAME.exec(line)?.[0];
  if (!name) {
    return null;
  }
  let rest = line.slice(name.length);
  // Without a prototype, so that a label may have any name.
  const labels: Record<string, string> = Object.create(null);
  if (rest.startsWith('{')) {
    LABEL.lastIndex = 1;
    let end = 1;
    for (let part = LABEL.exec(rest); part; part = LABEL.exec(rest)) {
      labels[part[1]!] = unescape(part[2]!);
      end = LABEL.lastIndex;
      if (!part[3]) {
        break;
      }
    }
    if (rest[end] !== '}') {
      return null;
    }
    rest = rest.slice(end + 1);
  }
  const word = rest.trim().split(/\s+/)[0]!;
  const value = number(word);
  return word === '' || (Number.isNaN(value) && word !== 'NaN') ? null : { name, labels, value };
}

function unescape(text: string): string {
  return text.replace(/\\(.)/g, (_, letter: string) => (letter === 'n' ? '\n' : letter));
}

function number(word: string): number {
  switch (word) {
    case '+Inf':
      return Infinity;
    case '-Inf':
      return -Infinity;
    default:
      return Number(word);
  }
}
