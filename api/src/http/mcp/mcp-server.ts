import { McpServer } from '@modelcontextprotocol/server';
import { serviceVersion } from '../service-version.ts';
import type { AddTool, CallRequest } from './tool.ts';
import { addAccountState } from './tools/account-state.ts';
import { addAnimate } from './tools/animate.ts';
import { addBlend } from './tools/blend.ts';
import { addDescribe } from './tools/describe.ts';
import { addEdit } from './tools/edit.ts';
import { addGetTask } from './tools/get-task.ts';
import { addImagine } from './tools/imagine.ts';
import { addListTasks } from './tools/list-tasks.ts';
import { addPress } from './tools/press.ts';

const tools: AddTool[] = [
  addImagine,
  addPress,
  addDescribe,
  addBlend,
  addEdit,
  addAnimate,
  addGetTask,
  addListTasks,
  addAccountState,
];

const instructions =
  'Draws pictures and videos with Midjourney. imagine, blend and edit draw a grid of four; press continues a finished ' +
  'task by one of its buttons, such as U1 to U4, which pick one of the four, and V1 to V4, which vary it. Every result ' +
  'lists its buttons. Show people image_url: the picture that comes along is a small copy. A call that is repeated draws, ' +
  'and costs, again: where an answer was lost, look for the task with list_tasks.';

/** A server for one request. It keeps nothing, so any process can answer the next one. */
export function createMcpServer(request: CallRequest): McpServer {
  const server = new McpServer(
    { name: 'midjourney-api', title: 'Midjourney', version: serviceVersion },
    { capabilities: { tools: { listChanged: false } }, instructions },
  );
  for (const addTool of tools) addTool(server, request);
  return server;
}
