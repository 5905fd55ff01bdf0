/** The lines that make a host use a disk. Everything is quoted for who reads it; secrets are never in it. */

export interface Use {
  /** Address and port, an IPv6 address in brackets. */
  portal: string;
  target: string;
  lun: number;
  /** CHAP user; empty without CHAP. */
  chapUser?: string;
  /** iSCSI name that the host has to have; empty for any. */
  initiatorName?: string;
}

export interface Lines {
  id: string;
  title: string;
  note: string;
  text: string;
}

/** Quotes a word for a POSIX shell. */
export function sh(word: string): string {
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** Quotes a word for PowerShell, for which typographic quotes are quotes too. */
export function powershell(word: string): string {
  return `'${word.replace(/['\u2018\u2019\u201a\u201b]/g, '$&$&')}'`;
}

/** Writes a value of a list of options of QEMU, where a comma ends it and two are one. */
export function option(value: string): string {
  return value.replaceAll(',', ',,');
}

/** Returns address and port of a portal. */
export function hostAndPort(portal: string): { host: string; port: string } {
  const parts = /^(?:\[(.*)\]|([^:]*))(?::(\d+))?$/.exec(portal);
  return { host: parts?.[1] ?? parts?.[2] ?? portal, port: parts?.[3] ?? '3260' };
}

/** Returns a LUN as QEMU and libiscsi write it: from 256 on as it is on the wire, marked by 16384. */
export function wireLun(lun: number): number {
  return lun < 256 ? lun : 16384 + lun;
}

/** Returns the URL by which QEMU and libiscsi know the disk. */
export function url(use: Use): string {
  return `iscsi://${use.portal}/${use.target}/${wireLun(use.lun)}`;
}

/** Returns the lines for each kind of host. */
export function lines(use: Use): Lines[] {
  return [linux(use), windows(use), esxi(use), qemu(use)];
}

function linux(use: Use): Lines {
  const node = `iscsiadm -m node -T ${sh(use.target)} -p ${sh(use.portal)}`;
  const before = use.initiatorName ? [`echo ${sh(`InitiatorName=${use.initiatorName}`)} > /etc/iscsi/initiatorname.iscsi`] : [];
  const chap = use.chapUser
    ? [
        `${node} -o update -n node.session.auth.authmethod -v CHAP`,
        `${node} -o update -n node.session.auth.username -v ${sh(use.chapUser)}`,
        `${node} -o update -n node.session.auth.password -v SECRET`,
      ]
    : [];
  return {
    id: 'linux',
    title: 'Linux',
    note: `As root, with open-iscsi.${use.initiatorName ? ' Restart iscsid when the name has changed.' : ''}`,
    text: [...before, `iscsiadm -m discovery -t sendtargets -p ${sh(use.portal)}`, ...chap, `${node} --login`].join('\n'),
  };
}

function windows(use: Use): Lines {
  const { host, port } = hostAndPort(use.portal);
  const name = use.initiatorName
    ? [`Get-InitiatorPort | Where-Object ConnectionType -eq iSCSI | Set-InitiatorPort -NewNodeAddress ${powershell(use.initiatorName)}`]
    : [];
  const chap = use.chapUser ? ` -AuthenticationType ONEWAYCHAP -ChapUsername ${powershell(use.chapUser)} -ChapSecret 'SECRET'` : '';
  return {
    id: 'windows',
    title: 'Windows',
    note: 'In PowerShell, as an administrator.',
    text: [
      'Start-Service MSiSCSI',
      ...name,
      `New-IscsiTargetPortal -TargetPortalAddress ${powershell(host)} -TargetPortalPortNumber ${port}`,
      `Connect-IscsiTarget -NodeAddress ${powershell(use.target)}${chap} -IsPersistent $true`,
    ].join('\n'),
  };
}

function esxi(use: Use): Lines {
  const name = use.initiatorName ? [`esxcli iscsi adapter set --adapter=vmhba64 --name=${sh(use.initiatorName)}`] : [];
  const chap = use.chapUser
    ? [`esxcli iscsi adapter auth chap set --adapter=vmhba64 --direction=uni --level=required --authname=${sh(use.chapUser)} --secret=SECRET`]
    : [];
  return {
    id: 'esxi',
    title: 'ESXi',
    note: 'vmhba64 is the software adapter: esxcli iscsi adapter list shows it.',
    text: [
      'esxcli iscsi software set --enabled=true',
      ...name,
      ...chap,
      `esxcli iscsi adapter discovery sendtarget add --adapter=vmhba64 --address=${sh(use.portal)}`,
      'esxcli storage core adapter rescan --adapter=vmhba64',
    ].join('\n'),
  };
}

function qemu(use: Use): Lines {
  if (!use.chapUser && !use.initiatorName) {
    return {
      id: 'qemu',
      title: 'QEMU',
      note: 'The first line shows the disk, the second runs a machine on it.',
      text: [`qemu-img info ${sh(url(use))}`, `qemu-system-x86_64 -drive ${sh(`file=${option(url(use))},format=raw,if=virtio`)}`].join('\n'),
    };
  }
  const parts = ['driver=iscsi', 'transport=tcp', `portal=${option(use.portal)}`, `target=${option(use.target)}`, `lun=${wireLun(use.lun)}`];
  const secret = use.chapUser ? '-object secret,id=chap,file=chap.secret ' : '';
  if (use.chapUser) {
    parts.push(`user=${option(use.chapUser)}`, 'password-secret=chap');
  }
  if (use.initiatorName) {
    parts.push(`initiator-name=${option(use.initiatorName)}`);
  }
  const disk = parts.join(',');
  return {
    id: 'qemu',
    title: 'QEMU',
    note: use.chapUser ? 'chap.secret is a file with the secret: others see the command line.' : 'The first line shows the disk, the second runs a machine on it.',
    text: [
      `qemu-img info ${secret.replace('-object', '--object')}--image-opts ${sh(disk)}`,
      `qemu-system-x86_64 ${secret}-blockdev ${sh(`${disk},node-name=disk`)} -device virtio-blk-pci,drive=disk`,
    ].join('\n'),
  };
}
