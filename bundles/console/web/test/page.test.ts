import assert from 'node:assert/strict';
import test from 'node:test';

// What a browser has, and the modules look at when they are loaded.
const kept = new Map<string, string>();
Object.assign(globalThis, {
  sessionStorage: { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, value: string) => kept.set(key, value), removeItem: (key: string) => kept.delete(key) },
  location: { hostname: 'gateway.example.org' },
});
const { call, change, filled, mayTakeToken, path, Refused, setToken, whenLoggedOut } = await import('../src/api.ts');
const { diskOf } = await import('../src/pages/jobs.tsx');
const { makeInitiator, portalFor, prefix } = await import('../src/pages/create.tsx');

test('a token is not taken where others could read it', () => {
  for (const host of ['localhost', '127.0.0.1', '127.1.2.3', '[::1]']) {
    assert.equal(mayTakeToken('http:', host), true, host);
  }
  for (const host of ['192.0.2.1', 'gateway.example.org', '127.0.0.1.example.org', 'localhost.example.org', '[::2]', '']) {
    assert.equal(mayTakeToken('http:', host), false, host);
  }
  assert.equal(mayTakeToken('https:', '192.0.2.1'), true);
});

test('a path is encoded, whatever a name has in it', () => {
  assert.equal(path('portals', '[::1]:3260'), '/portals/%5B%3A%3A1%5D%3A3260');
  assert.equal(path('initiators', 'a/../b?c#d'), '/initiators/a%2F..%2Fb%3Fc%23d');
});

test('a row is sent with the names in the place of its braces, and not without them', async () => {
  const sent: string[] = [];
  globalThis.fetch = async (url, init) => {
    sent.push(`${init!.method} ${url} ${init!.body}`);
    return new Response(null, { status: 204 });
  };
  await change('DELETE /targets/{iqn}/luns/{lun}', ['iqn.a:b/c', 0], undefined, '?force=true');
  await change('PUT /security', [], { discoveryChap: true });
  assert.deepEqual(sent, ['DELETE /api/v1/targets/iqn.a%3Ab%2Fc/luns/0?force=true null', 'PUT /api/v1/security {"discoveryChap":true}']);
  for (const names of [[], [''], ['a', 'b']]) {
    assert.throws(() => filled('/targets/{iqn}', names), /is not for/);
  }
});

test('a refusal says the line of the server, and which field it names', async () => {
  globalThis.fetch = async () => new Response(JSON.stringify({ detail: "field 'sizeBytes' has to be a number" }), { status: 400 });
  await assert.rejects(call('GET', '/x'), (failed: InstanceType<typeof Refused>) => failed.message === "field 'sizeBytes' has to be a number" && failed.field === 'sizeBytes' && failed.status === 400);
});

test('a server that says nothing of use, or nothing at all, is one line too', async () => {
  globalThis.fetch = async () => new Response('<html>', { status: 502 });
  await assert.rejects(call('GET', '/x'), /^Error: The server answered 502\.$/);
  globalThis.fetch = async () => {
    throw new TypeError('network');
  };
  await assert.rejects(call('GET', '/x'), /^Error: The gateway does not answer\.$/);
});

test('a token that does not count any more is forgotten, and only that one', async () => {
  const told: string[] = [];
  whenLoggedOut((line) => told.push(line));
  setToken('old');
  globalThis.fetch = async () => {
    setToken('new');
    return new Response('{"detail":"no"}', { status: 401 });
  };
  await assert.rejects(call('GET', '/x'));
  assert.equal(kept.get('sluice-token'), 'new');
  globalThis.fetch = async (_, init) => {
    assert.equal((init!.headers as Record<string, string>)['Authorization'], 'Bearer new');
    return new Response('{"detail":"revoked"}', { status: 401 });
  };
  await assert.rejects(call('GET', '/x'));
  assert.equal(kept.has('sluice-token'), false);
  assert.deepEqual(told, ['revoked']);
});

test('what goes on is waited for, and what becomes of it is what the call comes to', async () => {
  const answers = (...states: object[]): string[] => {
    const asked: string[] = [];
    const left = [...states];
    globalThis.fetch = async (url) => {
      asked.push(String(url));
      return asked.length === 1
        ? new Response('{}', { status: 202, headers: { Location: '/api/v1/jobs/7e3f-1' } })
        : new Response(JSON.stringify(left.shift()));
    };
    return asked;
  };
  const asked = answers({ state: 'running' }, { state: 'done' });
  assert.equal(await call('POST', '/backstores', {}), undefined);
  assert.deepEqual(asked, ['/api/v1/backstores', '/api/v1/jobs/7e3f-1', '/api/v1/jobs/7e3f-1']);
  answers({ state: 'failed', problem: 'there is no room' });
  await assert.rejects(call('POST', '/backstores', {}), /^Error: there is no room$/);
  answers({ state: 'cancelled', problem: null });
  await assert.rejects(call('POST', '/backstores', {}), /^Error: It was cancelled\.$/);
});

test('an initiator is known when it was made, by a job too', async () => {
  const web1 = { name: 'web1', iqns: ['iqn.1993-08.org.debian:01:web1'], addresses: [], chapUser: null };
  const texts: Record<string, string> = { initiator: 'web1' };
  const entries = { text: (name: string) => texts[name] ?? '', raw: () => '', list: () => [] } as unknown as Parameters<typeof makeInitiator>[0];
  const asked: string[] = [];
  globalThis.fetch = async (url, init) => {
    asked.push(`${init!.method} ${String(url)}`);
    return asked.length === 1
      ? new Response('{}', { status: 202, headers: { Location: '/api/v1/jobs/1' } })
      : new Response(JSON.stringify(asked.length === 2 ? { state: 'done' } : web1));
  };
  assert.deepEqual(await makeInitiator(entries), web1);
  assert.deepEqual(asked, ['POST /api/v1/initiators', 'GET /api/v1/jobs/1', 'GET /api/v1/initiators/web1']);
  globalThis.fetch = async () => new Response(JSON.stringify(web1), { status: 201 });
  assert.deepEqual(await makeInitiator(entries), web1);
});

test('a move is answered when it has begun', async () => {
  globalThis.fetch = async () => new Response('{"state":"copying"}', { status: 202, headers: { Location: '/api/v1/backstores/a/move' } });
  assert.deepEqual(await call('POST', '/backstores/a/move', {}), { state: 'copying' });
});

test('a job leads to the disk that it is about', () => {
  assert.equal(diskOf('moving backstore disk1 to disk2.img'), 'disk1');
  assert.equal(diskOf('deleting target iqn.2026-11.io.sluice:backstore'), null);
});

function portal(address: string, more: object = {}): Parameters<typeof portalFor>[0][number] {
  return { portal: address, group: 1, announced: '', openToAll: false, listening: true, problem: null, ...more };
}

test('hosts are told an address that they can reach', () => {
  assert.equal(portalFor([portal('127.0.0.1:3260'), portal('192.0.2.1:3260')]), '192.0.2.1:3260');
  assert.equal(portalFor([portal('0.0.0.0:3261')]), 'gateway.example.org:3261');
  assert.equal(portalFor([portal('10.0.0.1:3260', { announced: '192.0.2.9:3260' })]), '192.0.2.9:3260');
  assert.equal(portalFor([portal('192.0.2.1:3260', { listening: false }), portal('127.0.0.1:3260')]), '127.0.0.1:3260');
  assert.equal(portalFor([]), 'gateway.example.org:3260');
});

test('a target is suggested as most are called', () => {
  const names = (...targets: string[]): { target: string }[] => targets.map((target) => ({ target }));
  assert.equal(prefix(names('iqn.2001-04.com.example:a', 'iqn.2001-04.com.example:b', 'iqn.2026-11.io.sluice:c')), 'iqn.2001-04.com.example');
  assert.equal(prefix(names('eui.02004567a425678d')), 'iqn.2026-11.io.sluice');
});
