/** What Step Functions tells the account's bus of an execution that has closed, in AWS's own words. */
import type { Announcement } from '../aws/bus.ts';
import type { Standing } from './standing.ts';

export const statusChange = (standing: Readonly<Standing>): Announcement => {
  const { arn, machineArn, name, status, startedAt, stoppedAt, input, output, error, cause } = standing;
  return {
    source: 'aws.states',
    detailType: 'Step Functions Execution Status Change',
    resources: [arn],
    detail: {
      ...{ executionArn: arn, stateMachineArn: machineArn, name, status },
      ...{ startDate: startedAt, stopDate: stoppedAt ?? null },
      ...{ input, output: output ?? null, error: error ?? null, cause: cause ?? null },
    },
  };
};
