import assert from 'node:assert/strict';
import test from 'node:test';

/** What a browser has of a page: whether somebody looks at it. */
class Page extends EventTarget {
  hidden = true;

  look(hidden: boolean): void {
    this.hidden = hidden;
    this.dispatchEvent(new Event('visibilitychange'));
  }
}

const page = new Page();
Object.assign(globalThis, {
  sessionStorage: { getItem: () => 'token', setItem: () => undefined, removeItem: () => undefined },
  document: page,
});
const { start, stop } = await import('../src/live.ts');

/** Streams that have begun, and do not end by themselves. */
const begun: AbortSignal[] = [];
let begins: () => void = () => undefined;
globalThis.fetch = async (_, init) => {
  const signal = init!.signal!;
  const body = new ReadableStream({ start: (stream) => signal.addEventListener('abort', () => stream.error(signal.reason)) });
  begun.push(signal);
  begins();
  return new Response(body, { headers: { 'Content-Type': 'text/event-stream' } });
};

const next = (): Promise<void> => new Promise((resolve) => (begins = resolve));

test('a page that nobody looks at follows nothing', { timeout: 10_000 }, async () => {
  start();
  assert.equal(begun.length, 0);
  const first = next();
  page.look(false);
  await first;
  assert.equal(begun.length, 1);
  page.look(true);
  assert.equal(begun[0]!.aborted, true);
  // It has to have ended before it begins again.
  await new Promise((resolve) => setImmediate(resolve));
  const second = next();
  page.look(false);
  await second;
  assert.equal(begun.length, 2);
  assert.equal(begun[1]!.aborted, false);
  stop();
  assert.equal(begun[1]!.aborted, true);
  page.look(true);
  page.look(false);
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(begun.length, 2);
});
