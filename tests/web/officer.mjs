// Officers at browsers without scripts, and a look at every page; for the tests of the web face that are driven.
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { crawl as crawlFrom, look as lookAt, shape } from './crawl.mjs';

export { axe } from './crawl.mjs';

const { WARIFU, work, now, PICTURES } = process.env;
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
	page.setDefaultTimeout(60000);
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

// Numbers of the story have names: their pages are looked at beside those of any other.
const named = new Map();
export const name = (number, word) => named.set(number, word);
const rename = (path) => [...named].reduce((text, [number, word]) => text.replace(number, word), path);

export async function look(page, path, lang, faults) {
	faults.push(...await lookAt(page, path, lang, { pictures: PICTURES, name: shape(rename(path)) }));
}

// All that links lead to from a page; only: of these alone.
export async function crawl(browser, address, cookies, lang, start = '/', only = /./) {
	const { seen, visited, faults } = await crawlFrom(browser, address, cookies, { lang, start, only, rename, pictures: PICTURES });
	return { seen: new Set([...seen].map((key) => key.split(' ')[0])), visited, faults };
}
