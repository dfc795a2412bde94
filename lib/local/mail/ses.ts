/**
 * SES as far as the functions use it: SendRawEmail, whose mail lands in the outbox. It must not know what a mail says. Nothing is
 * ever sent to the world from here, whatever the addresses are.
 */
import { AwsError } from '../aws/aws-error.ts';
import type { QueryService } from '../aws/endpoint.ts';
import type { Outbox } from './outbox.ts';

/** What SES takes: 10 MB of message by default. */
const LARGEST_MESSAGE_BYTES = 10 * 1024 * 1024;

/** Takes mail with one of these configuration sets, or with none. */
export function mailService(outbox: Outbox, configurationSets: readonly string[] = []): QueryService {
  return async (action, parameters) => {
    if (action !== 'SendRawEmail') throw new AwsError('InvalidAction', `The local mail service has no ${action}.`);
    const raw = Buffer.from(parameters.get('RawMessage.Data') ?? '', 'base64');
    if (raw.length === 0) throw new AwsError('InvalidParameterValue', 'Empty RawMessage.');
    if (raw.length > LARGEST_MESSAGE_BYTES)
      throw new AwsError('InvalidParameterValue', 'Message length is more than 10485760 bytes.');
    const destinations = [...parameters].flatMap(([name, value]) =>
      name.startsWith('Destinations.member.') ? [value] : [],
    );
    const set = parameters.get('ConfigurationSetName') ?? undefined;
    if (set !== undefined && !configurationSets.includes(set)) {
      throw new AwsError('ConfigurationSetDoesNotExist', `Configuration set <${set}> does not exist.`);
    }
    return { MessageId: await outbox.send(raw, destinations, set) };
  };
}
