import assert from 'node:assert/strict';
import test from 'node:test';
import { parse } from '../src/prometheus.ts';

test('samples have their labels and values', () => {
  const samples = parse('# HELP a_total What it is\n# TYPE a_total counter\na_total{target="iqn.x:y",lun="0"} 12\nb 1.5e3 1700000000000\n');
  assert.equal(samples.length, 2);
  assert.equal(samples[0]!.name, 'a_total');
  assert.deepEqual({ ...samples[0]!.labels }, { target: 'iqn.x:y', lun: '0' });
  assert.equal(samples[0]!.value, 12);
  assert.equal(samples[1]!.value, 1500);
});

test('a label may have quotes, braces, commas, line feeds and blanks in it', () => {
  const [sample] = parse('a{x="say \\"hi\\", {now}\\n\\\\ " , y="" ,} 3');
  assert.deepEqual({ ...sample!.labels }, { x: 'say "hi", {now}\n\\ ', y: '' });
  assert.equal(sample!.value, 3);
});

test('values without end are numbers', () => {
  assert.deepEqual(
    parse('a +Inf\nb -Inf\nc NaN').map((sample) => sample.value),
    [Infinity, -Infinity, NaN],
  );
});

test('what is no sample is left out', () => {
  assert.deepEqual(parse('\n<html>\na{x="1" 3\na{x=1} 3\na\na{} \nb{x="1"} word\n#'), []);
});

test('a label may be called as what objects have', () => {
  const [sample] = parse('a{__proto__="x",constructor="y"} 1');
  assert.equal(sample!.labels['__proto__'], 'x');
  assert.equal(sample!.labels['constructor'], 'y');
});
