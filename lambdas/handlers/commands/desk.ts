/** What commands work with; made once when a function starts. */
import type { Catalogue } from '../../plans/catalogue.ts';
import type { Table } from '../../store/table.ts';

export interface Desk {
  readonly table: Table;
  readonly catalogue: Catalogue;
}
