/** What the interface answers, as far as the page shows it; docs/json.md says what the keys mean. */

export interface GatewayStatus {
  version: string;
  uptimeSeconds: number;
  portals: number;
  targets: number;
  backstores: number;
  backstoresAway: number;
  backstoresFenced: number;
  sessions: number;
  connections: number;
  dataMemoryBytes: number;
  dataMemoryLimitBytes: number;
  eventLoopStalls: number;
  problems: string[];
}

export interface BackstoreRow {
  name: string;
  type: string;
  sizeBytes: number;
  usedBytes: number | null;
  freeBytes: number | null;
  blockSizeBytes: number;
  state: string;
  problem: string | null;
  mappings: string[];
}

export interface Backstore extends BackstoreRow {
  thin: boolean;
  readOnly: boolean;
  naa: string;
  serialNumber: string;
  options: Record<string, string>;
  layers: string[];
  medium: string | null;
  caution: string | null;
  reads: number;
  writes: number;
  readBytes: number;
  writtenBytes: number;
  errors: number;
  operationsRunning: number;
  operationsHeld: number;
  operationsOverdue: number;
}

export interface Move {
  name: string;
  state: string;
  progressPercent: number;
  pass: number;
  copiedBytes: number;
  dirtyBytes: number;
  differences: number;
  rateBytesPerSecond: number;
  from: string;
  to: string;
  problem: string | null;
}

export interface Job {
  id: string;
  what: string;
  author: string;
  since: string;
  ended: string | null;
  state: string;
  progressPercent: number | null;
  cancellable: boolean;
  result: string | null;
  problem: string | null;
}

export interface Layer {
  backstore: string;
  type: string;
  options: Record<string, string>;
}

export interface Setting {
  name: string;
  type: 'text' | 'flag' | 'secret';
  required: boolean;
  description: string;
}

export interface StorageType {
  type: string;
  description: string;
  options: Setting[];
}

export interface TargetRow {
  target: string;
  enabled: boolean;
  accessState: string;
  luns: number;
  sessions: number;
}

export interface SessionBrief {
  id: number;
  initiator: string;
  remote: string;
}

export interface Grant {
  initiator: string;
  luns: { lun: number; targetLun: number; readOnly: boolean }[];
  readOnly: boolean;
  manage: boolean;
}

export interface Target {
  target: string;
  enabled: boolean;
  accessState: string;
  luns: { lun: number; backstore: string; readOnly: boolean }[];
  grants: Grant[];
  portalGroups: number[];
  ports: { group: number; number: number; accessState: string }[];
  redirectedTo: string | null;
  redirectedForGood: boolean;
  sessions: SessionBrief[];
}

export interface LunRow {
  target: string;
  lun: number;
  backstore: string;
  readOnly: boolean;
}

export interface SessionRow extends SessionBrief {
  target: string | null;
  connectionCount: number;
  admittedAs: string | null;
  chapUser: string | null;
  commandsPerSecond: number;
  readBytesPerSecond: number;
  writtenBytesPerSecond: number;
  commands: number;
  readBytes: number;
  writtenBytes: number;
}

export interface Session extends SessionRow {
  isid: string;
  portal: string;
  since: string;
  connections: { cid: number; portal: string; remote: string }[];
  parameters: Record<string, string>;
}

export interface Initiator {
  name: string;
  kind: string;
  iqns: string[];
  addresses: string[];
  chapUser: string | null;
  mutualUser: string | null;
  members: string[];
}

export interface Portal {
  portal: string;
  group: number;
  announced: string;
  openToAll: boolean;
  listening: boolean;
  problem: string | null;
}

/** A move that goes on. */
export function isRunning(move: Move): boolean {
  return !['done', 'cancelled', 'failed'].includes(move.state);
}
