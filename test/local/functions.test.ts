import { describe, expect, it } from 'vitest';
import { Activity } from '../../lib/local/activity.ts';
import { LocalFunctions } from '../../lib/local/functions/functions.ts';
import type { FunctionPlan } from '../../lib/local/template/function-plan.ts';

const plan = (name: string, environment: Record<string, string> = {}, timeoutSeconds = 5): FunctionPlan => ({
  ...{ name, arn: `arn:aws:lambda:us-east-1:000000000000:function:${name}`, entry: 'f.ts', handler: 'handler' },
  ...{ timeoutSeconds, memoryMegabytes: 128, environment, asynchronous: { maximumRetries: 2, maximumAgeSeconds: 60 } },
});

function open(code: string, plans = [plan('one')], now = Date.now) {
  const log: string[] = [];
  let after = 0;
  const functions = new LocalFunctions({
    ...{
      plans,
      bundles: { scripts: { 'f.ts': code }, shared: '' },
      environment: { AWS_ENDPOINT_URL_SES: 'http://ses' },
    },
    activity: new Activity(),
    log: (line) => log.push(line),
    now,
    afterInvocation: () => (after += 1),
  });
  return { functions, log, after: () => after };
}

describe('local functions', () => {
  it('see their own environment and nothing of this process', async () => {
    const { functions } = open(
      `const { env } = require('node:process'); exports.handler = async () => ({ mine: process.env.MINE, same: env === process.env,
        path: process.env.PATH, name: env.AWS_LAMBDA_FUNCTION_NAME, region: env.AWS_REGION, ses: env.AWS_ENDPOINT_URL_SES });`,
      [plan('one', { MINE: '1' }), plan('two', { MINE: '2' })],
    );
    const common = { same: true, region: 'us-east-1', ses: 'http://ses' };
    expect(await functions.invoke('one', {})).toMatchObject({ payload: { mine: '1', name: 'one', ...common } });
    expect(await functions.invoke(plan('two').arn, {})).toMatchObject({ payload: { mine: '2', name: 'two' } });
    expect((await functions.invoke('one', {})) as object).not.toHaveProperty('payload.path');
    expect(process.env).not.toHaveProperty('MINE');
  });

  it('are told the level of Lambda’s own log, where the stack sets one', async () => {
    const code = `exports.handler = async () => process.env.AWS_LAMBDA_LOG_LEVEL;`;
    const { functions } = open(code, [{ ...plan('one'), applicationLogLevel: 'INFO' }, plan('two')]);
    expect(await functions.invoke('one', {})).toMatchObject({ payload: 'INFO' });
    expect(await functions.invoke('two', {})).toMatchObject({ payload: null });
  });

  it('keep their state between calls, and never share it', async () => {
    const code = `let count = 0; process.env.SET = 'x'; exports.handler = async () => (count += 1);`;
    const { functions } = open(code, [plan('one'), plan('two')]);
    await functions.invoke('one', {});
    expect(await functions.invoke('one', {})).toMatchObject({ payload: 2 });
    expect(await functions.invoke('two', {})).toMatchObject({ payload: 1 });
    expect(process.env).not.toHaveProperty('SET');
  });

  it('write to the log of the desk, line by line', async () => {
    const { functions, log } = open(
      `exports.handler = async () => { console.log('a'); process.stdout.write('b\\nc'); process.stdout.write('d\\n'); require('console').error('e'); }`,
    );
    await functions.invoke('one', {});
    expect(log).toEqual(['a', 'b', 'cd', 'e']);
  });

  it('take the desk’s time for the present, and any other moment as it is given', async () => {
    const at = Date.parse('2026-03-02T08:00:00Z');
    const { functions } = open(
      `exports.handler = async () => [Date.now(), new Date(), new Date(5), new Date(2026, 0, 2).getDate(), Date.UTC(2026, 0, 1),
        new Date() instanceof Date];`,
      [plan('one')],
      () => at,
    );
    const instants = [at, '2026-03-02T08:00:00.000Z', '1970-01-01T00:00:00.005Z', 2, Date.UTC(2026, 0, 1), true];
    expect(await functions.invoke('one', {})).toMatchObject({ payload: instants });
  });

  it('get and give JSON: undefined arrives as null, a date as text', async () => {
    const { functions } = open(`exports.handler = async (event) => event.give === 'nothing' ? undefined : event;`);
    expect(await functions.invoke('one', { give: 'nothing' })).toMatchObject({ payload: null });
    expect(await functions.invoke('one', { at: new Date(0), gone: undefined })).toMatchObject({
      payload: { at: '1970-01-01T00:00:00.000Z' },
    });
  });

  it('get the context of Lambda', async () => {
    const { functions } = open(
      `exports.handler = async (_, context) => ({ ...context, left: context.getRemainingTimeInMillis() });`,
    );
    const { payload } = (await functions.invoke('one', {}, 'request-1')) as { payload: Record<string, unknown> };
    expect(payload).toMatchObject({
      awsRequestId: 'request-1',
      functionName: 'one',
      invokedFunctionArn: plan('one').arn,
    });
    expect(payload.left).toBeGreaterThan(0);
    expect(payload.left).toBeLessThanOrEqual(5000);
  });

  it('report what they throw by type and message, also when they are loaded', async () => {
    const { functions } = open(
      `exports.handler = () => { throw Object.assign(new Error('late'), { name: 'WrongState' }); };`,
    );
    expect(await functions.invoke('one', {})).toMatchObject({
      failure: { errorType: 'WrongState', errorMessage: 'late' },
    });
    const broken = open(`throw new TypeError('no TABLE_NAME');`);
    expect(await broken.functions.invoke('one', {})).toMatchObject({
      failure: { errorType: 'TypeError', errorMessage: 'no TABLE_NAME' },
    });
    expect(broken.after()).toBe(1);
    expect(broken.log.join()).toContain('no TABLE_NAME');
  });

  it('are given up on after their timeout', async () => {
    const { functions } = open(`exports.handler = () => new Promise(() => {});`, [plan('one', {}, 0.01)]);
    expect(await functions.invoke('one', {})).toMatchObject({ failure: { errorType: 'Sandbox.Timedout' } });
  });
});
