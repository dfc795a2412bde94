/**
 * Charts as SVG, drawn on the server. Each has a title and a description that say what it shows in words, and every figure in it
 * stands as text too. Colours differ in lightness and in outline, so that nobody needs to tell hues apart.
 */
import { markup, type Markup } from '../text/markup.ts';

const WIDTH = 640;
const LABELS = 200;
const ROW = 26;
const BAR = 16;

/** What is kept and what is used: dark. What is missed: hatched by its outline. All at least 4.5:1 on white. */
export const colours = { ink: '#1b1f24', calm: '#0b5cad', alarm: '#a4262c', grid: '#5d6670' } as const;

export interface Chart {
  readonly id: string;
  readonly title: string;
  /** The chart in words, for those who do not see it. */
  readonly description: string;
}

const rounded = (value: number): number => Math.round(value * 10) / 10;

const frame = ({ id, title, description }: Chart, height: number, drawn: readonly Markup[]): Markup =>
  markup`<svg role="img" aria-labelledby="${id}-title ${id}-desc" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" xmlns="http://www.w3.org/2000/svg"><title id="${id}-title">${title}</title><desc id="${id}-desc">${description}</desc>${drawn}</svg>`;

const label = (x: number, y: number, text: string, anchor: 'start' | 'end' | 'middle' = 'start'): Markup =>
  markup`<text x="${rounded(x)}" y="${rounded(y)}" font-size="13" fill="${colours.ink}" text-anchor="${anchor}">${text}</text>`;

/** What a reader takes for one character. */
const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Capitals, ideographs and pictures take about twice the room of small letters. */
const roomOf = (character: string): number => (/^[\p{Ll}\p{Nd}\p{P}\s]/u.test(character) ? 1 : 2);

/** Cut so that a label does not run into its bar; `room` is counted in small letters. */
const short = (text: string, room: number): string => {
  const characters = Array.from(graphemes.segment(text), ({ segment }) => segment);
  let taken = 0;
  const fits = characters.findIndex((character) => (taken += roomOf(character)) > room);
  return fits === -1 ? text : `${characters.slice(0, Math.max(fits - 1, 1)).join('')}…`;
};

export interface Bar {
  readonly label: string;
  readonly value: number;
  /** The figure as the chart writes it beside the bar. */
  readonly told: string;
  readonly alarm?: boolean;
}

const barAt = (place: number, { value, told, alarm = false, ...bar }: Bar, scale: number): Markup => {
  const y = place * ROW + 4;
  const width = rounded(Math.max(value * scale, 1));
  const [fill, stroke] = alarm ? ['#ffffff', colours.alarm] : [colours.calm, colours.calm];
  return markup`${label(0, y + BAR - 3, short(bar.label, 28))}<rect x="${LABELS}" y="${y}" width="${width}" height="${BAR}" fill="${fill}" stroke="${stroke}" stroke-width="2"/>${label(LABELS + width + 8, y + BAR - 3, told)}`;
};

/** Horizontal bars. `mark` draws a line at a value that all bars are held against. */
export const barChart = (chart: Chart, bars: readonly Bar[], mark?: { value: number; told: string }): Markup => {
  const most = Math.max(1, mark?.value ?? 0, ...bars.map(({ value }) => value));
  // Room for the figure to the right of the longest bar.
  const scale = (WIDTH - LABELS - 190) / most;
  const height = bars.length * ROW + (mark ? 28 : 8);
  const x = mark && rounded(LABELS + mark.value * scale);
  const line =
    mark &&
    x !== undefined &&
    markup`<line x1="${x}" y1="0" x2="${x}" y2="${bars.length * ROW + 4}" stroke="${colours.ink}" stroke-width="2" stroke-dasharray="4 3"/>${label(x, bars.length * ROW + 20, mark.told, 'middle')}`;
  return frame(chart, height, [...bars.map((bar, place) => barAt(place, bar, scale)), ...(line ? [line] : [])]);
};

export interface Column {
  /** The day of the month. */
  readonly day: number;
  readonly used: number;
  readonly credited: number;
}

const COLUMN_HEIGHT = 120;

const columnAt = (slot: number, { day, used, credited }: Column, scale: number): Markup => {
  const x = 40 + (day - 1) * slot;
  const wide = rounded(slot / 2 - 1);
  const of = (amount: number) => rounded(amount * scale);
  const bar = (left: number, amount: number, fill: string, stroke: string) =>
    amount === 0
      ? undefined
      : markup`<rect x="${rounded(left)}" y="${rounded(COLUMN_HEIGHT + 10 - of(amount))}" width="${wide}" height="${of(amount)}" fill="${fill}" stroke="${stroke}" stroke-width="1.5"/>`;
  return markup`${bar(x, used, colours.calm, colours.calm)}${bar(x + slot / 2, credited, '#ffffff', colours.alarm)}`;
};

/** Two columns for each day of a month: units used, filled, and units credited, outlined. */
export const dayChart = (chart: Chart, days: number, columns: readonly Column[]): Markup => {
  const most = Math.max(1, ...columns.flatMap(({ used, credited }) => [used, credited]));
  const slot = (WIDTH - 50) / days;
  const base = COLUMN_HEIGHT + 10;
  const ticks = Array.from({ length: days }, (_, day) => day + 1).filter((day) => day === 1 || day % 5 === 0);
  return frame(chart, base + 28, [
    markup`<line x1="36" y1="${base}" x2="${WIDTH - 8}" y2="${base}" stroke="${colours.grid}" stroke-width="1"/>`,
    label(32, 20, String(most), 'end'),
    label(32, base, '0', 'end'),
    ...columns.map((column) => columnAt(slot, column, COLUMN_HEIGHT / most)),
    ...ticks.map((day) => label(40 + (day - 0.5) * slot, base + 18, String(day), 'middle')),
  ]);
};
