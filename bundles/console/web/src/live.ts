/** Keeps what is shown true: the server tells what has changed, and where it does not, everything is asked for every two seconds. */

import { useEffect, useState } from 'preact/hooks';
import { get, Refused, send } from './api.ts';

export const POLL_MILLIS = 2000;
const TOGETHER_MILLIS = 300;
const RETRY_MILLIS = 15_000;
/** The server says something every ten seconds at least. */
const SILENCE_MILLIS = 30_000;

export interface Got<T> {
  value: T | undefined;
  /** Why there is no newer value. */
  error: Refused | undefined;
}

const kept = new Map<string, unknown>();
const listeners = new Set<() => void>();
/** Those of them that nobody else asks for. */
const idle = new Set<() => void>();
let streams = false;
let run: AbortController | null = null;
let announced: ReturnType<typeof setTimeout> | undefined;

/** Has everything that is shown asked for again, soon and together. */
export function changed(): void {
  announced ??= setTimeout(() => {
    announced = undefined;
    listeners.forEach((listener) => listener());
  }, TOGETHER_MILLIS);
}

/** Begins to listen; ends what went on before. */
export function start(): void {
  stop();
  run = new AbortController();
  const { signal } = run;
  void listen(signal);
  const timer = setInterval(() => {
    if (!streams && !document.hidden) {
      idle.forEach((listener) => listener());
    }
  }, POLL_MILLIS);
  signal.addEventListener('abort', () => clearInterval(timer));
}

/** Listens no more, and forgets what was shown. */
export function stop(): void {
  run?.abort();
  run = null;
  streams = false;
  kept.clear();
}

async function listen(ended: AbortSignal): Promise<void> {
  for (await shown(ended); !ended.aborted; await shown(ended)) {
    await stream(ended);
    streams = false;
    if (!document.hidden && !ended.aborted) {
      await new Promise((resolve) => setTimeout(resolve, RETRY_MILLIS));
    }
  }
}

/** Waits until somebody looks at the page. */
function shown(ended: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (!document.hidden || ended.aborted) {
        document.removeEventListener('visibilitychange', look);
        ended.removeEventListener('abort', look);
        resolve();
      }
    };
    document.addEventListener('visibilitychange', look);
    ended.addEventListener('abort', look);
    look();
  });
}

/**
 * Follows the events until the stream ends, which it does when the server goes, or has none, or when the page is hidden: a browser
 * has six connections to a server for all pages together, and pages that nobody looks at would leave none.
 */
async function stream(ended: AbortSignal): Promise<void> {
  const quiet = new AbortController();
  const end = (): void => quiet.abort();
  const hide = (): void => {
    if (document.hidden) {
      end();
    }
  };
  ended.addEventListener('abort', end);
  document.addEventListener('visibilitychange', hide);
  let silence = setTimeout(end, SILENCE_MILLIS);
  try {
    const response = await send('GET', '/api/v1/events', undefined, quiet.signal);
    if (!response.headers.get('content-type')?.startsWith('text/event-stream') || !response.body) {
      return;
    }
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    streams = true;
    changed();
    let rest = '';
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      clearTimeout(silence);
      silence = setTimeout(end, SILENCE_MILLIS);
      const lines = (rest + read.value).split('\n');
      rest = lines.pop()!.slice(-4096);
      if (lines.some((line) => /^event: *(changed|made|removed)\r?$/.test(line))) {
        changed();
      }
    }
  } catch {
    // It is asked for every two seconds then.
  } finally {
    clearTimeout(silence);
    ended.removeEventListener('abort', end);
    document.removeEventListener('visibilitychange', hide);
  }
}

/**
 * Returns what is at a path, and newer values as they come; null for nothing.
 *
 * @param everyMillis how often it is asked for besides, for counters, of which nobody tells; 0 for never
 * @param read gets it, where it is not JSON of the interface; such a thing is asked for at its own pace alone
 */
export function useLive<T>(path: string | null, everyMillis = 0, read: (path: string) => Promise<T> = get<T>): Got<T> {
  const [got, setGot] = useState<Got<T> & { path: string | null }>({ path: null, value: undefined, error: undefined });
  useEffect(() => {
    if (path === null) {
      return undefined;
    }
    let over = false;
    let asking = false;
    let again = false;
    const ask = async (): Promise<void> => {
      if (asking) {
        again = true;
        return;
      }
      asking = true;
      try {
        const value = await read(path);
        if (!over) {
          kept.set(path, value);
          setGot({ path, value, error: undefined });
        }
      } catch (failed) {
        if (!over) {
          const error = failed instanceof Refused ? failed : new Refused(0, String(failed));
          // What is gone is not shown as if it were there.
          if (error.status === 404) {
            kept.delete(path);
          }
          setGot({ path, value: kept.get(path) as T | undefined, error });
        }
      } finally {
        asking = false;
        if (again && !over) {
          again = false;
          void ask();
        }
      }
    };
    const listener = (): void => void ask();
    if (read === get) {
      listeners.add(listener);
    }
    if (everyMillis === 0) {
      idle.add(listener);
    }
    const timer = everyMillis > 0 ? setInterval(() => !document.hidden && void ask(), everyMillis) : undefined;
    void ask();
    return () => {
      over = true;
      listeners.delete(listener);
      idle.delete(listener);
      clearInterval(timer);
    };
  }, [path, everyMillis]);
  return got.path === path ? got : { value: path === null ? undefined : (kept.get(path) as T | undefined), error: undefined };
}
