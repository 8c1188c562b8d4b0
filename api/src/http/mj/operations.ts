import type { OperationNames } from '../../commands/advice.ts';
import { apiPrefix } from '../app-env.ts';

/** What clients of this dialect call the operations that refusals point to. */
export const mjOperations: OperationNames = {
  // The protocol has no late pictures, and a key of its clients works there too.
  claim: `POST ${apiPrefix}/task/{id}/claim`,
  show: 'POST /mj/submit/show',
  vary_region: 'POST /mj/submit/modal',
  imagine_all: 'POST /mj/submit/action',
  cancel: 'POST /mj/task/{id}/cancel',
};
