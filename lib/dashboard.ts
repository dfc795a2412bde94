/**
 * The desk at a glance: on top what a support manager asks (are the promises kept, how much came back, what waits for a person), below
 * what somebody on call asks (what fails, what is late, what is refused). It raises nothing; that is the alarms' business.
 */
import { Duration } from 'aws-cdk-lib';
import { Dashboard, GraphWidget, type IMetric, type IWidget, TextWidget } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import {
  edgeRefusals,
  lambdaThrottles,
  lettersIn,
  MAXIMUM,
  ownMetric,
  ownMetricBy,
  SUM,
  tableThrottles,
  type Watched,
} from './desk-metrics.ts';

/** A row is 24 wide: three graphs beside each other. */
const graph = (title: string, unit: string, left: readonly IMetric[]): GraphWidget =>
  new GraphWidget({
    title,
    left: [...left],
    leftYAxis: { label: unit, showUnits: false, min: 0 },
    width: 8,
    height: 6,
  });

const heading = (markdown: string): TextWidget => new TextWidget({ markdown, width: 24, height: 1 });

const promises = (watched: Watched): IWidget[] => [
  graph('Promises', 'an hour', [
    ownMetricBy(watched, 'DeadlinesMet', ['target'], 'kept'),
    ownMetricBy(watched, 'DeadlinesMissed', ['target'], 'missed'),
  ]),
  graph('Units that came back', 'an hour', [ownMetricBy(watched, 'UnitsCredited', ['unit', 'cause'], 'credited')]),
  graph(
    'Miss written down after its deadline',
    'seconds',
    ['p50', 'p99', 'Maximum'].map((statistic) =>
      ownMetric(watched, 'SettlementDelay', 'dispatch', { statistic, label: statistic }),
    ),
  ),
];

const mailIn = (watched: Watched): IWidget[] => [
  graph('Mail that came in', 'an hour', [ownMetricBy(watched, 'InboundMail', ['outcome', 'code'], 'mails')]),
  graph('Mails in quarantine', 'mails', [ownMetric(watched, 'QuarantinedMails', 'sweep', { statistic: 'Maximum' })]),
  graph('Oldest mail in quarantine', 'seconds', [
    ownMetric(watched, 'OldestQuarantinedMail', 'sweep', { statistic: 'Maximum' }),
  ]),
];

const clocks = (watched: Watched): IWidget[] => {
  const { stateMachine } = watched.clock;
  return [
    graph('Oldest deadline that is not settled', 'seconds', [
      ownMetric(watched, 'OldestUnsettled', 'sweep', { statistic: 'Maximum' }),
    ]),
    graph('Clocks', 'in 5 minutes', [
      stateMachine.metricStarted({ ...SUM, label: 'started' }),
      stateMachine.metricFailed({ ...SUM, label: 'failed' }),
      stateMachine.metricTimedOut({ ...SUM, label: 'timed out' }),
    ]),
    graph('Oldest event that waits for dispatch', 'milliseconds', [
      watched.functions.Dispatch.function.metric('IteratorAge', MAXIMUM),
    ]),
  ];
};

const failures = (watched: Watched): IWidget[] => [
  graph(
    'Functions that failed',
    'in 5 minutes',
    Object.entries(watched.functions).map(([label, { function: each }]) => each.metricErrors({ ...SUM, label })),
  ),
  graph(
    'Dead letters',
    'letters',
    Object.entries(watched.deadLetters).map(([label, queue]) => lettersIn(queue, label)),
  ),
  graph('Refused for want of capacity', 'in 5 minutes', [
    lambdaThrottles().with({ label: 'functions of this account' }),
    tableThrottles(watched),
    watched.clock.stateMachine.metricThrottled({ ...SUM, label: 'clocks' }),
  ]),
];

const http = (watched: Watched): IWidget[] => {
  const { httpApi } = watched.api;
  return [
    graph('Calls', 'in 5 minutes', [httpApi.metricCount(SUM)]),
    graph('Answers of 4xx and 5xx', 'in 5 minutes', [
      httpApi.metricClientError(SUM),
      httpApi.metricServerError(SUM),
      ownMetric(watched, 'FailedCalls', 'api', { statistic: 'Sum', label: 'of these, nothing foresaw' }),
    ]),
    graph(
      'Latency',
      'milliseconds',
      ['p50', 'p99'].map((statistic) => httpApi.metricLatency({ statistic, label: statistic })),
    ),
  ];
};

const edge = (watched: Watched): IWidget[] => [
  graph('Refused at the edge: a client that sends too much', 'in 5 minutes', edgeRefusals(watched)),
];

export class DeskDashboard extends Construct {
  constructor(scope: Construct, id: string, watched: Watched) {
    super(scope, id);
    new Dashboard(this, 'Dashboard', {
      dashboardName: `makegood-${watched.config.stage}`,
      defaultInterval: Duration.days(1),
      widgets: [
        [heading('## Promises')],
        promises(watched),
        ...(watched.config.mailDomain === undefined ? [] : [mailIn(watched)]),
        [heading('## On call: what an alarm means and what to do stands in lib/RUNBOOK.md')],
        clocks(watched),
        failures(watched),
        http(watched),
        ...(watched.config.edge ? [edge(watched)] : []),
      ],
    });
  }
}
