/** The operation that shows the contract itself. */
import * as z from 'zod';
import { everyone, type Operation } from '../operation.ts';

export const contractOperations = {
  getContract: {
    operationId: 'getContract',
    method: 'GET',
    path: '/v1/openapi.json',
    public: true,
    roles: everyone,
    tag: 'Plans',
    summary: 'This document',
    success: { status: 200, schema: z.object({}).loose(), description: 'The OpenAPI document' },
    problems: [],
  },
} as const satisfies Record<string, Operation>;
