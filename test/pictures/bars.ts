/** Draws times as bars, one below the other, as ratios on a logarithmic axis. */

import { drawPicture, escapeXml, fonts, round } from './svg.ts';

export interface Bar {
  /** What it was to do; bars of one job stand together, under it. */
  job: string;
  name: string;
  /** Whether it is to stand out. */
  ours: boolean;
  milliseconds: number;
}

const width = 800;
const left = 300;
const right = 660;
const lineHeight = 22;

/** Makes the file. The first bar is what the others are compared with. */
export function drawBars(title: string, conditions: string, bars: readonly Bar[]): string {
  const [first] = bars;
  if (!first) throw new Error('a picture needs a bar');
  const ratios = bars.map(({ milliseconds }) => milliseconds / first.milliseconds);
  const ticks = ticksAround(Math.min(...ratios), Math.max(...ratios));
  const [low = 1, high = 1] = [ticks[0], ticks.at(-1)];
  const xOf = (ratio: number) => left + ((right - left) * Math.log(ratio / low)) / Math.log(high / low);

  let y = 62;
  const lines = bars.flatMap((bar, index) => {
    const isNew = bars[index - 1]?.job !== bar.job;
    if (isNew) y += lineHeight + (index === 0 ? 0 : 10);
    const heading = `<text class="ink job" x="16" y="${y - 7}">${escapeXml(bar.job)}</text>`;
    y += lineHeight;
    return [...(isNew ? [heading] : []), drawBar(bar, ratios[index] ?? 1, xOf, y - lineHeight)];
  });
  const bottom = y + 6;
  const grid = ticks.map((tick) => {
    const x = round(xOf(tick));
    const line = `<path class="line${tick === 1 ? ' one' : ''}" d="M${x} 66V${bottom}"/>`;
    return `${line}<text class="faint" x="${x}" y="${bottom + 16}" text-anchor="middle">${tick}</text>`;
  });
  const height = bottom + 48;
  return drawPicture({
    ...{ title, width, height },
    description: bars.map((bar, index) => `${bar.job}: ${bar.name}: ${wordsOf(bar, ratios[index] ?? 1)}`).join('\n'),
    style: `text{font:13px ${fonts.sans}}.title{font-size:17px;font-weight:600}.job{font-weight:600}.other{opacity:.6}.line{stroke:#8b949e;stroke-opacity:.3}.one{stroke-opacity:1}`,
    content: `<rect class="edge" width="${width}" height="${height}" rx="8"/>
<rect class="paper" x="1" y="1" width="${width - 2}" height="${height - 2}" rx="7"/>
<text class="title ink" x="16" y="30">${escapeXml(title)}</text>
<text class="faint" x="16" y="51">${escapeXml(conditions)}</text>
${grid.join('\n')}
${lines.join('\n')}
<text class="faint" x="${(left + right) / 2}" y="${bottom + 35}" text-anchor="middle">times ${escapeXml(first.name)} (${round(first.milliseconds, 0)} ms), logarithmic</text>`,
  });
}

function drawBar(bar: Bar, ratio: number, xOf: (ratio: number) => number, y: number): string {
  const end = round(xOf(ratio));
  return `<text class="ink" x="${left - 10}" y="${y + 15}" text-anchor="end">${escapeXml(bar.name)}</text>\
<rect class="${bar.ours ? 'blue' : 'faint other'}" x="${left}" y="${y + 3}" width="${round(Number(end) - left)}" height="${lineHeight - 6}" rx="2"/>\
<text class="ink" x="${round(Number(end) + 7)}" y="${y + 15}">${wordsOf(bar, ratio)}</text>`;
}

function wordsOf({ milliseconds }: Bar, ratio: number): string {
  return `${ratio.toFixed(ratio < 0.1 ? 3 : 2)} × · ${round(milliseconds, milliseconds < 10 ? 1 : 0)} ms`;
}

/** The powers of ten from before the least on, and as the last 1, 2 or 5 times such a power behind the greatest. */
function ticksAround(least: number, greatest: number): number[] {
  const exponents = Array.from({ length: 13 }, (_, index) => index - 6);
  const powers = exponents.map((exponent) => Number(`1e${exponent}`));
  const low = powers.findLast((power) => power < Math.min(least, 1)) ?? least;
  const steps = exponents.flatMap((exponent) => [1, 2, 5].map((digit) => Number(`${digit}e${exponent}`)));
  const high = steps.find((step) => step > Math.max(greatest, 1)) ?? greatest;
  return [...powers.filter((power) => power >= low && power < high), high];
}
