// Walks through the web page in a browser without a window. Reads a line of JSON for each step, {"do": NAME, ...}, and answers with
// one: {"answer": ...} or {"failed": "why"}.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import puppeteer from 'puppeteer-core';

const LIMIT_MILLIS = 60_000;
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const browser = await puppeteer.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
  protocolTimeout: LIMIT_MILLIS * 2,
});
const page = await browser.newPage();
page.setDefaultTimeout(LIMIT_MILLIS);
await page.setViewport({ width: 1100, height: 900 });

/** What must not happen, whatever is done. */
const bad = [];
/** What the page has had changed, as METHOD PATH. */
const sent = [];
let origin = '';
page.on('pageerror', (error) => bad.push(`error: ${error.message}`));
page.on('dialog', (dialog) => (bad.push(`dialog: ${dialog.message()}`), void dialog.dismiss()));
page.on('console', (message) => {
  // The browser writes this for each request that is refused, as is meant where one asks for what may not be there.
  if (['error', 'warn'].includes(message.type()) && !message.text().startsWith('Failed to load resource')) {
    bad.push(`console: ${message.text()}`);
  }
});
page.on('request', (request) => {
  if (new URL(request.url()).origin !== origin && !request.url().startsWith('data:')) {
    bad.push(`request to ${request.url()}`);
  }
  if (request.method() !== 'GET') {
    sent.push(`${request.method()} ${new URL(request.url()).pathname}`);
  }
});
await page.exposeFunction('reportViolation', (what) => bad.push(`CSP: ${what}`));
await page.evaluateOnNewDocument(() => {
  document.addEventListener('securitypolicyviolation', (event) => window.reportViolation(`${event.violatedDirective} ${event.blockedURI}`));
});

const text = (selector = 'body') => page.$eval(selector, (element) => element.innerText);

async function go(hash) {
  await page.evaluate((to) => (location.hash = to), hash);
  await page.waitForFunction((to) => location.hash === to && document.querySelector('main h1'), {}, hash);
}

async function until(words, selector = 'body') {
  await page
    .waitForFunction((in_, all) => all.every((word) => document.querySelector(in_)?.innerText.includes(word)), {}, selector, words)
    .catch(async () => {
      throw new Error(`${selector} does not show ${words.join(', ')} but:\n${await text()}`);
    });
}

async function click(selector, words) {
  const found = await page.waitForSelector(`::-p-xpath(//${selector}[normalize-space(.)=${JSON.stringify(words)}])`, { visible: true });
  await found.click();
}

async function fill(values, form = 'form') {
  for (const [name, value] of Object.entries(values)) {
    const entry = await page.waitForSelector(`${form} [name="${name}"]`);
    if ((await entry.evaluate((element) => element.tagName)) === 'SELECT') {
      // What there is to choose from may come from the server, and after the form.
      await page.waitForSelector(`${form} [name="${name}"] option[value="${value}"]`);
      await entry.select(value);
    } else if ((await entry.evaluate((element) => element.type)) === 'checkbox') {
      await entry.click();
    } else {
      await entry.evaluate((element) => element.select());
      await page.keyboard.press('Backspace');
      await entry.type(value);
    }
  }
}

async function submit(form = 'form') {
  await (await page.waitForSelector(`${form} button[type="submit"]`)).click();
}

async function tabTo(name, limit = 60) {
  for (let i = 0; i < limit; i++) {
    const there = await page.evaluate((wanted) => document.activeElement.name === wanted || document.activeElement.innerText?.trim() === wanted, name);
    if (there) {
      return;
    }
    await page.keyboard.press('Tab');
  }
  throw new Error(`TAB does not lead to ${name}`);
}

const steps = {
  async open({ url }) {
    origin = new URL(url).origin;
    await page.goto(url, { waitUntil: 'load' });
    await page.waitForSelector('main h1');
    return page.url();
  },
  async refusedLogin({ token }) {
    await fill({ token });
    await submit();
    await page.waitForSelector('form .problem:not([hidden])');
    return `${await text('form .problem')} focus=${await page.evaluate(() => document.activeElement.name)}`;
  },
  async login({ token }) {
    await fill({ token });
    await submit();
    await page.waitForSelector('nav');
  },
  /** Fills in the form of a page and sends it. */
  async form({ at, values, shows }) {
    // What the form has made before is shown in its place until one leaves.
    await go('#/portals');
    await go(at);
    await page.waitForSelector('form');
    await fill(values);
    await submit();
    await until(shows);
    return text('main');
  },
  /** Opens a dialog, fills in its form, sends it, and waits until it is closed. */
  async act({ at, button, values }) {
    await go(at);
    await click('button', button);
    await page.waitForSelector('dialog[open]');
    await fill(values ?? {}, 'dialog[open] form');
    await submit('dialog[open]');
    await page.waitForFunction(() => !document.querySelector('dialog[open]')).catch(async () => {
      throw new Error(await text('dialog[open]'));
    });
  },
  /** As act, where it is refused; Escape closes the dialog, and the button has the focus again. */
  async refused({ at, button, values }) {
    await go(at);
    await click('button', button);
    await fill(values ?? {}, 'dialog[open] form');
    await submit('dialog[open]');
    await page.waitForSelector('dialog[open] .problem:not([hidden])');
    const line = `${await text('dialog[open] .problem')} focus=${await page.evaluate(() => document.activeElement.name)}`;
    await page.keyboard.press('Escape');
    await page.waitForFunction(() => !document.querySelector('dialog[open]'));
    const focused = await page.evaluate(() => document.activeElement.innerText);
    if (focused !== button) {
      throw new Error(`the focus is at ${focused}`);
    }
    return line;
  },
  async see({ at, words }) {
    await go(at);
    await until(words);
    return text('main');
  },
  async never({ at, words }) {
    await go(at);
    await page.waitForFunction((all) => !all.some((word) => document.querySelector('main').innerText.includes(word)), {}, words);
  },
  async count({ selector }) {
    return (await page.$$(selector)).length;
  },
  /** Makes a disk with nothing but the keys. */
  async keys({ name, size, path, shows }) {
    await go('#/disks');
    await page.waitForSelector('main table, main .quiet');
    await tabTo('Create a disk');
    await page.keyboard.press('Enter');
    await page.waitForSelector('form');
    await tabTo('name');
    await page.keyboard.type(name);
    await tabTo('sizeBytes');
    await page.keyboard.type(size);
    await tabTo('option.path');
    await page.keyboard.type(path);
    await tabTo('Create');
    await page.keyboard.press('Enter');
    await until(shows);
    const focus = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
    return focus;
  },
  /** What axe finds, in both colours, of what is serious; and whether 360 pixels are enough. */
  async look({ at, words }) {
    const found = [];
    for (const theme of ['light', 'dark']) {
      await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: theme }]);
      await go(at);
      await until(words);
      await page.evaluate(axe);
      const result = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
      for (const violation of result.violations.filter((one) => ['serious', 'critical'].includes(one.impact))) {
        found.push(`${theme} ${violation.id}: ${violation.nodes.map((node) => `${node.html} ${node.failureSummary}`).join(' | ')}`);
      }
    }
    await page.setViewport({ width: 360, height: 740 });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    if (wide > 360) {
      found.push(`${wide} pixels are wanted`);
    }
    await page.setViewport({ width: 1100, height: 900 });
    return found;
  },
  async shot({ at, words, theme, file }) {
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: theme }]);
    await go(at);
    await until(words);
    await page.setViewport({ width: 900, height: 500 });
    await page.screenshot({ path: file, fullPage: true });
    await page.setViewport({ width: 1100, height: 900 });
  },
  async switchColours() {
    const seen = [];
    for (const theme of ['light', 'dark', 'auto']) {
      await page.click('header button');
      await page.waitForFunction((wanted) => document.documentElement.dataset.theme === wanted, {}, theme);
      seen.push(await page.evaluate(() => `${document.documentElement.dataset.theme} ${getComputedStyle(document.body).backgroundColor}`));
    }
    return seen;
  },
  async copied({ label }) {
    await browser.defaultBrowserContext().overridePermissions(origin, ['clipboard-read', 'clipboard-write', 'clipboard-sanitized-write']);
    await page.click(`button[aria-label="Copy ${label}"]`);
    await until(['Copied'], '[role=status]');
    return page.evaluate(() => navigator.clipboard.readText());
  },
  async lines({ label }) {
    return text(`pre[aria-label="${label}"]`);
  },
  /** Answers for the server that there are so many targets, and looks how the page bears it. */
  async many({ count }) {
    const rows = Array.from({ length: count }, (_, i) => ({ target: `iqn.2026-11.io.sluice:many-${i}`, enabled: true, accessState: 'active-optimized', luns: 1, sessions: 0 }));
    const answer = (request) =>
      request.url().endsWith('/api/v1/targets') ? request.respond({ status: 200, contentType: 'application/json', body: JSON.stringify(rows) }) : request.continue();
    await page.setRequestInterception(true);
    page.on('request', answer);
    await go('#/targets');
    await until([`Page 1 of ${Math.ceil(count / 50)}`]);
    const shown = (await page.$$('main tbody tr')).length;
    await click('button', 'Next');
    await until(['many-50']);
    await page.type('input[type=search]', `many-${count - 1}`);
    await until([`1 of ${count}`, `many-${count - 1}`]);
    page.off('request', answer);
    await page.setRequestInterception(false);
    return shown;
  },
  /** Opens a page, and leaves it to itself: one that nobody looks at asks for nothing anew unless the server tells of a change. */
  async leave({ at, words }) {
    await go(at);
    await until(words);
    await page.evaluate(() => {
      window.left = true;
      Object.defineProperty(document, 'hidden', { configurable: true, get: () => true });
    });
  },
  /** What has come to a page that was left. */
  async came({ words }) {
    await until(words, 'main');
    const same = await page.evaluate(() => {
      delete document.hidden;
      return window.left === true;
    });
    if (!same) {
      throw new Error('the page was loaded anew');
    }
  },
  /** What the overview measures of a LUN while somebody uses it. */
  async measured({ lun }) {
    await go('#/');
    await page.waitForFunction(
      (wanted) => {
        const label = (begin) => document.querySelector(`svg[aria-label^="${begin}"]`)?.getAttribute('aria-label') ?? '';
        const row = [...document.querySelectorAll('main tbody tr')].find((one) => one.innerText.includes(wanted));
        return /Written [1-9]/.test(label('Throughput')) && /operations now take/.test(label('Latency')) && /[1-9].*\/s/.test(row?.innerText ?? '') && document.querySelector('svg.heat rect');
      },
      {},
      lun,
    );
    return page.$eval('svg.heat', (drawn) => drawn.getAttribute('aria-label'));
  },
  /** What the page has had changed since this was asked last. */
  async sent() {
    return sent.splice(0);
  },
  async bad() {
    return bad;
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const step = JSON.parse(line);
  let answer;
  try {
    answer = { answer: (await steps[step.do](step)) ?? null };
  } catch (failed) {
    answer = { failed: String(failed?.stack ?? failed) };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
await browser.close();
