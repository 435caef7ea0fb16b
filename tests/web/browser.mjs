// What browser.t sets up, driven: two browsers without scripts, each at the server of its party.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { alert, axe, crawl, digest, done, fill, is, launch, look, name, officer, ok, send, sync, warifu } from './officer.mjs';

const [gbAddress, jpAddress, newAddress] = process.argv.slice(2);
const { work, code } = process.env;

// From the board to a part's move, by what is written there.
async function toMove(page, order, move) {
	await page.locator('header nav a[href="/support"]').click();
	await page.locator(`a[href="/thread/${order}"]`).click();
	await page.locator(`ul.moves a[href^="/move/support.${move}/"]`).first().click();
}
async function make(page, order, move, fields, title) {
	await toMove(page, order, move);
	await fill(page, fields);
	await send(page);
	ok(await page.locator('[role=status].done').count() === 1, title, await alert(page));
}

// --- from request to settlement -------------------------------------------------------------------------------------------

async function request(gb) {
	await gb.locator('header nav a[href="/support"]').click();
	await gb.locator('a[href="/new/support.requested"]').click();
	ok(/Weapons\s+The agreement never allows this category\.\s+S8/.test(await gb.locator('main').innerText()), 'what the agreement does not allow stands beneath the form, with its rule');
	is(await gb.locator('[name="lines.0.category"] option[value=weapons]').count(), 0, 'and not in it');
	ok(/services only/.test(await gb.locator('[name="lines.0.settlement"]').innerText()), 'a method that is for services alone says so');
	await fill(gb, { supplier: 'JP', activity: '1b', place: 'Tacloban', deliver_on: '2013-11-26', charter: true, 'lines.0.category': 'water',
		'lines.0.kind': 'supply', 'lines.0.description_en': 'Drinking water', 'lines.0.description_ja': '飲料水', 'lines.0.quantity': '1000',
		'lines.0.unit': 'LTR', 'lines.0.unit_price': '３０', 'lines.0.price_basis': 'own_forces', 'lines.0.currency': 'JPY' });
	await send(gb);
	ok(/settlement/.test(await alert(gb)), 'a form that lacks something comes back with what is wrong', await alert(gb));
	is(await gb.locator('[name="lines.0.description_ja"]').inputValue(), '飲料水', 'and with all that was typed');
	await fill(gb, { 'lines.0.settlement': 'cash' });
	const form = await gb.locator('form.move').evaluate((node) => Object.fromEntries([...new FormData(node)].filter(([, value]) => typeof value === 'string')));
	const action = await gb.locator('form.move').evaluate((node) => node.action);
	await send(gb);
	ok(/signed and stored/i.test(await gb.locator('[role=status]').innerText()), 'GB asks for water');
	const number = await gb.locator('h1').innerText();
	const again = await (await gb.request.post(action, { multipart: form })).text();
	ok(/sent before/.test(again), 'the same form sent again says so', again);
	is(JSON.parse(`[${warifu('gb', '--json', 'support', 'list').trim().split('\n').join()}]`).length, 1, 'and makes no second order');
	return number;
}

async function order(gb, jp, number) {
	sync();
	await jp.locator('header nav a[href="/support"]').click();
	ok(/要請中|要請/.test(await jp.locator('tbody tr').first().innerText()), 'JP finds it on its board, in Japanese', await jp.locator('main').innerText());
	for (const [filter, rows, title] of [['turn=us', 1, 'it waits for JP'], ['turn=partner', 0, 'and not for GB'], ['q=飲料', 1, 'two kanji find it'],
		['q=燃料', 0, 'two others do not'], ['category=water', 1, 'so does its category'], ['category=fuel', 0, 'another does not'],
		['overdue=yes', 0, 'nothing is overdue'], ['sort=due', 1, 'it can be sorted by days left']]) {
		await jp.goto(`${jpAddress}/support?${filter}`);
		is(await jp.locator('tbody tr').count(), rows, `the board by ${filter}: ${title}`);
	}
	await jp.goto(`${jpAddress}/support`);
	is((await jp.locator('nav.tabs a').nth(1).innerText()).trim(), '当方の手番 (1)', 'the board counts what waits');
	ok(/残り5日/.test(await jp.locator('tbody tr').first().innerText()), 'and says how many days are left', await jp.locator('tbody tr').first().innerText());
	await make(jp, number, 'offered', { utc_offset_minutes: '540' }, 'JP offers');
	sync();
	await make(gb, number, 'accepted', {}, 'GB accepts');
	is(await gb.locator('.life').first().locator('li.over .state').allInnerTexts().then((names) => names.join()), 'requested,offered', 'its life is drawn: where it has been');
	is(await gb.locator('.life').first().locator('[aria-current=step] .state').innerText(), 'agreed', 'where it is');
	is(await gb.locator('.life').first().locator('li.next .state').allInnerTexts().then((names) => names.join()), 'amendment offered,unfilled,closed', 'and where it may go');
	is((await gb.locator('table.versions td.differs').allInnerTexts()).join(), '540 min (added)', 'request and offer stand side by side; what differs is said');
	sync();
	await make(jp, number, 'issued', { delivered_at: '2013-11-19T23:00', utc_offset_minutes: '540', place: 'タクロバン港' }, 'JP hands over');
	sync();
}

async function difference(gb, jp, number) {
	await toMove(gb, number, 'receipted');
	await gb.locator('button[name=more][value=lines]').click();
	const units = await gb.locator('[name="lines.0.unit"] option').allInnerTexts();
	ok(units.length > 3 && units.slice(1).every((unit) => unit.endsWith('(volume)')), 'units offered are of the dimension ordered', units.join());
	await fill(gb, { 'lines.0.line': '1', 'lines.0.accepted': '990', 'lines.0.short': '10', 'lines.0.reason': 'short' });
	await send(gb);
	ok(await gb.locator('[role=status].done').count() === 1, 'GB receipts less than was issued', await alert(gb));
	ok(/short 10 L\b(?!TR)/.test(await gb.locator('main').innerText()), 'the difference stands with its unit');
	sync();
	await jp.locator('header nav a[href="/support"]').click();
	is((await jp.locator('tbody tr').first().locator('td').first().innerText()).trim(), '当方', 'the difference waits for JP');
	await make(jp, number, 'concurred', {}, 'JP takes the figures of GB');
	sync();
}

async function settle(browser, gb, jp, number) {
	await toMove(jp, number, 'claimed');
	await fill(jp, { also: true, currency: 'JPY', total: '30,000' });
	await send(jp);
	ok(/^合計額が、行の合計に合いません。 規則 S67/.test(await alert(jp)), 'a claim of more than was receipted is refused with its rule, in Japanese', await alert(jp));
	ok(/30000.*29700で/.test(await jp.locator('[role=alert] small').innerText()) && await jp.locator('[role=alert] [lang=en]').count() === 0, 'so is what it says of the values');
	await fill(jp, { total: '29,700.50' });
	await send(jp);
	ok(/^この通貨に小数はありません/.test(await alert(jp)), 'so is an amount in yen with decimals', await alert(jp));
	await fill(jp, { total: '29,700' });
	await jp.locator('input[name=attach]').setInputFiles({ name: '100% 請求書.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4\ninvoice') });
	await send(jp);
	ok(await jp.locator('[role=status].done').count() === 1, 'JP claims what was receipted, with a paper', await alert(jp));
	sync();
	const payer = await officer(browser, gbAddress, 2, 'en');
	await make(payer, number, 'approved', {}, 'the paying office of GB approves');
	await make(payer, number, 'remitted', { currency: 'JPY', amount: '29,700', reference: 'BANK-1', value_on: '2013-11-19' }, 'and pays');
	sync();
	await make(jp, number, 'confirmed', {}, 'JP confirms');
	sync();
	is(digest('gb'), digest('jp'), 'both halves match');
	await gb.goto(`${gbAddress}/thread/${number}`);
	ok(/settled/.test(await gb.locator('main').innerText()), 'the claim is settled');
	await payer.context().close();
}

// --- where ---------------------------------------------------------------------------------------------------------------------

// Two more orders, one of them for a place that nobody can find.
function ask(place) {
	return warifu('gb', '--desk', '1', 'support', 'request', '--supplier', 'JP', '--activity', '1b', '--place', place, '--deliver-on', '2013-11-27', '--charter',
		'--line', 'line=1 category=water kind=supply description_en=Water quantity=1 unit=LTR unit_price_minor=30 currency=JPY price_basis=own_forces settlement=cash');
}

async function ready(page, address) {
	for (let answer = await page.goto(address); answer.headers().refresh; answer = await page.goto(address));
}

async function maps(gb, jp, number) {
	await jp.goto(`${jpAddress}/thread/${number}`);
	const figure = jp.locator('figure.map');
	is(await figure.locator('figcaption').innerText(), '引渡場所: Tacloban, 11.24 N 125.00 E (地名一覧による)', 'the order says where it is delivered, with coordinates');
	is(await figure.getByRole('img', { name: '引渡場所: Tacloban' }).count(), 1, 'and shows it on a map with a name');
	ask('11.2N 125.1E');
	ask('a quay that no list knows');
	await gb.goto(`${gbAddress}/support`);
	const href = await gb.locator('main a[href="/support/map"]').getAttribute('href');
	await ready(gb, gbAddress + href);
	const rows = await gb.locator('tbody tr').evaluateAll((nodes) => nodes.map((node) => [...node.cells].map((cell) => cell.innerText.trim()).join('|')));
	is(rows.join('\n'), ['11.2N 125.1E|11.20 N 125.10 E|1|0', 'Tacloban|11.24 N 125.00 E (as listed)|1|0', 'a quay that no list knows|not located|1|0'].join('\n'), 'the map lists all places of orders, one that cannot be located too');
	const marks = gb.locator('svg.map a');
	is(await marks.evaluateAll((nodes) => nodes.map((node) => `${node.getAttribute('aria-label')} ${node.getAttribute('href')}`).join()),
		'11.2N 125.1E, Tacloban; orders: 2; waits for you: 0 /support?place=11.2N%20125.1E&place=Tacloban', 'what lies near is one mark, which says what it stands for');
	is(await gb.locator('svg.map circle.waits').count(), 0, 'nothing waits for GB');
	await marks.first().click();
	is((await gb.locator('tbody tr').count()), 2, 'the mark leads to its orders on the board');
	ok((await gb.locator('main').innerText()).includes('11.2N 125.1E, Tacloban'), 'which says of what places');
	await gb.locator('.filter button').click();
	is(await gb.locator('tbody tr').count(), 2, 'and keeps to them when it is filtered');
	await gb.locator('main .after-list a', { hasText: 'all places' }).click();
	is(await gb.locator('tbody tr').count(), 3, 'until all are asked for');
	const json = await (await gb.request.get(`${gbAddress}/support/map?as=json`)).json();
	is(json.length, 3, 'the map is data too');
}

// --- what is compared, printed, and reached by a key ----------------------------------------------------------------------------

async function desks(gb) {
	await gb.goto(`${gbAddress}/desk`);
	const picture = `${work}/code.png`, tally = JSON.parse(warifu('gb', '--json', 'digest').split('\n')[0]).tally;
	writeFileSync(picture, await gb.locator('svg.qr').first().screenshot());
	is(execFileSync('zbarimg', ['--quiet', '--raw', picture], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim(), `WARIFU TALLY ${tally.toUpperCase()}`, 'a telephone reads the fingerprint of the tally from the page');
}

async function printed(gb, number) {
	await gb.goto(`${gbAddress}/thread/${number}`);
	await gb.emulateMedia({ media: 'print' });
	is(await gb.locator('nav').isVisible(), false, 'on paper there is no menu');
	is(await gb.locator('.marking:visible').count(), 2, 'but the marking, above and below');
	is(await gb.locator('.banner:visible').count(), 2, 'and the banner of the rehearsal');
	is(await gb.locator('thead').first().evaluate((node) => getComputedStyle(node).display), 'table-header-group', 'tables have their heads on each sheet');
	await gb.emulateMedia({ media: null });
}

async function keys(browser, cookies) {
	const context = await browser.newContext({ locale: 'en-GB' });
	await context.addCookies(cookies);
	const page = await context.newPage(), refused = [];
	page.on('console', (message) => message.type() === 'error' && refused.push(message.text()));
	await page.goto(`${gbAddress}/support`);
	await page.keyboard.press('/');
	is(await page.evaluate(() => document.activeElement.name), 'q', 'a stroke leads to the search');
	await page.keyboard.type('?/');
	is(await page.locator('[name=q]').inputValue(), '?/', 'where it is a letter like others');
	await page.locator('h1').click();
	await page.keyboard.press('?');
	await page.waitForURL(/\/help$/);
	ok(/acknowledgement/.test(await page.locator('main').innerText()), 'a question mark to the help');
	is(refused.join('\n'), '', 'the script keeps to the content policy');
	await context.close();
}

// --- the first start -----------------------------------------------------------------------------------------------------------

// One party from nothing to its desk, in Japanese, without scripts; every step looked at.
async function firstStart(browser) {
	const context = await browser.newContext({ bypassCSP: true, locale: 'ja-JP' });
	const page = await context.newPage(), faults = [];
	await page.addInitScript(axe);
	page.setDefaultTimeout(30000);
	const step = async (name, fields, form = 'form.move') => {
		await look(page, `/start-${name}`, 'ja', faults);
		await fill(page, fields);
		await page.locator(`${form} p.send button`).click();
	};
	const twice = (name, value) => ({ [name]: value, [`${name}_again`]: value });
	await page.goto(newAddress);
	await step('code', { code });
	await step('home', { party: 'GB' });
	await page.locator('[name=strength][value=light]').check();
	await step('keys', { ...twice('new_root_passphrase', 'root'), ...twice('new_recovery_passphrase', 'recovery') });
	const partner = warifu('jp', 'party', 'export');
	await step('tally', { partner_text: partner, label: '司令部', ...twice('new_home_passphrase', 'home'), root_passphrase: 'root' }, 'form[action="/start/propose"]');
	await step('desk', { officer: 'gb.1', post: '登録担当', strength: true, ...twice('new_desk_passphrase', 'desk'), root_passphrase: 'root' });
	await step('compare', { compared: true });
	await look(page, '/start-sync', 'ja', faults);
	ok(/相手方がまだ承諾していない/.test(await page.locator('main').innerText()), 'from nothing to a desk in Japanese, and what to do while the partner is silent', await page.locator('main').innerText());
	is(faults.join('\n'), '', 'no step is too wide or in the way of a reader');
	await page.goto(`${newAddress}/login`);
	await page.locator('[name=passphrase]').fill('desk');
	await page.locator('form.login button').first().click();
	ok(/登録担当/.test(await page.locator('header').innerText()), 'and the officer is logged in');
	await context.close();
}

// The first page: what waits, the pledges, the orders; a pledge whose published text nobody attached says so.
async function front(jp) {
	await jp.goto(jpAddress);
	const text = await jp.locator('main').innerText();
	ok(/協定に基づく発注[\s\S]*当方の手番[\s\S]*約束一覧[\s\S]*今後の会合/.test(text), 'the first page begins with what waits', text);
	is(await jp.locator('main a[href="/support?turn=us"]').count(), 1, 'and leads to the orders that do');
	await jp.locator('main td a', { hasText: 'GB-01-0001' }).first().click();
	ok(/本文は添付されていません/.test(await jp.locator('main').innerText()), 'a pledge without its published text says so');
}

// The pages from which an order is asked for and moved, in both languages; demo.t looks at all others.
async function pages(browser, gb) {
	const cookies = await gb.context().cookies(), session = cookies.filter((cookie) => cookie.name.startsWith('warifu-'));
	const wanted = ['/thread/order', '/new/support.requested', '/move/support.noted/order'];
	ok(session.some((cookie) => cookie.httpOnly && cookie.sameSite === 'Strict'), 'the session is out of reach of scripts and of other pages');
	const looked = await Promise.all(['en', 'ja'].map(async (lang) => ({ lang, ...await crawl(browser, gbAddress, session, lang, '/support', /^\/(thread|new|move)\//) })));
	for (const { lang, seen, faults } of looked) {
		is(wanted.filter((path) => !seen.has(path)).join(), '', `links lead to every page of an order (${lang}, ${seen.size} of them)`);
		is(faults.join('\n'), '', `no page is too wide or in the way of a reader (${lang})`);
	}
}

const browser = await launch();
try {
	const gb = await officer(browser, gbAddress, 1, 'en'), jp = await officer(browser, jpAddress, 1, 'ja');
	const number = await request(gb);
	name(number, 'order');
	await order(gb, jp, number);
	await difference(gb, jp, number);
	await settle(browser, gb, jp, number);
	await maps(gb, jp, number);
	await front(jp);
	await desks(gb);
	await printed(gb, number);
	await Promise.all([pages(browser, gb), keys(browser, (await gb.context().cookies()).filter((cookie) => cookie.name.startsWith('warifu-'))), firstStart(browser)]);
	await gb.locator('form.who button').click();
	await gb.goto(`${gbAddress}/support`);
	ok(/\/login$/.test(gb.url()), 'who has logged out sees nothing more');
} catch (failure) {
	ok(false, 'the story goes on to its end', failure.stack);
}
await browser.close();
done();
