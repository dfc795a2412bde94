/** The local S3, asked by the real SDK: whole objects come back as they went in, and everything else is refused. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startAwsEndpoint, type AwsEndpoint } from '../../lib/local/aws/endpoint.ts';
import { Objects, objectService } from '../../lib/local/aws/objects.ts';
import { AwsError } from '../../lib/local/aws/aws-error.ts';

const folder = mkdtempSync(join(tmpdir(), 'objects-'));
const faults: unknown[] = [];
let endpoint: AwsEndpoint;
let s3: S3Client;
beforeAll(async () => {
  endpoint = await startAwsEndpoint({
    json: {},
    query: () => Promise.reject(new AwsError('InvalidAction', 'none')),
    objects: objectService(new Objects({ buckets: ['mails'], folder })),
    onError: (error) => faults.push(error),
  });
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  s3 = new S3Client({ endpoint: endpoint.url, region: 'us-east-1', credentials });
});
afterAll(async () => {
  s3.destroy();
  await endpoint.stop();
  rmSync(folder, { recursive: true, force: true });
  expect(faults).toEqual([]);
});

const bytes = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));

describe('the local S3', () => {
  it.each(['inbound/1', '../../etc/passwd', 'ü ?&%2F/#', '.'])('keeps an object under the key %j', async (Key) => {
    await s3.send(new PutObjectCommand({ Bucket: 'mails', Key, Body: bytes }));
    const { Body, ContentLength } = await s3.send(new GetObjectCommand({ Bucket: 'mails', Key }));
    expect(ContentLength).toBe(256);
    expect(Buffer.from(await Body!.transformToByteArray())).toEqual(bytes);
    expect(readdirSync(folder).every((name) => /^[0-9a-f]{64}$/.test(name))).toBe(true);
  });

  it('finds it again after a restart, and nothing without a folder', () => {
    new Objects({ buckets: ['mails'], folder }).put('mails', 'a', bytes);
    expect(new Objects({ buckets: ['mails'], folder }).get('mails', 'a')).toEqual(bytes);
    expect(() => new Objects({ buckets: ['mails'] }).get('mails', 'a')).toThrow(/key does not exist/);
  });

  it('refuses what it does not have or does not do, as S3 names it', async () => {
    const get = (input: object) => s3.send(new GetObjectCommand({ Bucket: 'mails', Key: 'inbound/1', ...input }));
    await expect(get({ Key: 'none' })).rejects.toMatchObject({ name: 'NoSuchKey' });
    await expect(get({ Bucket: 'others' })).rejects.toMatchObject({ name: 'NoSuchBucket' });
    await expect(get({ Range: 'bytes=0-1' })).rejects.toMatchObject({ name: 'NotImplemented' });
    await expect(get({ VersionId: '1' })).rejects.toMatchObject({ name: 'NotImplemented' });
    await expect(s3.send(new ListObjectsV2Command({ Bucket: 'mails' }))).rejects.toMatchObject({
      name: 'NotImplemented',
    });
  });
});
