/**
 * How a client of the AWS SDK is opened that is called again and again: it keeps the steps of each operation, which are the same for
 * every request, skips the SDK's logging of requests, and gives up a request that hangs while there is time to try again. The traps: S3's
 * steps are of one bucket, so its client keeps none; and a request that is given up may still be served, so what must not happen twice
 * needs a token of its own, or a client that tries once.
 */
import type { DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';

type Logger = NonNullable<DynamoDBClientConfig['logger']>;

/** Where a logger has `info` or `error`, the SDK copies every request, and every answer, before it calls it. */
const silent = { debug: () => undefined, warn: () => undefined } as unknown as Logger;

/**
 * The SDK itself waits for ever. DynamoDB's client tries a request four times, the others three, and the function with the least time has
 * 20 seconds.
 */
const requestHandler = { connectionTimeout: 1500, requestTimeout: 4000, throwOnRequestTimeout: true };

export const clientSettings = { cacheMiddleware: true, logger: silent, requestHandler } as const;
