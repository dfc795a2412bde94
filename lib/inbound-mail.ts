/**
 * The receiving side of mail: SES takes mail for the domain over TLS, scans it, stores it and wakes the function. It exists only
 * where a domain is configured. The trap: an account has one active rule set in a region, which may be somebody else's; where it is,
 * `mailRuleSet` keeps this one from taking its place, and it does nothing until somebody copies its rule. The rule set stays behind when
 * the stack goes, without its rule.
 */
import { Aws, Duration, RemovalPolicy } from 'aws-cdk-lib';
import { type CfnReceiptRuleSet, ReceiptRuleSet, TlsPolicy } from 'aws-cdk-lib/aws-ses';
import { Lambda, LambdaInvocationType, S3 } from 'aws-cdk-lib/aws-ses-actions';
import { Construct } from 'constructs';
import { ATTACHMENT_PREFIX } from '../lambdas/store/attachments.ts';
import { INBOUND_RETENTION_DAYS } from '../lambdas/store/inbound-mails.ts';
import { RAW_MAIL_PREFIX } from '../lambdas/handlers/inbound/raw-mail.ts';
import { ActiveRuleSet } from './active-rule-set.ts';
import type { ApiFunctions } from './api-functions.ts';
import { type DeskConfig, quotaVariables } from './config.ts';
import { DeadLetters } from './dead-letters.ts';
import { DeskFunction } from './function.ts';
import type { Mail } from './mail.ts';
import { PrivateBucket } from './private-bucket.ts';
import type { ReplySecret } from './reply-secret.ts';
import type { DeskTable } from './table.ts';

export interface InboundMailProps {
  readonly mail: Mail;
  readonly config: DeskConfig;
  readonly replySecret: ReplySecret;
  readonly table: DeskTable;
}

const STANDING: Readonly<Record<DeskConfig['mailRuleSet'], string>> = {
  active: 'on: the rule set in the output MailInRuleSet is the active one.',
  prepared:
    'prepared, and not switched on. To switch it on, copy the rule of the rule set in the output MailInRuleSet into the active one, ' +
    'as README.md says under Mail.',
};

const tell = ({ function: told }: DeskFunction, environment: Readonly<Record<string, string | undefined>>): void => {
  for (const [name, value] of Object.entries(environment)) if (value) told.addEnvironment(name, value);
};

export class InboundMail extends Construct {
  readonly function: DeskFunction;
  readonly deadLetters: DeadLetters;
  readonly ruleSetName: string;
  readonly #environment: Readonly<Record<string, string | undefined>>;
  /** Says in plain words what is left to do until mail comes in. */
  readonly status: string;
  readonly #mails: PrivateBucket;
  readonly #attachments: PrivateBucket;

  constructor(scope: Construct, id: string, props: InboundMailProps) {
    super(scope, id);
    const { replySecret, mail } = props;
    const { MAIL_DOMAIN: mailDomain } = replySecret.environment;
    // What the mails say is kept as it came, until its own rule deletes it.
    const bucket = new PrivateBucket(this, 'Bucket', { expiration: Duration.days(INBOUND_RETENTION_DAYS) });
    this.#mails = bucket;
    // Nothing is written twice with other bytes, so versions would only keep what somebody has to delete for good.
    this.#attachments = new PrivateBucket(this, 'Attachments');
    const { SENDER, MANAGERS } = mail.environment;
    this.#environment = {
      MAIL_BUCKET: bucket.bucketName,
      ATTACHMENT_BUCKET: this.#attachments.bucketName,
      ...replySecret.environment,
      ...{ SENDER, MANAGERS },
      ...mail.tierEnvironment,
    };
    this.deadLetters = new DeadLetters(this, 'DeadLetters');
    this.function = this.createFunction(props);
    const ruleSet = new ReceiptRuleSet(this, 'RuleSet');
    // Where it is the active one, however it came to be that, SES would not delete it, and the stack could not go.
    (ruleSet.node.defaultChild as CfnReceiptRuleSet).applyRemovalPolicy(RemovalPolicy.RETAIN);
    const rule = ruleSet.addRule('Rule', {
      recipients: [mailDomain],
      scanEnabled: true,
      tlsPolicy: TlsPolicy.REQUIRE,
      actions: [
        new S3({ bucket, objectKeyPrefix: RAW_MAIL_PREFIX }),
        new Lambda({ function: this.function.function, invocationType: LambdaInvocationType.EVENT }),
      ],
    });
    this.ruleSetName = ruleSet.receiptRuleSetName;
    const { config } = props;
    if (config.mailRuleSet === 'active') new ActiveRuleSet(this, 'ActiveRuleSet', { config, ruleSet, after: rule });
    this.status = `${STANDING[config.mailRuleSet]} For ${mailDomain}: verify the domain in SES, and point its MX record to 10 inbound-smtp.${Aws.REGION}.amazonaws.com.`;
  }

  /**
   * Lets the API give links to mails and their files, handle a mail as the inbound function does, which a manager's release does, and
   * remove what a person sent who is erased.
   */
  serve({ files, quarantine, erasure }: Pick<ApiFunctions, 'files' | 'quarantine' | 'erasure'>): void {
    const { MAIL_BUCKET, ATTACHMENT_BUCKET } = this.#environment;
    this.#mails.allow(files, 's3:GetObject', RAW_MAIL_PREFIX);
    this.#attachments.allow(files, 's3:GetObject', ATTACHMENT_PREFIX);
    tell(files, { MAIL_BUCKET, ATTACHMENT_BUCKET });
    this.#mails.allow(quarantine, 's3:GetObject', RAW_MAIL_PREFIX);
    this.#attachments.allow(quarantine, 's3:PutObject', ATTACHMENT_PREFIX);
    tell(quarantine, this.#environment);
    this.#mails.allow(erasure, 's3:DeleteObject', RAW_MAIL_PREFIX);
    this.#attachments.allow(erasure, 's3:DeleteObject', ATTACHMENT_PREFIX);
    tell(erasure, { MAIL_BUCKET, ATTACHMENT_BUCKET });
  }

  private createFunction({ config, table }: InboundMailProps): DeskFunction {
    const inbound = new DeskFunction(this, 'Inbound', {
      config,
      handler: 'inbound',
      description: 'Judges a mail that came in, and opens or answers a ticket where its writer is proven.',
      timeout: Duration.seconds(60),
      environment: { TABLE_NAME: table.name, ...quotaVariables(config), ...this.#environment },
    });
    inbound.allow(
      ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem'].map((action) => `dynamodb:${action}`),
      [table.arn],
    );
    this.#mails.allow(inbound, 's3:GetObject', RAW_MAIL_PREFIX);
    this.#attachments.allow(inbound, 's3:PutObject', ATTACHMENT_PREFIX);
    inbound.keepFailures(this.deadLetters);
    return inbound;
  }
}
