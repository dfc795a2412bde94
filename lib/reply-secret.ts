/**
 * What the desk signs reply addresses and rating links with: a secret that AWS makes up and nobody has to know. It exists only where
 * the desk takes in mail. The trap: functions get it as a value of their deployment, so another secret needs another deployment, and
 * every address that was mailed before is then worth nothing.
 */
import { RemovalPolicy, Validations } from 'aws-cdk-lib';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { type DeskConfig, isProduction } from './config.ts';

/** 64 letters and digits are 380 bits: more than the 256 of the signature's hash. */
const CHARACTERS = 64;

export interface ReplySecretProps {
  readonly config: DeskConfig;
  readonly mailDomain: string;
}

export class ReplySecret extends Construct {
  readonly #secret: Secret;
  readonly #mailDomain: string;

  constructor(scope: Construct, id: string, { config, mailDomain }: ReplySecretProps) {
    super(scope, id);
    this.#mailDomain = mailDomain;
    this.#secret = new Secret(this, 'Secret', {
      description: 'Signs the reply addresses and rating links of the desk.',
      generateSecretString: { passwordLength: CHARACTERS, excludePunctuation: true },
      removalPolicy: isProduction(config) ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    Validations.of(this.#secret).acknowledge({
      id: 'AwsSolutions-SMG4',
      reason: 'A new secret would make every reply address worthless that customers have in their mailboxes.',
    });
  }

  /** What a function needs that makes or reads signed addresses. In the template stands a reference, and never the secret. */
  get environment(): Readonly<Record<'MAIL_DOMAIN' | 'REPLY_SECRET', string>> {
    return { MAIL_DOMAIN: this.#mailDomain, REPLY_SECRET: this.#secret.secretValue.unsafeUnwrap() };
  }
}
