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

/** Service name and level come from the environment that the stack sets. */
export const openLog = (logger: Pick<Logger, keyof Log> = new Logger()): Log => ({
  debug: (message, about = {}) => {
    logger.debug(message, safe(about));
  },
  info: (message, about = {}) => {
    logger.info(message, safe(about));
  },
  warn: (message, about = {}) => {
    logger.warn(message, safe(about));
  },
  error: (message, about = {}) => {
    logger.error(message, safe(about));
  },
});
