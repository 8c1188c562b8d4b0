import { type Outcome, reachedBy, targetText } from '../outcome.ts';
import { number } from './numbers.ts';

/** How far each case is from its target, on a logarithmic scale around it, so that half and twice look alike. */

const rowHeight = 30;
const header = 58;
const footer = 34;
const labelWidth = 330;
const barWidth = 430;
const valueWidth = 250;
const width = labelWidth + barWidth + valueWidth;
/** The scale's ends, as multiples of the target. */
const least = 1 / 32;
const most = 32;
const ticks = [
  [1 / 16, '1/16'],
  [1 / 8, '1/8'],
  [1 / 4, '1/4'],
  [1 / 2, '1/2'],
  [1, 'target'],
  [2, '2×'],
  [4, '4×'],
  [8, '8×'],
  [16, '16×'],
] as const;

export function drawChart(outcomes: Outcome[], title: string): string {
  const bottom = header + outcomes.length * rowHeight;
  const lines = ticks.map(([at, label]) => {
    const x = xOf(at);
    const isTarget = at === 1;
    return `<line x1="${x}" y1="${header - 6}" x2="${x}" y2="${bottom}" class="${isTarget ? 'target' : 'tick'}"/>
<text x="${x}" y="${header - 12}" class="small middle">${label}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${bottom + footer}" viewBox="0 0 ${width} ${bottom + footer}" role="img">
<title>${asText(title)}</title>
<style>
text { font: 13px system-ui, sans-serif; fill: #24292f; dominant-baseline: middle }
.title { font-weight: 600; font-size: 15px }
.small { font-size: 11px; fill: #57606a }
.middle { text-anchor: middle }
.right { text-anchor: end }
.tick { stroke: #d8dee4 }
.target { stroke: #24292f; stroke-width: 1.5 }
.met { fill: #2da44e }
.missed { fill: #cf7a2b }
</style>
<rect width="100%" height="100%" fill="#ffffff"/>
<text x="12" y="20" class="title">${asText(title)}</text>
${lines.join('\n')}
${outcomes.map((outcome, i) => row(outcome, header + i * rowHeight + rowHeight / 2)).join('\n')}
<text x="12" y="${bottom + 18}" class="small">To the right of the line: better than the target. To the left: worse. Whiskers: least and most of the rounds.</text>
</svg>
`;
}

function row(outcome: Outcome, y: number): string {
  const [target, end] = [xOf(1), xOf(outcome.reached)];
  const x = Math.min(target, end);
  const [from, to] = spread(outcome).map(xOf);
  const kind = outcome.met ? 'met' : 'missed';
  return `<text x="${labelWidth - 14}" y="${y}" class="right">${asText(outcome.name)}</text>
<rect x="${x}" y="${y - 8}" width="${Math.max(2, Math.abs(end - target))}" height="16" rx="2" class="${kind}"/>
<path d="M${from} ${y}H${to}M${from} ${y - 4}v8M${to} ${y - 4}v8" stroke="#24292f" fill="none"/>
<text x="${labelWidth + barWidth + 12}" y="${y}">${asText(valueText(outcome))}</text>`;
}

/** The worst and the best round, as multiples of the target. */
function spread({ rounds, floorRounds, target }: Outcome): [number, number] {
  const reached = rounds.map((value, i) =>
    reachedBy(target.of === 'ratio' ? value / (floorRounds?.[i] ?? Number.NaN) : value, target),
  );
  return [Math.min(...reached), Math.max(...reached)];
}

function valueText({ median, ratio, unit, target }: Outcome): string {
  const value = target.of === 'ratio' ? `${number(ratio ?? Number.NaN)} ×` : `${number(median)} ${unit}`;
  return `${value}  (target ${targetText(target, unit)})`;
}

function xOf(reached: number): number {
  const clamped = Math.min(most, Math.max(least, reached));
  const share = Math.log(clamped / least) / Math.log(most / least);
  return Math.round((labelWidth + share * barWidth) * 10) / 10;
}

function asText(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
