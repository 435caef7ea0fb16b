// Pictures of docs/tour.md, made from the pages that `make demo` serves: small WebP files, so that the tree stays small. `make tour` runs it.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';

const FOLDER = new URL('../../docs/tour/', import.meta.url);
const QUALITY = 0.6;

// What is shown: name of the picture, half, language, width, page (found by `path`, or by a link on it), and down to where.
const PICTURES = [
	['login', 'GB', 'en', 1280, '/login', 560],
	['statement', 'GB', 'en', 1280, '/', 900],
	['board', 'JP', 'ja', 1280, '/support', 900],
	['board-narrow', 'GB', 'en', 360, '/support?sort=number', 740],
	['request', 'GB', 'en', 1280, '/new/support.requested', 1100],
	['order', 'GB', 'en', 1280, (board) => `/thread/${board[8]}`, 1100],
	['difference', 'JP', 'ja', 1280, (board) => `/thread/${board[14]}`, 1300],
	['claim', 'JP', 'ja', 360, (board) => `/thread/${board[5]}`, 900],
	['due', 'GB', 'en', 1280, '/support/due', 700],
	['account', 'GB', 'en', 1280, '/support/account', 1000],
	['audit', 'JP', 'ja', 1280, '/support/audit', 900],
	['sync', 'GB', 'en', 1280, '/sync', 900],
	['desks', 'JP', 'ja', 360, '/desk', 740],
];

// A browser encodes what it has drawn.
async function webp(page, png) {
	const bytes = await page.evaluate(async ([data, quality]) => {
		const image = new Image();
		image.src = `data:image/png;base64,${data}`;
		await image.decode();
		const canvas = document.createElement('canvas');
		canvas.width = image.width;
		canvas.height = image.height;
		canvas.getContext('2d').drawImage(image, 0, 0);
		return canvas.toDataURL('image/webp', quality).split(',')[1];
	}, [png.toString('base64'), QUALITY]);
	return Buffer.from(bytes, 'base64');
}

async function shot(page, address, width, height) {
	await page.setViewportSize({ width, height });
	for (let answer = await page.goto(address); answer.headers().refresh; answer = await page.goto(address));
	const whole = await page.evaluate(() => document.documentElement.scrollHeight);
	return page.screenshot({ clip: { x: 0, y: 0, width, height: Math.min(whole, height) }, fullPage: true });
}

// Numbers of the fifteen orders as they are in data/haiyan-2013, by their places there: 1 to 15.
function numbers(demo) {
	const references = new Map(JSON.parse(`[${execFileSync(`${demo}/gb`, ['--json', 'support', 'list'], { encoding: 'utf8' }).trim().split('\n').join()}]`)
		.map((row) => [Number((row.reference ?? '').match(/\d+$/)?.[0]), row.number]));
	return Array.from({ length: 16 }, (_, at) => references.get(at));
}

export async function tour(browser, halves, logIn, demo) {
	const orders = numbers(demo), pictures = await (await browser.newContext()).newPage();
	mkdirSync(FOLDER, { recursive: true });
	for (const [name, party, lang, width, path, height] of PICTURES) {
		const half = halves.find((one) => one.party === party);
		const context = await browser.newContext({ locale: lang === 'ja' ? 'ja-JP' : 'en-GB' });
		if (path !== '/login') {
			await context.addCookies((await logIn(half, lang)).filter((cookie) => cookie.name === 'warifu'));
		}
		const png = await shot(await context.newPage(), half.address + (typeof path === 'string' ? path : path(orders)), width, height);
		writeFileSync(new URL(`${name}.webp`, FOLDER), await webp(pictures, png));
		await context.close();
	}
	await paper(demo, orders[14], pictures);
}

// The printed account: its first sheet.
async function paper(demo, order, pictures) {
	execFileSync('pdftoppm', ['-png', '-r', '60', '-f', '1', '-l', '1', '-singlefile', `${demo}/paper.pdf`, `${demo}/paper`], { stdio: 'ignore' });
	writeFileSync(new URL('paper.webp', FOLDER), await webp(pictures, readFileSync(`${demo}/paper.png`)));
}
