/** The functions' log: structured lines with ids. Bodies, addresses, tokens and whole events never go into it. */
import { Logger } from '@aws-lambda-powertools/logger';

export type Log = Pick<Logger, 'debug' | 'info' | 'warn' | 'error'>;

/** Service name and level come from the environment that the stack sets. */
export const openLog = (): Log => new Logger();
