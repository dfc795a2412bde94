/** What an erasure takes for a person, and what it leaves alone. */
import { describe, expect, it } from 'vitest';
import { ERASED, erasedRecord, isErased, pseudonymOf } from '../../lambdas/domain/account/erased.ts';

const pseudonym = pseudonymOf('01J9ZC2M6Q4V7R8T5X3W1Y0N2K');
const ann = { pseudonym, email: 'ann@example.com', name: 'Ann Quux', phones: ['+1 555 0100'] };

/** What is left of a text that somebody else wrote. */
const erasedText = (person: typeof ann, body: string): string => erasedRecord(person, { body }, false).body;

describe('in a text of somebody else', () => {
  it.each([
    ['Write to ann@example.com.', `Write to ${pseudonym}.`],
    ['<Ann@Example.com>, or "ann@example.com"', `<${pseudonym}>, or "${pseudonym}"`],
    ['ann quux and Ann\nQuux wrote; call +1 555 0100!', `${ERASED} and ${ERASED} wrote; call ${ERASED}!`],
  ])('%j is %j', (text, left) => {
    expect(erasedText(ann, text)).toBe(left);
    expect(erasedText(ann, left)).toBe(left);
  });

  it.each([
    'joann@example.com',
    'ann@example.com.au',
    'ann@example.community',
    'x.ann@example.com',
    'Joann Quux',
    'Ann Quuxley',
  ])('%s is somebody else', (text) => {
    expect(erasedText(ann, text)).toBe(text);
  });

  it('a name of one word counts as it is written, because it may be a word', () => {
    const will = { ...ann, name: 'Will' };
    expect(erasedText(will, 'Will says that we will.')).toBe(`${ERASED} says that we will.`);
  });
});

describe('in a record', () => {
  it('a name that is a word of the rules changes nothing that a rule reads', () => {
    const record = {
      status: 'open',
      priority: 'standard',
      contact: { email: 'uwe@example.com', name: 'open' },
      note: 'open',
    };
    expect(erasedRecord({ ...ann, name: 'open' }, record, false)).toEqual({ ...record, note: ERASED });
  });

  it('of their own, words and number go; amounts, moments and ids stay', () => {
    const record = {
      ticketId: 'tkt_1',
      amount: 3,
      actor: { role: 'customer', email: 'Ann@example.com' },
      comment: 'Fine.',
      phone: '1',
    };
    const left = { ...record, actor: { role: 'customer', email: pseudonym }, comment: ERASED, phone: ERASED };
    expect(erasedRecord(ann, record, true)).toEqual(left);
  });

  it('an address that ends in theirs is another’s, wherever it stands as an address', () => {
    const contacts = ['r&ann@example.com', 'x=ann@example.com', "d'ann@example.com"].map((email) => ({ email }));
    expect(erasedRecord(ann, { contacts, cause: 'to=ann@example.com #1' }, false)).toEqual({
      contacts,
      cause: `to=${pseudonym} #1`,
    });
  });

  it('the pseudonym is no address that mail could go to', () => {
    expect([isErased(pseudonym), pseudonym.includes('@'), isErased(`${pseudonym}@example.com`)]).toEqual([
      true,
      false,
      false,
    ]);
  });
});
