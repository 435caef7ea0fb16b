// Officers at browsers without scripts, and a look at every page; for the tests of the web face that are driven.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { chromium } from 'playwright-core';

const { WARIFU, work, now, PICTURES } = process.env;
export const axe = readFileSync(new URL('../../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');
const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
	'--disable-background-networking', '--disable-component-update', '--disable-sync'];
let count = 0;

export function ok(good, title, why = '') {
	count++;
	console.log(`${good ? 'ok' : 'not ok'} ${count} - ${title}`);
	if (!good) {
		console.log(String(why).replace(/^/gm, '# '));
	}
}
export const is = (got, wanted, title) => ok(got === wanted, title, `got ${got}, wanted ${wanted}`);

export function warifu(home, ...args) {
	return execFileSync(WARIFU, ['--home', `${work}/${home}`, '--now', now, ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
}
export const sync = () => warifu('gb', 'sync', `'${WARIFU}' --home '${work}/jp' --now ${now} sync --stdio`);
// Of the tally given, or of the first.
export const digest = (home, tally = '') => warifu(home, '--json', 'digest').trim().split('\n').map((line) => JSON.parse(line)).find((row) => row.tally.startsWith(tally)).digest;

// --- an officer -----------------------------------------------------------------------------------------------------------

export async function officer(browser, address, desk, lang, tally = '') {
	const context = await browser.newContext({ javaScriptEnabled: false, locale: lang === 'ja' ? 'ja-JP' : 'en-GB', viewport: { width: 1280, height: 900 } });
	const page = await context.newPage();
	page.setDefaultTimeout(10000);
	await page.goto(tally ? `${address}/login?tally=${tally}` : address);
	await page.locator(`input[name=desk][value="${desk}"]`).check();
	await page.locator('input[name=passphrase]').fill('rehearsal');
	await page.locator('form.login button').first().click();
	return page;
}

// Fields of the form at hand: a select by its value, a box by true, all else as typed.
export async function fill(page, fields) {
	for (const [name, value] of Object.entries(fields)) {
		const field = page.locator(`main [name="${name}"]`);
		if (value === true) {
			await field.check();
		} else if ((await field.evaluate((node) => node.tagName)) === 'SELECT') {
			await field.selectOption(value);
		} else {
			await field.fill(value);
		}
	}
}
export const send = (page) => page.locator('form.move p.send button').click();
export const alert = async (page) => (await page.locator('[role=alert]').allInnerTexts()).join(' ');

export function launch() {
	mkdirSync(PICTURES, { recursive: true });
	return chromium.launch({ executablePath: '/usr/bin/chromium', args: flags });
}
export const done = () => console.log(`1..${count}`);

// --- every page -------------------------------------------------------------------------------------------------------------

// Pages of one shape need one look: numbers in the address do not make another, but for those of the story, which have names.
const named = new Map();
export const name = (number, word) => named.set(number, word);
const shape = (path) => [...named].reduce((text, [number, word]) => text.replace(number, word), path).replace(/[A-Z]{2}-\d\d-\d{4}(%2F|\/)?/, 'N/').replace(/([ICA])\d\d\.\d+/, '$1')
	.replace(/^\/desk\/.*/, '/desk/KEY').replace(/^\/help\/[a-z]+\..*/, '/help/KIND').replace(/\?.*/, '');

async function links(page) {
	return page.locator('a[href^="/"]').evaluateAll((nodes) => nodes.map((node) => node.getAttribute('href')));
}

export async function look(page, path, lang, faults) {
	for (const width of [1280, 360]) {
		const looked = (width === 360) === (lang === 'ja'); // the other two differ in their widths alone
		await page.setViewportSize({ width, height: 900 });
		const wide = await page.evaluate(() => document.scrollingElement.scrollWidth - window.innerWidth);
		if (wide > 0) {
			faults.push(`${path} ${lang} ${width}: ${wide} pixels too wide`);
		}
		if (!looked) {
			continue;
		}
		const found = await page.evaluate(async () => (await window.axe.run()).violations.map((rule) => `${rule.id}: ${rule.nodes[0].html}`));
		faults.push(...found.map((text) => `${path} ${lang} ${width}: ${text}`));
		const picture = `${lang}-${width}${shape(path).replace(/\W+/g, '-')}`;
		writeFileSync(`${PICTURES}/${picture}.png`, await page.screenshot({ fullPage: true }));
	}
}

// All that links lead to from a page; only: of these alone. Another tally is another session's, and is not followed.
export async function crawl(browser, address, cookies, lang, start = '/', only = /./) {
	const context = await browser.newContext({ bypassCSP: true, locale: lang === 'ja' ? 'ja-JP' : 'en-GB' });
	await context.addCookies([...cookies, { name: 'lang', value: lang, url: address }]);
	const page = await context.newPage();
	await page.addInitScript(axe);
	const seen = new Set(), faults = [], queue = [start];
	while (queue.length > 0) {
		const path = queue.shift(), answer = await page.goto(address + path);
		if (answer.status() !== 200) {
			faults.push(`${path}: ${answer.status()}`);
		}
		await look(page, path, lang, faults);
		for (const href of await links(page)) {
			if (!/[?&](as|lang|tally)=|^\/(paper|pdf)\//.test(href) && only.test(href) && !seen.has(shape(href))) {
				seen.add(shape(href));
				queue.push(href);
			}
		}
	}
	await context.close();
	return { seen, faults };
}
