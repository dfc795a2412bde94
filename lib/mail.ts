/**
 * The sending side of mail: the SES identity of the configured sender, the right to send as it, and the configuration set by which SES
 * tells what becomes of each mail. Without a sender there is nothing here and mail is off. The traps: while an SES account is in the
 * sandbox, it delivers to verified addresses only, and asks for the right to their identities beside the sender's; and it takes an
 * address that is verified by itself for the sender's identity, where its domain is verified as well.
 */
import { RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { ConfigurationSet, EmailIdentity, Identity } from 'aws-cdk-lib/aws-ses';
import { Construct } from 'constructs';
import type { DeskConfig } from './config.ts';
import type { DeskFunction } from './function.ts';
import type { ReplySecret } from './reply-secret.ts';
import type { DeskTable } from './table.ts';

const OFF =
  'off: no sender is configured. Deploy again with -c sender=support@example.com (or MAKEGOOD_SENDER) to switch it on.';
const NEXT_STEP: Readonly<Record<DeskConfig['senderIdentity'], string>> = {
  address: 'SES has sent a link to that address: open it once, then mail goes out.',
  domain: 'Publish the DNS records in the other outputs, then mail goes out.',
  existing: 'The identity must be verified in SES already.',
};

const domainOf = (address: string): string => address.slice(address.indexOf('@') + 1);

export class Mail extends Construct {
  /** Says in plain words whether mail goes out, and what to do if not. */
  readonly status: string;
  /** The DNS records by which the domain's owner proves it to SES; empty where no domain is to be proven. */
  readonly dnsRecords: readonly string[] = [];
  /** Absent where mail is off. */
  readonly configurationSet?: ConfigurationSet;
  readonly #config: DeskConfig;
  readonly #replySecret: ReplySecret | undefined;

  constructor(
    scope: Construct,
    id: string,
    { config, replySecret }: { config: DeskConfig; replySecret: ReplySecret | undefined },
  ) {
    super(scope, id);
    this.#config = config;
    this.#replySecret = replySecret;
    const { sender, senderIdentity } = config;
    this.status =
      sender === undefined
        ? OFF
        : `on, from ${sender}. ${NEXT_STEP[senderIdentity]} In the SES sandbox only verified addresses get mail.`;
    if (sender !== undefined) {
      // The account's own suppression list would go on swallowing mail to an address after a manager has lifted the stop here.
      this.configurationSet = new ConfigurationSet(this, 'ConfigurationSet', { disableSuppressionList: true });
    }
    if (sender !== undefined && senderIdentity !== 'existing') {
      const identity = senderIdentity === 'domain' ? Identity.domain(domainOf(sender)) : Identity.email(sender);
      const verified = new EmailIdentity(this, 'Identity', { identity });
      // Without it nothing of the account goes out from there, and another has other DKIM records to publish.
      verified.applyRemovalPolicy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE);
      if (senderIdentity === 'domain')
        this.dnsRecords = verified.dkimRecords.map(({ name, value }) => `${name} CNAME ${value}`);
    }
  }

  /** What a function that sends mail needs in its environment. */
  get environment(): Readonly<Record<string, string | undefined>> {
    const { sender, managers, deskName } = this.#config;
    return {
      SENDER: sender,
      MANAGERS: managers.join(','),
      DESK_NAME: deskName,
      MAIL_CONFIGURATION_SET: this.configurationSet?.configurationSetName,
      ...this.#replySecret?.environment,
    };
  }

  /** Beside it, what a function needs that writes to the tiers. */
  get tierEnvironment(): Readonly<Record<string, string | undefined>> {
    const { TS1, TS2, TS3 } = this.#config.tierAddresses;
    return { TS1_ADDRESSES: TS1.join(','), TS2_ADDRESSES: TS2.join(','), TS3_ADDRESSES: TS3.join(',') };
  }

  /** Sending is claimed, counted and written down in the table. */
  allowSending(by: DeskFunction, table: DeskTable): void {
    by.allow(
      ['GetItem', 'BatchGetItem', 'UpdateItem', 'PutItem'].map((action) => `dynamodb:${action}`),
      [table.arn],
    );
    const { sender } = this.#config;
    if (sender === undefined || this.configurationSet === undefined) return;
    const { configurationSetName } = this.configurationSet;
    const set = this.arnOf('configuration-set', configurationSetName);
    by.allow(['ses:SendRawEmail'], [this.arnOf('identity', '*'), set], {
      StringEquals: { 'ses:FromAddress': sender },
    });
    Validations.of(by.role).acknowledge({
      id: 'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:ses:<AWS::Region>:<AWS::AccountId>:identity/*]',
      reason: 'SES asks for whatever identity fits sender or recipient; the condition holds the sender to one address.',
    });
  }

  private arnOf(resource: 'identity' | 'configuration-set', resourceName: string): string {
    return Stack.of(this).formatArn({ service: 'ses', resource, resourceName });
  }
}
