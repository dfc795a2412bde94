/**
 * The link in the letter about a closed ticket: following it changes nothing, its form rates once more each time, and nobody can make one
 * up.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import { customerOn, deskOfThisFile, openTicket } from '../support/desk.ts';
import { ratingPathOf } from '../support/mail.ts';

const desk = deskOfThisFile();
let id: string;
let link: string;
beforeAll(async () => {
  const customer = await customerOn(desk, 'scalix-basic', { units: 50 });
  id = await openTicket(customer, { subject: 'A <b>bold</b> & stuck mail' });
  await desk.engineer.post(`/v1/tickets/${id}/messages`, { body: 'It runs again.' });
  await desk.engineer.post(`/v1/tickets/${id}/resolve`, { summary: 'Done.' });
  await desk.engineer.post(`/v1/tickets/${id}/close`, {});
  link = `${desk.url}${await ratingPathOf(desk, id)}`;
});

const ratings = async () =>
  (await desk.manager.get(`/v1/tickets/${id}/timeline`)).body.items.filter(
    ({ type }: { type: string }) => type === 'rated',
  );
const asBrowser = { accept: 'text/html,*/*;q=0.8' };
const form = (fields: string) =>
  fetch(link, {
    method: 'POST',
    headers: { ...asBrowser, 'content-type': 'application/x-www-form-urlencoded' },
    body: fields,
  });

describe('the rating link', () => {
  it('opens a page that runs nothing, leaks nothing and writes nothing, however often it is followed', async () => {
    for (const method of ['GET', 'GET', 'HEAD']) await fetch(link, { method, headers: asBrowser });
    const page = await fetch(link, { headers: asBrowser });
    expect(page.status).toBe(200);
    expect(page.headers.get('content-type')).toMatch(/^text\/html/);
    expect(page.headers.get('content-security-policy')).toMatch(/default-src 'none'/);
    expect(page.headers.get('referrer-policy')).toBe('no-referrer');
    expect(page.headers.get('cache-control')).toBe('no-store');
    const text = await page.text();
    expect(text).toContain('A &lt;b&gt;bold&lt;/b&gt; &amp; stuck mail');
    expect(text).not.toMatch(/<script|<img|<b>/i);
    expect(text).not.toContain(new URL(link).pathname);
    expect(await ratings()).toEqual([]);
  });

  it('refuses a form that is no answer, and changes nothing', async () => {
    for (const fields of ['score=6', 'score=', 'score=5&role=manager', 'comment=Fine']) {
      const answer = await form(fields);
      expect([fields, answer.status]).toEqual([fields, 400]);
      expect(answer.headers.get('content-type')).toMatch(/^text\/html/);
    }
    expect(await ratings()).toEqual([]);
  });

  it('rates by its form, as a person sends it', async () => {
    const answer = await form('score=4&comment=Swift+and+kind');
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain('4 of 5');
    expect(await ratings()).toMatchObject([{ score: 4, comment: 'Swift and kind' }]);
  });

  it('is nobody’s to make up, in whole or in part', async () => {
    const made = [
      link.slice(0, -1),
      `${link}0`,
      link.replace(/.$/, (last) => (last === 'a' ? 'b' : 'a')),
      link.toUpperCase(),
    ];
    const others = made.map((one) => one.replace(/^HTTP.*\/V1\/RATINGS\//, `${desk.url}/v1/ratings/`));
    for (const one of others) {
      const answer = await fetch(one, {
        method: 'POST',
        body: '{"score":1}',
        headers: { 'content-type': 'application/json' },
      });
      expect([one === link, answer.status]).toEqual([false, 404]);
    }
    expect(await ratings()).toHaveLength(1);
  });
});
