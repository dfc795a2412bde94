/**
 * The one table: its keys, indexes, stream and protection; or, after a restore, the one that was restored, which the stack uses and does
 * not own. The names come from the store's key file; what the items mean is the store's business. The trap: an index or a key can't be
 * changed in place, CloudFormation would replace the table.
 */
import { RemovalPolicy } from 'aws-cdk-lib';
import {
  AttributeType,
  BillingMode,
  type ITable,
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
  readonly table: ITable;

  constructor(scope: Construct, id: string, { config }: { config: DeskConfig }) {
    super(scope, id);
    this.table =
      config.restoredTableStream === undefined ? this.create(config) : this.restored(config.restoredTableStream);
  }

  /** RUNBOOK.md says what a restored table has to be given first. */
  private restored(tableStreamArn: string): ITable {
    const [tableArn = ''] = tableStreamArn.split('/stream/');
    const globalIndexes = [BY_ACCOUNT_INDEX.name, QUEUE_INDEX.name];
    return Table.fromTableAttributes(this, 'Restored', { tableArn, tableStreamArn, globalIndexes });
  }

  private create(config: DeskConfig): Table {
    const production = isProduction(config);
    const table = new Table(this, 'Table', {
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
      table.addGlobalSecondaryIndex({
        indexName: name,
        partitionKey: text(pk),
        sortKey: text(sk),
        ...(holds.length === 0
          ? { projectionType: ProjectionType.KEYS_ONLY }
          : { projectionType: ProjectionType.INCLUDE, nonKeyAttributes: [...holds] }),
      });
    }
    return table;
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
