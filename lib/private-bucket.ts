/**
 * A bucket for what customers send: encrypted, never public, reached over TLS only, and kept when the stack goes. The trap: S3 deletes
 * nothing by itself; where there is no expiration, what is here stays.
 */
import { Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { BlockPublicAccess, Bucket, BucketEncryption, type CfnBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import type { DeskFunction } from './function.ts';

export class PrivateBucket extends Bucket {
  constructor(scope: Construct, id: string, { expiration }: { expiration?: Duration } = {}) {
    super(scope, id, {
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      lifecycleRules: [{ ...(expiration && { expiration }), abortIncompleteMultipartUploadAfter: Duration.days(1) }],
      removalPolicy: RemovalPolicy.RETAIN,
    });
    Validations.of(this).acknowledge({
      id: 'AwsSolutions-S1',
      reason: 'Named writers and readers only, each of which says in its own log what it did.',
    });
  }

  /** Grants one action on the objects below a prefix. */
  allow(by: DeskFunction, action: 's3:GetObject' | 's3:PutObject' | 's3:DeleteObject', prefix: string): void {
    by.allow([action], [this.arnForObjects(`${prefix}*`)]);
    Validations.of(by.role).acknowledge({
      id: `AwsSolutions-IAM5[Resource::<${Stack.of(this).getLogicalId(this.node.defaultChild as CfnBucket)}.Arn>/${prefix}*]`,
      reason: 'The names of the objects come with the mails.',
    });
  }
}
