/** What an operator hears of and looks at: alarms, the runbook behind each, and the dashboard. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { metricUnits } from '../../lambdas/handlers/metric-names.ts';
import { readTemplate } from '../../lib/local/template/blueprint.ts';
import { allOf, API_FUNCTIONS, FUNCTIONS, oneOf, someOf, templateFor, WITH_INBOUND, WITH_MAIL } from './support.ts';

const largest = templateFor({ ...WITH_MAIL, ...WITH_INBOUND, stage: 'prod', alarmEmail: 'ops@example.com' });
const smallest = templateFor({ stage: 'prod' });
const alarmsOf = (of: typeof largest) => someOf(of, 'AWS::CloudWatch::Alarm').map(({ properties }) => properties);

/** The headings under "Alarms" in the runbook, as links to them are spelled. */
const runbookHeadings = (): string[] => {
  const runbook = readFileSync(join(import.meta.dirname, '../../lib/RUNBOOK.md'), 'utf8');
  const section = runbook.split(/^## /m).find((part) => part.startsWith('Alarms\n')) ?? '';
  return [...section.matchAll(/^### (.+)$/gm)].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replace(/[^\w\s-]/g, '')
      .replaceAll(' ', '-'),
  );
};

interface ThrottleMetric {
  readonly MetricName: string;
  readonly Dimensions: readonly { readonly Name: string; readonly Value: string }[];
}

describe('the runbook', () => {
  const named = alarmsOf(largest).map(({ AlarmDescription }) => /#([\w-]+)$/.exec(String(AlarmDescription))?.[1]);

  it('has a heading for every alarm, and an alarm for every heading', () => {
    expect(named).not.toContain(undefined);
    expect([...new Set(named)].toSorted()).toEqual(runbookHeadings().toSorted());
  });

  it('knows every function: what follows where one fails, and which to stop before a restore', () => {
    const runbook = readFileSync(join(import.meta.dirname, '../../lib/RUNBOOK.md'), 'utf8');
    const functions = Object.keys(largest.Outputs ?? {}).flatMap((name) => /^(\w+)Function$/.exec(name)?.[1] ?? []);
    expect(functions).toHaveLength(FUNCTIONS.length + 2);
    const fails = runbook.split(/^### /m).find((part) => part.startsWith('A function fails\n')) ?? '';
    const rows = [...fails.matchAll(/^\| (`.+?`) +\|/gm)].flatMap(([, cell = '']) => [...cell.matchAll(/`(\w+)`/g)]);
    expect(rows.map(([, name]) => name).toSorted()).toEqual(functions.toSorted());
    const stopped = /^for name in (.+); do$/m.exec(runbook)?.[1]?.split(' ');
    // The contract's function has no part in the table.
    expect(stopped?.toSorted()).toEqual(functions.filter((name) => name !== 'Contract').toSorted());
    const answers5xx = runbook.split(/^### /m).find((part) => part.startsWith('The API answers 5xx\n')) ?? '';
    for (const name of API_FUNCTIONS) {
      expect(answers5xx).toContain(`${name[0]!.toUpperCase()}${name.slice(1)}Function`);
    }
  });

  it('says of each what it means, how to look, what to do and when it is resolved', () => {
    const runbook = readFileSync(join(import.meta.dirname, '../../lib/RUNBOOK.md'), 'utf8');
    const section = runbook.split(/^## /m).find((part) => part.startsWith('Alarms\n')) ?? '';
    for (const part of section.split(/^### /m).slice(1)) {
      for (const word of ['**Means.**', '**Look.**', '**Do.**', '**Resolved when.**']) {
        expect({ part: part.split('\n')[0], has: part.includes(word) ? word : undefined }).toEqual({
          part: part.split('\n')[0],
          has: word,
        });
      }
    }
  });
});

describe('alarms', () => {
  const count = (of: typeof largest, metric: string) =>
    alarmsOf(of).filter(({ Namespace, MetricName }) => `${String(Namespace)} ${String(MetricName)}` === metric).length;

  it('watch the promises, the clocks, every function, the stream, every dead-letter queue, throttles and the API', () => {
    expect(count(smallest, 'AWS/States ExecutionsFailed')).toBe(1);
    expect(count(smallest, 'AWS/States ExecutionsTimedOut')).toBe(1);
    expect(count(smallest, 'AWS/States ExecutionThrottled')).toBe(1);
    expect(count(smallest, 'AWS/Lambda Errors')).toBe(FUNCTIONS.length);
    expect(count(smallest, 'AWS/Lambda IteratorAge')).toBe(1);
    expect(count(smallest, 'AWS/Lambda Throttles')).toBe(1);
    expect(count(smallest, 'AWS/SQS ApproximateNumberOfMessagesVisible')).toBe(
      someOf(smallest, 'AWS::SQS::Queue').length,
    );
    expect(count(smallest, 'AWS/ApiGateway 5xx')).toBe(1);
    expect(count(smallest, 'Makegood FailedCalls')).toBe(1);
    expect(count(smallest, 'Makegood OldestUnsettled')).toBe(1);
    expect(count(smallest, 'Makegood SettlementDelay')).toBe(1);
    expect(count(smallest, 'Makegood OldestQuarantinedMail')).toBe(0);
    expect(count(largest, 'Makegood OldestQuarantinedMail')).toBe(1);
    expect(count(largest, 'AWS/Lambda Errors')).toBe(FUNCTIONS.length + 2);
    const ids = someOf(largest, 'AWS::CloudWatch::Alarm').map(({ id }) => id);
    for (const added of ['Inbound', 'MailEvents']) {
      expect(ids.filter((id) => id.startsWith(`Alarms${added}`))).toHaveLength(2);
    }
    expect(count(largest, 'AWS/SQS ApproximateNumberOfMessagesVisible')).toBe(
      someOf(largest, 'AWS::SQS::Queue').length,
    );
  });

  it('stay quiet where there is nothing to measure, but for the sweep, whose silence is the fault', () => {
    for (const { MetricName, TreatMissingData, ComparisonOperator } of alarmsOf(largest)) {
      const silence = MetricName === 'Invocations';
      expect(TreatMissingData).toBe(silence ? 'breaching' : 'notBreaching');
      expect(ComparisonOperator).toBe(silence ? 'LessThanThreshold' : 'GreaterThanOrEqualToThreshold');
    }
    expect(count(largest, 'AWS/Lambda Invocations')).toBe(1);
  });

  it('ring at the first call that fails by what nothing foresaw, in whichever function of the API', () => {
    const { Threshold, EvaluationPeriods, Dimensions } = alarmsOf(smallest).find(
      ({ MetricName }) => MetricName === 'FailedCalls',
    )!;
    expect([Threshold, EvaluationPeriods]).toEqual([1, 1]);
    expect(Dimensions).toEqual([
      { Name: 'service', Value: 'makegood-api' },
      { Name: 'stage', Value: 'prod' },
    ]);
  });

  it('ring for a late make-good only after the sweep had its chance to mend it', () => {
    // Two minutes of grace and five until the sweep comes.
    const late = alarmsOf(largest).filter(({ MetricName }) => /Unsettled|Delay/.test(String(MetricName)));
    expect(late).toHaveLength(2);
    for (const { Threshold } of late) expect(Threshold).toBeGreaterThan(2 * 60 + 5 * 60);
  });

  it('ring where the table or one of its indexes is throttled, which DynamoDB counts apart', () => {
    const table = oneOf(largest, 'AWS::DynamoDB::Table').properties;
    const indexes = (table.GlobalSecondaryIndexes as { IndexName: string }[]).map(({ IndexName }) => IndexName);
    const counted = alarmsOf(largest).flatMap(({ Metrics = [] }) =>
      (Metrics as { MetricStat?: { Metric: ThrottleMetric } }[]).flatMap(({ MetricStat }) => MetricStat?.Metric ?? []),
    );
    const of = (metric: string) =>
      counted
        .filter(({ MetricName }) => MetricName === metric)
        .map(({ Dimensions }) => Dimensions.find(({ Name }) => Name === 'GlobalSecondaryIndexName')?.Value ?? 'table');
    for (const metric of ['ReadThrottleEvents', 'WriteThrottleEvents']) {
      expect(of(metric).toSorted()).toEqual([...indexes, 'table'].toSorted());
    }
  });

  it('go to an address by configuration', () => {
    const topic = someOf(largest, 'AWS::SNS::Topic').find(({ id }) => id.startsWith('Alarms'))!.id;
    const mailed = someOf(largest, 'AWS::SNS::Subscription').filter(
      ({ properties }) => properties.Protocol === 'email',
    );
    expect(mailed.map(({ properties }) => properties.Endpoint)).toEqual(['ops@example.com']);
    for (const { AlarmActions } of alarmsOf(largest)) expect(AlarmActions).toEqual([{ Ref: topic }]);
    for (const { AlarmActions } of alarmsOf(smallest)) expect(AlarmActions).toBeUndefined();
  });
});

describe('the dashboard', () => {
  const { DashboardName, DashboardBody } = oneOf(largest, 'AWS::CloudWatch::Dashboard').properties;
  const body = JSON.stringify(DashboardBody);

  it("shows every metric of the desk's own, and everything that an alarm watches", () => {
    expect(DashboardName).toBe('makegood-prod');
    const watched = alarmsOf(largest).flatMap(({ MetricName }) => (typeof MetricName === 'string' ? [MetricName] : []));
    const elsewhere = ['Invocations'];
    for (const name of [...Object.keys(metricUnits), ...watched].filter((each) => !elsewhere.includes(each))) {
      expect({ name, shown: body.includes(name) }).toEqual({ name, shown: true });
    }
  });

  it('is made, like the alarms, where somebody watches: in production, or where there is an address for alarms', () => {
    const types = ['AWS::CloudWatch::Alarm', 'AWS::CloudWatch::Dashboard'];
    for (const type of types) {
      expect(allOf(templateFor(), type)).toEqual([]);
      expect(allOf(templateFor({ alarmEmail: 'ops@example.com' }), type)).not.toEqual([]);
    }
  });

  it('is known to the local desk, which has no use for it', () => {
    expect(() =>
      readTemplate(
        templateFor({
          ...WITH_MAIL,
          alarmEmail: 'ops@example.com',
          issuer: 'https://id.example.com/',
          audience: 'desk',
        }),
      ),
    ).not.toThrow();
  });
});
