import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findChromium } from '../../scripts/services/chromium.ts';
import type { Client } from './client.ts';
import { type System, startSystem } from './system.ts';

let system: System;
let browser: Browser;
let operator: Client;
let troubles: string[] = [];

beforeAll(async () => {
  system = await startSystem();
  operator = await system.newUser(10, 'operator');
  browser = await chromium.launch({
    executablePath: findChromium(),
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'],
  });
});
afterAll(async () => {
  await browser?.close();
  await system?.stop();
});

/** A page whose scripts must not fail, and which may load nothing from elsewhere. */
async function open(path: string, httpCredentials?: { username: string; password: string }): Promise<Page> {
  troubles = [];
  const context = await browser.newContext({ ...(httpCredentials && { httpCredentials }) });
  const page = await context.newPage();
  page.on('pageerror', (error) => troubles.push(error.message));
  page.on('request', (request) => {
    if (!request.url().startsWith(system.apiUrl) && !request.url().startsWith('data:'))
      troubles.push(request.url());
  });
  await page.goto(`${system.apiUrl}${path}`);
  return page;
}

describe('in a browser', () => {
  it('the documentation shows every route and needs nothing from elsewhere', async () => {
    const page = await open('/docs');
    await page.getByText('/v1/api/trigger/imagine').first().waitFor();
    const shown = await page.locator('.opblock-summary-path').allInnerTexts();
    expect(shown.map((path) => path.replaceAll('\u200b', ''))).toEqual(
      expect.arrayContaining(['/v1/api/trigger/task/{id}', '/v1/api/trigger/upscale']),
    );
    expect(troubles).toEqual([]);
    await screenshot(page, 'docs');
  });

  it('Bull Board shows an operator the queues, and of a finished job whose it is and how its prompt begins', async () => {
    const task = await operator.run('/imagine', { prompt: `a lighthouse, ${'far '.repeat(40)}away` });
    const page = await open('/admin/queues', { username: 'operator', password: operator.appKey });
    await page.getByText('drawings').first().waitFor();
    await screenshot(page, 'queues');
    await page.goto(`${system.apiUrl}/admin/queues/queue/drawings?status=completed`);
    await page.getByText(`task-${task.trigger_id}`).first().waitFor();
    await page.getByText('a lighthouse, far').first().waitFor();
    expect(await page.content()).not.toContain('far away');
    expect(await page.content()).not.toContain(operator.appKey);
    await screenshot(page, 'drawings');
  });
});

/** Kept for people where SCREENSHOTS names a folder. */
async function screenshot(page: Page, name: string): Promise<void> {
  const folder = process.env.SCREENSHOTS;
  if (folder) await page.screenshot({ path: `${folder}/${name}.png`, fullPage: false });
}
