/**
 * The monthly service report as a letter to who looks after the account: the figures in plain words, and the page attached, because mail
 * programs show no charts of their own accord. It comes in the name of the account's technical account manager.
 */
import type { Account, Contact } from '../../domain/account/account.ts';
import { tellMonth } from '../../domain/time/month.ts';
import type { Incident, ServiceReport } from '../../domain/report/report.ts';
import { type Block, paragraphs } from '../mail/body.ts';
import { type Letter, writeLetter } from '../mail/letter.ts';
import { TITLES_WITH } from '../mail/titles.ts';
import { reportPage } from './page.ts';
import * as told from './told.ts';

/** A mail is read on a telephone: beyond this many incidents it points to the page. */
const MOST_LISTED = 20;

/** Names the report of an account and month in records: whoever sends it twice, it arrives once. */
export const reportCause = ({ accountId, month }: Pick<ServiceReport, 'accountId' | 'month'>): string =>
  `report-${accountId}-${month}`;

const incident = (report: ServiceReport, one: Incident): string =>
  [
    `${one.subject} (${one.priority}, ${one.status}), reported on ${told.tellOpened(report, one)}`,
    `Answer: ${told.tellPerformance(one.answer, 'not answered')}. Solution: ${told.tellPerformance(one.solution, 'not solved')}.`,
    `With: ${told.tellPeople(one.people)}`,
  ].join('\n');

const listed = (report: ServiceReport, lead: string, all: readonly Incident[]): Block[] => {
  const rest = all.length - MOST_LISTED;
  return paragraphs(
    { lead, items: all.slice(0, MOST_LISTED).map((one) => incident(report, one)) },
    rest > 0 ? `And ${String(rest)} more; the attached page lists them all.` : undefined,
  );
};

const incidents = (report: ServiceReport): Block[] => [
  ...(report.incidents.length === 0
    ? ['No incident was reported.']
    : listed(
        report,
        'The incidents; times are counted in each promise’s own hours, or by the clock where none was promised:',
        report.incidents,
      )),
  ...(report.earlier.length === 0
    ? []
    : listed(report, 'Reported before, and open or rated in the month:', report.earlier)),
];

const figures = (report: ServiceReport): Block => {
  const items = [
    `Incidents reported: ${told.tellIncidents(report)}`,
    `Answers: ${told.tellKept(report.answers)}`,
    `Solutions: ${told.tellKept(report.solutions)}`,
    `Units: ${told.tellUnitsLeft(report)}`,
    `Satisfaction: ${told.tellSatisfaction(report)}`,
  ];
  return { lead: `This is what happened in ${tellMonth(report.month)}:`, items };
};

export const reportLetter = (
  report: ServiceReport,
  { facts }: Pick<Account, 'facts'>,
  { email, name }: Contact,
  deskName: string,
): Letter =>
  writeLetter({
    reader: { email, name },
    title: TITLES_WITH.report(tellMonth(report.month)),
    about: report.name,
    body: [figures(report), ...incidents(report), 'The attached page has the same with charts.'],
    signature: facts?.tam ? `${facts.tam.name}\nyour technical account manager, ${deskName}` : deskName,
    ...(facts?.tam && { from: facts.tam }),
    attachment: {
      filename: `service-report-${report.month}.html`,
      contentType: 'text/html; charset=utf-8',
      content: reportPage(report),
    },
  });
