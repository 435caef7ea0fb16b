/* A small world: two parties, two homes and four desks each, orders in all states. See samples.h. */
#include "samples.h"
#include "base/cbor.h"
#include <stdio.h>
#include <string.h>

#define SAMPLES_ARENA (1u << 30)
#define DESKS 8
#define HOMES 4
#define LOGS (DESKS + HOMES + 2)
#define ORDERS 256
#define DAY_MS 86400000

static uint64_t next_random(struct samples *samples)
{
	uint64_t x = samples->random += 0x9E3779B97F4A7C15u;

	x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9u;
	x = (x ^ x >> 27) * 0x94D049BB133111EBu;
	return x ^ x >> 31;
}

static unsigned pick(struct samples *samples, unsigned count)
{
	return (unsigned)(next_random(samples) % count);
}

static void random_fill(struct samples *samples, void *out, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		((uint8_t *)out)[i] = (uint8_t)next_random(samples);
	}
}

struct goods {
	const char *category, *kind, *en, *ja, *unit, *nsn;
	unsigned most, step, price;
	const char *settlement;
};
static const struct goods goods[] = {
	{ "fuel", "supply", "F-76 naval distillate, replenishment at sea", "艦船用軽油(洋上補給)", "LTR", "9140", 500,
	    1000, 80, "cash" },
	{ "fuel", "supply", "F-44 aviation fuel", "航空燃料F-44", "LTR", "9130", 60, 500, 95, "cash" },
	{ "fuel", "supply", "Diesel, ground vehicles", "軽油(車両用)", "LTR", "9140", 40, 50, 130, "return_like" },
	{ "water", "supply", "Drinking water, bulk", "飲料水(バルク)", "LTR", "8960", 300, 100, 10, "return_like" },
	{ "food", "supply", "Combat rations, 24 hours", "戦闘糧食(24時間)", "13", "8970", 100, 50, 1450,
	    "return_like" },
	{ "food", "service", "Meals, wardroom and mess", "食事の提供", "13", NULL, 300, 1, 620, "cash" },
	{ "billeting", "service", "Bed nights, camp", "宿泊", "DAY", NULL, 240, 1, 3500, "cash" },
	{ "transport", "service", "C-130 leg, relief cargo", "C-130輸送機による空輸", "TNE", NULL, 120, 1, 120000,
	    "service_like" },
	{ "transport", "service", "CH-47 lift, sorties", "CH-47による空輸", "TNE", NULL, 60, 1, 240000,
	    "service_like" },
	{ "base", "service", "Port services, berth and pilot", "港湾業務", "C62", NULL, 4, 1, 450000, "cash" },
	{ "parts", "supply", "Filter, fluid, pressure", "フィルター", "EA", "2910-99-123-4567", 12, 1, 18750,
	    "return_same" },
	{ "medical", "service", "Bed nights, ward", "入院", "DAY", NULL, 20, 1, 42000, "cash" },
	{ "repair", "service", "Repair of a generator set", "発電機の修理", "HUR", NULL, 40, 1, 8800, "cash" },
};
static const char *const places[] = {
	"10.9N 125.4E",
	"Tacloban",
	"Cebu",
	"Djibouti, Camp Lemonnier",
	"Yokosuka, berth 6",
	"Portsmouth, HMNB",
	"Kure",
	"Sasebo, Akasaki",
	"Marchwood",
	"Akrotiri",
	"Subic Bay",
	"Singapore, Sembawang",
	"35.2N 139.7E",
	"12.1N 43.4E",
	"Guam, Apra",
	"Diego Garcia",
};
static const char *const remarks[] = {
	"Delivered alongside at first light; hose tested before transfer.",
	"Two pallets wet on arrival, photographs taken.",
	"Please confirm the berth and the time of the pilot.",
	"Counted by both supply officers.",
	"給油量は双方で確認済み。",
	"納品書の控えを受領した。",
	"Replaces our request of last week.",
	"Meter read before and after.",
};

struct key {
	struct id key, prev, grant;
	uint64_t seq;
	struct id seen;
	bool has_seen;
};
struct issue {
	struct id head, opener;
	unsigned state, lines;
	int64_t accepted[4];
	struct id claim;
};
struct order {
	unsigned state, receiver, line_count, issue_count;
	struct id thread, head, terms, taken_up;
	const struct goods *goods[4];
	int64_t quantity[4], price[4];
	struct issue issues[3];
};
struct world {
	struct samples *samples;
	struct key keys[LOGS];
	int64_t now_ms;
	struct id profile;
	struct order orders[ORDERS];
	struct buf fields, body;
	unsigned field_count, numbers;
};
enum { REQUESTED = 1, OFFERED, AGREED, ENDED };
enum { ISSUED = 1, RECEIPTED, CLAIMED, PAYABLE, REMITTED, SETTLED };

static void field(struct world *world, unsigned key)
{
	cbor_put_int(&world->fields, key);
	world->field_count++;
}

static void field_text(struct world *world, unsigned key, const char *text)
{
	field(world, key);
	cbor_put_literal(&world->fields, text);
}

static void field_int(struct world *world, unsigned key, int64_t value)
{
	field(world, key);
	cbor_put_int(&world->fields, value);
}

static void remark(struct world *world, unsigned one_in)
{
	if (pick(world->samples, one_in) == 0) {
		unsigned which = pick(world->samples, sizeof remarks / sizeof *remarks);
		field(world, 23);
		cbor_put_array(&world->fields, 2);
		cbor_put_literal(&world->fields, (uint8_t)remarks[which][0] < 0x80 ? "en" : "ja");
		cbor_put_literal(&world->fields, remarks[which]);
	}
}

/* Signs nothing, but gives the entry its place and id. */
static struct id enter(struct world *world, unsigned who, struct body_draft *draft)
{
	struct samples *samples = world->samples;
	struct key *key = &world->keys[who];
	struct frame_item *item = &samples->items[samples->count++];

	world->now_ms += 1000 + (int64_t)(next_random(samples) % 600000);
	draft->stated_ms = world->now_ms;
	draft->fields = buf_bytes(&world->fields);
	draft->field_count = world->field_count;
	if (who < DESKS && key->has_seen) {
		draft->seen = &key->seen;
	}
	buf_reset(&world->body);
	body_write(&world->body, draft);
	*item = (struct frame_item){ .place = { samples->tally, key->key, ++key->seq, key->prev } };
	item->body = arena_copy(&samples->arena, buf_bytes(&world->body));
	item->id = entry_id(&item->place, item->body);
	uint8_t *signature = arena_take(&samples->arena, SIGNATURE_BYTES);
	random_fill(samples, signature, SIGNATURE_BYTES);
	item->signature = signature;
	key->prev = item->id;
	buf_reset(&world->fields);
	world->field_count = 0;
	return item->id;
}

/* A desk of a party: the same people do most of the work. */
static unsigned desk_of(struct world *world, unsigned party)
{
	unsigned desk = pick(world->samples, 3) == 0 ? pick(world->samples, 4) : pick(world->samples, 2);

	return party * 4 + desk;
}

static void lines_put(struct world *world, const struct order *order, bool priced)
{
	field(world, 10);
	cbor_put_array(&world->fields, order->line_count);
	for (unsigned i = 0; i < order->line_count; i++) {
		const struct goods *line = order->goods[i];
		bool service = strcmp(line->kind, "service") == 0, japanese = order->receiver == 1;
		struct buf *out = &world->fields;
		cbor_put_map(out, 8u + service + (priced ? 2 : 1) + (line->nsn != NULL));
		cbor_put_int(out, 0);
		cbor_put_int(out, i + 1);
		cbor_put_int(out, 1);
		cbor_put_literal(out, line->category);
		cbor_put_int(out, 2);
		cbor_put_literal(out, line->kind);
		cbor_put_int(out, japanese ? 4 : 3);
		cbor_put_literal(out, japanese ? line->ja : line->en);
		cbor_put_int(out, 5);
		cbor_put_int(out, order->quantity[i]);
		cbor_put_int(out, 6);
		cbor_put_literal(out, line->unit);
		if (service) {
			cbor_put_int(out, 7);
			cbor_put_literal(out, "counted by both sides");
		}
		if (priced) {
			cbor_put_int(out, 8);
			cbor_put_int(out, order->price[i]);
			cbor_put_int(out, 10);
			cbor_put_literal(out, "own_forces");
		} else {
			cbor_put_int(out, 11);
			cbor_put_int(out, order->price[i] * order->quantity[i] / 100 * 110);
		}
		cbor_put_int(out, 12);
		cbor_put_literal(out, order->receiver == 0 ? "JPY" : "GBP");
		cbor_put_int(out, 13);
		cbor_put_literal(out, line->settlement);
		if (line->nsn != NULL) {
			cbor_put_int(out, 14);
			cbor_put_literal(out, line->nsn);
		}
	}
}

static void request(struct world *world, struct order *order)
{
	struct samples *samples = world->samples;

	*order = (struct order){ .state = REQUESTED, .receiver = pick(samples, 2) };
	order->line_count = 1 + (pick(samples, 4) == 0) + (pick(samples, 8) == 0);
	for (unsigned i = 0; i < order->line_count; i++) {
		order->goods[i] = &goods[pick(samples, sizeof goods / sizeof *goods)];
		order->quantity[i] = (1 + (int64_t)pick(samples, order->goods[i]->most)) * order->goods[i]->step;
		order->price[i] = order->goods[i]->price + pick(samples, 1 + order->goods[i]->price / 10);
	}
	field_text(world, 8, order->receiver == 0 ? "JP" : "GB");
	field_text(world, 9, pick(samples, 3) == 0 ? "1a" : pick(samples, 3) == 0 ? "1d" : "1b");
	lines_put(world, order, false);
	field_text(world, 11, places[pick(samples, sizeof places / sizeof *places)]);
	field_int(world, 12, world->now_ms / DAY_MS + 1 + pick(samples, 20));
	if (pick(samples, 2) == 0) {
		field_text(world, 17, pick(samples, 2) == 0 ? "relief" : "routine");
	}
	field(world, 18);
	cbor_put_bool(&world->fields, true);
	field(world, 19);
	cbor_put_bytes(&world->fields, id_bytes(&world->profile));
	field_int(world, 20, 1);
	remark(world, 6);
	struct body_draft draft = { .kind = "support.requested" };
	order->thread = order->head = order->terms = enter(world, desk_of(world, order->receiver), &draft);
}

static void answer(
    struct world *world, struct order *order, unsigned who, const char *kind, struct id *head, const struct id *part)
{
	struct id answers[1] = { *head };
	struct body_draft draft = {
		.kind = kind, .thread = &order->thread, .part = part, .answers = answers, .answer_count = 1
	};

	*head = enter(world, who, &draft);
}

static void offer(struct world *world, struct order *order)
{
	lines_put(world, order, true);
	if (pick(world->samples, 3) > 0) {
		field_int(world, 12, world->now_ms / DAY_MS + 1 + pick(world->samples, 20));
	}
	field_int(world, 15, order->receiver == 0 ? 540 : 0);
	if (pick(world->samples, 2) == 0) {
		field_int(world, 22, (world->now_ms / DAY_MS + 7) * DAY_MS);
	}
	remark(world, 8);
	answer(world, order, desk_of(world, 1 - order->receiver), "support.offered", &order->head, &order->thread);
	order->terms = order->head;
	order->state = OFFERED;
}

static void accept(struct world *world, struct order *order)
{
	char text[32];

	field(world, 8);
	cbor_put_bytes(&world->fields, id_bytes(&order->terms));
	if (pick(world->samples, 3) == 0) {
		snprintf(text, sizeof text, "JP-%04u", 1000 + pick(world->samples, 12));
		field_text(world, 24, text);
		snprintf(text, sizeof text, "FUNDS/2026/%04u", pick(world->samples, 10000));
		field_text(world, 25, text);
	}
	answer(world, order, desk_of(world, order->receiver), "support.accepted", &order->head, &order->thread);
	order->state = AGREED;
}

static void issue_lines(struct world *world, const struct order *order, struct issue *issue, bool receipt)
{
	bool all = receipt && pick(world->samples, 10) > 0;

	field(world, 8);
	cbor_put_array(&world->fields, order->line_count);
	for (unsigned i = 0; i < order->line_count; i++) {
		int64_t short_by = receipt && !all ? 1 + (int64_t)pick(world->samples, 5) : 0;
		bool differs = short_by > 0 && issue->accepted[i] > short_by;
		if (!receipt) {
			issue->accepted[i] = order->quantity[i] / order->goods[i]->step * order->goods[i]->step /
			    (1 + pick(world->samples, 2));
		}
		cbor_put_map(&world->fields, differs ? 4 : 2);
		cbor_put_int(&world->fields, 0);
		cbor_put_int(&world->fields, i + 1);
		cbor_put_int(&world->fields, 1);
		cbor_put_int(&world->fields, issue->accepted[i] - (differs ? short_by : 0));
		if (differs) {
			cbor_put_int(&world->fields, 3);
			cbor_put_int(&world->fields, short_by);
			cbor_put_int(&world->fields, 6);
			cbor_put_literal(&world->fields, "count");
		}
	}
}

static void issue(struct world *world, struct order *order)
{
	struct issue *issue = &order->issues[order->issue_count++];
	char voucher[40];

	*issue = (struct issue){ .state = ISSUED };
	issue_lines(world, order, issue, false);
	field_int(world, 9, (world->now_ms - pick(world->samples, 20000000)) / 60000 * 60000);
	field_int(world, 10, order->receiver == 0 ? 540 : 0);
	field_text(world, 11, places[pick(world->samples, sizeof places / sizeof *places)]);
	if (pick(world->samples, 2) == 0) {
		snprintf(voucher, sizeof voucher, "%s-V-%05u", order->receiver == 0 ? "JP" : "GB", ++world->numbers);
		field_text(world, 12, voucher);
	}
	remark(world, 8);
	struct id refs[1] = { order->head };
	struct body_draft draft = { .kind = "support.issued", .thread = &order->thread, .refs = refs, .ref_count = 1 };
	issue->head = issue->opener = enter(world, desk_of(world, 1 - order->receiver), &draft);
}

static void receipt(struct world *world, struct order *order, struct issue *issue)
{
	if (pick(world->samples, 4) == 0) {
		issue_lines(world, order, issue, true);
	}
	if (pick(world->samples, 2) == 0) {
		field_int(world, 9, (world->now_ms - pick(world->samples, 20000000)) / 60000 * 60000);
	}
	remark(world, 10);
	answer(world, order, desk_of(world, order->receiver), "support.receipted", &issue->head, &issue->opener);
	issue->state = RECEIPTED;
}

static void claim(struct world *world, struct order *order, struct issue *issue)
{
	int64_t total = 0;
	char invoice[40];

	field(world, 8);
	cbor_put_array(&world->fields, order->line_count);
	for (unsigned i = 0; i < order->line_count; i++) {
		int64_t amount = issue->accepted[i] * order->price[i];
		cbor_put_map(&world->fields, 3);
		cbor_put_int(&world->fields, 0);
		cbor_put_int(&world->fields, 1);
		cbor_put_int(&world->fields, 1);
		cbor_put_int(&world->fields, i + 1);
		cbor_put_int(&world->fields, 2);
		cbor_put_int(&world->fields, amount);
		total += amount;
	}
	field_text(world, 9, order->receiver == 0 ? "JPY" : "GBP");
	field_int(world, 10, total);
	snprintf(invoice, sizeof invoice, "%s/2026/%05u", order->receiver == 0 ? "JMSDF" : "DE&S", ++world->numbers);
	field_text(world, 11, invoice);
	field_text(world, 12,
	    order->receiver == 0 ? "Bank of Japan, account 0012345, revenue officer"
				 : "Bank of England, 10-00-00 12345678");
	struct id refs[2] = { order->head, issue->head };
	struct body_draft draft = { .kind = "support.claimed", .thread = &order->thread, .refs = refs, .ref_count = 2 };
	issue->claim = issue->head = enter(world, desk_of(world, 1 - order->receiver), &draft);
	issue->state = CLAIMED;
}

static void pay(struct world *world, struct order *order, struct issue *issue)
{
	char reference[40];

	if (issue->state == CLAIMED) {
		answer(world, order, desk_of(world, order->receiver), "support.approved", &issue->head, &issue->claim);
	} else if (issue->state == PAYABLE) {
		field_text(world, 9, order->receiver == 0 ? "JPY" : "GBP");
		field_int(world, 10, issue->accepted[0] * order->price[0]);
		snprintf(reference, sizeof reference, "TT%08u", pick(world->samples, 100000000));
		field_text(world, 11, reference);
		field_int(world, 12, world->now_ms / DAY_MS + pick(world->samples, 3));
		answer(world, order, desk_of(world, order->receiver), "support.remitted", &issue->head, &issue->claim);
	} else {
		field_int(world, 12, world->now_ms / DAY_MS);
		answer(world, order, desk_of(world, 1 - order->receiver), "support.confirmed", &issue->head,
		    &issue->claim);
	}
	issue->state++;
}

static void order_step(struct world *world, struct order *order)
{
	if (order->state == 0 || order->state == ENDED) {
		request(world, order);
	} else if (order->state == REQUESTED) {
		offer(world, order);
	} else if (order->state == OFFERED) {
		accept(world, order);
	} else if (order->issue_count == 0 || (order->issue_count < 3 && pick(world->samples, 8) == 0)) {
		issue(world, order);
	} else {
		struct issue *at = &order->issues[pick(world->samples, order->issue_count)];
		bool cash = strcmp(order->goods[0]->settlement, "cash") == 0;
		if (at->state == ISSUED) {
			receipt(world, order, at);
		} else if (at->state == RECEIPTED && cash) {
			claim(world, order, at);
		} else if (at->state >= CLAIMED && at->state < SETTLED) {
			pay(world, order, at);
		} else {
			order->state = ENDED;
			request(world, order);
		}
	}
}

/* A home acknowledges: the heads of the desks' logs of the other party and its own. */
static void acknowledge(struct world *world, unsigned home)
{
	struct id refs[DESKS], digest;
	unsigned count = 0;
	struct key *key = &world->keys[DESKS + home];

	for (unsigned i = 0; i < DESKS; i++) {
		if (world->keys[i].seq > 0 && pick(world->samples, 2) == 0) {
			refs[count++] = world->keys[i].prev;
		}
	}
	random_fill(world->samples, &digest, sizeof digest);
	field(world, 8);
	cbor_put_bytes(&world->fields, id_bytes(&digest));
	struct body_draft draft = { .kind = "home.acknowledged", .refs = refs, .ref_count = count };
	struct id id = enter(world, DESKS + home, &draft);
	for (unsigned desk = home * 2; desk < home * 2 + 2; desk++) {
		world->keys[desk].seen = id;
		world->keys[desk].has_seen = true;
	}
	(void)key;
}

static void grant(struct world *world, unsigned number, bool home)
{
	struct key *key = &world->keys[number];
	char text[64];

	random_fill(world->samples, &key->key, sizeof key->key);
	field(world, 8);
	cbor_put_bytes(&world->fields, id_bytes(&key->key));
	snprintf(text, sizeof text, home ? "HMS Daring, operations room %u" : "off-%04u", pick(world->samples, 10000));
	field_text(world, 9, text);
	if (!home) {
		field_text(world, 10, "Supply officer");
		field(world, 11);
		cbor_put_array(&world->fields, 3);
		cbor_put_literal(&world->fields, "issuer");
		cbor_put_literal(&world->fields, "orderer");
		cbor_put_literal(&world->fields, "receiver");
	}
	field_int(world, 13, world->now_ms + 180 * (int64_t)DAY_MS);
	if (!home) {
		field_int(world, 14, number + 1);
	}
	struct body_draft draft = { .kind = home ? "home.granted" : "desk.granted" };
	key->prev = key->grant = enter(world, DESKS + HOMES + (home ? (number - DESKS) / 2 : number / 4), &draft);
}

void samples_make(struct samples *samples, uint64_t seed, unsigned count, unsigned open_orders, unsigned sync_every)
{
	struct world *world;

	*samples = (struct samples){ .random = seed, .capacity = count + 64 };
	arena_init(&samples->arena, SAMPLES_ARENA);
	world = arena_take(&samples->arena, sizeof *world);
	samples->items = arena_take_array(&samples->arena, samples->capacity, sizeof *samples->items);
	world->samples = samples;
	world->now_ms = 1767225600000 + (int64_t)(next_random(samples) % (300 * (uint64_t)DAY_MS));
	random_fill(samples, &samples->tally, sizeof samples->tally);
	random_fill(samples, &world->profile, sizeof world->profile);
	buf_init(&world->fields, 65536);
	buf_init(&world->body, 65536);
	for (unsigned i = DESKS + HOMES; i < LOGS; i++) {
		random_fill(samples, &world->keys[i].key, sizeof world->keys[i].key);
		world->keys[i].prev = samples->tally;
	}
	for (unsigned i = 0; i < DESKS + HOMES; i++) {
		grant(world, i, i >= DESKS);
	}
	for (unsigned turn = 1; samples->count < count; turn++) {
		order_step(world, &world->orders[pick(samples, open_orders < ORDERS ? open_orders : ORDERS)]);
		if (turn % sync_every == 0 && samples->count < count) {
			acknowledge(world, pick(samples, HOMES));
		}
	}
	buf_clear(&world->fields);
	buf_clear(&world->body);
}

void samples_clear(struct samples *samples)
{
	arena_clear(&samples->arena);
}

/* ---- what a receiver knows ------------------------------------------------------------------------------------------ */

#define SLOTS (1u << 19)

static uint32_t place_slot(const struct id *key, uint64_t seq)
{
	return (uint32_t)((id_prefix(key) ^ seq * 0x9E3779B97F4A7C15u) >> 20) & (SLOTS - 1);
}

void samples_known_init(struct samples_known *known, const struct samples *samples, unsigned count)
{
	struct arena *arena = (struct arena *)&samples->arena;

	*known = (struct samples_known){ .samples = samples, .known = count };
	known->slots = arena_take_array(arena, SLOTS, sizeof *known->slots);
	known->places = arena_take_array(arena, SLOTS, sizeof *known->places);
	for (unsigned i = 0; i < samples->count; i++) {
		const struct frame_item *item = &samples->items[i];
		uint32_t slot = (uint32_t)id_prefix(&item->id) & (SLOTS - 1);
		for (; known->slots[slot] != 0; slot = (slot + 1) & (SLOTS - 1)) {}
		known->slots[slot] = i + 1;
		slot = place_slot(&item->place.key, item->place.seq);
		for (; known->places[slot] != 0; slot = (slot + 1) & (SLOTS - 1)) {}
		known->places[slot] = i + 1;
	}
}

static bool known_fill(const struct samples_known *known, unsigned number, struct frame_known *out)
{
	const struct frame_item *item = &known->samples->items[number];
	struct body body;

	if (number >= known->known || body_read(item->body, &body) != NULL) {
		return false;
	}
	*out = (struct frame_known){
		.id = item->id, .key = item->place.key, .seq = item->place.seq, .thread = item->id, .part = item->id
	};
	if (body.thread != NULL) {
		memcpy(out->thread.data, body.thread, ID_BYTES);
	}
	if (body.part != NULL) {
		memcpy(out->part.data, body.part, ID_BYTES);
	}
	return true;
}

static bool known_find(void *context, const struct id *id, struct frame_known *out)
{
	const struct samples_known *known = context;

	for (uint32_t slot = (uint32_t)id_prefix(id) & (SLOTS - 1); known->slots[slot] != 0;
	     slot = (slot + 1) & (SLOTS - 1)) {
		if (id_equal(&known->samples->items[known->slots[slot] - 1].id, id)) {
			return known_fill(known, known->slots[slot] - 1, out);
		}
	}
	return false;
}

static bool known_at(
    void *context, const struct id *key, const struct id *branch, uint64_t seq, struct frame_known *out)
{
	const struct samples_known *known = context;

	for (uint32_t slot = place_slot(key, seq); id_is_zero(branch) && known->places[slot] != 0;
	     slot = (slot + 1) & (SLOTS - 1)) {
		const struct frame_item *item = &known->samples->items[known->places[slot] - 1];
		if (item->place.seq == seq && id_equal(&item->place.key, key)) {
			return known_fill(known, known->places[slot] - 1, out);
		}
	}
	return false;
}

struct frame_resolver samples_resolver(struct samples_known *known)
{
	return (struct frame_resolver){ known, known_at, known_find };
}
