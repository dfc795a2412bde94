/**
 * How people reach the desk: calls of the API as API Gateway hands them over, tried again under the same key until they are answered, as
 * any decent client does. It must not know what is asked. The trap: a retry comes at a later moment, so what follows an answer is a
 * callback; who waited for it would keep the clock from moving.
 */
import type { Chance } from './chance.ts';
import type { World } from './world.ts';

export interface Person {
  readonly role: 'customer' | 'engineer' | 'manager';
  readonly account?: string;
  readonly email: string;
  readonly tier?: string;
}

export interface Ask {
  readonly who: Person;
  /** Such as `POST /v1/tickets/{ticketId}/close`. */
  readonly route: string;
  readonly params?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** Names what is asked: every try carries it. */
  readonly key: string;
}

export interface Answer {
  readonly status: number;
  readonly body: Record<string, any>;
}

const API = 'lambdas/handlers/api.lambda.ts';
/** Seconds between tries; who is not answered after the last gives up. */
const RETRIES_S = [1, 3, 10, 30, 60, 120, 300, 600];
/** No answer, or the desk is busy. */
const mayRetry = (status: number): boolean => status >= 500 || status === 429;

export class FrontDoor {
  readonly #world: World;
  readonly #apiId: string;
  /** How often each status was answered. */
  readonly answers = new Map<string, number>();
  /** Who gave up. */
  readonly unanswered: Ask[] = [];
  /** Answers that nobody may ever get. */
  readonly shameful: string[] = [];

  constructor(world: World) {
    this.#world = world;
    this.#apiId = world.desk.blueprint.routes[0]?.apiId ?? '';
  }

  /** Asks until there is an answer; `then` hears it. */
  async ask(ask: Ask, chance: Chance, then: (answer: Answer) => void, tried = 0): Promise<void> {
    const answer = await this.once(ask);
    if (!mayRetry(answer.status)) {
      // Now and then the answer is lost on its way, and the client asks again under the same key.
      if (tried === 0 && ask.route.startsWith('POST') && chance.happens(0.02)) {
        this.#again(ask, chance, then, tried);
        return;
      }
      then(answer);
      return;
    }
    if (tried >= RETRIES_S.length) this.unanswered.push(ask);
    else this.#again(ask, chance, then, tried);
  }

  #again(ask: Ask, chance: Chance, then: (answer: Answer) => void, tried: number): void {
    const { clock } = this.#world.desk;
    clock.at(clock.now() + (RETRIES_S[tried] ?? 1) * 1000, 'a client tries again', () =>
      this.ask(ask, chance, then, tried + 1),
    );
  }

  async once({ who, route, params, body, key }: Ask): Promise<Answer> {
    const { desk } = this.#world;
    const [method = '', path = ''] = route.split(' ');
    const claims = { ...who, sub: who.email };
    const result = await desk.invoke(API, {
      version: '2.0',
      routeKey: route,
      rawPath: path.replace(/\{(\w+)\}/g, (_, name: string) => params?.[name] ?? ''),
      rawQueryString: '',
      headers: { 'content-type': 'application/json', 'idempotency-key': key },
      ...(params && { pathParameters: params }),
      requestContext: {
        apiId: this.#apiId,
        authorizer: { jwt: { claims, scopes: null } },
        http: { method, path, sourceIp: '127.0.0.1', userAgent: 'simulation' },
        routeKey: route,
        stage: '$default',
        requestId: key,
        timeEpoch: desk.clock.now(),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      isBase64Encoded: false,
    });
    if (result.failure) return this.#count(route, { status: 502, body: {} });
    const { statusCode, body: text } = result.payload as { statusCode: number; body: string };
    const answer = { status: statusCode, body: JSON.parse(text) as Record<string, any> };
    if (statusCode === 500 || statusCode === 401) {
      this.shameful.push(`${String(statusCode)} to ${route} ${JSON.stringify(body)}: ${text}`);
    }
    return this.#count(route, answer);
  }

  #count(route: string, answer: Answer): Answer {
    const name = `${String(answer.status)} ${route}`;
    this.answers.set(name, (this.answers.get(name) ?? 0) + 1);
    return answer;
  }
}
