import { html, raw } from 'hono/html';

const style = raw(`<style>
  body { font: 1.1rem/1.5 system-ui, sans-serif; margin: 20vh auto; max-width: 24rem; text-align: center }
  button { font: inherit; padding: .6rem 1.4rem }
</style>`);

/** The page of a human check. Midjourney shows a puzzle here; this page has a button. */
export function challengePage(hash: string, token: string) {
  return html`<!doctype html>
<html lang="en">
<meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Action required to continue</title>
${style}
<h1>Are you human?</h1>
<form method="post" action="../api/c/${hash}/submit">
  <input type="hidden" name="token" value="${token}">
  <button>I am human</button>
</form>
</html>`;
}

export const passedPage = html`<!doctype html>
<html lang="en">
<meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Thank you</title>
${style}
<h1>Thank you</h1>
<p>You can close this page and continue in Discord.</p>
</html>`;
