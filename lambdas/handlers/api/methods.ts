/** Which methods a path answers to, for whoever asks with another one. */
import type { Operation } from './operation.ts';

type Place = Pick<Operation, 'path'> & { readonly method: string };

const patternOf = ({ path }: Place): RegExp =>
  new RegExp(`^${path.replace(/[.*+?^$()|[\]\\]/g, '\\$&').replace(/\{[^}]+\}/g, '[^/]+')}$`);

/** Answers the methods of the operations at a path, in alphabetical order; none where the path is unknown. */
export const methodsOf = (operations: readonly Place[]): ((path: string) => readonly string[]) => {
  const known = operations.map((operation) => ({ method: operation.method, pattern: patternOf(operation) }));
  return (path) =>
    [...new Set(known.flatMap(({ method, pattern }) => (pattern.test(path) ? [method] : [])))].toSorted();
};
