import { describe, expect, it } from 'vitest';
import { allOf, functionOf, oneOf, templateFor, WITH_ISSUER } from './support.ts';

const template = templateFor();
const pool = oneOf(template, 'AWS::Cognito::UserPool');
const client = oneOf(template, 'AWS::Cognito::UserPoolClient');

describe('the user pool', () => {
  it('lets nobody sign up by themselves', () => {
    expect(pool.properties.AdminCreateUserConfig).toEqual({ AllowAdminCreateUserOnly: true });
    expect(pool.properties.UsernameAttributes).toEqual(['email']);
  });

  it('carries role, account and tier', () => {
    expect((pool.properties.Schema as { Name: string }[]).map(({ Name }) => Name)).toEqual(['role', 'account', 'tier']);
  });

  it('demands long passwords and offers a second factor', () => {
    expect(pool.properties).toMatchObject({
      MfaConfiguration: 'OPTIONAL',
      EnabledMfas: ['SOFTWARE_TOKEN_MFA'],
      Policies: { PasswordPolicy: { MinimumLength: 12, RequireNumbers: true, RequireSymbols: true } },
    });
  });

  it('is kept and protected in production alone', () => {
    const prod = oneOf(templateFor({ stage: 'prod' }), 'AWS::Cognito::UserPool');
    expect(prod.properties.DeletionProtection).toBe('ACTIVE');
    expect(prod.resource.DeletionPolicy).toBe('Retain');
    expect(pool.properties.DeletionProtection).toBe('INACTIVE');
    expect(pool.resource.DeletionPolicy).toBe('Delete');
  });
});

describe('the app client', () => {
  it('can write nothing that says who somebody is: no custom attribute and no address', () => {
    // An empty or absent list would mean "everything", so the list itself is what protects.
    expect(client.properties.WriteAttributes).toEqual(['locale', 'name']);
  });

  it('gets the claims that the desk reads', () => {
    expect(client.properties.ReadAttributes).toEqual(
      expect.arrayContaining(['email', 'custom:role', 'custom:account', 'custom:tier']),
    );
  });

  it('signs people in by SRP, and by password with IAM credentials alone', () => {
    expect(client.properties).toMatchObject({
      ExplicitAuthFlows: ['ALLOW_ADMIN_USER_PASSWORD_AUTH', 'ALLOW_USER_SRP_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
      AllowedOAuthFlowsUserPoolClient: false,
      GenerateSecret: false,
      PreventUserExistenceErrors: 'ENABLED',
      EnableTokenRevocation: true,
    });
    expect(client.properties.AllowedOAuthFlows).toBeUndefined();
  });
});

describe('the authorizer', () => {
  it('trusts the pool and its client by default', () => {
    expect(oneOf(template, 'AWS::ApiGatewayV2::Authorizer').properties.JwtConfiguration).toEqual({
      Audience: [{ Ref: client.id }],
      Issuer: { 'Fn::GetAtt': [pool.id, 'ProviderURL'] },
    });
  });

  it('trusts a configured issuer instead, and no Cognito is made', () => {
    const other = templateFor(WITH_ISSUER);
    expect(oneOf(other, 'AWS::ApiGatewayV2::Authorizer').properties.JwtConfiguration).toEqual({
      Audience: ['desk'],
      Issuer: 'https://id.example.com/',
    });
    expect(Object.values(other.Resources).filter(({ Type }) => Type.startsWith('AWS::Cognito'))).toEqual([]);
    expect(allOf(other, 'AWS::ApiGatewayV2::Route').length).toBeGreaterThan(0);
    expect(Object.keys(other.Outputs ?? {})).not.toEqual(expect.arrayContaining(['UserPoolId']));
  });

  it('is told the names of the claims by configuration', () => {
    const claims = (of: typeof template) => functionOf(of, 'api').properties.Environment;
    expect(claims(template)).toMatchObject({ Variables: { CLAIM_ROLE: 'custom:role', CLAIM_EMAIL: 'email' } });
    expect(claims(templateFor({ ...WITH_ISSUER, claimRole: 'desk_role' }))).toMatchObject({
      Variables: { CLAIM_ROLE: 'desk_role', CLAIM_ACCOUNT: 'account', CLAIM_TIER: 'tier' },
    });
  });
});
