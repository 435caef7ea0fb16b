// What inside.t sets up, driven: officers of one party among themselves, and what both parties settle.
import { alert, crawl, digest, done, fill, is, launch, name, officer, ok, send, sync, warifu } from './officer.mjs';

const [gbAddress, jpAddress] = process.argv.slice(2);
const { national, shared } = process.env;
const main = (page) => page.locator('main').innerText();
const said = async (page) => (await page.locator('[role=status].done').allInnerTexts()).join(' ');
const heading = (page) => page.locator('h1').innerText();

// --- by the command line: what the pages then show --------------------------------------------------------------------------

const desk = (home, number, ...args) => warifu(home, '--desk', number, 'support', ...args).trim().split(/\s/)[0];
const desks = { gb: { receives: '1', pays: '2' }, jp: { receives: '2', pays: '2' } };

function issued(receiver, supplier, quantity, price, currency) {
	const line = `line=1 category=water kind=supply description_en='Drinking water' description_ja=飲料水 quantity=${quantity} unit=LTR unit_price_minor=${price} currency=${currency} price_basis=own_forces settlement=cash`;
	const number = desk(receiver, '1', 'request', '--supplier', supplier.toUpperCase(), '--activity', '1b', '--place', 'Tacloban', '--deliver-on', '2013-11-26', '--charter', '--line', line);
	sync();
	desk(supplier, '1', 'offer', number, '--utc-offset-minutes', '540');
	sync();
	desk(receiver, '1', 'accept', number);
	sync();
	desk(supplier, '1', 'issue', number, '--delivered-at', '2013-11-19T23:00:00Z', '--utc-offset-minutes', '540', '--place', 'Tacloban');
	sync();
	return number;
}
function payable(receiver, supplier, quantity, price, currency) {
	const number = issued(receiver, supplier, quantity, price, currency);
	desk(receiver, desks[receiver].receives, 'receipt', `${number}/I01.1`);
	sync();
	desk(supplier, '1', 'claim', number, '--also', 'I01.1', '--currency', currency, '--total-minor', String(quantity * price));
	sync();
	desk(receiver, desks[receiver].pays, 'approve', `${number}/C01.1`);
	sync();
	return number;
}

// --- a draft ------------------------------------------------------------------------------------------------------------------

const request = { supplier: 'JP', activity: '1b', place: 'Tacloban', deliver_on: '2013-11-26', charter: true, 'lines.0.category': 'water',
	'lines.0.kind': 'supply', 'lines.0.description_en': 'Drinking water', 'lines.0.description_ja': '飲料水', 'lines.0.quantity': '1000',
	'lines.0.unit': 'LTR', 'lines.0.unit_price': '30', 'lines.0.price_basis': 'own_forces', 'lines.0.currency': 'JPY', 'lines.0.settlement': 'cash' };
const move = async (page, kind, fields = {}) => {
	await page.locator(`ul.moves a[href*="${kind}"]`).first().click();
	await fill(page, fields);
	await send(page);
};

const offered = async (page, kind) => await page.locator(`ul.moves a[href*="${kind}"]`).count() > 0;

async function draft(one, two, three) {
	await one.goto(`${gbAddress}/national/write`);
	await one.locator('a[href^="/new/support.requested"]').click();
	await fill(one, request);
	await one.locator('details.draft summary').click();
	await fill(one, { 'draft.title': 'Water for Tacloban', 'draft.amount': '30,000', 'draft.currency': 'JPY' });
	await one.locator('button[name=draft]').click();
	const number = await heading(one);
	ok(/JPY 30,000[\s\S]*Drinking water/.test(await main(one)), 'a move is drafted in its own form, and its draft says what would be signed', await main(one));
	ok(/GB: national/.test(await one.locator('header').innerText()), 'the head says that this is the national tally');
	is(await one.locator('.marking:visible').count(), 2, 'which bears the marking of the shared one');
	await two.goto(`${gbAddress}/national/draft?state=written`);
	await two.locator('td a', { hasText: number }).first().click();
	await move(two, 'draft_sent_back', { remarks: 'say for whom' });
	await one.goto(`${gbAddress}/thread/${number}`);
	await one.locator('a[href^="/national/rewrite/"]').click();
	await one.locator('ul.moves a[href*="draft.anew"]').click();
	is(await one.locator('[name="lines.0.unit_price"]').inputValue(), 'JPY 30', 'what was sent back comes back in the form of the move, as it was written');
	await fill(one, { 'draft.title': 'Water for the Tacloban clinic' });
	await one.locator('button[name=draft]').click();
	await two.goto(`${gbAddress}/thread/${number}`);
	await move(two, 'draft_checked');
	await move(two, 'draft_certified', { reference: 'Vote A, line 12' });
	await three.goto(`${gbAddress}/national/draft`);
	await three.locator('td a', { hasText: number }).first().click();
	await move(three, 'draft_approved', { authority: 'OP/17' });
	ok(/決裁済/.test(await main(three)), 'it is checked, its funds certified, and approved, in Japanese', await main(three));
	return number;
}

async function enter(one, jp, number) {
	const before = JSON.parse(`[${warifu('gb', '--json', 'support', 'list').trim().split('\n').filter(Boolean).join()}]`).length;
	await one.goto(`${gbAddress}/thread/${number}`);
	await one.locator('ul.moves a[href^="/national/enter/"]').click();
	await fill(one, { passphrase: 'rehearsal' });
	const form = await one.locator('form.move').evaluate((node) => Object.fromEntries([...new FormData(node)]));
	const action = await one.locator('form.move').evaluate((node) => node.action);
	await send(one);
	const order = await heading(one);
	ok(/signed and stored/i.test(await said(one)) && /GB - JP/.test(await one.locator('header').innerText()), 'the approved draft is signed into the shared tally with the passphrase', await main(one));
	const again = await one.request.post(action, { multipart: form });
	ok(/sent before/.test(await again.text()), 'the same form sent again says so');
	is(JSON.parse(`[${warifu('gb', '--json', 'support', 'list').trim().split('\n').join()}]`).length, before + 1, 'there is one such order');
	sync();
	await jp.goto(`${jpAddress}/thread/${order}`);
	ok(/gb\.officer\.3|OP\/17/.test(warifu('jp', 'show', JSON.parse(warifu('gb', '--json', 'draft', 'show', number)).entry)), 'Japan sees it with its approver and authority');
}

// --- notices of claim -----------------------------------------------------------------------------------------------------------

async function notices(one, two, issue) {
	await one.goto(`${gbAddress}/national/missing`);
	await one.locator(`a[href="/national/send/${issue}"]`).click();
	await fill(one, { address: 'Ichigaya, Tokyo', debtor: 'Ministry of Defence, Japan', 'due-on': '2013-12-20' });
	await send(one);
	const notice = await heading(one);
	ok(/Ichigaya/.test(await main(one)), 'a notice of claim is sent for what was delivered', await main(one));
	await one.goto(`${gbAddress}/national/missing`);
	is(await one.locator(`a[href="/national/send/${issue}"]`).count(), 0, 'and is missing no more');
	await two.goto(`${gbAddress}/national/notice`);
	ok(/30/.test(await two.locator('tbody td[data-label="days left"]').first().innerText()), 'the list says how many days are left', await main(two));
	const csv = (await (await two.request.get(`${gbAddress}/national/office?as=csv`)).text()).replace(/^\ufeff/, '');
	const rows = csv.trim().split('\r\n'), cells = rows[1].split(/,(?=(?:[^"]*"[^"]*")*[^"]*$)/);
	const filled = (ledger, day) => `${rows[0]}\r\n${[...cells.slice(0, 12), ledger, day, '', '', '', ''].join(',')}\r\n`;
	const upload = async (text) => {
		await two.goto(`${gbAddress}/national/office`);
		await two.locator('input[name=file]').setInputFiles({ name: '歳入.csv', mimeType: 'text/csv', buffer: Buffer.from(text) });
		await send(two);
	};
	await upload(`${filled('L-88', '2013-11-3x')}GB-01-9999,,,,,,,,,,,,,,,,,\r\n`);
	ok(/line 2, column ledger_on[\s\S]*line 3, column number/.test(await two.locator('pre.wrong').innerText()), 'a file with bad lines is refused whole, and each is named', await main(two));
	ok(!/L-88/.test(warifu('gb', 'notice', 'list')), 'nothing of it was entered');
	await upload(filled('L-88', '2013-11-19'));
	ok(/rows read 1, moves entered 1/.test(await said(two)), 'the mended one is entered', await main(two));
	ok(/L-88/.test(await main(two)), "and the list has the office's number");
	await two.goto(`${gbAddress}/national/notice`);
	ok(await two.locator('.table').evaluate((node) => node.scrollWidth <= node.clientWidth), 'the list of notices fits into the window', await main(two));
	return notice;
}

// --- a hand-over ---------------------------------------------------------------------------------------------------------------

async function handover(one, two, open) {
	await one.goto(`${gbAddress}/national/handover`);
	await one.locator('a[href="/national/hand-over"]').first().click();
	ok(/gb\.officer\.2: [A-Za-z, ]+ \((GB|JP)-/.test(await one.locator('form.move .wrong').innerText()), 'who lacks a role that is needed is named, with it and the parts', await main(one));
	ok(/none of the roles that are needed/.test(await one.locator('select[name=to]').innerText()), 'and so it stands beside him in the list', await main(one));
	ok(await one.locator('td.said input').first().evaluate((node) => node.getBoundingClientRect().width > 200), 'a remark has room for a sentence', await main(one));
	ok(await one.locator('td a[href*="tally="]', { hasText: open }).count() > 0, 'each number leads to its thread', await main(one));
	await fill(one, { to: 'gb.officer.2', remarks: 'all in the blue folder', [`remark.${open}`]: 'the meter was read by JP' });
	await send(one);
	const number = await heading(one);
	ok(await offered(one, 'withdrawn') && !await offered(one, 'taken_over'), 'who hands over may take it back, and is not offered to take it over', await main(one));
	ok(new RegExp(`${open}[\\s\\S]*the meter was read`).test(await main(one)), 'what is open is handed over, with what the successor must know', await main(one));
	await two.goto(`${gbAddress}/national/handover`);
	await two.locator('td a', { hasText: number }).first().click();
	ok(/lacks a role[\s\S]*ask the registrar/.test(await two.locator('main p.wrong').innerText()), 'the successor is told which role he lacks', await main(two));
	ok(!await offered(two, 'withdrawn'), 'the successor is not offered to take it back', await main(two));
	await move(two, 'taken_over');
	ok(/taken over/i.test(await main(two)), 'the successor reads it and takes over', await alert(two));
	await two.goto(`${gbAddress}/national/duty`);
	ok(/gb\.officer\.2/.test(await main(two)), 'and answers for it from then on', await main(two));
	return number;
}

// --- the account, a netting ------------------------------------------------------------------------------------------------------

async function account(gb) {
	await gb.goto(`${gbAddress}/support/account`);
	ok(/We owe, JPY[\s\S]*JPY 30,000/i.test(await gb.locator('.charts').innerText()), 'what is owed stands by age', await main(gb));
	ok(await gb.locator('.ageing svg rect').first().evaluate((node) => node.getBoundingClientRect().width > 0), 'with bars that need no script and no style of their own');
	await gb.goto(`${gbAddress}/support/statement?month=2013-11`);
	ok(/2013-11-30/.test(await main(gb)) && await gb.locator('td a[href^="/thread/"]').count() === 2, "a month's statement leads to what it is made of", await main(gb));
}

async function netting(gb, jp, claims) {
	const tick = async (page, address) => {
		await page.goto(`${address}/support/net`);
		for (const claim of claims) {
			await page.locator(`input[name=claim][value="${claim}"]`).check();
		}
		await page.locator('form.net button').click();
	};
	await tick(gb, gbAddress);
	ok(/S228/.test(await alert(gb)) && await gb.locator('.preview [name=passphrase]').count() === 0, 'who would owe does not propose', await main(gb));
	await tick(jp, jpAddress);
	ok(/GB -> JP\s+JPY 18,000/.test(await jp.locator('.preview').innerText()), 'a netting is previewed: both directions, what remains, who pays', await main(jp));
	const changed = await jp.locator('.preview form').evaluate((node) => Object.fromEntries([...new FormData(node)].filter(([key]) => key !== 'claim')));
	const twice = new URLSearchParams({ ...changed, passphrase: 'rehearsal' });
	twice.append('claim', claims[0]);
	const refused = await jp.request.post(`${jpAddress}/support/net`, { form: Object.fromEntries(twice) });
	ok(refused.status() === 422 && /nothing was signed/.test(await refused.text()), 'what differs from the preview is not signed, but shown anew');
	await fill(jp, { passphrase: 'rehearsal' });
	await jp.locator('.preview p.send button').click();
	const number = await heading(jp);
	ok(await jp.locator('[role=status].done').count() === 1, 'what was previewed is signed with the passphrase', await alert(jp));
	sync();
	await gb.goto(`${gbAddress}/thread/${number}`);
	await gb.locator('ul.moves a[href^="/support/agree/"]').click();
	await fill(gb, { passphrase: 'rehearsal' });
	await send(gb);
	ok(/agreed/.test(await main(gb)), 'the other side agrees to what it sees', await alert(gb));
	await gb.goto(`${gbAddress}/support/set-off/${claims[0]}`);
	await send(gb);
	ok(await gb.locator('[role=status].done').count() === 1, 'and sets its claim off', await alert(gb));
	sync();
	is(digest('gb', shared), digest('jp', shared), 'both halves match');
	return number;
}

// --- a telephone ------------------------------------------------------------------------------------------------------------------

async function quick(browser, issue, order) {
	const context = await browser.newContext({ javaScriptEnabled: false, locale: 'ja-JP', viewport: { width: 360, height: 740 } });
	const page = await context.newPage();
	page.setDefaultTimeout(10000);
	await page.goto(`${gbAddress}/login?lang=ja`);
	await page.locator('input[name=passphrase]').fill('rehearsal');
	await page.locator('button[name=quick]').click();
	ok(/\/quick$/.test(page.url()) && /署名のたびにパスフレーズ/.test(await main(page)), 'from the door to what waits it is one tap', await main(page));
	await page.goto(`${gbAddress}/support`);
	ok(/\/quick$/.test(page.url()), 'a session without a key sees nothing else');
	await page.locator(`a[href="/quick/receipt/${issue}"]`).click();
	is(await page.locator('[name="accepted.1"]').inputValue(), '50', 'the quantity is there as it was issued');
	await fill(page, { 'accepted.1': '48', 'reason.1': 'damaged', remarks: '二袋が破れていた', passphrase: 'rehearsal' });
	const form = await page.locator('form.move').evaluate((node) => Object.fromEntries([...new FormData(node)]));
	const action = await page.locator('form.move').evaluate((node) => node.action);
	await send(page);
	ok(/署名して記録しました/.test(await said(page)), 'a receipt with a difference is signed', await alert(page));
	ok(/送信済み/.test(await (await page.request.post(action, { multipart: form })).text()), 'a second tap makes no second entry');
	ok(/48/.test(warifu('gb', 'support', 'show', issue.slice(0, 10))) && /difference/.test(warifu('gb', 'support', 'show', issue.slice(0, 10))), 'it stands in the order');
	await page.goto(`${gbAddress}/quick/orders`);
	await page.locator(`a[href="/quick/taken/${order}"]`).click();
	await fill(page, { quantity: '10', passphrase: 'rehearsal' });
	await send(page);
	ok(/署名して記録しました/.test(await said(page)), 'so is what was taken and is not yet issued', await alert(page));
	await context.close();
}

// --- how it looks ---------------------------------------------------------------------------------------------------------------

// The national threads and what is done in them, in both languages; demo.t looks at all other pages.
async function pages(browser, two) {
	const wanted = ['/thread/draft', '/thread/notice', '/thread/handover', '/move/national.noted/draft'];
	const session = (await two.context().cookies()).filter((cookie) => cookie.name.startsWith('warifu-'));
	const looks = ['en', 'ja'].map(async (lang) => {
		const { seen, faults } = await crawl(browser, gbAddress, session, lang, '/national/draft', /^\/(national\/(draft|notice|handover)$|thread\/|move\/national\.noted)/);
		is(wanted.filter((path) => !seen.has(path)).join(), '', `links lead to every page of a national thread (${lang})`);
		is(faults.join('\n'), '', `no page is too wide or in the way of a reader (${lang})`);
	});
	await Promise.all(looks);
}

const browser = await launch();
try {
	const claims = [`${payable('gb', 'jp', 1000, 30, 'JPY')}/C01.1`, `${payable('jp', 'gb', 400, 30, 'JPY')}/C01.1`];
	const waits = issued('gb', 'jp', 50, 30, 'JPY');
	const one = await officer(browser, gbAddress, 1, 'en'), jp = await officer(browser, jpAddress, 2, 'ja');
	const two = await officer(browser, gbAddress, 2, 'en'), three = await officer(browser, gbAddress, 3, 'ja', national);
	const number = await draft(one, two, three);
	await enter(one, jp, number);
	name(await notices(one, two, claims[1].replace('C01', 'I01')), 'notice');
	await one.goto(`${gbAddress}/?tally=${shared}`);
	await account(one);
	name(await handover(one, two, `${waits}/I01.1`), 'handover');
	await two.goto(`${gbAddress}/?tally=${shared}`);
	await netting(two, jp, claims);
	await quick(browser, `${waits}/I01.1`, claims[0].slice(0, 10));
	name(number, 'draft');
	await two.goto(`${gbAddress}/?tally=${national}`);
	await pages(browser, two);
} catch (failure) {
	ok(false, 'the story goes on to its end', failure.stack);
}
await browser.close();
done();
