/** Which methods a path answers to, for whoever asks with another one. */
import type { Operation } from './operation.ts';

const patternOf = ({ path }: Operation): RegExp =>
  new RegExp(`^${path.replace(/[.*+?^$()|[\]\\]/g, '\\$&').replace(/\{[^}]+\}/g, '[^/]+')}$`);

/** Answers the methods of the operations at a path, in alphabetical order; none where the path is unknown. */
export const methodsOf = (operations: readonly Operation[]): ((path: string) => readonly string[]) => {
  const known = operations.map((operation) => ({ method: operation.method, pattern: patternOf(operation) }));
  return (path) =>
    [...new Set(known.flatMap(({ method, pattern }) => (pattern.test(path) ? [method] : [])))].toSorted();
};
