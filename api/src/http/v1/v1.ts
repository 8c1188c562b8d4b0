import { except } from 'hono/combine';
import { type AddRoute, type Api, apiPrefix, type RouteContext } from '../app-env.ts';
import { createApi } from '../create-api.ts';
import { bodyLimit, jsonBodyBytes } from '../middleware/body-limit.ts';
import { knownQuery } from '../middleware/known-query.ts';
import { addAccountSettings } from '../operators/account-settings.ts';
import { addCheckAccount } from '../operators/check-account.ts';
import { addGetAccountInfo } from '../operators/get-account-info.ts';
import { addListAccounts } from '../operators/list-accounts.ts';
import { addListAudit } from '../operators/list-audit.ts';
import { addCheckPrompt } from './check-prompt.ts';
import { addGetMe } from './get-me.ts';
import { addGetUsage } from './get-usage.ts';
import { addPostMessage } from './pictures/post-message.ts';
import { addUpload } from './pictures/upload.ts';
import { addBlend } from './submit/blend.ts';
import { addDescribe } from './submit/describe.ts';
import { addEdit } from './submit/edit.ts';
import { addAction } from './submit/follow-ups/action.ts';
import { addReset } from './submit/follow-ups/grid/reset.ts';
import { addUpscale } from './submit/follow-ups/grid/upscale.ts';
import { addVariation } from './submit/follow-ups/grid/variation.ts';
import { addImagineAll } from './submit/follow-ups/imagine-all.ts';
import { addAnimate } from './submit/follow-ups/single-picture/animate.ts';
import { addExpand } from './submit/follow-ups/single-picture/expand.ts';
import { addMaxUpscale } from './submit/follow-ups/single-picture/max-upscale.ts';
import { addSoloHighVariation } from './submit/follow-ups/single-picture/solo-high-variation.ts';
import { addSoloLowVariation } from './submit/follow-ups/single-picture/solo-low-variation.ts';
import { addSoloVariation } from './submit/follow-ups/single-picture/solo-variation.ts';
import { addVaryRegion } from './submit/follow-ups/single-picture/vary-region.ts';
import { addZoomout } from './submit/follow-ups/single-picture/zoomout.ts';
import { addExtend } from './submit/follow-ups/video/extend.ts';
import { addVideoUpscale } from './submit/follow-ups/video/video-upscale.ts';
import { addImagine } from './submit/imagine.ts';
import { addShorten } from './submit/shorten.ts';
import { addShow } from './submit/show.ts';
import { addVideo } from './submit/video.ts';
import { addCancel } from './tasks/cancel.ts';
import { addClaim } from './tasks/claim.ts';
import { addGetTask } from './tasks/get-task.ts';
import { addListTasks } from './tasks/list-tasks.ts';
import { addRelatives } from './tasks/relatives.ts';
import { addRelease } from './tasks/release.ts';
import { addSeed } from './tasks/seed.ts';
import { addTaskEvents } from './tasks/task-events.ts';

/** Their bodies may be larger than others', so they have a limit of their own. */
const withFiles = new Set(['/upload', '/blend', '/vary_region'].map((path) => `${apiPrefix}${path}`));

/** In the order in which the documentation shows them. */
const routes: AddRoute[] = [
  addImagine,
  addBlend,
  addEdit,
  addVideo,
  addUpscale,
  addVariation,
  addReset,
  addSoloVariation,
  addSoloLowVariation,
  addSoloHighVariation,
  addExpand,
  addZoomout,
  addVaryRegion,
  addMaxUpscale,
  addAnimate,
  addVideoUpscale,
  addExtend,
  addAction,
  addImagineAll,
  addDescribe,
  addShorten,
  addShow,
  addCheckPrompt,
  addGetTask,
  addListTasks,
  addRelatives,
  addSeed,
  addTaskEvents,
  addRelease,
  addCancel,
  addClaim,
  addUpload,
  addPostMessage,
  addGetMe,
  addGetUsage,
  addListAudit,
  addListAccounts,
  addCheckAccount,
  addGetAccountInfo,
  addAccountSettings,
];

/** The routes as they are documented, for callers who are known by their app_key. */
export function createV1(context: RouteContext): Api {
  const api = createApi();
  api.use(knownQuery(api, apiPrefix));
  api.use(except(({ req }) => withFiles.has(req.path), bodyLimit(jsonBodyBytes)));
  for (const addRoute of routes) addRoute(api, context);
  return api;
}
