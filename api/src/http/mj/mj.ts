import { createOutlook } from '../../queries/outlook.ts';
import type { Api, RouteContext } from '../app-env.ts';
import type { AuthDependencies } from '../auth/authenticate.ts';
import { createApi } from '../create-api.ts';
import type { AnswerProblem } from '../problems/problem-response.ts';
import { addMjFetchAccount, addMjListAccounts } from './accounts/accounts.ts';
import { mjJson } from './answer.ts';
import { createBodyRoom } from './body-room.ts';
import { mjAuth } from './mj-auth.ts';
import type { AddMjRoute } from './mj-route.ts';
import { addMjAction } from './submit/action.ts';
import { addMjBlend } from './submit/blend.ts';
import { addMjChange, addMjSimpleChange } from './submit/change.ts';
import { addMjDescribe } from './submit/describe.ts';
import { addMjEdit, addMjEdits } from './submit/edit.ts';
import { addMjImagine } from './submit/imagine.ts';
import { addMjModal } from './submit/modal.ts';
import { addMjRetexture, addMjSwapFace, addMjSwapVideoFace } from './submit/not-supported.ts';
import { addMjShorten } from './submit/shorten.ts';
import { addMjShow } from './submit/show.ts';
import { addMjUploadDiscordImages } from './submit/upload-discord-images.ts';
import { addMjVideo } from './submit/video.ts';
import { addMjCancel } from './tasks/cancel.ts';
import { addMjFetch } from './tasks/fetch.ts';
import { addMjImage } from './tasks/image.ts';
import { addMjImageSeed } from './tasks/image-seed.ts';
import { addMjList, addMjListByCondition, addMjListByIds, addMjQueue } from './tasks/list-tasks.ts';

const routes: AddMjRoute[] = [
  addMjImagine,
  addMjChange,
  addMjSimpleChange,
  addMjAction,
  addMjModal,
  addMjBlend,
  addMjDescribe,
  addMjShorten,
  addMjEdits,
  addMjEdit,
  addMjRetexture,
  addMjVideo,
  addMjShow,
  addMjUploadDiscordImages,
  addMjSwapFace,
  addMjSwapVideoFace,
  addMjFetch,
  addMjListByCondition,
  addMjListByIds,
  addMjList,
  addMjQueue,
  addMjImage,
  addMjImageSeed,
  addMjCancel,
  addMjListAccounts,
  addMjFetchAccount,
];

/** A body that is read takes about four times its size in memory. */
const bodyRoom = { bytes: 100_000_000, bytesOfUser: 60_000_000, mostWaiting: 50 };

/** The mj-proxy protocol, as thousands of clients and gateways speak it. */
export function createMj(context: RouteContext, auth: AuthDependencies, answer: AnswerProblem): Api {
  const api = createApi();
  api.get('/', (c) => mjJson(c, note));
  api.use(mjAuth(auth, answer));
  const mjContext = { ...context, outlook: createOutlook(context), bodyRoom: createBodyRoom(bodyRoom) };
  for (const addRoute of routes) addRoute(api, mjContext);
  return api;
}

/** For people who look where the documentation of other services is. */
const note = {
  code: 1,
  description:
    'midjourney-api speaks the mj-proxy protocol here: POST /mj/submit/imagine, then GET /mj/task/{id}/fetch, with your ' +
    'app_key in the header mj-api-secret. All routes are at /docs.',
  result: null,
  properties: {},
};
