/**
 * Finds the route of a request, as an HTTP API does: the most literal path wins, a named part takes one segment, a greedy one the
 * rest, and `$default` takes what is left. It must not know what a route leads to. The trap: a path is split before it is
 * decoded, or an encoded slash would change the route.
 */
import type { RoutePlan } from '../template/route-plan.ts';

export interface RouteMatch {
  readonly route: RoutePlan;
  readonly pathParameters: Readonly<Record<string, string>>;
}

/** Finds a route, or undefined when none fits. Throws a URIError for a path whose percent-encoding is broken. */
export type Router = (method: string, encodedPath: string) => RouteMatch | undefined;

interface Pattern {
  readonly route: RoutePlan;
  readonly method: string;
  readonly segments: readonly string[];
}

export function createRouter(routes: readonly RoutePlan[]): Router {
  const fallback = routes.find(({ routeKey }) => routeKey === '$default');
  const patterns = routes
    .filter((route) => route !== fallback)
    .map(readRouteKey)
    .sort(mostLiteralFirst);
  return (method, encodedPath) => {
    const segments = segmentsOf(encodedPath);
    decodeURIComponent(encodedPath);
    for (const pattern of patterns) {
      if (pattern.method !== 'ANY' && pattern.method !== method) continue;
      const pathParameters = match(pattern.segments, segments);
      if (pathParameters) return { route: pattern.route, pathParameters };
    }
    return fallback && { route: fallback, pathParameters: {} };
  };
}

function readRouteKey(route: RoutePlan): Pattern {
  const [method = '', path = ''] = route.routeKey.split(' ');
  return { route, method, segments: segmentsOf(path) };
}

const segmentsOf = (path: string): string[] => path.split('/').slice(1);

/** Literal before named before greedy, segment by segment; then a method before any method. */
function mostLiteralFirst(a: Pattern, b: Pattern): number {
  const length = Math.max(a.segments.length, b.segments.length);
  for (let index = 0; index < length; index += 1) {
    const difference = looseness(a.segments[index]) - looseness(b.segments[index]);
    if (difference !== 0) return difference;
  }
  return Number(a.method === 'ANY') - Number(b.method === 'ANY');
}

function looseness(segment: string | undefined): number {
  if (!segment?.startsWith('{')) return 0;
  return segment.endsWith('+}') ? 2 : 1;
}

function match(pattern: readonly string[], segments: readonly string[]): Record<string, string> | undefined {
  const parameters: Record<string, string> = {};
  for (const [index, part] of pattern.entries()) {
    const segment = segments[index];
    if (segment === undefined) return undefined;
    if (looseness(part) === 2) {
      parameters[part.slice(1, -2)] = segments.slice(index).map(decodeURIComponent).join('/');
      return segments.slice(index).join('') === '' ? undefined : parameters;
    }
    if (looseness(part) === 1) {
      if (segment === '') return undefined;
      parameters[part.slice(1, -1)] = decodeURIComponent(segment);
    } else if (decodeURIComponent(segment) !== part) return undefined;
  }
  return pattern.length === segments.length ? parameters : undefined;
}
