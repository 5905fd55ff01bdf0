import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import test from 'node:test';
import { hostAndPort, lines, option, powershell, sh, url, type Use } from '../src/commands.ts';

const USE: Use = { portal: '192.0.2.1:3260', target: 'iqn.2026-11.io.sluice:db', lun: 0 };
const NASTY = ["it's", '$(touch /tmp/x)', '`id`', 'a b', '"', '\\', '', '*', '~', ';reboot', "';reboot;'", '<script>', 'ü', '-n'];

function line(id: string, use: Use): string {
  return lines(use).find((one) => one.id === id)!.text;
}

test('a shell reads back what was quoted for it', () => {
  for (const word of NASTY) {
    assert.equal(execFileSync('/bin/sh', ['-c', `printf %s\\\\n ${sh(word)}`], { encoding: 'utf8' }), `${word}\n`, word);
  }
});

test('PowerShell takes four kinds of quotes for one', () => {
  assert.equal(powershell("it's"), "'it''s'");
  assert.equal(powershell('a\u2018b\u2019c\u201ad\u201be'), "'a\u2018\u2018b\u2019\u2019c\u201a\u201ad\u201b\u201be'");
  assert.equal(powershell('$(x) `y'), "'$(x) `y'");
});

test('a comma in an option of QEMU is two', () => {
  assert.equal(option('a,b=c'), 'a,,b=c');
  assert.match(line('qemu', { ...USE, chapUser: 'a,b' }), /user=a,,b/);
});

test('Linux discovers the target and logs in', () => {
  assert.equal(line('linux', USE), 'iscsiadm -m discovery -t sendtargets -p 192.0.2.1:3260\niscsiadm -m node -T iqn.2026-11.io.sluice:db -p 192.0.2.1:3260 --login');
});

test('with CHAP every kind of host is told the user, and no secret', () => {
  for (const { text, id } of lines({ ...USE, chapUser: "o'neil" })) {
    assert.match(text, id === 'windows' ? /'o''neil'/ : id === 'qemu' ? /o'\\''neil/ : /'o'\\''neil'/, id);
    assert.match(text, /SECRET|chap\.secret/, id);
  }
});

test('a host that has to have a name is told it', () => {
  for (const { text, id } of lines({ ...USE, initiatorName: 'iqn.1993-08.org.debian:01:web1' })) {
    assert.match(text, /iqn\.1993-08\.org\.debian:01:web1/, id);
  }
});

test('an IPv6 portal is split for Windows and quoted for a shell', () => {
  const use = { ...USE, portal: '[2001:db8::1]:3261' };
  assert.deepEqual(hostAndPort(use.portal), { host: '2001:db8::1', port: '3261' });
  assert.match(line('windows', use), /-TargetPortalAddress '2001:db8::1' -TargetPortalPortNumber 3261/);
  assert.match(line('linux', use), /-p '\[2001:db8::1\]:3261'/);
  assert.deepEqual(hostAndPort('host'), { host: 'host', port: '3260' });
});

test('a LUN above 255 is written for QEMU as it is on the wire', () => {
  assert.equal(url({ ...USE, lun: 300 }), 'iscsi://192.0.2.1:3260/iqn.2026-11.io.sluice:db/16684');
  assert.equal(url({ ...USE, lun: 255 }), 'iscsi://192.0.2.1:3260/iqn.2026-11.io.sluice:db/255');
});
