/** Grants in words, of the largest stack. Short names stand for resources: what a logical id says without its hash. */
import * as z from 'zod';
import { referenced, templateFor, WITH_INBOUND, WITH_MAIL, type Found } from './support.ts';

export const template = templateFor({ ...WITH_MAIL, ...WITH_INBOUND, alarmEmail: 'ops@example.com' });

export const shortName = (id: string): string => id.replace(/[0-9A-F]{8}$/, '');

/** A resource in words: names of the stack's own resources, and the fixed text around them. */
const tell = (resource: unknown): string => {
  if (typeof resource === 'string') return resource;
  const join = z.object({ 'Fn::Join': z.tuple([z.literal(''), z.array(z.unknown())]) }).safeParse(resource);
  if (join.success)
    return join.data['Fn::Join'][1]
      .map(tell)
      .join('')
      .replace(/^arn:AWS::Partition:/, '');
  return shortName(referenced(resource));
};

const statementSchema = z.object({
  Action: z.union([z.string().transform((one) => [one]), z.array(z.string())]),
  Effect: z.enum(['Allow', 'Deny']),
  Resource: z.unknown(),
  Principal: z.unknown().optional(),
  Condition: z.record(z.string(), z.record(z.string(), z.unknown())).optional(),
});
const documentOf = ({ properties }: Found) =>
  z.object({ Statement: z.array(statementSchema) }).parse(properties.PolicyDocument).Statement;

const resourcesOf = (resource: unknown): unknown[] => (Array.isArray(resource) ? resource : [resource]);

/** What policies allow or deny: `sqs:SendMessage on Queue if aws:SourceArn`. */
export const grantsOf = (policies: readonly Found[]): string[] =>
  [
    ...new Set(
      policies.flatMap(documentOf).flatMap(({ Action, Effect, Resource, Condition }) =>
        resourcesOf(Resource).flatMap((resource) =>
          Action.map((action) => {
            const only = Condition ? ` if ${Object.values(Condition).flatMap(Object.keys).join(' and ')}` : '';
            return `${Effect === 'Deny' ? 'never ' : ''}${action} on ${tell(resource)}${only}`;
          }),
        ),
      ),
    ),
  ].toSorted();
