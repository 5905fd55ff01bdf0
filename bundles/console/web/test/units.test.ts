import assert from 'node:assert/strict';
import test from 'node:test';
import { duration, latency, parseSize, rate, size } from '../src/units.ts';

test('sizes are read as the console reads them', () => {
  assert.equal(parseSize('10G'), 10 * 2 ** 30);
  assert.equal(parseSize(' 1.5 GiB '), 1.5 * 2 ** 30);
  assert.equal(parseSize('512'), 512);
  assert.equal(parseSize('2tb'), 2 * 2 ** 40);
});

test('what is no size is none', () => {
  for (const text of ['', 'G', '-1', '1e9', '1.0001', '10 X', '99999999999P', '0x10', '1,5G']) {
    assert.equal(parseSize(text), null, text);
  }
});

test('sizes and rates are written short', () => {
  assert.deepEqual([0, 1023, 1024, 1536, 10 * 2 ** 30, 2 ** 60].map(size), ['0 B', '1023 B', '1 KiB', '1.5 KiB', '10 GiB', '1 EiB']);
  assert.equal(rate(2048), '2 KiB/s');
});

test('a time span has two parts at most', () => {
  assert.deepEqual([0, 59, 61, 3600, 90061].map(duration), ['0 s', '59 s', '1 min 1 s', '1 h 0 min', '1 d 1 h']);
});

test('latencies are in the unit that suits them', () => {
  assert.deepEqual([0.00005, 0.00025, 0.001, 0.25, 2.5, Infinity].map(latency), ['50 µs', '250 µs', '1 ms', '250 ms', '2.5 s', 'more']);
});
