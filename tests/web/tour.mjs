// Pictures of docs/tour.md, made from the pages that `make demo` serves: small WebP files, so that the tree stays small. `make tour` runs it.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';

const FOLDER = new URL('../../docs/tour/', import.meta.url);
const QUALITY = 0.6;

// Name of the picture, half, language, width, page ({words}: the order that is about this), how far down it is shown, and below which heading.
export const PICTURES = [
	['login', 'GB', 'en', 1280, '/login', 620],
	['statement', 'GB', 'en', 1280, '/', 900],
	['board', 'JP', 'ja', 1280, '/support', 900],
	['board-narrow', 'GB', 'en', 360, '/support', 740],
	['request', 'GB', 'en', 1280, '/new/support.requested', 1000],
	['order', 'GB', 'en', 1280, '/thread/{F-76}', 1100],
	['difference', 'JP', 'ja', 1280, '/thread/{Aircraft parking}', 1500],
	['claim', 'GB', 'en', 360, '/thread/{Forward lift}', 900, 'Claims'],
	['due', 'GB', 'en', 1280, '/support/due', 620],
	['account', 'GB', 'en', 1280, '/support/account', 900],
	['audit', 'JP', 'ja', 1280, '/support/audit', 900],
	['paper', 'GB', 'en', 0, '/pdf/account', 0],
	['sync', 'GB', 'en', 1280, '/sync', 800],
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

// A page, or the first sheet of a paper.
async function shot(context, address, width, height, demo, heading) {
	if (width === 0) {
		writeFileSync(`${demo}/paper.pdf`, await (await context.request.get(address)).body());
		execFileSync('pdftoppm', ['-png', '-r', '72', '-f', '1', '-l', '1', '-singlefile', `${demo}/paper.pdf`, `${demo}/paper`]);
		return readFileSync(`${demo}/paper.png`);
	}
	const page = await context.newPage();
	await page.setViewportSize({ width, height });
	for (let answer = await page.goto(address); answer.headers().refresh; answer = await page.goto(address));
	const [whole, main, below] = await page.evaluate((words) => [document.documentElement.scrollHeight, document.querySelector('main').offsetTop,
		[...document.querySelectorAll('h2')].find((node) => words && node.innerText.trim() === words)?.offsetTop], heading);
	const y = below ?? (width < 700 ? main : 0); // what stands above it fills a telephone
	return page.screenshot({ clip: { x: 0, y, width, height: Math.min(whole - y, height) }, fullPage: true });
}

// Numbers of orders by what they are about.
function order(demo, item) {
	const rows = execFileSync(`${demo}/gb`, ['--json', 'support', 'list'], { encoding: 'utf8' }).trim().split('\n').map((row) => JSON.parse(row));
	return rows.find((row) => row.item.includes(item)).number;
}

export async function tour(browser, halves, logIn, demo) {
	const pictures = await (await browser.newContext()).newPage();
	mkdirSync(FOLDER, { recursive: true });
	for (const [name, party, lang, width, page, height, heading] of PICTURES) {
		const half = halves.find((one) => one.party === party), path = page.replace(/\{(.*)\}/, (_, item) => order(demo, item));
		const context = await browser.newContext({ locale: lang === 'ja' ? 'ja-JP' : 'en-GB' });
		if (page !== '/login') {
			await context.addCookies((await logIn(half, lang)).filter((cookie) => cookie.name.startsWith('warifu-')));
		}
		const png = await shot(context, half.address + path, width, height, demo, heading);
		writeFileSync(new URL(`${name}.webp`, FOLDER), await webp(pictures, png));
		await context.close();
	}
}
