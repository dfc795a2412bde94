/** The client of the operator's commands, against a desk that has too much to do. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { clientOf } from '../../bin/client.ts';

/** A server that gives these answers, one after the other, and the paths that it was asked for. */
const serving = async (answers: readonly { status: number; headers?: Record<string, string>; body: object }[]) => {
  const asked: string[] = [];
  const server = createServer(({ url }, response) => {
    const { status, headers, body } = answers[Math.min(asked.length, answers.length - 1)]!;
    asked.push(url ?? '');
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await new Promise((resolve) => server.once('listening', resolve));
  return { asked, url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}` };
};
const BUSY = { status: 503, headers: { 'retry-after': '0' }, body: { detail: 'Too much is going on at once.' } };

it('comes again where the desk is busy, or the route has let in enough', async () => {
  const { asked, url } = await serving([
    BUSY,
    { status: 429, headers: { 'retry-after': '0' }, body: { message: 'Too Many Requests' } },
    { status: 200, body: { items: [] } },
  ]);
  expect(await clientOf(`${url}/`, 'token').get('/v1/accounts')).toEqual({ items: [] });
  expect(asked).toEqual(Array(3).fill('/v1/accounts'));
});

it('gives up after some tries, and at once where it would wait for a quota', async () => {
  const busy = await serving([BUSY]);
  await expect(clientOf(busy.url, 'token').get('/x')).rejects.toThrow('answered with 503: Too much is going on');
  expect(busy.asked).toHaveLength(6);
  const used = await serving([{ status: 429, headers: { 'retry-after': '1800' }, body: { detail: 'Enough.' } }]);
  await expect(clientOf(used.url, 'token').post('/x')).rejects.toThrow('answered with 429: Enough.');
  expect(used.asked).toHaveLength(1);
});

it('does not ask again for what may have been done: a function that ran out of time, which says nothing of coming again', async () => {
  const late = await serving([{ status: 503, body: { message: 'Service Unavailable' } }]);
  await expect(clientOf(late.url, 'token').post('/x')).rejects.toThrow('answered with 503: Service Unavailable');
  expect(late.asked).toHaveLength(1);
});
