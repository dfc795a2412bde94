/** A mail that comes back under the title of a letter is known by it, in whatever language programs say that it answers. */
import { describe, expect, it } from 'vitest';
import { echoesLetter } from '../../../lambdas/handlers/inbound/reading/echo.ts';
import { TITLES, TITLES_WITH } from '../../../lambdas/handlers/mail/titles.ts';

describe('a subject', () => {
  const told = [
    TITLES_WITH.newAt('TS1'),
    TITLES_WITH.nowAt('TS3'),
    TITLES_WITH.unanswered('12'),
    TITLES_WITH.tooFew('points'),
    TITLES_WITH.willExpire('10 points'),
    TITLES_WITH.report('March 2026'),
  ];
  it.each([...Object.values(TITLES), ...told])('%s is known as a letter’s, with whatever stands before it', (title) => {
    for (const prefix of ['', 'Re: ', 'AW: Antw: ', 'SV:', '[EXTERNAL] RE: ', 'Re[2]: ', '回复：', 'Odp: [EXT] ']) {
      expect(echoesLetter(`${prefix}${title}: Mail is stuck`)).toBe(true);
    }
    expect(echoesLetter(`Re: ${title.toUpperCase()}`)).toBe(true);
    expect(echoesLetter(`Re: ${title} (was: x)`)).toBe(true);
  });

  it.each([
    'Mail is stuck',
    'Re: Mail is stuck',
    'Your ticket is closed but nothing works',
    'Your ticket is closed, but nothing works',
    'Re: Question: We have your ticket',
    'Our certificate will expire soon: what now?',
    'Service report for our customers',
    'New at TS1 is nobody',
    'New at work: how do I sign in?',
    'A new ticket',
    '',
  ])('%j is its writer’s own', (subject) => {
    expect(echoesLetter(subject)).toBe(false);
  });
});
