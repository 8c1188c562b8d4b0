// node draw-a-picture.mjs API KEY FILE: submits a task, waits until it has succeeded, and saves its picture.
import { writeFileSync } from 'node:fs';

const [api, key, file] = process.argv.slice(2);
const headers = { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' };
const giveUpAt = Date.now() + 180_000;

const body = JSON.stringify({ prompt: 'a lighthouse on a cliff at sunset' });
const { trigger_id } = await (await get(`${api}/imagine`, { method: 'POST', body, headers })).json();

let task;
do {
  if (Date.now() > giveUpAt) throw new Error(`task ${trigger_id} has not ended after three minutes`);
  task = await (await get(`${api}/task/${trigger_id}?wait=30`, { headers })).json();
  console.log(task);
} while (!['succeeded', 'failed'].includes(task.status));

if (task.status === 'failed') throw new Error(`task ${trigger_id} failed: ${task.fail_reason}`);
writeFileSync(file, Buffer.from(await (await get(task.image_url)).arrayBuffer()));

/** @throws Error with what the service answered when that is no success */
async function get(url, options) {
  const response = await fetch(url, options);
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${await response.text()}`);
  return response;
}
