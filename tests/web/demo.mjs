// What demo.t serves, driven.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { crawl, unreached } from './crawl.mjs';
import { tour } from './tour.mjs';

const { SAID, DEMO, PROGRAM, PICTURES, EVERY, TOUR } = process.env;
const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
	'--disable-component-update', '--disable-sync'];
let count = 0;

function ok(good, title, why = '') {
	count++;
	console.log(`${good ? 'ok' : 'not ok'} ${count} - ${title}`);
	if (!good) {
		console.log(String(why).replace(/^/gm, '# '));
	}
}
const is = (got, wanted, title) => ok(got === wanted, title, `got ${got}, wanted ${wanted}`);

// "pages of GB: http://127.0.0.1:8457/  (desks 1 to 7; passphrase: rehearsal)": all that a reader is told.
const told = [...readFileSync(SAID, 'utf8').matchAll(/^pages of (\w\w): (\S+)\/ .*passphrase: (\S+)\)/gm)].map(([, party, address, passphrase]) => ({ party, address, passphrase }));

async function logIn(browser, { address, passphrase }, lang, desk = '1') {
	const context = await browser.newContext({ javaScriptEnabled: false, locale: lang === 'ja' ? 'ja-JP' : 'en-GB' }), page = await context.newPage();
	page.setDefaultTimeout(20000);
	await page.goto(address);
	await page.locator(`input[name=desk][value="${desk}"]`).check();
	await page.locator('input[name=passphrase]').fill(passphrase);
	await page.locator('form.login button').first().click();
	return page;
}

async function arrive(browser, half) {
	const page = await logIn(browser, half, half.party === 'JP' ? 'ja' : 'en');
	ok(await page.locator('header form.who').count() === 1, `${half.party}: one logs in as the demo says`, await page.locator('main').innerText());
	const text = await page.locator('main').innerText();
	ok(/Global Combat Air|2015|pledge|約束/i.test(text) && await page.locator('main a[href^="/thread/"]').count() >= 6, `${half.party}: the joint statement is there`, text);
	await page.goto(`${half.address}/support`);
	const orders = await page.locator('tbody a[href^="/thread/"]').evaluateAll((nodes) => new Set(nodes.map((node) => node.getAttribute('href'))).size);
	is(orders, 15, `${half.party}: fifteen orders are on the board`);
	return page;
}

// How the pledges stand: both views, what is computed of them, the orders of the one that is carried out by them, meetings, what lies behind.
async function statement(page, { address }) {
	await page.goto(address);
	const text = await page.locator('main').innerText();
	ok(/GB: under way,\s+JP: not started\s+differs, no evidence/.test(text), 'the views of both stand beside what is computed of them', text);
	ok(/Third meeting, date to be set[\s\S]*Context[\s\S]*maritime patrol aircraft/.test(text), 'a meeting to come, and the context', text);
	await page.locator('main tr', { hasText: 'cross-servicing' }).locator('a').first().click();
	is(await page.locator('main td[data-label="item"]').count(), 16, 'the pledge of the pact shows its evidence and the fifteen orders');
	ok(!/Waits for you/.test(await page.locator('main').innerText()), 'which waits for nobody: a view may be changed, and need not be');
	await page.goto(`${address}/statement/findings`);
	is((await page.locator('main td[data-label="rule"]').allInnerTexts()).join(), 'T1,T2,T2,T2', 'what differs and what has no evidence are findings');
	await page.goto(`${address}/statement/meetings`);
	const file = await page.request.get(`${address}${await page.locator('a', { hasText: 'Calendar file' }).getAttribute('href')}`);
	ok(/^text\/calendar/.test(file.headers()['content-type']) && /^BEGIN:VCALENDAR[\s\S]*DTSTART;VALUE=DATE:20150121/.test(await file.text()), 'the meetings are a calendar file too');
}

async function browse(browser, half, session, lang) {
	const routes = execFileSync(PROGRAM, ['--home', `${DEMO}/home-${half.party.toLowerCase()}`, 'serve', '--routes'], { encoding: 'utf8' });
	const pictures = `${PICTURES}/${half.party.toLowerCase()}`;
	mkdirSync(pictures, { recursive: true });
	const { visited, faults } = await crawl(browser, half.address, session, { lang, pictures, every: Boolean(EVERY) });
	// Acts upon something that must be there in a certain state: inside.mjs leads to them.
	const missing = unreached(routes, visited).filter((path) => !/^\/national\/(send|enter|rewrite)|^\/support\/(net-anew|agree|set-off)|^\/quick\/(receipt|taken)/.test(path));
	is(missing.join(), '', `${half.party}: links lead to every page (${lang}, ${visited.length} looked at)`);
	is(faults.join('\n'), '', `${half.party}: no page is in the way of a reader (${lang})`);
}

const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: flags });
try {
	is(told.map((half) => half.party).join(), 'GB,JP', 'the demo says where each half is served');
	const pages = [];
	for (const half of told) {
		pages.push(await arrive(browser, half));
	}
	await statement(pages[0], told[0]);
	if (TOUR) {
		await tour(browser, told, async (half, lang, desk) => (await (await logIn(browser, half, lang, desk)).context().cookies()), DEMO);
		ok(true, 'pictures of the tour are made');
	} else {
		await Promise.all(told.flatMap((half, at) => (EVERY ? ['en', 'ja'] : [at === 0 ? 'en' : 'ja']).map(async (lang) => {
			const session = (await pages[at].context().cookies()).filter((cookie) => cookie.name.startsWith('warifu-'));
			await browse(browser, half, session, lang);
		})));
	}
} catch (failure) {
	ok(false, 'all of it', failure.stack);
}
await browser.close();
console.log(`1..${count}`);
