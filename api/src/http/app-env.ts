import type { OpenAPIHono } from '@hono/zod-openapi';
import type { AccountRow } from '@midjourney-api/shared/accounts/accounts';
import type { TaskId } from '@midjourney-api/shared/tasks/task-id';
import type { User } from '@midjourney-api/shared/users/users';
import type { RequestIdVariables } from 'hono/request-id';
import type { Commands } from '../commands/commands.ts';
import type { Dependencies } from '../dependencies.ts';
import type { KeptPictures } from '../pictures/kept-pictures.ts';
import type { WatchedTasks } from '../queries/watched-tasks.ts';
import type { ProblemCode } from './problems/problem.ts';

export interface AppEnv {
  Variables: RequestIdVariables & {
    /** Whose key the request carries; set by `bearerAuth`. */
    user: User;
    /** The task that the request was about, where its address does not say so. */
    task?: TaskId;
    /** The error that the request is answered with. */
    problem?: ProblemCode;
  };
}

export type Api = OpenAPIHono<AppEnv>;

/** What routes work with: made once, for all dialects. */
export interface RouteContext extends Dependencies {
  commands: Commands;
  watched: WatchedTasks;
  /** undefined: no pictures are kept. */
  keptPictures: KeptPictures | undefined;
  /** A Midjourney account as it was a second ago at most; undefined: there is none of this name. */
  accountNamed: (name: string) => Promise<AccountRow | undefined>;
}

/** Adds a route to the api that it belongs to. */
export type AddRoute = (api: Api, context: RouteContext) => void;

export const apiPrefix = '/v1/api/trigger';
export const mcpPath = '/mcp';
