/**
 * SES as far as the functions use it: SendRawEmail, whose mail lands in the outbox. It must not know what a mail says. Nothing is
 * ever sent to the world from here, whatever the addresses are.
 */
import { AwsError } from '../aws/aws-error.ts';
import type { QueryService } from '../aws/endpoint.ts';
import type { Outbox } from './outbox.ts';

/** What SES takes: 10 MB of message by default. */
const LARGEST_MESSAGE_BYTES = 10 * 1024 * 1024;

export function mailService(outbox: Outbox): QueryService {
  return async (action, parameters) => {
    if (action !== 'SendRawEmail') throw new AwsError('InvalidAction', `The local mail service has no ${action}.`);
    const raw = Buffer.from(parameters.get('RawMessage.Data') ?? '', 'base64');
    if (raw.length === 0) throw new AwsError('InvalidParameterValue', 'Empty RawMessage.');
    if (raw.length > LARGEST_MESSAGE_BYTES)
      throw new AwsError('InvalidParameterValue', 'Message length is more than 10485760 bytes.');
    const destinations = [...parameters].flatMap(([name, value]) =>
      name.startsWith('Destinations.member.') ? [value] : [],
    );
    return { MessageId: await outbox.send(raw, destinations) };
  };
}
