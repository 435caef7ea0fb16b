// From the first page along every link of the same server: each page is looked at in one language, wide and narrow. What is wrong with it is
// listed: axe-core's violations, title, language, headings, errors of the console, and its layout as it is measured.
import { readFileSync, writeFileSync } from 'node:fs';

export const axe = readFileSync(new URL('../../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');
const WIDTHS = [1280, 360];

// --- one page -----------------------------------------------------------------------------------------------------------------

// In the page: what stands over something else, runs out of its box, or has a number on one line and its unit on another.
function measure() {
	const faults = [], shown = (node) => node.checkVisibility({ visibilityProperty: true }) && node.getClientRects().length > 0;
	const name = (node) => `${node.tagName.toLowerCase()} "${(node.innerText || node.name || '').trim().slice(0, 40)}"`;
	const wide = document.scrollingElement.scrollWidth - window.innerWidth;
	if (wide > 0) {
		faults.push(`${wide} pixels too wide`);
	}
	const inputs = [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea')].filter((node) => shown(node) && !node.matches('.skip, .unseen'));
	const boxes = inputs.map((node) => ({ node, rects: [...node.getClientRects()].filter((rect) => rect.width > 1 && rect.height > 1) }));
	const over = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 2 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 2;
	boxes.forEach((one, at) => boxes.slice(at + 1).forEach((other) => {
		const nested = one.node.contains(other.node) || other.node.contains(one.node);
		if (!nested && one.rects.some((rect) => other.rects.some((its) => over(rect, its)))) {
			faults.push(`${name(one.node)} and ${name(other.node)} overlap`);
		}
	}));
	for (const node of document.querySelectorAll('td, th, dd, dt, h1, h2, h3, p, label, button, li, legend')) {
		const clips = getComputedStyle(node).overflowX !== 'visible';
		if (shown(node) && clips && node.scrollWidth > node.clientWidth + 1 && !node.matches('.table, .unseen')) {
			faults.push(`${name(node)} is cut off`);
		}
	}
	// Days, amounts, quantities: the parts of one figure stay on one line.
	const figure = /\d{4}-\d\d-\d\d|\b[A-Z]{3} -?[\d,]+(\.\d+)?|-?\b\d[\d,]*(\.\d+)? (?:LTR|TNE|GLL|KGM|EA|DAY|HUR|L|kg|t|meals?|units?|km|min|h|days?|日)\b|[A-Z]{2}-\d\d-\d{4}(?:\/[A-Z]\d\d\.\d+)?/g;
	const walker = document.createTreeWalker(document.querySelector('main') ?? document.body, NodeFilter.SHOW_TEXT), range = document.createRange();
	for (let text = walker.nextNode(); text; text = walker.nextNode()) {
		if (!shown(text.parentElement)) {
			continue;
		}
		for (const found of text.data.matchAll(figure)) {
			range.setStart(text, found.index);
			range.setEnd(text, found.index + found[0].length);
			if (new Set([...range.getClientRects()].map((rect) => Math.round(rect.top))).size > 1) {
				faults.push(`"${found[0]}" is torn in two`);
			}
		}
	}
	return [...new Set(faults)];
}

// What holds at any width.
function head(lang) {
	const faults = [], headings = document.querySelectorAll('h1');
	if (document.documentElement.lang !== lang) {
		faults.push(`is said to be in "${document.documentElement.lang}"`);
	}
	if (headings.length !== 1 || !headings[0].innerText.trim()) {
		faults.push(`${headings.length} headings of the first rank`);
	}
	if (!/^\S.* - Warifu$/.test(document.title)) {
		faults.push(`title "${document.title}"`);
	}
	return faults;
}

// axe looks at one width in each language: the other two differ in their widths alone. Pictures are named by the shape of the address.
export async function look(page, path, lang, { pictures, name, widths = WIDTHS }) {
	const faults = await page.evaluate(head, lang);
	for (const width of widths) {
		await page.setViewportSize({ width, height: 900 });
		faults.push(...(await page.evaluate(measure)).map((text) => `${width}: ${text}`));
		if (widths.length > 1 && (width === 360) !== (lang === 'ja')) {
			continue;
		}
		const found = await page.evaluate(async () => (await window.axe.run({ resultTypes: ['violations'] })).violations.map((rule) => `${rule.id}: ${rule.nodes[0].html}`));
		faults.push(...found.map((text) => `${width}: ${text}`));
		writeFileSync(`${pictures}/${lang}-${width}${name.replace(/[^\p{L}\p{N}]+/gu, '-')}.png`, await page.screenshot({ fullPage: true }));
	}
	return faults.map((text) => `${path} ${lang} ${text}`);
}

// --- all of them --------------------------------------------------------------------------------------------------------------

// Pages of one shape need one look: numbers and keys in the address do not make another.
export const shape = (path) => path.replace(/[A-Z]{2}-\d\d-\d{4}(%2F|\/)?/, 'N/').replace(/([ICA])\d\d\.\d+/, '$1')
	.replace(/^\/desk\/.*/, '/desk/KEY').replace(/^\/help\/[a-z]+\..*/, '/help/KIND').replace(/\?.*/, '');

// Where a link leads, and in a list what state is written beside it: an order of each state is another page.
function hrefs(page) {
	return page.locator('a[href^="/"]').evaluateAll((nodes) => nodes.map((node) => {
		const state = node.closest('tr')?.querySelector('td[data-label="State"], td[data-label="状態"]');
		return [node.getAttribute('href'), state && /^\/thread\//.test(node.getAttribute('href')) ? ` ${state.innerText.trim()}` : ''];
	}));
}

// A page that is being computed is asked for again, as the browser would by itself. A file is no page: it is fetched, and not looked at.
async function open(page, address) {
	for (let tries = 0; ; tries++) {
		const answer = await page.goto(address).catch((failure) => {
			if (!/ERR_ABORTED|Download is starting/.test(failure.message)) {
				throw failure;
			}
		});
		if (!answer) {
			const file = await page.context().request.get(address);
			return { status: () => file.status(), file: true };
		}
		if (!answer.headers().refresh || tries === 100) {
			return answer;
		}
	}
}

// options: lang, pictures (folder), start, only (links that are followed), every (each address, not one of each shape), rename (of a path, for
// stories), widths. Another tally is another session's, and is not followed.
export async function crawl(browser, address, cookies, options) {
	const { lang, start = '/', only = /./, every = false, rename = (path) => path } = options;
	const context = await browser.newContext({ bypassCSP: true, locale: lang === 'ja' ? 'ja-JP' : 'en-GB' });
	await context.addCookies([...cookies, { name: 'lang', value: lang, url: address }]);
	const page = await context.newPage(), seen = new Set(), visited = [], faults = [], queue = [[start, start]];
	await page.addInitScript(axe);
	let at = '';
	page.on('console', (message) => message.type() === 'error' && faults.push(`${at} ${lang} console: ${message.text()}`));
	page.on('pageerror', (failure) => faults.push(`${at} ${lang} error: ${failure.message}`));
	while (queue.length > 0) {
		const [path, name] = queue.shift();
		at = path;
		const answer = await open(page, address + path);
		visited.push(path);
		if (answer.status() !== 200) {
			faults.push(`${path}: ${answer.status()}`);
		}
		if (answer.file) {
			continue;
		}
		faults.push(...await look(page, path, lang, { ...options, name }));
		for (const [href, state] of await hrefs(page)) {
			const key = every ? href.replace(/#.*/, '') : shape(rename(href)) + state;
			if (!/[?&](as|lang|tally)=|^\/(attachment|pdf)\//.test(href) && only.test(href) && !seen.has(key)) {
				seen.add(key);
				queue.push([href, key]);
			}
		}
	}
	await context.close();
	return { seen, visited, faults };
}

// --- none by its address alone ------------------------------------------------------------------------------------------------

// Not pages, or reached in states of a home that no crawl meets: each with why.
const ELSEWHERE = new Map([['/healthz', 'for machines'], ['/style.css', 'of every page'], ['/script.js', 'of every page'], ['/marking.css', 'of every page'],
	['/attachment/', 'files'], ['/pdf/', 'files'],
	['/login', 'before'], ['/kept', 'when a session has ended over a form'], ['/start', 'a home that is not set up yet'], ['/exchange/', 'for partners']]);

// Routes as `serve --routes` lists them, of which no page was visited. What begins with a page's own path is behind it.
export function unreached(routes, visited) {
	const paths = routes.split('\n').map((line) => line.split(' ')).filter(([method, path]) => method === 'GET' && path).map(([, path]) => path);
	return [...new Set(paths)].filter((path) => ![...ELSEWHERE.keys()].some((other) => path === other || path.startsWith(`${other.replace(/\/$/, '')}/`)))
		.filter((path) => !/^\/(thread|front|carries|new)\/[a-z]+$/.test(path)) // what a domain adds to another page
		.filter((path) => !visited.some((url) => url === path || url.startsWith(path.endsWith('/') ? path : `${path}/`) || url.startsWith(`${path}?`)));
}
