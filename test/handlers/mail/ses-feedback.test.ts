/** What SES publishes of a mail, in the shapes that it documents, and what the desk makes of it. */
import { describe, expect, it } from 'vitest';
import {
  causeOf,
  failuresIn,
  sesFeedbackSchema,
  ticketIn,
} from '../../../lambdas/handlers/mail-events/ses-feedback.ts';
import { readPublished, snsEventSchema } from '../../../lambdas/handlers/mail-events/sns-event.ts';
import { TICKET_ID } from '../../support/records.ts';

const mail = {
  timestamp: '2026-03-02T15:00:00.000Z',
  source: 'support@desk.example.com',
  sourceArn: 'arn:aws:ses:us-east-1:000000000000:identity/support@desk.example.com',
  sendingAccountId: '000000000000',
  messageId: '0100017a-0000-0000-0000-000000000000-000000',
  destination: ['ann@example.com'],
  headersTruncated: false,
  headers: [
    { name: 'To', value: 'ann@example.com' },
    { name: 'X-Makegood-Cause', value: `${TICKET_ID}-3` },
  ],
  tags: { 'ses:configuration-set': ['desk'] },
};
const bounce = (more: object = {}, changes: object = {}) => ({
  eventType: 'Bounce',
  bounce: {
    bounceType: 'Permanent',
    bounceSubType: 'General',
    bouncedRecipients: [
      {
        emailAddress: 'ann@example.com',
        action: 'failed',
        status: '5.1.1',
        diagnosticCode: 'smtp; 550 5.1.1 user unknown',
      },
    ],
    timestamp: '2026-03-02T15:00:05.000Z',
    feedbackId: 'f-1',
    reportingMTA: 'dsn; mail.example.com',
    ...more,
  },
  mail: { ...mail, ...changes },
});
const complaint = (more: object = {}) => ({
  eventType: 'Complaint',
  complaint: {
    complainedRecipients: [{ emailAddress: 'ann@example.com' }],
    complaintFeedbackType: 'abuse',
    complaintSubType: null,
    timestamp: '2026-03-02T15:00:05.000Z',
    feedbackId: 'f-2',
    ...more,
  },
  mail,
});
const failures = (event: unknown) => failuresIn(sesFeedbackSchema.parse(event));

describe('what SES tells', () => {
  it('stops mail for a bounce that is permanent, and quotes the mail server', () => {
    expect(failures(bounce())).toEqual([
      { to: 'ann@example.com', kind: 'bounce', stops: 'bounced', reason: expect.stringContaining('user unknown') },
    ]);
  });

  it.each(['Transient', 'Undetermined', 'Something'])('stops nothing for a bounce that is %s', (bounceType) => {
    const [failure, ...others] = failures(bounce({ bounceType, bounceSubType: 'MailboxFull' }));
    expect(others).toEqual([]);
    expect(failure).toMatchObject({ kind: 'transient', reason: expect.stringContaining('The mailbox is full.') });
    expect(failure).not.toHaveProperty('stops');
  });

  it('stops mail for a complaint', () => {
    expect(failures(complaint())).toMatchObject([{ to: 'ann@example.com', kind: 'complaint', stops: 'complained' }]);
    expect(failures(complaint({ complaintFeedbackType: undefined }))).toHaveLength(1);
  });

  it.each(['not-spam', 'auth-failure'])('takes a report of %s for no complaint', (complaintFeedbackType) => {
    expect(failures(complaint({ complaintFeedbackType }))).toEqual([]);
  });

  it('notes a mail that SES did not send, and stops nothing', () => {
    const [failure] = failures({ eventType: 'Reject', mail, reject: { reason: 'Bad content' } });
    expect(failure).toEqual({
      to: 'ann@example.com',
      kind: 'reject',
      reason: 'SES did not send the mail. It said: Bad content',
    });
  });

  it('means the address that the mail was sent to, also where it was forwarded from there', () => {
    const elsewhere = [{ emailAddress: 'Ann <ann@mail.example.net>', diagnosticCode: 'smtp; 550 no' }];
    expect(failures(bounce({ bouncedRecipients: elsewhere }))).toMatchObject([{ to: 'ann@example.com' }]);
    expect(failures(bounce({ bouncedRecipients: [] }))).toMatchObject([{ to: 'ann@example.com' }]);
    expect(failures(bounce({ bouncedRecipients: [{ emailAddress: '<ANN@example.com>' }] }))).toMatchObject([
      { to: 'ann@example.com' },
    ]);
  });

  it('means nobody where it names none of several readers', () => {
    const several = { destination: ['ann@example.com', 'uwe@example.com'] };
    expect(failures(bounce({ bouncedRecipients: [{ emailAddress: 'eve@example.net' }] }, several))).toEqual([]);
    expect(failures(bounce({}, several)).map(({ to }) => to)).toEqual(['ann@example.com']);
  });

  it('keeps what a mail server said to one short line', () => {
    const diagnosticCode = `smtp; 550\r\n\u0007${'x'.repeat(5000)}`;
    const [failure] = failures(bounce({ bouncedRecipients: [{ emailAddress: 'ann@example.com', diagnosticCode }] }));
    expect(failure?.reason).toMatch(/^[^\p{Cc}]{1,420}$/u);
  });

  it('finds the ticket by what the desk wrote into the head of the mail', () => {
    expect(ticketIn(causeOf(sesFeedbackSchema.parse(bounce())))).toBe(TICKET_ID);
    expect(causeOf(sesFeedbackSchema.parse(bounce({}, { headers: undefined })))).toBeUndefined();
    for (const cause of ['reminder-2026-03-02', 'mail-0123', `${TICKET_ID}X-1`, undefined]) {
      expect(ticketIn(cause)).toBeUndefined();
    }
  });
});

describe('what SNS brings', () => {
  it('is read as JSON in an envelope', () => {
    const event = {
      Records: [{ EventSource: 'aws:sns', Sns: { Message: '{}', Timestamp: '2026-03-02T15:00:05.12Z' } }],
    };
    expect(snsEventSchema.parse(event).Records[0]?.Sns.Timestamp).toBe('2026-03-02T15:00:05.120Z');
    expect(readPublished(`${JSON.stringify(bounce())}\n`)?.eventType).toBe('Bounce');
  });

  it('may be SES’s own test of the topic, which says nothing', () => {
    expect(readPublished('Successfully validated SNS topic for Amazon SES event publishing.')).toBeUndefined();
  });

  it('fails aloud where it is anything else, so that it is put aside for a person', () => {
    for (const message of ['hello', '{}', JSON.stringify({ eventType: 'Open', mail })]) {
      expect(() => readPublished(message)).toThrow();
    }
  });
});
