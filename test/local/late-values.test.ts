/** What a template only refers to, and the running desk knows: secrets, which it makes up once, and its own address. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { LOCAL_ISSUER } from '../../lib/local/issuer.ts';
import { Journal } from '../../lib/local/journal.ts';
import { openSecrets } from '../../lib/local/secrets.ts';
import { readTemplate } from '../../lib/local/template/blueprint.ts';
import { withLateValues } from '../../lib/local/template/late-values.ts';
import { functionResource, miniTemplate } from './support/mini-template.ts';

const ARN = 'arn:aws:secretsmanager:us-east-1:000000000000:secret:Hidden';
const SECRET = {
  Type: 'AWS::SecretsManager::Secret',
  Properties: { GenerateSecretString: { PasswordLength: 40, ExcludePunctuation: true } },
};
const referring = (value: unknown, secret = SECRET) => {
  const template = miniTemplate(LOCAL_ISSUER);
  template.Resources.Api = functionResource('api.ts', { Environment: { Variables: { VALUE: value } } });
  template.Resources.Hidden = secret;
  return () => readTemplate(template);
};
const reference = { 'Fn::Join': ['', ['{{resolve:secretsmanager:', { Ref: 'Hidden' }, ':SecretString:::}}']] };

describe('a secret of the template', () => {
  it('is read with its length, and referred to by its name', () => {
    const { secrets, functions } = referring(reference)();
    expect(secrets).toEqual([{ arn: ARN, length: 40 }]);
    expect(functions.find(({ name }) => name === 'Api')?.environment).toEqual({
      VALUE: `{{resolve:secretsmanager:${ARN}:SecretString:::}}`,
    });
  });

  it.each([
    ['a secret that is given', referring(reference, { ...SECRET, Properties: { SecretString: 'x' } as never })],
    ['a secret of elsewhere', referring(`{{resolve:secretsmanager:${ARN}s:SecretString:::}}`)],
    ['a field of a secret', referring(`{{resolve:secretsmanager:${ARN}:SecretString:password::}}`)],
    ['a parameter', referring('{{resolve:ssm:/makegood/secret}}')],
  ])('is refused where it is %s', (_, reading) => {
    expect(reading).toThrow(/local desk can't/);
  });

  it('is random, as long as it is to be, and the same for good', () => {
    const folder = mkdtempSync(join(tmpdir(), 'makegood-secrets-'));
    onTestFinished(() => {
      rmSync(folder, { recursive: true });
    });
    const open = () => openSecrets(new Journal(join(folder, 'journal.jsonl')), [{ arn: ARN, length: 40 }]);
    const first = open()(ARN);
    expect(first).toMatch(/^[A-Za-z0-9]{40}$/);
    expect(open()(ARN)).toBe(first);
    expect(openSecrets(new Journal(), [{ arn: ARN, length: 40 }])(ARN)).not.toBe(first);
    expect(() => open()('arn:other')).toThrow('no secret');
  });
});

it('stand where a function looks for them, and nothing else is changed', () => {
  const late = { secret: (arn: string) => `<${arn}>`, apiUrl: () => 'http://127.0.0.1:4310' };
  const fill = (text: string) => withLateValues(text, ['Http'], late);
  expect(fill(`{{resolve:secretsmanager:${ARN}:SecretString:::}}`)).toBe(`<${ARN}>`);
  expect(fill('https://Http.execute-api.us-east-1.amazonaws.com')).toBe('http://127.0.0.1:4310');
  expect(fill('https://Other.execute-api.us-east-1.amazonaws.com')).toBe(
    'https://Other.execute-api.us-east-1.amazonaws.com',
  );
  expect(fill('{{name}} $& plain')).toBe('{{name}} $& plain');
});
