// What forms.t sets up, looked at: the form of a claim and that of a new order.
import { axe } from './crawl.mjs';
import { done, is, launch, officer, ok } from './officer.mjs';

const [address, order] = process.argv.slice(2);
const { PICTURES } = process.env;
const path = `/move/support.claimed/${order}`;
const browser = await launch();
const page = await officer(browser, address, '1', 'en');
const top = (selector) => page.locator(selector).first().evaluate((node) => node.getBoundingClientRect().top);
const seen = (selector) => page.locator(selector).evaluateAll((nodes) => nodes.filter((node) => node.getBoundingClientRect().width > 4).length);

for (const [width, height] of [[1280, 900], [360, 740]]) {
	await page.setViewportSize({ width, height });
	await page.goto(address + path);
	await page.screenshot({ path: `${PICTURES}/form-of-a-claim-${width}.png` });
	ok(await top('form.move fieldset, form.move label') < height - 50, `at ${width} the fields begin on the first screen`, await top('form.move fieldset, form.move label'));
	ok(await page.locator('details.at-hand:not([open]) table').count() > 0, `at ${width} what the move is about is at hand, folded`);
	is(await seen('form.move button.unseen'), 0, `at ${width} nobody sees the button that Enter presses`);
	is(await seen('form.move p.send button'), 1, `at ${width} there is one to be seen`);
	is(await page.evaluate(() => document.documentElement.scrollWidth), width, `at ${width} nothing sticks out`);
}
await page.goto(`${address}/new/support.requested`);
ok((await page.locator('label:has([name="lines.0.price_basis"]) small').innerText()) === 'needed with a price', 'a basis is needed with a price, which is said beside it');
await page.goto(`${address}${path}?lang=ja`);
await page.goto(`${address}/new/support.requested`);
is(await page.locator('label:has([name="lines.0.price_basis"]) small').innerText(), '単価があれば必要', 'in Japanese too');

const scripted = await browser.newContext({ storageState: await page.context().storageState(), viewport: { width: 1280, height: 900 } });
const looked = await scripted.newPage();
await looked.addInitScript(axe);
await looked.goto(address + path);
const found = await looked.evaluate(async () => (await window.axe.run({ resultTypes: ['violations'] })).violations.map((rule) => `${rule.id}: ${rule.nodes[0].html}`));
is(found.join('\n'), '', 'axe finds nothing');
await looked.keyboard.press('Tab');
for (let i = 0; i < 80; i++) {
	if (await looked.evaluate(() => document.activeElement.matches('.unseen'))) {
		break;
	}
	await looked.keyboard.press('Tab');
}
ok(!await looked.evaluate(() => document.activeElement.matches('.unseen')), 'nor does anyone tab to the button that is not seen');

await page.goto(address + path);
is(await page.locator('[name=total]').inputValue(), '1,500', 'the form holds the sum');
await page.locator('[name=invoice]').press('Enter');
is((await page.locator('[role=status].done').innerText()).replace(/.*: ?/, ''), `請求する、${order}/C01.1`, 'Enter sends it, and what was signed is said in words');
await browser.close();
done();
