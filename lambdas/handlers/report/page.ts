/**
 * The monthly service report as one HTML page: no script, no resource from elsewhere, and a content security policy that allows
 * exactly the style sheet below. Everything a chart shows stands in a table or a sentence as well.
 */
import { createHash } from 'node:crypto';
import { tellMonth } from '../../domain/time/month.ts';
import type { Incident, Performance, ServiceReport } from '../../domain/report/report.ts';
import { barChart, colours, dayChart, type Bar } from './charts.ts';
import { Markup, markup } from '../text/markup.ts';
import * as told from './told.ts';

const STYLE = `body{font:16px/1.5 system-ui,sans-serif;color:${colours.ink};background:#ffffff;max-width:60rem;margin:2rem auto;padding:0 1rem}
table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:.4rem .6rem;border-bottom:1px solid ${colours.grid}}
svg{max-width:100%;height:auto;font-family:inherit}th small{font-weight:normal;overflow-wrap:anywhere}td{min-width:5rem}.table{overflow-x:auto}`;

/** The headers that go with the page wherever it is served. */
export const pageHeaders: Readonly<Record<string, string>> = {
  'content-security-policy': `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'private, no-store',
};

/** Beyond this many bars a chart is no help; the table has every incident. */
const MOST_BARS = 30;
/** Bars end at three times the promise, so that one late ticket does not flatten all others. */
const LONGEST_SHARE = 300;

const priorities = (report: ServiceReport): Markup => {
  const bars = report.byPriority.map(({ priority, incidents }): Bar => ({
    label: priority,
    value: incidents,
    told: String(incidents),
  }));
  const description = bars.map((bar) => `${bar.label}: ${bar.told}`).join(', ');
  return barChart({ id: 'priorities', title: 'Incidents by priority', description }, bars);
};

const shareBar = (incident: Incident, { seconds, promise }: Performance): Bar | undefined => {
  if (seconds === null || promise?.seconds == null || promise.seconds === 0) return undefined;
  const share = Math.round((seconds / promise.seconds) * 100);
  const alarm = promise.state === 'missed';
  const outcome = alarm ? ', missed' : promise.plannedAt === undefined ? '' : ', planned';
  return {
    label: incident.subject,
    value: Math.min(share, LONGEST_SHARE),
    told: `${String(share)} %${outcome}`,
    alarm,
  };
};

const shares = (report: ServiceReport, kind: 'answer' | 'solution', title: string): Markup => {
  const all = report.incidents.flatMap((incident) => shareBar(incident, incident[kind]) ?? []);
  if (all.length === 0) return markup`<p>Nothing with a promised time was done yet.</p>`;
  const bars = all.slice(0, MOST_BARS);
  const description = bars.map((bar) => `${bar.label}: ${bar.told}`).join('; ');
  const rest = all.length > bars.length ? markup`<p>The first ${bars.length} of ${all.length}.</p>` : undefined;
  return markup`${barChart({ id: kind, title, description }, bars, { value: 100, told: '100 % of the promised time' })}${rest}`;
};

const units = (report: ServiceReport): Markup => {
  const { days } = report.units;
  if (days.length === 0) return markup`<p>No units were used or credited.</p>`;
  const { used, credited } = told.tellUnitsOf(report);
  const columns = days.map((day) => ({ ...day, day: Number(day.on.slice(8)) }));
  const length = new Date(Date.UTC(Number(report.month.slice(0, 4)), Number(report.month.slice(5)), 0)).getUTCDate();
  const listed = days.map((day) => `${day.on}: ${String(day.used)} used, ${String(day.credited)} credited`).join('; ');
  const chart = {
    id: 'units',
    title: 'Units used and credited',
    description: `${used} used, ${credited} credited. ${listed}`,
  };
  return markup`<p>By day of the month. Filled: used. Outlined: credited.</p>${dayChart(chart, length, columns)}`;
};

const row = (report: ServiceReport, incident: Incident): Markup => {
  const { rating } = incident;
  return markup`<tr><th scope="row">${incident.subject}<br><small>${incident.ticketId}</small></th><td>${incident.priority}, ${incident.status}<br>${told.tellOpened(report, incident)}</td><td>${told.tellPerformance(incident.answer, 'not answered')}</td><td>${told.tellPerformance(incident.solution, 'not solved')}</td><td>${told.tellCharge(incident).map((part, place) => markup`${place > 0 ? markup`<br>` : undefined}${part}`)}</td><td>${told.tellPeople(incident.people)}</td><td>${rating ? markup`${rating.score} of 5${rating.comment === undefined ? undefined : markup`<br>${rating.comment}`}` : 'none'}</td></tr>`;
};

const table = (report: ServiceReport, incidents: readonly Incident[]): Markup =>
  incidents.length === 0
    ? markup`<p>No incident was reported.</p>`
    : markup`<div class="table"><table><caption>Times are counted in each promise’s own hours, or by the clock where none was promised.</caption><thead><tr>${['Incident', 'Reported', 'Answer', 'Solution', 'Units', 'People', 'Rating'].map((title) => markup`<th scope="col">${title}</th>`)}</tr></thead><tbody>${incidents.map((incident) => row(report, incident))}</tbody></table></div>`;

const summary = (report: ServiceReport): Markup => {
  const lines = [
    `Incidents reported: ${told.tellIncidents(report)}`,
    `Answers: ${told.tellKept(report.answers)}`,
    `Solutions: ${told.tellKept(report.solutions)}`,
    `Units: ${told.tellUnitsLeft(report)}`,
    `Satisfaction: ${told.tellSatisfaction(report)}`,
  ];
  return markup`<ul>${lines.map((line) => markup`<li>${line}</li>`)}</ul>`;
};

/** The whole page, as text to send. */
export const reportPage = (report: ServiceReport): string => {
  const title = `Service report for ${tellMonth(report.month)}: ${report.name}`;
  const body = markup`<h1>${title}</h1>${report.complete ? undefined : markup`<p>The month is not over: these are its figures so far.</p>`}${report.manager && markup`<p>From ${report.manager.name}, your technical account manager.</p>`}${summary(report)}<h2>Incidents by priority</h2>${report.byPriority.length > 0 ? priorities(report) : markup`<p>No incident was reported.</p>`}<h2>Time to answer, against the promise</h2>${shares(report, 'answer', 'Time to answer as a share of the promised time')}<h2>Time to solve, against the promise</h2>${shares(report, 'solution', 'Time to solve as a share of the promised time')}<h2>Units used and credited</h2>${units(report)}<h2>Every incident</h2>${table(report, report.incidents)}${report.earlier.length > 0 ? markup`<h2>Reported before, and open or rated in the month</h2>${table(report, report.earlier)}` : undefined}`;
  return markup`<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title><style>${new Markup(STYLE)}</style></head><body>${body}</body></html>`
    .text;
};
