import assert from 'node:assert/strict';
import test from 'node:test';
import { parse } from '../src/prometheus.ts';
import { bounds, column, durations, lunBytes, rates, type Reading, shade } from '../src/traffic.ts';

function reading(atMillis: number, values: Record<string, number>): Reading {
  return { atMillis, values: new Map(Object.entries(values)) };
}

test('a rate is what grew in a second', () => {
  assert.deepEqual([...rates(reading(1000, { a: 10 }), reading(3000, { a: 30 }))], [['a', 10]]);
});

test('a counter that began anew counts from nothing', () => {
  assert.equal(rates(reading(0, { a: 1000 }), reading(2000, { a: 30 })).get('a'), 15);
});

test('there is no rate without a reading before, without time, or of what is new', () => {
  assert.equal(rates(null, reading(0, { a: 1 })).size, 0);
  assert.equal(rates(reading(5, { a: 1 }), reading(5, { a: 2 })).size, 0);
  assert.equal(rates(reading(0, {}), reading(1000, { a: 2 })).size, 0);
});

test('bytes are those of each LUN and direction', () => {
  const values = lunBytes(parse('sluice_lun_bytes_total{target="t",lun="0",backstore="d",operation="read"} 5\nsluice_lun_bytes_total{target="t",lun="0",backstore="d",operation="write"} 7\nother 1'), 0).values;
  assert.deepEqual([...values], [['t 0 read', 5], ['t 0 write', 7]]);
});

const FIRST = `
sluice_lun_operation_duration_seconds_bucket{target="t",lun="0",operation="read",le="0.001"} 0
sluice_lun_operation_duration_seconds_bucket{target="t",lun="0",operation="read",le="0.01"} 0
sluice_lun_operation_duration_seconds_bucket{target="t",lun="0",operation="read",le="+Inf"} 0
sluice_lun_operation_duration_seconds_bucket{target="t",lun="1",operation="read",le="+Inf"} 0
sluice_lun_operation_duration_seconds_bucket{target="t",lun="1",operation="read",le="0.01"} 0
sluice_lun_operation_duration_seconds_bucket{target="t",lun="1",operation="read",le="0.001"} 0`;
const SECOND = FIRST.replace('le="0.001"} 0', 'le="0.001"} 4').replace('le="0.01"} 0', 'le="0.01"} 10').replace('le="+Inf"} 0', 'le="+Inf"} 12');

test('a column has what ended between two bounds, of all LUNs', () => {
  const before = durations(parse(FIRST), 0);
  const now = durations(parse(SECOND), 2000);
  assert.deepEqual(bounds(now), [0.001, 0.01, Infinity]);
  assert.deepEqual(column(before, now)!.cells, [2, 3, 1]);
  assert.equal(column(null, now), null);
});

test('one LUN can be looked at alone', () => {
  assert.deepEqual(column(durations(parse(FIRST), 0, 't 1'), durations(parse(SECOND), 1000, 't 1'))!.cells, [0, 0, 0]);
});

test('buckets that were read while operations ended are never below nothing', () => {
  assert.deepEqual(column(reading(0, { '0.1': 0, '+Inf': 0 }), reading(1000, { '0.1': 5, '+Inf': 4 }))!.cells, [5, 0]);
});

test('a shade is nothing for nothing, and never above the strongest', () => {
  assert.equal(shade(0, 100), 0);
  assert.equal(shade(0.01, 1e6), 1);
  assert.equal(shade(100, 100), 6);
  assert.equal(shade(5, 0), 0);
});
