/** The local S3, asked by the real SDK: whole objects come back as they went in, and everything else is refused. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startAwsEndpoint, type AwsEndpoint } from '../../lib/local/aws/endpoint.ts';
import { Objects, objectService } from '../../lib/local/aws/objects.ts';
import { linkChecker } from '../../lib/local/aws/signed-links.ts';
import { linkTo } from '../../lambdas/store/links.ts';
import { AwsError } from '../../lib/local/aws/aws-error.ts';

const folder = mkdtempSync(join(tmpdir(), 'objects-'));
const START = '2026-03-02T15:00:00.000Z';
let now = Date.parse(START);
const faults: unknown[] = [];
let endpoint: AwsEndpoint;
let s3: S3Client;
beforeAll(async () => {
  endpoint = await startAwsEndpoint({
    json: {},
    query: () => Promise.reject(new AwsError('InvalidAction', 'none')),
    objects: objectService(
      new Objects({ buckets: ['mails'], folder }),
      linkChecker(() => now),
    ),
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
    expect(() => new Objects({ buckets: ['mails'] }).get('mails', 'a')).toThrow(/s3:ListBucket/);
  });

  it('refuses what it does not have or does not do, as S3 names it', async () => {
    const get = (input: object) => s3.send(new GetObjectCommand({ Bucket: 'mails', Key: 'inbound/1', ...input }));
    await expect(get({ Key: 'none' })).rejects.toMatchObject({ name: 'AccessDenied' });
    await expect(get({ Bucket: 'others' })).rejects.toMatchObject({ name: 'NoSuchBucket' });
    await expect(get({ Range: 'bytes=0-1' })).rejects.toMatchObject({ name: 'NotImplemented' });
    await expect(get({ VersionId: '1' })).rejects.toMatchObject({ name: 'NotImplemented' });
    await expect(s3.send(new ListObjectsV2Command({ Bucket: 'mails' }))).rejects.toMatchObject({
      name: 'NotImplemented',
    });
  });
});

describe('a link to an object of the local S3', () => {
  const told = async (url: string) => {
    const response = await fetch(url);
    const text = await response.text();
    return [response.status, /<Code>(\w+)<\/Code>/.exec(text)?.[1] ?? text];
  };
  const link = async (key = 'files/ü 1') => {
    await s3.send(new PutObjectCommand({ Bucket: 'mails', Key: key, Body: Buffer.from('bytes') }));
    const { url } = await linkTo(
      { bucket: 'mails', client: s3 },
      { key, filename: 'ü.html', contentType: 'text/html' },
      START,
    );
    return url;
  };

  it('gives the bytes to be saved, and never as something to be run', async () => {
    now = Date.parse(START) + 300_000;
    const response = await fetch(await link());
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/octet-stream');
    expect(response.headers.get('content-disposition')).toBe(
      `attachment; filename="_.html"; filename*=UTF-8''%C3%BC.html`,
    );
    expect(await response.text()).toBe('bytes');
  });

  it('is over after five minutes of the desk’s clock', async () => {
    const url = await link();
    now = Date.parse(START) + 300_001;
    expect(await told(url)).toEqual([403, 'AccessDenied']);
    now = Date.parse(START);
    expect(await told(url)).toEqual([200, 'bytes']);
  });

  it.each<[string, (url: string) => string]>([
    ['another object', (url) => url.replace('%201?', '%202?')],
    ['a longer time', (url) => url.replace('X-Amz-Expires=300', 'X-Amz-Expires=301')],
    ['a later time', (url) => url.replace('T150000Z', 'T150001Z')],
    ['another name', (url) => url.replace('.html', '.exe')],
    ['another type', (url) => url.replace('octet-stream', 'xhtml')],
    ['one thing more', (url) => `${url}&versionId=1`],
    ['other keys', (url) => url.replace('Credential=local', 'Credential=other')],
    ['another signature', (url) => url.replace(/Signature=./, 'Signature=g')],
    ['no time at all', (url) => url.replace(/&X-Amz-Date=\w+/, '')],
  ])('is not good for %s', async (_, change) => {
    const url = await link();
    expect(change(url)).not.toBe(url);
    expect(await told(change(url))).toEqual([403, 'SignatureDoesNotMatch']);
  });

  it('is needed by whoever has no keys', async () => {
    const url = new URL(await link());
    url.search = '';
    expect(await told(url.href)).toEqual([403, 'AccessDenied']);
    expect((await fetch(url, { method: 'PUT', body: 'x' })).status).toBe(403);
    expect((await fetch(await link(), { method: 'PUT', body: 'x' })).status).toBe(400);
  });
});
