import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Incident, ServiceReport } from '../../../lambdas/domain/report/report.ts';
import { pageHeaders, reportPage } from '../../../lambdas/handlers/report/page.ts';

const ATTACK = `</title><script>alert("1")</script><img src=x onerror='alert(2)'> & \u0007\uD800`;

const incident = (changes: Partial<Incident> = {}): Incident => ({
  ticketId: 'tkt_1',
  subject: 'Mail is stuck',
  priority: 'urgent',
  channel: 'web',
  status: 'closed',
  openedAt: '2026-03-02T15:00:00.000Z',
  answer: { at: '2026-03-02T16:00:00.000Z', seconds: 3600, promise: { state: 'met', deadline: null, seconds: 14_400 } },
  solution: {
    at: '2026-03-09T15:00:00.000Z',
    seconds: 604_800,
    promise: { state: 'missed', deadline: null, seconds: 86_400 },
  },
  charged: 3,
  credited: 3,
  people: [{ name: 'Ann', role: 'contact' }],
  ...changes,
});

const report = (incidents: readonly Incident[], changes: Partial<ServiceReport> = {}): ServiceReport => ({
  accountId: 'acc_1',
  name: 'Example Ltd',
  month: '2026-03',
  timeZone: 'America/New_York',
  from: '2026-03-01T05:00:00.000Z',
  to: '2026-04-01T04:00:00.000Z',
  madeAt: '2026-04-01T12:00:00.000Z',
  complete: true,
  incidents,
  earlier: [],
  truncated: false,
  byPriority: [{ priority: 'urgent', incidents: incidents.length }],
  answers: { kept: incidents.length, missed: 0, open: 0, withoutPromise: 0 },
  solutions: { kept: 0, missed: incidents.length, open: 0, withoutPromise: 0 },
  units: { unit: 'token', used: 3, credited: 3, left: 17, days: [{ on: '2026-03-31', used: 3, credited: 3 }] },
  satisfaction: { average: 4.5, ratings: 2 },
  ...changes,
});

const page = reportPage(report([incident()]));
const svgs = page.match(/<svg.*?<\/svg>/gs) ?? [];

describe('the page of a report', () => {
  it('never takes what users wrote for markup', () => {
    const people = [{ name: ATTACK, role: 'contact' as const }];
    const attacked = reportPage(
      report([incident({ subject: ATTACK, people, rating: { score: 1, comment: ATTACK } })], {
        name: ATTACK,
        manager: { name: ATTACK },
      }),
    );
    const tags = (text: string) => new Set(text.match(/<[a-z!]+/g));
    expect(tags(attacked)).toEqual(
      tags(reportPage(report([incident({ rating: { score: 1, comment: 'x' } })], { manager: { name: 'x' } }))),
    );
    expect(attacked).not.toMatch(/<script|<img|="[^"]*<|[^\P{Cc}\n]|\p{Cs}/u);
    expect(attacked).toContain('&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;');
  });

  it('has three kinds of charts, each with a title and its figures in words', () => {
    expect(svgs).toHaveLength(4);
    for (const svg of svgs) {
      const [, id] = /role="img" aria-labelledby="(\w+)-title \1-desc"/.exec(svg) ?? [];
      expect(svg).toMatch(
        new RegExp(`<title id="${String(id)}-title">.+</title><desc id="${String(id)}-desc">.+</desc>`),
      );
    }
    expect(svgs[0]).toContain('<desc id="priorities-desc">urgent: 1</desc>');
    expect(svgs[1]).toContain('<desc id="answer-desc">Mail is stuck: 25 %</desc>');
    expect(svgs[2]).toContain('<desc id="solution-desc">Mail is stuck: 700 %, missed</desc>');
    expect(svgs[3]).toContain('2026-03-31: 3 used, 3 credited');
  });

  it('has a table of its own for what was reported before the month, and none where nothing was', () => {
    const before = incident({ ticketId: 'tkt_0', subject: 'Since February' });
    const told = reportPage(report([incident()], { earlier: [before] }));
    const [own = '', earlier = ''] = told.split('<h2>Reported before, and open or rated in the month</h2>');
    expect(own).toContain('tkt_1');
    expect(own).not.toContain('Since February');
    expect(earlier).toContain('Since February');
    expect(earlier).not.toContain('tkt_1');
    expect(page).not.toContain('Reported before');
  });

  it('tells what is left of each add-on, and which promises a plan kept', () => {
    const promise = {
      ...{ state: 'met' as const, deadline: null, seconds: 172_800 },
      plannedAt: '2026-03-03T15:00:00.000Z',
    };
    const solution = { at: '2026-03-09T15:00:00.000Z', seconds: 216_000, promise };
    const units = { unit: 'incident' as const, used: 1, credited: 0, left: 0, days: [] };
    const told = reportPage(
      report([incident({ solution })], { units: { ...units, addOns: [{ planId: 'axigen-gold', left: 4 }] } }),
    );
    expect(told).toContain(
      'Units: 1 incident used, 0 incidents credited; 0 incidents and 4 incidents of axigen-gold left on Wednesday 1 April 2026, 08:00:00 (UTC-04:00)',
    );
    expect(told).toContain('60 h of 48 h, kept by a plan');
    expect(told).toContain('<desc id="solution-desc">Mail is stuck: 125 %, planned</desc>');
  });

  it('keeps every mark of a chart inside its frame', () => {
    const extreme = incident({ subject: 'W'.repeat(200) });
    const many = reportPage(report(Array.from({ length: 50 }, () => extreme)));
    for (const svg of many.match(/<svg.*?<\/svg>/gs) ?? []) {
      const [, width, height] = /viewBox="0 0 (\d+) (\d+)"/.exec(svg) ?? [];
      const rects = [...svg.matchAll(/<rect x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)"/g)];
      expect(rects.length).toBeGreaterThan(0);
      for (const rect of rects) {
        const [x, y, wide, high] = rect.slice(1).map(Number) as [number, number, number, number];
        expect(x + wide).toBeLessThanOrEqual(Number(width));
        expect(y + high).toBeLessThanOrEqual(Number(height));
      }
      expect(svg).not.toMatch(/NaN|Infinity|undefined/);
    }
    expect(many).toContain('The first 30 of 50.');
    expect(many).toContain(`>${'W'.repeat(13)}…</text>`);
  });

  it('allows its own style sheet and nothing else', () => {
    const [, style] = /<style>(.*?)<\/style>/s.exec(page) ?? [];
    const hash = createHash('sha256')
      .update(style ?? '')
      .digest('base64');
    expect(pageHeaders['content-security-policy']).toContain(`default-src 'none'; style-src 'sha256-${hash}'`);
    expect(page).not.toMatch(/<script|style="|https?:\/\/(?!www\.w3\.org\/2000\/svg)|@import|url\(/);
  });

  it('has colours that stand out from white by 4.5 to 1', () => {
    const channel = (value: number) => (value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
    const luminance = (colour: string) => {
      const [red, green, blue] = [1, 3, 5].map((at) => channel(Number.parseInt(colour.slice(at, at + 2), 16) / 255));
      return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
    };
    const used = new Set(page.match(/#[0-9a-f]{6}/g));
    used.delete('#ffffff');
    expect(used.size).toBeGreaterThan(2);
    for (const colour of used) expect(1.05 / (luminance(colour) + 0.05), colour).toBeGreaterThan(4.5);
  });

  it('says so where there is nothing to draw', () => {
    const units = { unit: 'token' as const, used: 0, credited: 0, left: 20, days: [] };
    const empty = reportPage(
      report([], { byPriority: [], units, satisfaction: { average: null, ratings: 0 }, complete: false }),
    );
    expect(empty).not.toContain('<svg');
    expect(empty).toContain('No incident was reported.');
    expect(empty).toContain('No units were used or credited.');
    expect(empty).toContain('The month is not over');
    expect(empty).toContain('no ratings');
  });
});
