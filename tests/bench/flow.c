/* Orders of support from request to settlement, many at a time, by the people who may: docs/support-rules.md. Every entry is valid; measure_make
 * looks whether the fold agrees. */
#include "bench.h"
#include <stdlib.h>
#include <string.h>

#define ORDERS 240 /* that run at once */
#define LINES 4
#define ISSUES 3
#define DAY_MS 86400000

struct goods {
	const char *category, *kind, *en, *ja, *unit, *nsn;
	unsigned most, step, price;
};
struct method {
	const char *name;
	unsigned first, count; /* of goods */
};
static const struct goods goods[] = {
	{ "fuel", "supply", "F-76 naval distillate, replenishment at sea", "艦船用軽油(洋上補給)", "LTR", "9140", 500,
	    1000, 80 },
	{ "food", "service", "Meals, wardroom and mess", "食事の提供", "13", NULL, 300, 1, 620 },
	{ "billeting", "service", "Bed nights, camp", "宿泊", "DAY", NULL, 240, 1, 3500 },
	{ "fuel", "supply", "F-44 aviation fuel", "航空燃料F-44", "LTR", "9130", 60, 500, 95 },
	{ "medical", "service", "Bed nights, ward", "入院", "DAY", NULL, 20, 1, 42000 },
	{ "fuel", "supply", "Diesel, ground vehicles", "軽油(車両用)", "LTR", "9140", 40, 50, 130 },
	{ "water", "supply", "Drinking water, bulk", "飲料水(バルク)", "LTR", "8960", 300, 100, 10 },
	{ "food", "supply", "Combat rations, 24 hours", "戦闘糧食(24時間)", "13", "8970", 100, 50, 1450 },
	{ "transport", "service", "C-130 leg, relief cargo", "C-130輸送機による空輸", "TNE", NULL, 120, 1, 120000 },
	{ "transport", "service", "CH-47 lift, sorties", "CH-47による空輸", "TNE", NULL, 60, 1, 240000 },
};
static const struct method methods[] = { { "cash", 0, 5 }, { "cash", 0, 5 }, { "cash", 0, 5 }, { "return_like", 5, 3 },
	{ "service_like", 8, 2 } };
static const char *const places[] = { "10.9N 125.4E", "Tacloban", "Cebu", "Djibouti, Camp Lemonnier",
	"Yokosuka, berth 6", "Portsmouth, HMNB", "Kure", "Sasebo, Akasaki", "Marchwood", "Akrotiri", "Subic Bay",
	"Singapore, Sembawang", "35.2N 139.7E", "12.1N 43.4E", "Guam, Apra", "Diego Garcia" };
static const char *const remarks[] = { "Delivered alongside at first light; hose tested before transfer.",
	"Please confirm the berth and the time of the pilot.", "Counted by both supply officers.",
	"給油量は双方で確認済み。", "納品書の控えを受領した。", "Meter read before and after." };

enum order_state { NONE, REQUESTED, OFFERED, AGREED };
enum issue_state { ISSUED = 1, RETURN_DUE, RETURNING, EXCHANGE_DUE, RECEIPTED, CLAIMED, PAYABLE, REMITTED, SETTLED };
struct issue {
	struct id head, opener, claim, end; /* end: last move of the issue's own part */
	enum issue_state state;
	int64_t quantity[LINES];
};
struct order {
	enum order_state state;
	unsigned receiver, line_count, issue_count, portions;
	const struct method *method;
	struct id thread, head;
	const struct goods *goods[LINES];
	int64_t portion[LINES], price[LINES];
	struct issue issues[ISSUES];
};
struct flow {
	struct world *world;
	struct order orders[ORDERS];
	unsigned numbers, orders_made;
};

struct flow *flow_new(struct world *world)
{
	struct flow *flow = calloc(1, sizeof *flow);

	if (flow != NULL) {
		flow->world = world;
	}
	return flow;
}

void flow_free(struct flow *flow)
{
	free(flow);
}

static const char *currency(const struct order *order)
{
	return order->receiver == GB ? "JPY" : "GBP"; /* the supplier's */
}

static void remark(struct flow *flow, unsigned one_in)
{
	if (bench_pick(flow->world, one_in) == 0) {
		const char *text = remarks[bench_pick(flow->world, sizeof remarks / sizeof *remarks)];
		world_field(flow->world, 23);
		cbor_put_array(&flow->world->fields, 2);
		cbor_put_literal(&flow->world->fields, (uint8_t)text[0] < 0x80 ? "en" : "ja");
		cbor_put_literal(&flow->world->fields, text);
	}
}

static void place(struct flow *flow)
{
	world_text(flow->world, 11, places[bench_pick(flow->world, sizeof places / sizeof *places)]);
}

static void pair_int(struct buf *out, int key, int64_t value)
{
	cbor_put_int(out, key);
	cbor_put_int(out, value);
}

static void pair_text(struct buf *out, int key, const char *text)
{
	cbor_put_int(out, key);
	cbor_put_literal(out, text);
}

/* ---- the order ------------------------------------------------------------------------------------------------------ */

static void line_put(struct buf *out, const struct order *order, unsigned i, bool priced)
{
	const struct goods *line = order->goods[i];
	bool service = strcmp(line->kind, "service") == 0;

	cbor_put_map(out, 8u + service + (priced ? 2 : 1) + (line->nsn != NULL));
	pair_int(out, 0, i + 1);
	pair_text(out, 1, line->category);
	pair_text(out, 2, line->kind);
	pair_text(out, order->receiver == JP ? 4 : 3, order->receiver == JP ? line->ja : line->en);
	pair_int(out, 5, order->portion[i] * order->portions);
	pair_text(out, 6, line->unit);
	if (service) {
		pair_text(out, 7, "counted by both sides");
	}
	if (priced) {
		pair_int(out, 8, order->price[i]);
		pair_text(out, 10, "own_forces");
	} else {
		pair_int(out, 11, order->price[i] * order->portion[i] * order->portions / 100 * 110 + 110);
	}
	pair_text(out, 12, currency(order));
	pair_text(out, 13, order->method->name);
	if (line->nsn != NULL) {
		pair_text(out, 14, line->nsn);
	}
}

static void lines_put(struct flow *flow, const struct order *order, bool priced)
{
	world_field(flow->world, 10);
	cbor_put_array(&flow->world->fields, order->line_count);
	for (unsigned i = 0; i < order->line_count; i++) {
		line_put(&flow->world->fields, order, i, priced);
	}
}

static void order_fill(struct world *world, struct order *order, unsigned receiver)
{
	*order = (struct order){ .state = REQUESTED, .receiver = receiver, .portions = 1 };
	order->method = &methods[bench_pick(world, sizeof methods / sizeof *methods)];
	order->line_count = 1 + (bench_pick(world, 4) == 0) + (bench_pick(world, 8) == 0);
	order->portions += (bench_pick(world, 5) == 0) + (bench_pick(world, 12) == 0);
	for (unsigned i = 0; i < order->line_count; i++) {
		order->goods[i] = &goods[order->method->first + bench_pick(world, order->method->count)];
		order->portion[i] = (1 + (int64_t)bench_pick(world, order->goods[i]->most)) * order->goods[i]->step;
		order->price[i] = order->goods[i]->price + bench_pick(world, 1 + order->goods[i]->price / 10);
	}
}

static void request_fields(struct flow *flow, const struct order *order)
{
	struct world *world = flow->world;

	world_text(world, 8, order->receiver == GB ? "JP" : "GB");
	world_text(world, 9, bench_pick(world, 3) == 0 ? "1a" : bench_pick(world, 3) == 0 ? "1d" : "1b");
	lines_put(flow, order, strcmp(order->method->name, "cash") != 0);
	place(flow);
	world_int(world, 12, world->now_ms / DAY_MS + 1 + bench_pick(world, 20));
	if (bench_pick(world, 2) == 0) {
		world_text(world, 17, bench_pick(world, 2) == 0 ? "relief" : "routine");
	}
	world_field(world, 18);
	cbor_put_bool(&world->fields, true);
	world_field(world, 19);
	cbor_put_bytes(&world->fields, id_bytes(&world->profile));
	world_int(world, 20, 1);
	remark(flow, 6);
}

void flow_request_fields(struct world *world, unsigned party)
{
	struct flow flow = { .world = world };
	struct order order;

	order_fill(world, &order, party);
	request_fields(&flow, &order);
}

static void request(struct flow *flow, struct order *order, unsigned receiver)
{
	order_fill(flow->world, order, receiver);
	request_fields(flow, order);
	flow->orders_made++;
	struct body_draft draft = { .kind = "support.requested" };
	order->thread = order->head = world_enter(flow->world, world_desk(receiver, DESK_ORDERS), &draft);
}

static void answer(
    struct flow *flow, struct order *order, unsigned hand, const char *kind, struct id *head, const struct id *part)
{
	struct id answers[1] = { *head };
	struct body_draft draft = {
		.kind = kind, .thread = &order->thread, .part = part, .answers = answers, .answer_count = 1
	};

	*head = world_enter(flow->world, hand, &draft);
}

static unsigned supplier_desk(struct flow *flow, const struct order *order)
{
	return world_desk(1 - order->receiver, bench_pick(flow->world, 3) == 0 ? DESK_ORDERS : DESK_STORES);
}

static void offer(struct flow *flow, struct order *order)
{
	struct world *world = flow->world;

	lines_put(flow, order, true);
	if (bench_pick(world, 3) > 0) {
		world_int(world, 12, world->now_ms / DAY_MS + 1 + bench_pick(world, 20));
	}
	world_int(world, 15, order->receiver == GB ? 540 : 0);
	remark(flow, 8);
	answer(flow, order, supplier_desk(flow, order), "support.offered", &order->head, &order->thread);
	order->state = OFFERED;
}

static void accept_order(struct flow *flow, struct order *order)
{
	struct world *world = flow->world;
	char text[32];

	world_field(world, 8);
	cbor_put_bytes(&world->fields, id_bytes(&order->head));
	if (bench_pick(world, 3) == 0) {
		snprintf(text, sizeof text, "JP-%04u", 1000 + bench_pick(world, 12));
		world_text(world, 24, text);
		snprintf(text, sizeof text, "FUNDS/2026/%04u", bench_pick(world, 10000));
		world_text(world, 25, text);
	}
	answer(flow, order, world_desk(order->receiver, DESK_ORDERS), "support.accepted", &order->head, &order->thread);
	order->state = AGREED;
}

static void close_order(struct flow *flow, struct order *order)
{
	struct id answers[1] = { order->head }, refs[ISSUES];
	struct body_draft draft = { .kind = "support.closed",
		.thread = &order->thread,
		.part = &order->thread,
		.answers = answers,
		.answer_count = 1,
		.refs = refs,
		.ref_count = order->issue_count };

	for (unsigned i = 0; i < order->issue_count; i++) {
		refs[i] = order->issues[i].end;
	}
	world_enter(flow->world, supplier_desk(flow, order), &draft);
	order->state = NONE;
}

/* ---- its issues ----------------------------------------------------------------------------------------------------- */

static void issue(struct flow *flow, struct order *order)
{
	struct world *world = flow->world;
	struct issue *issue = &order->issues[order->issue_count++];
	char voucher[40], reading[64];

	*issue = (struct issue){ .state = ISSUED };
	world_field(world, 8);
	cbor_put_array(&world->fields, order->line_count);
	for (unsigned i = 0; i < order->line_count; i++) {
		issue->quantity[i] = order->portion[i];
		bool service = strcmp(order->goods[i]->kind, "service") == 0;
		cbor_put_map(&world->fields, 2u + service);
		pair_int(&world->fields, 0, i + 1);
		pair_int(&world->fields, 1, issue->quantity[i]);
		if (service) {
			snprintf(
			    reading, sizeof reading, "log sheet %u, counted by both sides", 1 + bench_pick(world, 400));
			pair_text(&world->fields, 5, reading);
		}
	}
	world_int(world, 9, (world->now_ms - bench_pick(world, 20000000)) / 60000 * 60000);
	world_int(world, 10, order->receiver == GB ? 540 : 0);
	place(flow);
	if (bench_pick(world, 2) == 0) {
		snprintf(voucher, sizeof voucher, "%s-V-%05u", order->receiver == GB ? "JP" : "GB", ++flow->numbers);
		world_text(world, 12, voucher);
	}
	remark(flow, 8);
	struct id refs[1] = { order->head };
	struct body_draft draft = { .kind = "support.issued", .thread = &order->thread, .refs = refs, .ref_count = 1 };
	issue->head = issue->opener = issue->end = world_enter(world, supplier_desk(flow, order), &draft);
}

static unsigned receiving_desk(struct flow *flow, const struct order *order)
{
	return world_desk(order->receiver, bench_pick(flow->world, 3) == 0 ? DESK_CLAIMS : DESK_STORES);
}

static void receipt(struct flow *flow, struct order *order, struct issue *issue)
{
	struct world *world = flow->world;

	if (bench_pick(world, 2) == 0) {
		world_int(world, 9, (world->now_ms - bench_pick(world, 20000000)) / 60000 * 60000);
	}
	remark(flow, 10);
	answer(flow, order, receiving_desk(flow, order), "support.receipted", &issue->head, &issue->opener);
	issue->end = issue->head;
	issue->state = order->method->name[0] == 'c' ? RECEIPTED
	    : order->method->name[0] == 'r'          ? RETURN_DUE
						     : EXCHANGE_DUE;
}

/* What comes back in kind, or is paid for after all. */
static void settle_in_kind(struct flow *flow, struct order *order, struct issue *issue)
{
	struct world *world = flow->world;

	if (issue->state == RETURN_DUE) {
		world_int(world, 9, (world->now_ms - bench_pick(world, 20000000)) / 60000 * 60000);
		place(flow);
		answer(flow, order, receiving_desk(flow, order), "support.return_issued", &issue->head, &issue->opener);
		issue->state = RETURNING;
	} else if (issue->state == RETURNING) {
		answer(
		    flow, order, supplier_desk(flow, order), "support.return_accepted", &issue->head, &issue->opener);
		issue->state = SETTLED;
	} else {
		answer(flow, order, receiving_desk(flow, order), "support.cash_elected", &issue->head, &issue->opener);
		issue->state = RECEIPTED;
	}
	issue->end = issue->head;
}

static int64_t issue_total(const struct order *order, const struct issue *issue)
{
	int64_t total = 0;

	for (unsigned i = 0; i < order->line_count; i++) {
		total += issue->quantity[i] * order->price[i];
	}
	return total;
}

static void claim(struct flow *flow, struct order *order, struct issue *issue)
{
	struct world *world = flow->world;
	char invoice[40];

	world_field(world, 8);
	cbor_put_array(&world->fields, order->line_count);
	for (unsigned i = 0; i < order->line_count; i++) {
		cbor_put_map(&world->fields, 3);
		pair_int(&world->fields, 0, 1);
		pair_int(&world->fields, 1, i + 1);
		pair_int(&world->fields, 2, issue->quantity[i] * order->price[i]);
	}
	world_text(world, 9, currency(order));
	world_int(world, 10, issue_total(order, issue));
	snprintf(invoice, sizeof invoice, "%s/2026/%05u", order->receiver == GB ? "JMSDF" : "DE&S", ++flow->numbers);
	world_text(world, 11, invoice);
	world_text(world, 12,
	    order->receiver == GB ? "Bank of Japan, account 0012345, revenue officer"
				  : "Bank of England, 10-00-00 12345678");
	struct id refs[2] = { order->head, issue->head };
	struct body_draft draft = { .kind = "support.claimed", .thread = &order->thread, .refs = refs, .ref_count = 2 };
	issue->claim = issue->head = world_enter(world, world_desk(1 - order->receiver, DESK_CLAIMS), &draft);
	issue->state = CLAIMED;
}

static void pay(struct flow *flow, struct order *order, struct issue *issue)
{
	struct world *world = flow->world;
	unsigned payer = world_desk(order->receiver, DESK_PAYS),
		 claimant = world_desk(1 - order->receiver, DESK_CLAIMS);
	char reference[40];

	if (issue->state == CLAIMED) {
		answer(flow, order, payer, "support.approved", &issue->head, &issue->claim);
	} else if (issue->state == PAYABLE) {
		world_text(world, 9, currency(order));
		world_int(world, 10, issue_total(order, issue));
		snprintf(reference, sizeof reference, "TT%08u", bench_pick(world, 100000000));
		world_text(world, 11, reference);
		world_int(world, 12, world->now_ms / DAY_MS + bench_pick(world, 3));
		answer(flow, order, payer, "support.remitted", &issue->head, &issue->claim);
	} else {
		world_int(world, 12, world->now_ms / DAY_MS);
		answer(flow, order, claimant, "support.confirmed", &issue->head, &issue->claim);
	}
	issue->state++;
}

/* ---- whose turn it is ----------------------------------------------------------------------------------------------- */

static bool issue_is_receivers(const struct issue *issue)
{
	return issue->state == ISSUED || issue->state == RETURN_DUE || issue->state == EXCHANGE_DUE ||
	    issue->state == CLAIMED || issue->state == PAYABLE;
}

static void issue_step(struct flow *flow, struct order *order, struct issue *at)
{
	if (at->state == ISSUED) {
		receipt(flow, order, at);
	} else if (at->state < RECEIPTED) {
		settle_in_kind(flow, order, at);
	} else if (at->state == RECEIPTED) {
		claim(flow, order, at);
	} else {
		pay(flow, order, at);
	}
}

/* Any party moves when none is asked for. */
static bool is_turn(unsigned party, unsigned whose)
{
	return party == PARTIES || party == whose;
}

/* The one move that the order waits for; false when that is not `party`'s. */
static bool order_step(struct flow *flow, struct order *order, unsigned party)
{
	unsigned supplier = 1 - order->receiver;

	if (order->state == NONE) {
		request(flow, order, party == PARTIES ? bench_pick(flow->world, PARTIES) : party);
		return true;
	}
	if (order->state < AGREED) {
		bool offering = order->state == REQUESTED;
		if (!is_turn(party, offering ? supplier : order->receiver)) {
			return false;
		}
		(offering ? offer : accept_order)(flow, order);
		return true;
	}
	struct issue *at = order->issue_count == 0 ? NULL : &order->issues[order->issue_count - 1];
	if (at == NULL || at->state == SETTLED) {
		if (!is_turn(party, supplier)) {
			return false;
		}
		(order->issue_count < order->portions ? issue : close_order)(flow, order);
		return true;
	}
	if (!is_turn(party, issue_is_receivers(at) ? order->receiver : supplier)) {
		return false;
	}
	issue_step(flow, order, at);
	return true;
}

void flow_step(struct flow *flow, unsigned party)
{
	struct order *order = &flow->orders[party % PARTIES];

	for (unsigned tries = 0; tries < 20 * ORDERS; tries++) {
		unsigned number = bench_pick(flow->world, ORDERS);
		if (party != PARTIES && number % PARTIES != party) {
			continue;
		}
		order = &flow->orders[number];
		if (flow->world->leave_one_in > 0 && bench_pick(flow->world, flow->world->leave_one_in) == 0) {
			order->state = NONE;
		}
		if (order_step(flow, order, party)) {
			return;
		}
	}
	order->state = NONE; /* all wait for the other party: that one stays as it is, and something new is asked for */
	order_step(flow, order, party);
}

unsigned flow_orders(const struct flow *flow)
{
	return flow->orders_made;
}

bool flow_receipt(struct flow *flow)
{
	for (unsigned i = 0; i < ORDERS; i++) {
		struct order *order = &flow->orders[i];
		for (unsigned k = 0; k < order->issue_count; k++) {
			if (order->receiver == GB && order->issues[k].state == ISSUED) {
				receipt(flow, order, &order->issues[k]);
				return true;
			}
		}
	}
	return false;
}
