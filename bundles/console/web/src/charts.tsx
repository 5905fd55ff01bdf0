/** Drawings, of SVG alone; what they show is in words too, for those who do not see them. */

import type { JSX } from 'preact';
import { shade, type Column } from './traffic.ts';
import { latency, rate } from './units.ts';

const WIDTH = 600;
const HEIGHT = 120;
const POINTS = 60;

export interface Series {
  name: string;
  values: number[];
}

/** Draws what has been, a point each time that it was asked for. */
export function Lines({ label, series }: { label: string; series: Series[] }): JSX.Element {
  const most = Math.max(1024, ...series.flatMap((one) => one.values));
  const last = series.map((one) => `${one.name} ${rate(one.values.at(-1) ?? 0)}`).join(', ');
  return (
    <figure>
      <svg class="lines" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label={`${label}: now ${last}`}>
        {series.map((one, i) => (
          <polyline key={one.name} class={`line${i}`} points={points(one.values, most)} />
        ))}
      </svg>
      <figcaption>
        {series.map((one, i) => (
          <span key={one.name} class={`key${i}`}>
            {one.name} {rate(one.values.at(-1) ?? 0)}
          </span>
        ))}
        <span class="quiet">up to {rate(most)}</span>
      </figcaption>
    </figure>
  );
}

function points(values: number[], most: number): string {
  const step = WIDTH / (POINTS - 1);
  return values.map((value, i) => `${((POINTS - values.length + i) * step).toFixed(1)},${(HEIGHT - 2 - (value / most) * (HEIGHT - 6)).toFixed(1)}`).join(' ');
}

const CELL = 10;

/** Draws how long operations took: a column each time that it was asked for, slow ones on top, many in a strong colour. */
export function HeatMap({ columns, bounds, count }: { columns: Column[]; bounds: number[]; count: number }): JSX.Element {
  const shown = columns.filter((one) => one.cells.length === bounds.length);
  const most = Math.max(0, ...shown.flatMap((one) => one.cells));
  const height = Math.max(1, bounds.length);
  const slowest = bounds[shown.at(-1)?.cells.findLastIndex((cell) => cell > 0) ?? -1];
  return (
    <figure>
      <svg
        class="heat"
        viewBox={`0 0 ${count * CELL} ${height * CELL}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={slowest === undefined ? 'Latency: no operation now' : `Latency: operations now take ${latency(slowest)} at most`}
      >
        {shown.map((one, x) =>
          one.cells.map((cell, y) =>
            cell > 0 ? (
              <rect key={`${x} ${y}`} class={`shade${shade(cell, most)}`} x={(count - shown.length + x) * CELL} y={(height - 1 - y) * CELL} width={CELL} height={CELL}>
                <title>{`${latency(bounds[y]!)}: ${cell.toFixed(1)} per second`}</title>
              </rect>
            ) : null,
          ),
        )}
      </svg>
      <figcaption>
        <span>
          from {bounds.length ? latency(bounds[0]!) : ''} at the bottom to {bounds.length > 1 ? latency(bounds.at(-2)!) : ''} and more on top
        </span>
        <span class="quiet">{slowest === undefined ? 'no operation now' : `now up to ${latency(slowest)}`}</span>
      </figcaption>
    </figure>
  );
}
