import { describe, expect, it } from 'vitest';
import { edgeName, isProduction, readConfig, stackName } from '../../lib/config.ts';
import { ConfigError } from '../../lib/settings.ts';

const messageFor = (context: Record<string, unknown>, env: Record<string, string> = {}): string => {
  try {
    readConfig(context, env);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  throw new Error('The configuration was accepted');
};

describe('readConfig', () => {
  it('needs nothing: a first deployment is a dev desk with Cognito and without mail', () => {
    expect(readConfig({}, {})).toEqual({
      stage: 'dev',
      deskName: 'Support desk',
      deskTimeZone: 'Etc/UTC',
      sender: undefined,
      senderIdentity: 'address',
      mailDomain: undefined,
      mailRuleSet: 'active',
      managers: [],
      tierAddresses: { TS1: [], TS2: [], TS3: [] },
      issuer: undefined,
      claims: { role: 'custom:role', account: 'custom:account', email: 'email', tier: 'custom:tier' },
      edge: undefined,
      corsOrigins: [],
      programmes: [],
      publishedPlans: 'offered',
      alarmEmail: undefined,
      logLevel: 'INFO',
      queueShards: 2,
      quotas: { openingsPerHour: 1000, openingsPerDay: 5000, changesPerHour: 1000 },
    });
  });

  it('takes the context before the environment', () => {
    const env = { MAKEGOOD_STAGE: 'staging', MAKEGOOD_DESK_TIME_ZONE: 'Europe/Berlin' };
    expect(readConfig({ stage: 'prod' }, env)).toMatchObject({ stage: 'prod', deskTimeZone: 'Europe/Berlin' });
  });

  it('takes an empty variable for one that is not set', () => {
    expect(readConfig({ deskName: '' }, { MAKEGOOD_SENDER: '' })).toMatchObject({
      deskName: 'Support desk',
      sender: undefined,
    });
  });

  it('reads a list from commas as from cdk.json', () => {
    const managers = ['ann@example.com', 'bob@example.com'];
    expect(readConfig({ managers }, {}).managers).toEqual(managers);
    const unusual = ['r&d@example.com', 'x@example.xn--p1ai'];
    expect(readConfig({ managers: unusual, mailDomain: 'desk.example.xn--p1ai' }, {}).managers).toEqual(unusual);
    expect(readConfig({}, { MAKEGOOD_MANAGERS: 'ann@example.com, bob@example.com' }).managers).toEqual(managers);
  });

  it('expects plain claim names of another issuer, and any name that is configured', () => {
    const config = readConfig(
      { issuer: 'https://id.example.com/', audience: 'desk', claimTier: 'https://example.com/tier' },
      {},
    );
    expect(config.issuer).toEqual({ url: 'https://id.example.com/', audience: ['desk'] });
    expect(config.claims).toEqual({
      role: 'role',
      account: 'account',
      email: 'email',
      tier: 'https://example.com/tier',
    });
  });

  it('refuses a desk without any plan', () => {
    expect(messageFor({ publishedPlans: 'left-out' })).toMatch(
      /publishedPlans: "left-out" given, but .* no plan at all/,
    );
    expect(readConfig({ publishedPlans: 'left-out', programmes: 'own.json' }, {}).programmes).toEqual(['own.json']);
  });

  it('refuses settings that there are not, and lets alone what is the CDK’s and the commands’', () => {
    expect(messageFor({ Stage: 'prod' }, { MAKEGOOD_SENDR: 'support@example.com' })).toMatch(
      /context "Stage": there is no such setting; there are stage, .*\n.*MAKEGOOD_SENDR: there is no such setting/,
    );
    const cdks = { 'aws:cdk:enable-path-metadata': true, '@aws-cdk/core:checkSecretUsage': true };
    expect(readConfig(cdks, { MAKEGOOD_TOKEN: 'eyJ', MAKEGOOD_OLD: '', PATH: '/bin' }).stage).toBe('dev');
  });

  it('takes an issuer over plain http on this machine only', () => {
    const issuer = 'http://127.0.0.1:4310';
    expect(readConfig({ issuer, audience: 'desk' }, {}).issuer?.url).toBe(issuer);
    expect(messageFor({ issuer: 'http://id.example.com', audience: 'desk' })).toContain('issuer:');
  });

  it.each([
    ['deskName', '  ', 'MAKEGOOD_DESK_NAME', 'a name of at most 60 characters'],
    ['deskTimeZone', 'europe/berlin', 'MAKEGOOD_DESK_TIME_ZONE', 'an IANA time zone'],
    ['issuer', 'https://id.example.com/?tenant=1', 'MAKEGOOD_ISSUER', 'the https address of an OIDC issuer'],
    ['stage', 'Prod!', 'MAKEGOOD_STAGE', 'production is called "prod"'],
    ['stage', 'production', 'MAKEGOOD_STAGE', 'production is called "prod"'],
    ['stage', 'a-name-that-is-too-long-for-a-stage', 'MAKEGOOD_STAGE', 'a short name'],
    ['deskName', 'Desk\r\nBcc: all@example.com', 'MAKEGOOD_DESK_NAME', 'at most 60 characters'],
    ['deskTimeZone', 'Mars/Olympus', 'MAKEGOOD_DESK_TIME_ZONE', 'an IANA time zone'],
    ['deskTimeZone', '+02:00', 'MAKEGOOD_DESK_TIME_ZONE', 'an IANA time zone'],
    ['sender', 'example.com', 'MAKEGOOD_SENDER', 'a mail address'],
    ['senderIdentity', 'both', 'MAKEGOOD_SENDER_IDENTITY', '"address", "domain" or "existing"'],
    ['managers', 'ann@example.com,bob', 'MAKEGOOD_MANAGERS', 'separated by commas'],
    ['managers', 'a#b@example.com', 'MAKEGOOD_MANAGERS', 'separated by commas'],
    ['corsOrigins', 'https://example.com/path', 'MAKEGOOD_CORS_ORIGINS', 'web origins'],
    ['publicUrl', 'http://desk.example.com', 'MAKEGOOD_PUBLIC_URL', 'an https address without a path'],
    ['publicUrl', 'https://desk.example.com/x', 'MAKEGOOD_PUBLIC_URL', 'an https address without a path'],
    ['edge', 'yes', 'MAKEGOOD_EDGE', '"off" or "on"'],
    ['requestsPerClient', '9', 'MAKEGOOD_REQUESTS_PER_CLIENT', 'a whole number from 10 to 2000000000'],
    ['requestsPerClient', '2000000001', 'MAKEGOOD_REQUESTS_PER_CLIENT', 'a whole number from 10 to 2000000000'],
    ['requestsPerAddress', '99.5', 'MAKEGOOD_REQUESTS_PER_ADDRESS', 'no less than requestsPerClient'],
    [
      'edgeCertificate',
      'arn:aws:acm:eu-west-1:123456789012:certificate/1',
      'MAKEGOOD_EDGE_CERTIFICATE',
      'a certificate of us-east-1',
    ],
    ['claimRole', 'a role', 'MAKEGOOD_CLAIM_ROLE', 'the name of a claim'],
    ['alarmEmail', 'ops', 'MAKEGOOD_ALARM_EMAIL', 'a mail address'],
    ['logLevel', 'LOUD', 'MAKEGOOD_LOG_LEVEL', '"DEBUG", "INFO", "WARN" or "ERROR"'],
  ])('refuses %s %j and says what is expected', (key, value, variable, expectation) => {
    const message = messageFor({}, { [variable]: value });
    expect(message).toContain(`- ${key}: ${JSON.stringify(value)} `);
    expect(message).toContain(expectation);
    expect(message).toContain(`(set by context "${key}" or ${variable})`);
  });

  it('names every wrong key at once and no right one', () => {
    const message = messageFor({ stage: 'A', sender: 'x', deskName: 'Desk' });
    expect(
      message
        .split('\n')
        .slice(1)
        .map((line) => line.trim().split(':')[0]),
    ).toEqual(['- stage', '- sender']);
  });

  it('refuses a value of the wrong type', () => {
    expect(messageFor({ stage: 5 })).toContain('- stage: 5 ');
  });

  it('has room for so many addresses, and says so before a deployment fails by it', () => {
    const addresses = Array.from({ length: 60 }, (_, number) => `engineer${String(number)}@example.com`);
    expect(readConfig({ tier1: addresses }, {}).tierAddresses.TS1).toHaveLength(60);
    expect(() => readConfig({ tier1: addresses, managers: addresses.join(',') }, {})).toThrow(
      /managers, tier1, tier2, tier3: \d+ characters .*mailing list/,
    );
  });

  it('lets several clients be at one address, each sending as much as it may', () => {
    expect(readConfig({ edge: 'on' }, {}).edge).toEqual({ requestsPerClient: 1000, requestsPerAddress: 5000 });
    const busy = { MAKEGOOD_EDGE: 'on', MAKEGOOD_REQUESTS_PER_CLIENT: '1000000000' };
    expect(readConfig({}, busy).edge?.requestsPerAddress).toBe(2_000_000_000);
    const own = { edge: 'on', requestsPerClient: '50', requestsPerAddress: '50' };
    expect(readConfig(own, {}).edge).toEqual({ requestsPerClient: 50, requestsPerAddress: 50 });
    expect(messageFor({ edge: 'on', requestsPerAddress: '999' })).toMatch(
      /requestsPerAddress: 999 given, but one client alone may send 1000: it must be .* MAKEGOOD_REQUESTS_PER_ADDRESS/,
    );
  });

  it('wants a certificate and the name that it is for together, where there is an edge', () => {
    const publicUrl = 'https://desk.example.com';
    const edgeCertificate = 'arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012';
    expect(messageFor({ edge: 'on', publicUrl })).toContain(
      '- edgeCertificate: nothing given, but the edge answers at',
    );
    expect(messageFor({ edge: 'on', edgeCertificate })).toContain('- publicUrl: nothing given, but edgeCertificate is');
    const domain = { name: 'desk.example.com', certificateArn: edgeCertificate };
    expect(readConfig({ edge: 'on', publicUrl, edgeCertificate }, {}).edge?.domain).toEqual(domain);
    expect(readConfig({ edgeCertificate, requestsPerAddress: 10 }, {}).edge).toBeUndefined();
  });

  it('wants an issuer and its audience together', () => {
    expect(messageFor({ issuer: 'https://id.example.com' })).toContain(
      '- audience: nothing given, but an issuer needs',
    );
    expect(messageFor({ audience: 'desk' })).toContain('- issuer: nothing given, but an audience belongs to an issuer');
  });
});

it('names the stack after the stage and protects prod alone', () => {
  expect(stackName(readConfig({ stage: 'eu' }, {}))).toBe('makegood-eu');
  expect(isProduction(readConfig({ stage: 'prod' }, {}))).toBe(true);
  expect(isProduction(readConfig({ stage: 'prod-test' }, {}))).toBe(false);
});

it('gives the second stack a name that no stage can take', () => {
  const second = edgeName(readConfig({ stage: 'dev' }, {}));
  expect(second).toBe('edge-makegood-dev');
  // Every stage's stack begins so, and another deployment would take its place.
  expect(second.startsWith(stackName(readConfig({ stage: 'x' }, {})).slice(0, -1))).toBe(false);
});
