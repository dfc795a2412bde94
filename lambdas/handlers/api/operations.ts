/**
 * Every operation of the API, by the function that answers it. The stack's routes, the handlers and the OpenAPI document all come from
 * here. The trap: a function that imports this list carries the schemas of all the others, so each takes its own part instead.
 */
import { contractOperations } from './contract/contract.ts';
import { deskOperations } from './contract/desk.ts';
import { erasureOperations } from './contract/erasures.ts';
import { fileOperations } from './contract/files.ts';
import { quarantineOperations } from './contract/quarantine.ts';
import type { Operation } from './operation.ts';

export const operationsOf = {
  api: deskOperations,
  files: fileOperations,
  quarantine: quarantineOperations,
  erasure: erasureOperations,
  contract: contractOperations,
};
/** A function that answers calls of the API. */
export type ApiFunction = keyof typeof operationsOf;
export type OperationIdOf<Function extends ApiFunction> = keyof (typeof operationsOf)[Function] & OperationId;

const contract = {
  ...operationsOf.api,
  ...operationsOf.files,
  ...operationsOf.quarantine,
  ...operationsOf.erasure,
  ...operationsOf.contract,
};
export type Contract = typeof contract;
export type OperationId = keyof Contract;

export const operations: readonly Operation[] = Object.values(contract);
