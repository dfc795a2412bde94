/**
 * What the tests of the stack share: templates synthesized once for each configuration, and short ways to ask them. A question
 * that finds nothing throws, so that no assertion passes on an empty answer.
 */
import * as z from 'zod';
import { edgeName, readConfig, stackName } from '../../lib/config.ts';
import { synthesizeStacks, type Template, type TemplateResource } from '../../lib/synthesize.ts';

type Context = Readonly<Record<string, unknown>>;
type Templates = Readonly<Record<string, Template>>;

const synthesized = new Map<string, Templates>();

/** The templates of all stacks for these settings, given as the CDK context gives them. */
export const templatesFor = (context: Context = {}): Templates => {
  const key = JSON.stringify(context);
  const templates = synthesized.get(key) ?? synthesizeStacks(readConfig(context, {}), { skipBundling: true });
  synthesized.set(key, templates);
  return templates;
};

/** The desk's own template. */
export const templateFor = (context: Context = {}): Template =>
  templatesFor(context)[stackName(readConfig(context, {}))]!;

/** That of the stack with the rules at the edge, where there is one. */
export const edgeTemplateFor = (context: Context): Template => {
  const template = templatesFor(context)[edgeName(readConfig(context, {}))];
  if (template === undefined) throw new Error('No stack of an edge');
  return template;
};

export const WITH_MAIL = {
  sender: 'support@example.com',
  managers: 'ann@example.com,bob@example.com',
  tier1: 'eve@example.com',
};
/** Takes mail in, which adds a function. */
export const WITH_INBOUND = { mailDomain: 'desk.example.com' };
export const WITH_EDGE = { edge: 'on' };
/** Answers at a name of the vendor's. */
export const WITH_NAMED_EDGE = {
  ...WITH_EDGE,
  publicUrl: 'https://desk.example.com',
  edgeCertificate: 'arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012',
};
export const WITH_ISSUER = { issuer: 'https://id.example.com/', audience: 'desk' };

export interface Found {
  readonly id: string;
  readonly resource: TemplateResource;
  /** Untyped, as templates are: the assertions say what they expect of it. */
  readonly properties: Readonly<Record<string, unknown>>;
}

export const allOf = (template: Template, type: string): Found[] =>
  Object.entries(template.Resources)
    .filter(([, { Type }]) => Type === type)
    .map(([id, resource]) => ({ id, resource, properties: resource.Properties ?? {} }));

/** The resources of a type, of which there must be some. */
export const someOf = (template: Template, type: string): Found[] => {
  const found = allOf(template, type);
  if (found.length === 0) throw new Error(`No ${type} in the template`);
  return found;
};

export const oneOf = (template: Template, type: string): Found => {
  const found = someOf(template, type);
  if (found.length > 1) throw new Error(`${found.length} of ${type} in the template`);
  return found[0]!;
};

const referenceSchema = z.union([
  z.object({ Ref: z.string() }).transform(({ Ref }) => Ref),
  z.object({ 'Fn::GetAtt': z.tuple([z.string(), z.string()]) }).transform((value) => value['Fn::GetAtt'][0]),
]);

/** The id of the resource that a `Ref` or an `Fn::GetAtt` names. */
export const referenced = (value: unknown): string => referenceSchema.parse(value);

const statementSchema = z.object({
  Action: z.union([z.string().transform((action) => [action]), z.array(z.string())]),
  Effect: z.literal('Allow'),
  Resource: z.union([z.array(z.unknown()), z.unknown().transform((resource) => [resource])]),
  Condition: z.record(z.string(), z.unknown()).optional(),
});
export type Statement = z.infer<typeof statementSchema>;

const policySchema = z.object({
  PolicyDocument: z.object({ Statement: z.array(statementSchema) }),
  Roles: z.array(z.unknown()),
});

/** Everything that a role may do; a managed policy would escape this list, so none is allowed. */
export const statementsOf = (template: Template, roleId: string): Statement[] => {
  const role = template.Resources[roleId];
  if (role?.Type !== 'AWS::IAM::Role') throw new Error(`${roleId} is no role`);
  if (role.Properties?.ManagedPolicyArns !== undefined) throw new Error(`${roleId} has managed policies`);
  return someOf(template, 'AWS::IAM::Policy')
    .map(({ properties }) => policySchema.parse(properties))
    .filter(({ Roles }) => Roles.some((each) => referenced(each) === roleId))
    .flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
};

/** The function of an entry file such as `api`. */
export const functionOf = (template: Template, name: string): Found => {
  const entry = `lambdas/handlers/${name}.lambda.ts`;
  const found = someOf(template, 'AWS::Lambda::Function').find(
    ({ resource }) => resource.Metadata?.['makegood:entry'] === entry,
  );
  if (found === undefined) throw new Error(`No function is made from ${entry}`);
  return found;
};

/** Behind the HTTP API. */
export const API_FUNCTIONS = ['api', 'files', 'quarantine', 'erasure', 'contract'] as const;
/** Those of every desk. One that takes mail in has the inbound function beside them, one that sends mail the mail-events function. */
export const FUNCTIONS = [
  ...API_FUNCTIONS,
  ...(['settle', 'dispatch', 'notify', 'sweep', 'remind', 'renew', 'report'] as const),
] as const;

/** A short name for what a statement's resource is: the type's last word, `*`, or the end of a joined text. */
export const describeResource = (template: Template, resource: unknown): string => {
  if (typeof resource === 'string') return resource;
  const join = z.object({ 'Fn::Join': z.tuple([z.literal(''), z.array(z.unknown())]) }).safeParse(resource);
  if (join.success) {
    const last = join.data['Fn::Join'][1].at(-1);
    return typeof last === 'string' ? last.replace(/^:/, '') : describeResource(template, last);
  }
  const id = referenced(resource);
  return template.Resources[id]?.Type.split('::').at(-1) ?? id;
};
