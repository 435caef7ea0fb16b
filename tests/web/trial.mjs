// A browser that is driven by what can be seen of it, for trials of the pages with people (or programs) that see pictures only.
//
//     node tests/web/trial.mjs start FOLDER [--size 1280x800] [--lang ja] NAME=COMMAND...   serves the homes, opens a window at each, stays
//     node tests/web/trial.mjs FOLDER WORDS...                                             one command; or lines of them on stdin with `-`
//
// COMMAND is a program that knows its home: `make demo` and `warifu practise` leave such ones. With those of `make demo`:
//
//     node tests/web/trial.mjs start /tmp/trial gb=demo/gb jp=demo/jp &
//     node tests/web/trial.mjs /tmp/trial click 200 300
//
// Each command answers with one line: the picture that was made after it (FOLDER/NNN.png: the window, 1 pixel of it for 1 of the page), and
// what a browser would show beside the page, which no picture holds: the list under a select, a complaint about a field, a file saved. A list
// that is open is chosen from with `choose`. Nothing is said of what stands outside of the window: scroll.
//
//     shot                 a picture, and nothing else
//     click X Y            the left button, at that place of the last picture
//     type TEXT            into what has the focus
//     key NAME             Tab, Shift+Tab, Enter, Escape, Backspace, ArrowDown, Space, Control+A ...
//     choose N | TEXT      of the list that is open: its Nth line, or the first one with this text
//     file PATH            for the dialogue of files that a click has opened
//     scroll [PIXELS]      down (most of a window when no number is given); up when negative
//     size 360x740         of the window
//     lang en | ja         which language the browser asks pages for; opens a fresh window: cookies are gone
//     back, reload         the browser's buttons
//     at NAME              goes to the window of another home
//     end                  closes all
//
// FOLDER/log.tsv has a line for each command: seconds since the start, window, command, answer. The passphrase of a demo is `rehearsal`, of a practice `practise`.
import { spawn } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, connect } from 'node:net';
import { basename, join, resolve } from 'node:path';

const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
	'--disable-component-update', '--disable-sync'];
const usage = () => {
	console.error(readFileSync(new URL(import.meta.url), 'utf8').split('\n').filter((line) => line.startsWith('//')).join('\n'));
	process.exit(2);
};

// --- the one that stays ------------------------------------------------------------------------------------------------------

class Trial {
	constructor(folder, options) {
		Object.assign(this, { folder, begun: performance.now(), shots: 0, windows: {}, said: [], servers: [], ...options });
	}

	serve(name, command) {
		const child = spawn(resolve(command), ['serve', '--port', '0'], { stdio: ['ignore', 'pipe', 'pipe'] });
		let said = '';
		this.servers.push(child);
		child.stderr.on('data', (data) => { said += data; appendFileSync(join(this.folder, `${name}.access`), data); });
		return new Promise((done, failed) => {
			child.stdout.once('data', (data) => done(String(data).split('\n')[0].trim()));
			child.once('exit', (code) => failed(new Error(`${name}: ${command} serve ended with ${code}: ${said}`)));
		});
	}

	async open(name, address) {
		const context = await this.browser.newContext({ locale: this.lang === 'ja' ? 'ja-JP' : 'en-GB', viewport: this.size, acceptDownloads: true });
		const page = await context.newPage();
		await this.windows[name]?.page.context().close();
		this.windows[name] = { page, address };
		this.watch(name, page);
		context.on('page', (opened) => {
			this.windows[name].page = opened;
			this.watch(name, opened);
			this.said.push('a new tab');
		});
		await page.goto(address);
	}

	// What a browser says beside the page.
	watch(name, page) {
		page.setDefaultTimeout(20000);
		page.on('filechooser', (chooser) => { this.chooser = chooser; this.said.push('a dialogue asks for a file: file PATH'); });
		page.on('dialog', (dialog) => { this.said.push(`a dialogue, confirmed: ${dialog.message()}`); dialog.accept(); });
		page.on('download', async (download) => {
			const saved = join(this.folder, basename(download.suggestedFilename()));
			this.said.push(`saved: ${saved}`);
			await download.saveAs(saved);
		});
		page.on('close', () => {
			const others = page.context().pages();
			if (this.windows[name]?.page === page && others.length > 0) {
				this.windows[name].page = others[others.length - 1];
			}
		});
	}

	page() { return this.windows[this.at].page; }

	async act([verb, ...words]) {
		const page = this.page(), text = words.join(' '), keyboard = page.keyboard;
		const verbs = {
			shot: () => {},
			click: () => this.click(Number(words[0]), Number(words[1])),
			type: () => keyboard.type(text),
			key: () => keyboard.press(text.replace(/^Space$/, ' ')),
			choose: () => this.choose(text),
			file: () => this.chooser.setFiles(text).then(() => { this.chooser = undefined; }),
			scroll: () => page.mouse.wheel(0, text ? Number(text) : Math.round(this.size.height * 0.85)),
			size: () => this.resize(text),
			lang: () => { this.lang = text; return this.open(this.at, this.windows[this.at].address); },
			back: () => page.goBack(),
			reload: () => page.reload(),
			at: () => { if (!this.windows[text]) { throw new Error(`${text}: no such window`); } this.at = text; },
		};
		if (!Object.hasOwn(verbs, verb)) {
			throw new Error(`${verb}: no such command`);
		}
		await verbs[verb]();
	}

	// A select opens a list that pictures do not show; it is said instead, and its field keeps the focus.
	async click(x, y) {
		const page = this.page();
		const { list, button } = await page.evaluate(([left, top]) => {
			const node = document.elementFromPoint(left, top), select = node?.closest('select:enabled');
			return { list: select && [...select.options].map((option) => option.label), button: Boolean(node?.closest('button')) };
		}, [x, y]);
		this.sends = button;
		if (!list) {
			await page.mouse.click(x, y);
			return;
		}
		await page.evaluate(([left, top]) => document.elementFromPoint(left, top).closest('select').focus(), [x, y]);
		this.said.push(`a list opens: ${list.map((label, at) => `${at + 1} "${label}"`).join(', ')}`);
	}

	async choose(text) {
		const chosen = await this.page().evaluateHandle(() => document.activeElement);
		const labels = await chosen.evaluate((node) => node.tagName === 'SELECT' ? [...node.options].map((option) => option.label) : []);
		const at = /^\d+$/.test(text) && !labels.includes(text) ? Number(text) - 1 : labels.findIndex((label) => label.includes(text));
		if (!(at in labels)) {
			throw new Error(`${text}: not in the list that is open`);
		}
		await chosen.asElement().selectOption({ index: at });
	}

	async resize(text) {
		const [width, height] = text.split('x').map(Number);
		this.size = { width, height };
		for (const { page } of Object.values(this.windows)) {
			await page.setViewportSize(this.size);
		}
	}

	// After an act: what it led to is there, then the picture. A page that leaves while it is looked at is looked at again.
	async shot(tries = 5) {
		const page = this.page();
		try {
			await page.waitForTimeout(200);
			await page.waitForLoadState('load');
			const picture = await page.screenshot(), complaint = this.sends ? await page.evaluate(this.complaint) : '';
			const path = join(this.folder, `${String(++this.shots).padStart(3, '0')}.png`);
			writeFileSync(path, picture);
			return [path, ...this.said.splice(0), ...(complaint ? [`beside the field: ${complaint}`] : [])].join('; ');
		} catch (failure) {
			if (tries === 0) {
				throw failure;
			}
			return this.shot(tries - 1);
		}
	}

	complaint() {
		const node = document.activeElement;
		return node?.matches('input:user-invalid, select:user-invalid, textarea:user-invalid') ? node.validationMessage : '';
	}

	async run(line) {
		const seconds = ((performance.now() - this.begun) / 1000).toFixed(1), window = this.at;
		let answer;
		try {
			this.sends = /^key Enter/.test(line.trim());
			await this.act(line.trim().split(' '));
			answer = await this.shot();
		} catch (failure) {
			answer = `not done: ${String(failure.message).split('\n')[0]}`;
		}
		appendFileSync(join(this.folder, 'log.tsv'), `${[seconds, window, line.trim(), answer].join('\t')}\n`);
		return answer;
	}

	async end() {
		await this.browser?.close();
		this.servers.forEach((child) => child.kill());
		rmSync(join(this.folder, 'socket'), { force: true });
		process.exit(0);
	}
}

// Lines come one after another, from whichever connection.
function listen(trial) {
	let last = Promise.resolve();
	createServer({ allowHalfOpen: true }, (socket) => {
		let text = '';
		socket.setEncoding('utf8').on('data', (data) => { text += data; });
		socket.on('error', () => {});
		socket.on('end', () => {
			for (const line of text.split('\n').filter((each) => each.trim())) {
				last = last.then(async () => {
					if (line.trim() === 'end') {
						socket.end('ended\n', () => trial.end());
						return;
					}
					socket.write(`${await trial.run(line)}\n`);
				});
			}
			last = last.then(() => socket.end());
		});
	}).listen(join(trial.folder, 'socket'));
}

async function start(words) {
	const [folder, ...rest] = words, homes = [], options = { size: { width: 1280, height: 800 }, lang: 'en' };
	for (let word = rest.shift(); word; word = rest.shift()) {
		if (word === '--lang') {
			options.lang = rest.shift();
		} else if (word === '--size') {
			const [width, height] = rest.shift().split('x').map(Number);
			options.size = { width, height };
		} else {
			homes.push(word.split('='));
		}
	}
	if (!folder || homes.length === 0 || homes.some((pair) => pair.length !== 2)) {
		usage();
	}
	const { chromium } = await import('playwright-core');
	mkdirSync(folder, { recursive: true });
	rmSync(join(folder, 'socket'), { force: true });
	const trial = new Trial(folder, options);
	process.on('SIGTERM', () => trial.end()).on('SIGINT', () => trial.end());
	trial.browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: flags });
	for (const [name, command] of homes) {
		await trial.open(name, await trial.serve(name, command));
		trial.at ??= name;
	}
	console.log(await trial.run('shot'));
	listen(trial);
}

// --- the one that asks ---------------------------------------------------------------------------------------------------------

function ask(folder, text) {
	const path = join(folder, 'socket');
	if (!existsSync(path)) {
		console.error(`${folder}: no trial runs there; begin one: node tests/web/trial.mjs start ${folder} gb=demo/gb`);
		process.exit(1);
	}
	const socket = connect(path);
	socket.on('error', (failure) => { console.error(failure.message); process.exit(1); });
	socket.pipe(process.stdout);
	socket.end(text);
}

const [first, ...words] = process.argv.slice(2);
if (first === 'start') {
	await start(words);
} else if (first && words.length > 0) {
	ask(first, words.join(' ') === '-' ? readFileSync(0, 'utf8') : words.join(' '));
} else {
	usage();
}
