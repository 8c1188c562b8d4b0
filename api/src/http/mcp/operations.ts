import type { OperationNames } from '../../commands/advice.ts';
import { apiPrefix } from '../app-env.ts';

/** No tool does what refusals point to: a person or a program can, over HTTP. */
export const mcpOperations: OperationNames = {
  claim: `POST ${apiPrefix}/task/{id}/claim`,
  show: `POST ${apiPrefix}/show`,
  vary_region: `POST ${apiPrefix}/vary_region`,
  imagine_all: `POST ${apiPrefix}/imagine_all`,
  cancel: `POST ${apiPrefix}/cancel`,
};
