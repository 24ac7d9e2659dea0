import type { Cell } from '../api/cell.ts';
import type { PublishFact } from '../events/facts.ts';

export type TenantEffect = PublishFact | CreateCell | DeleteCell | RemoveDocuments;

/** Made once and never changed here. */
export type CreateCell = { readonly type: 'CreateCell'; readonly cell: Cell };

/** That one alone, not another of the same name. */
export type DeleteCell = {
  readonly type: 'DeleteCell';
  readonly name: string;
  readonly uid: string | undefined;
};

/** All that the databases of a cell hold of one tenant. */
export type RemoveDocuments = {
  readonly type: 'RemoveDocuments';
  readonly cell: string;
  readonly tenantId: string;
};
