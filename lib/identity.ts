/**
 * Who callers are: a Cognito user pool, or any OIDC issuer by configuration. What a caller may do is decided by the functions
 * from the token's claims. The trap: whoever can write an attribute that becomes a claim can make themselves a manager, so the
 * app client may write none of them, the address included.
 */
import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import {
  AccountRecovery,
  ClientAttributes,
  Mfa,
  StringAttribute,
  UserPool,
  type UserPoolClient,
} from 'aws-cdk-lib/aws-cognito';
import { Construct } from 'constructs';
import { type DeskConfig, isProduction } from './config.ts';

/** The custom attributes of a user. Only an administrator of the pool sets them; `mutable` because people change roles. */
const customAttributes = {
  role: new StringAttribute({ mutable: true, maxLen: 32 }),
  account: new StringAttribute({ mutable: true, maxLen: 64 }),
  tier: new StringAttribute({ mutable: true, maxLen: 16 }),
};

export class Identity extends Construct {
  readonly issuerUrl: string;
  readonly audience: readonly string[];
  readonly userPool?: UserPool;
  readonly client?: UserPoolClient;

  constructor(scope: Construct, id: string, { config }: { config: DeskConfig }) {
    super(scope, id);
    if (config.issuer !== undefined) {
      this.issuerUrl = config.issuer.url;
      this.audience = config.issuer.audience;
      return;
    }
    this.userPool = this.createUserPool(config);
    this.client = this.createClient(this.userPool);
    this.issuerUrl = this.userPool.userPoolProviderUrl;
    this.audience = [this.client.userPoolClientId];
  }

  /** The address is how people sign in. It isn't a *required* attribute, as a client must be able to write those. */
  private createUserPool(config: DeskConfig): UserPool {
    const pool = new UserPool(this, 'UserPool', {
      selfSignUpEnabled: false,
      signInAliases: { email: true },
      signInCaseSensitive: false,
      autoVerify: { email: true },
      keepOriginal: { email: true },
      customAttributes,
      mfa: Mfa.OPTIONAL,
      mfaSecondFactor: { otp: true, sms: false },
      passwordPolicy: {
        minLength: 12,
        requireLowercase: true,
        requireUppercase: true,
        requireDigits: true,
        requireSymbols: true,
        tempPasswordValidity: Duration.days(3),
      },
      accountRecovery: AccountRecovery.EMAIL_ONLY,
      deletionProtection: isProduction(config),
      removalPolicy: isProduction(config) ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    Validations.of(pool).acknowledge(
      {
        id: 'AwsSolutions-COG2',
        reason: 'A second factor is offered to every user; a vendor decides whether to demand it.',
      },
      {
        id: 'AwsSolutions-COG8',
        reason: 'Threat protection comes with the Plus plan, which is charged for each user.',
      },
    );
    return pool;
  }

  /** A public client: no secret, SRP for people, and the password flow that only IAM credentials can use, for operators. */
  private createClient(pool: UserPool): UserPoolClient {
    return pool.addClient('Client', {
      generateSecret: false,
      authFlows: { userSrp: true, adminUserPassword: true },
      disableOAuth: true,
      preventUserExistenceErrors: true,
      enableTokenRevocation: true,
      idTokenValidity: Duration.hours(1),
      accessTokenValidity: Duration.hours(1),
      refreshTokenValidity: Duration.days(7),
      readAttributes: new ClientAttributes()
        .withStandardAttributes({ email: true, emailVerified: true, fullname: true, locale: true })
        .withCustomAttributes(...Object.keys(customAttributes)),
      writeAttributes: new ClientAttributes().withStandardAttributes({ fullname: true, locale: true }),
    });
  }
}
