/**
 * The receiving side of mail: SES takes mail for the domain over TLS, scans it, stores it and wakes the function. It exists only
 * where a domain is configured. The trap: an account has one active rule set in a region, which may be somebody else's, so this one
 * does nothing until it is made the active one.
 */
import { Aws, Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { BlockPublicAccess, Bucket, BucketEncryption, type CfnBucket } from 'aws-cdk-lib/aws-s3';
import { ReceiptRuleSet, TlsPolicy } from 'aws-cdk-lib/aws-ses';
import { Lambda, LambdaInvocationType, S3 } from 'aws-cdk-lib/aws-ses-actions';
import { Construct } from 'constructs';
import { INBOUND_RETENTION_DAYS } from '../lambdas/store/inbound-mails.ts';
import { RAW_MAIL_PREFIX } from '../lambdas/handlers/inbound/raw-mail.ts';
import type { DeskConfig } from './config.ts';
import { DeadLetters } from './dead-letters.ts';
import { DeskFunction } from './function.ts';
import type { DeskTable } from './table.ts';

export interface InboundMailProps {
  readonly config: DeskConfig;
  readonly mailDomain: string;
  readonly table: DeskTable;
}

export class InboundMail extends Construct {
  readonly function: DeskFunction;
  readonly deadLetters: DeadLetters;
  readonly ruleSetName: string;
  /** Says in plain words what is left to do until mail comes in. */
  readonly status: string;

  constructor(scope: Construct, id: string, props: InboundMailProps) {
    super(scope, id);
    const { mailDomain } = props;
    const bucket = this.createBucket();
    this.deadLetters = new DeadLetters(this, 'DeadLetters');
    this.function = this.createFunction(props, bucket);
    const ruleSet = new ReceiptRuleSet(this, 'RuleSet');
    ruleSet.addRule('Rule', {
      recipients: [mailDomain],
      scanEnabled: true,
      tlsPolicy: TlsPolicy.REQUIRE,
      actions: [
        new S3({ bucket, objectKeyPrefix: RAW_MAIL_PREFIX }),
        new Lambda({ function: this.function.function, invocationType: LambdaInvocationType.EVENT }),
      ],
    });
    this.ruleSetName = ruleSet.receiptRuleSetName;
    this.status =
      `prepared for ${mailDomain}, and not yet switched on. Verify the domain in SES, point its MX record to ` +
      `inbound-smtp.${Aws.REGION}.amazonaws.com, and make the rule set in the output MailInRuleSet the active one: ` +
      `aws ses set-active-receipt-rule-set --rule-set-name <name>.`;
  }

  /** What the mails say is kept as it came; CloudFormation never deletes it, its own rule does. */
  private createBucket(): Bucket {
    const bucket = new Bucket(this, 'Bucket', {
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      lifecycleRules: [
        {
          expiration: Duration.days(INBOUND_RETENTION_DAYS),
          abortIncompleteMultipartUploadAfter: Duration.days(1),
        },
      ],
      removalPolicy: RemovalPolicy.RETAIN,
    });
    Validations.of(bucket).acknowledge({
      id: 'AwsSolutions-S1',
      reason: 'SES alone writes and one function alone reads; both say so in their own logs.',
    });
    return bucket;
  }

  private createFunction({ config, table }: InboundMailProps, bucket: Bucket): DeskFunction {
    const inbound = new DeskFunction(this, 'Inbound', {
      config,
      handler: 'inbound',
      description: 'Judges a mail that came in, and opens or answers a ticket where its writer is proven.',
      timeout: Duration.seconds(60),
      environment: { TABLE_NAME: table.name, MAIL_BUCKET: bucket.bucketName },
    });
    inbound.allow(
      ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem'].map((action) => `dynamodb:${action}`),
      [table.arn],
    );
    inbound.allow(['s3:GetObject'], [bucket.arnForObjects(`${RAW_MAIL_PREFIX}*`)]);
    Validations.of(inbound.role).acknowledge({
      id: `AwsSolutions-IAM5[Resource::<${Stack.of(this).getLogicalId(bucket.node.defaultChild as CfnBucket)}.Arn>/${RAW_MAIL_PREFIX}*]`,
      reason: 'SES chooses the names of the messages that it stores.',
    });
    inbound.keepFailures(this.deadLetters);
    return inbound;
  }
}
