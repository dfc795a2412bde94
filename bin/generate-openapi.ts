/** Writes the OpenAPI document that the service answers: `npm run openapi`. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openApiDocument } from '../lambdas/handlers/api/openapi.ts';
import { operations } from '../lambdas/handlers/api/operations.ts';
import manifest from '../package.json' with { type: 'json' };

/** Objects are laid out to this depth: each operation, schema and example has a line of its own, and no more than that. */
const LINES_DEEP = 3;

const lines = (value: unknown, deep = LINES_DEEP): string =>
  deep === 0 || typeof value !== 'object' || value === null || Array.isArray(value)
    ? JSON.stringify(value)
    : `{\n${Object.entries(value)
        .filter(([, member]) => member !== undefined)
        .map(([name, member]) => `${JSON.stringify(name)}: ${lines(member, deep - 1)}`)
        .join(',\n')}\n}`;

const file = join(import.meta.dirname, '../lambdas/handlers/api/openapi.generated.json');
writeFileSync(file, `${lines(openApiDocument(operations, manifest.version))}\n`);
console.log(`wrote ${String(operations.length)} operations`);
