import type { OperationNames } from '../../commands/advice.ts';

/** What clients of this dialect call the operations that refusals point to. */
export const v1Operations: OperationNames = {
  claim: 'POST /task/{id}/claim',
  show: 'POST /show',
  vary_region: 'POST /vary_region',
  imagine_all: 'POST /imagine_all',
  cancel: 'POST /cancel',
};
