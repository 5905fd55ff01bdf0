/** Speaks with the REST interface of the gateway. The token is kept for this tab, and goes nowhere but to the server of this page. */

import type { Job } from './model.ts';

const ROOT = '/api/v1';
const KEPT = 'sluice-token';
const LIMIT_MILLIS = 90_000;
const JOB_MILLIS = 1000;

/** What the server, or a form, has refused, in one line. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    line: string,
    /** Name of the field that is wrong; empty if none is named. */
    readonly field: string = /field '([^']+)'/.exec(line)?.[1] ?? '',
  ) {
    super(line);
  }
}

/** Told when the token does not count any more, with the line of the server. */
type LoggedOut = (line: string) => void;

let token = sessionStorage.getItem(KEPT) ?? '';
let loggedOut: LoggedOut = () => undefined;

/** Returns whether a page that came this way may take a token, which others could read on the way. */
export function mayTakeToken(protocol: string, hostname: string): boolean {
  return protocol === 'https:' || hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}

export function hasToken(): boolean {
  return token !== '';
}

export function setToken(given: string): void {
  token = given;
  if (given) {
    sessionStorage.setItem(KEPT, given);
  } else {
    sessionStorage.removeItem(KEPT);
  }
}

export function whenLoggedOut(listener: LoggedOut): void {
  loggedOut = listener;
}

/** Writes a path of segments in which anything may be. */
export function path(...segments: (string | number)[]): string {
  return segments.map((segment) => `/${encodeURIComponent(segment)}`).join('');
}

/** Sends a request with the token; throws a {@link Refused} if it is not answered as it should be. */
export async function send(method: string, url: string, body?: unknown, signal?: AbortSignal): Promise<Response> {
  const headers: Record<string, string> = { Authorization: `Bearer ${token}` };
  if (body !== undefined) {
    headers['Content-Type'] = 'application/json';
  }
  const used = token;
  let response: Response;
  try {
    response = await fetch(url, {
      method,
      headers,
      body: body === undefined ? null : JSON.stringify(body),
      signal: signal ?? AbortSignal.timeout(LIMIT_MILLIS),
      cache: 'no-store',
      credentials: 'omit',
      redirect: 'error',
    });
  } catch (failed) {
    throw new Refused(0, failed instanceof DOMException && failed.name === 'TimeoutError' ? 'The gateway has not answered in time.' : 'The gateway does not answer.');
  }
  if (response.ok) {
    return response;
  }
  const line = await detail(response);
  if (response.status === 401 && used !== '' && used === token) {
    setToken('');
    loggedOut(line);
  }
  throw new Refused(response.status, line);
}

async function detail(response: Response): Promise<string> {
  try {
    const problem = (await response.json()) as { detail?: unknown; title?: unknown };
    return String(problem.detail ?? problem.title);
  } catch {
    return `The server answered ${response.status}.`;
  }
}

/** Calls the interface; the path begins below its root. What goes on is waited for until it is over. */
export async function call<T>(method: string, below: string, body?: unknown): Promise<T> {
  const response = await send(method, ROOT + below, body);
  const goesOn = response.status === 202 ? (response.headers.get('Location') ?? '') : '';
  if (goesOn.startsWith(`${ROOT}/jobs/`)) {
    await over(goesOn);
    return undefined as T;
  }
  return (response.status === 204 ? undefined : await response.json()) as T;
}

async function over(job: string): Promise<void> {
  for (;;) {
    const { state, problem } = (await (await send('GET', job)).json()) as Job;
    if (state === 'done') {
      return;
    }
    if (state !== 'running') {
      throw new Refused(409, problem ?? 'It was cancelled.');
    }
    await new Promise((resolve) => setTimeout(resolve, JOB_MILLIS));
  }
}

export function get<T>(below: string): Promise<T> {
  return call<T>('GET', below);
}

/** A row of the interface that changes something, as its OpenAPI document has it: a method, and a path with names in braces. */
export type Row = `${'POST' | 'PUT' | 'PATCH' | 'DELETE'} /${string}`;

/** Puts names into the braces of a path, one after the other. */
export function filled(template: string, names: (string | number)[]): string {
  const rest = [...names];
  const below = template.replace(/\{[^}]+\}/g, () => encodeURIComponent(rest.shift() ?? ''));
  if (rest.length > 0 || below.includes('//') || below.endsWith('/')) {
    throw new Error(`${template} is not for ${names.join(', ')}`);
  }
  return below;
}

/**
 * Changes something. All that the page changes goes this way, so that what it can do is what is written in its sources as rows.
 *
 * @param names what stands in the place of the braces
 * @param query with its question mark; empty for none
 */
export function change<T>(row: Row, names: (string | number)[], body?: unknown, query = ''): Promise<T> {
  const [method, template] = row.split(' ') as [string, string];
  return call<T>(method, filled(template, names) + query, body);
}
