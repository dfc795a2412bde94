/** Writes the OpenAPI document that the service answers: `npm run openapi`. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openApiDocument } from '../lambdas/handlers/api/openapi.ts';
import { operations } from '../lambdas/handlers/api/operations.ts';
import manifest from '../package.json' with { type: 'json' };

const file = join(import.meta.dirname, '../lambdas/handlers/api/openapi.generated.json');
writeFileSync(file, `${JSON.stringify(openApiDocument(operations, manifest.version), undefined, 1)}\n`);
console.log(`wrote ${String(operations.length)} operations`);
