/** What addresses are signed with: made up by AWS, known to the functions that need it, and to nobody who reads the template. */
import { describe, expect, it } from 'vitest';
import { allOf, functionOf, oneOf, templateFor, WITH_INBOUND, WITH_MAIL } from './support.ts';

const template = templateFor({ ...WITH_MAIL, ...WITH_INBOUND });
const secret = oneOf(template, 'AWS::SecretsManager::Secret');
const variablesOf = (name: string, of = template) =>
  (functionOf(of, name).properties.Environment as { Variables: Record<string, unknown> }).Variables;
const REFERENCE = {
  'Fn::Join': ['', ['{{resolve:secretsmanager:', { Ref: secret.id }, ':SecretString:::}}']],
};

describe('the reply secret', () => {
  it('is made up by AWS, long enough, and stands nowhere in the template', () => {
    expect(secret.properties).toMatchObject({
      GenerateSecretString: { PasswordLength: 64, ExcludePunctuation: true },
    });
    expect(secret.properties).not.toHaveProperty('SecretString');
  });

  it.each(['notify', 'remind', 'report', 'renew'])('reaches %s as a reference, with the domain', (name) => {
    expect(variablesOf(name)).toMatchObject({ MAIL_DOMAIN: 'desk.example.com', REPLY_SECRET: REFERENCE });
  });

  it('reaches the API, which reads rating links, and no function that writes or reads no address', () => {
    expect(variablesOf('api')).toMatchObject({ REPLY_SECRET: REFERENCE });
    for (const name of ['settle', 'dispatch', 'sweep']) expect(variablesOf(name)).not.toHaveProperty('REPLY_SECRET');
  });

  it('is not there where the desk takes in no mail, and letters then link to no page', () => {
    const without = templateFor(WITH_MAIL);
    expect(allOf(without, 'AWS::SecretsManager::Secret')).toEqual([]);
    for (const name of ['api', 'notify']) {
      expect(Object.keys(variablesOf(name, without))).not.toEqual(
        expect.arrayContaining([expect.stringMatching(/^(REPLY_SECRET|MAIL_DOMAIN|PUBLIC_URL)$/)]),
      );
    }
  });

  it('stays in production when the stack goes, as what it signed does', () => {
    expect(
      oneOf(templateFor({ ...WITH_INBOUND, stage: 'prod' }), 'AWS::SecretsManager::Secret').resource,
    ).toMatchObject({ DeletionPolicy: 'Retain' });
  });
});

describe('the address of the pages that letters link to', () => {
  it('is the API’s own, or the one that is configured', () => {
    expect(variablesOf('notify').PUBLIC_URL).toEqual({
      'Fn::GetAtt': [oneOf(template, 'AWS::ApiGatewayV2::Api').id, 'ApiEndpoint'],
    });
    const own = templateFor({ ...WITH_MAIL, ...WITH_INBOUND, publicUrl: 'https://support.example.com' });
    expect(variablesOf('notify', own).PUBLIC_URL).toBe('https://support.example.com');
  });
});
