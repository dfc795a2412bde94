/**
 * Replaces CloudFormation's intrinsic functions by values, for the few functions that the stack uses. It knows no resource
 * type: what a reference means is asked of the scope. The trap: an unknown function must never slip through as plain data,
 * so every object with a single `Fn::…`, `Ref` or `Condition` key is either known here or refused.
 */
import { TemplateError } from './template-error.ts';

/** What references mean in one template. */
export interface Scope {
  /** The value of `Ref`: a resource's physical name (or ARN), a parameter, a pseudo parameter. */
  ref(logicalId: string): unknown;
  /** The value of `Fn::GetAtt`. */
  attribute(logicalId: string, name: string): unknown;
}

/** Where the local desk pretends to run. */
export const REGION = 'us-east-1';
export const ACCOUNT = '000000000000';
/** The keys that every function is given, made up; links to objects are signed with them. */
export const LOCAL_KEYS = { accessKeyId: 'local', secretAccessKey: 'local' } as const;

/** Where AWS would answer the HTTP API of this id. */
export const deployedUrl = (apiId: string): string => `https://${apiId}.execute-api.${REGION}.amazonaws.com`;

/** Stands for a property that is not there; `Ref` of `AWS::NoValue`. */
const NO_VALUE = Symbol('AWS::NoValue');

const PSEUDO_PARAMETERS: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ['AWS::Region', REGION],
  ['AWS::AccountId', ACCOUNT],
  ['AWS::Partition', 'aws'],
  ['AWS::URLSuffix', 'amazonaws.com'],
  ['AWS::StackName', 'local'],
  ['AWS::StackId', `arn:aws:cloudformation:${REGION}:${ACCOUNT}:stack/local/local`],
  ['AWS::NotificationARNs', []],
  ['AWS::NoValue', NO_VALUE],
]);

/** Resolves every intrinsic function inside a value. Throws a TemplateError that names the one it does not know. */
export function resolve(value: unknown, scope: Scope): unknown {
  const resolved = resolveAny(value, scope);
  return resolved === NO_VALUE ? undefined : resolved;
}

function resolveAny(value: unknown, scope: Scope): unknown {
  if (Array.isArray(value)) return value.map((item) => resolveAny(item, scope)).filter((item) => item !== NO_VALUE);
  if (typeof value !== 'object' || value === null) return value;
  const entries: [string, unknown][] = Object.entries(value);
  const [only] = entries;
  if (entries.length === 1 && only && isIntrinsic(only[0])) return resolveIntrinsic(only[0], only[1], scope);
  return Object.fromEntries(
    entries
      .map(([key, item]): [string, unknown] => [key, resolveAny(item, scope)])
      .filter(([, item]) => item !== NO_VALUE),
  );
}

/** IAM statements have a key `Condition` too, but with an object below it; the intrinsic one names a condition. */
function isIntrinsic(key: string): boolean {
  return key === 'Ref' || key.startsWith('Fn::');
}

function resolveIntrinsic(name: string, argument: unknown, scope: Scope): unknown {
  switch (name) {
    case 'Ref':
      return reference(text(argument, name), scope);
    case 'Fn::GetAtt':
      return getAtt(argument, scope);
    case 'Fn::Join':
      return join(argument, scope);
    case 'Fn::Sub':
      return substitute(argument, scope);
    case 'Fn::Select':
      return select(argument, scope);
    case 'Fn::Split':
      return split(argument, scope);
    default:
      throw new TemplateError(`The local desk does not know the intrinsic function ${name}.`);
  }
}

function reference(logicalId: string, scope: Scope): unknown {
  return PSEUDO_PARAMETERS.has(logicalId) ? PSEUDO_PARAMETERS.get(logicalId) : scope.ref(logicalId);
}

function getAtt(argument: unknown, scope: Scope): unknown {
  const [logicalId, ...path] = typeof argument === 'string' ? argument.split('.') : list(argument, 'Fn::GetAtt');
  return scope.attribute(text(logicalId, 'Fn::GetAtt'), path.map((part) => text(part, 'Fn::GetAtt')).join('.'));
}

function join(argument: unknown, scope: Scope): string {
  const [separator, parts] = list(argument, 'Fn::Join');
  const resolved = list(resolveAny(parts, scope), 'Fn::Join');
  return resolved.map((part) => scalar(part, 'Fn::Join')).join(text(separator, 'Fn::Join'));
}

function substitute(argument: unknown, scope: Scope): string {
  const [template, variables] = typeof argument === 'string' ? [argument, {}] : list(argument, 'Fn::Sub');
  const own = new Map(Object.entries((variables ?? {}) as Record<string, unknown>));
  return text(template, 'Fn::Sub').replaceAll(/\$\{(!?)([^}]+)\}/g, (_, literal: string, name: string) => {
    if (literal) return `\${${name}}`;
    if (own.has(name)) return scalar(resolveAny(own.get(name), scope), 'Fn::Sub');
    return scalar(name.includes('.') ? getAtt(name, scope) : reference(name, scope), 'Fn::Sub');
  });
}

function select(argument: unknown, scope: Scope): unknown {
  const [index, items] = list(argument, 'Fn::Select');
  const chosen = list(resolveAny(items, scope), 'Fn::Select')[Number(scalar(index, 'Fn::Select'))];
  if (chosen === undefined) throw new TemplateError('Fn::Select asks for an item that is not in its list.');
  return chosen;
}

function split(argument: unknown, scope: Scope): string[] {
  const [separator, source] = list(argument, 'Fn::Split');
  return scalar(resolveAny(source, scope), 'Fn::Split').split(text(separator, 'Fn::Split'));
}

function list(value: unknown, where: string): unknown[] {
  if (Array.isArray(value)) return value;
  throw new TemplateError(`${where} needs a list.`);
}

function text(value: unknown, where: string): string {
  if (typeof value === 'string') return value;
  throw new TemplateError(`${where} needs a string.`);
}

function scalar(value: unknown, where: string): string {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new TemplateError(`${where} needs strings, and got ${JSON.stringify(value)}.`);
}
