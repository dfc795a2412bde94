/**
 * The functions' log: structured lines with ids. Bodies, addresses, tokens and whole events never go into it. The trap: errors carry
 * what they failed on, in their messages and in fields of their own, so an error is told here by what is safe to say of it.
 */
import { Logger } from '@aws-lambda-powertools/logger';

type Say = (message: string, about?: Readonly<Record<string, unknown>>) => void;

export interface Log {
  readonly debug: Say;
  readonly info: Say;
  readonly warn: Say;
  readonly error: Say;
}

/** Enough to find the line of code. */
const MOST_FRAMES = 12;
const LONGEST_MESSAGE = 500;

/** These two quote what could not be read. */
const quotes = (error: Error): boolean => error instanceof SyntaxError || error.name === 'ZodError';

/** Services name addresses in their refusals. */
const withoutAddresses = (message: string): string => message.replace(/[^\s<>"',;:]+@[^\s<>"',;:]+/g, '(an address)');

/** What may be said of an error: its name, a message without addresses, where it was thrown, and the same of its cause. */
export const tellError = (error: Error): Readonly<Record<string, unknown>> => ({
  name: error.name,
  ...(!quotes(error) && { message: withoutAddresses(error.message).slice(0, LONGEST_MESSAGE) }),
  at: (error.stack ?? '')
    .split('\n')
    .filter((line) => /^ +at /.test(line))
    .slice(0, MOST_FRAMES)
    .map((line) => line.trim()),
  ...(error.cause instanceof Error && { cause: tellError(error.cause) }),
});

const safe = (about: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(about).map(([name, value]) => [name, value instanceof Error ? tellError(value) : value]),
  );

const LEVELS = ['DEBUG', 'INFO', 'WARN', 'ERROR'] as const;
type Level = (typeof LEVELS)[number];

const nothing: Say = () => undefined;

/**
 * Service name and level come from the environment that the stack sets. The library follows Lambda's own level wherever there is one, and
 * that one has to let the metrics pass; so what is below the stack's is left out here.
 */
export const openLog = (
  logger: Pick<Logger, keyof Log> = new Logger(),
  least = process.env.POWERTOOLS_LOG_LEVEL ?? 'INFO',
): Log => {
  const from = Math.max(
    0,
    LEVELS.findIndex((level) => level === least),
  );
  const sayAt = (level: Level, name: keyof Log): Say =>
    LEVELS.indexOf(level) >= from
      ? (message, about = {}) => {
          logger[name](message, safe(about));
        }
      : nothing;
  return {
    debug: sayAt('DEBUG', 'debug'),
    info: sayAt('INFO', 'info'),
    warn: sayAt('WARN', 'warn'),
    error: sayAt('ERROR', 'error'),
  };
};
