/**
 * The one table: its keys, indexes, stream and protection. The names come from the store's key file; what the items mean is
 * the store's business. The trap: an index or a key can't be changed in place, CloudFormation would replace the table.
 */
import { RemovalPolicy } from 'aws-cdk-lib';
import {
  AttributeType,
  BillingMode,
  ProjectionType,
  StreamViewType,
  Table,
  TableEncryption,
} from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import { BY_ACCOUNT_INDEX, QUEUE_INDEX, TTL_ATTRIBUTE } from '../lambdas/store/keys.ts';
import { type DeskConfig, isProduction } from './config.ts';

const text = (name: string) => ({ name, type: AttributeType.STRING });

export class DeskTable extends Construct {
  readonly table: Table;

  constructor(scope: Construct, id: string, { config }: { config: DeskConfig }) {
    super(scope, id);
    const production = isProduction(config);
    this.table = new Table(this, 'Table', {
      partitionKey: text('pk'),
      sortKey: text('sk'),
      billingMode: BillingMode.PAY_PER_REQUEST,
      stream: StreamViewType.NEW_IMAGE,
      timeToLiveAttribute: TTL_ATTRIBUTE,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      // The key that DynamoDB owns encrypts at rest without a charge or a limit per request.
      encryption: TableEncryption.DEFAULT,
      deletionProtection: production,
      removalPolicy: production ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    for (const { name, pk, sk, holds } of [BY_ACCOUNT_INDEX, QUEUE_INDEX]) {
      this.table.addGlobalSecondaryIndex({
        indexName: name,
        partitionKey: text(pk),
        sortKey: text(sk),
        ...(holds.length === 0
          ? { projectionType: ProjectionType.KEYS_ONLY }
          : { projectionType: ProjectionType.INCLUDE, nonKeyAttributes: [...holds] }),
      });
    }
  }

  get arn(): string {
    return this.table.tableArn;
  }

  get name(): string {
    return this.table.tableName;
  }

  indexArn(index: typeof BY_ACCOUNT_INDEX | typeof QUEUE_INDEX): string {
    return `${this.arn}/index/${index.name}`;
  }
}
