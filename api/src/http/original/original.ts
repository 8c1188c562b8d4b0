import type { Api, RouteContext } from '../app-env.ts';
import { createApi } from '../create-api.ts';
import { answerError } from '../problems/problem-response.ts';
import { addQueue } from './queue.ts';
import { answerAsOriginal } from './refusals.ts';
import { submits } from './submits.ts';
import { addTasks } from './tasks.ts';
import { addUploads } from './uploads.ts';

/** The routes of the original Python service, answered as it answered them. */
export function createOriginal(context: RouteContext): Api {
  const api = createApi();
  api.onError(answerError(context.log, answerAsOriginal));
  for (const addSubmit of submits) addSubmit(api, context);
  addTasks(api, context);
  addQueue(api, context);
  addUploads(api, context);
  return api;
}
