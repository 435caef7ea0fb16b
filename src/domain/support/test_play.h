/* For random play: two halves, fields and moves drawn from the tables, mostly what fits and sometimes anything. Everything comes out of one
 * seed. */
#ifndef WARIFU_DOMAIN_SUPPORT_TEST_PLAY_H
#define WARIFU_DOMAIN_SUPPORT_TEST_PLAY_H
#include "domain/support/test_play_fit.h"

#define PLAY_MS (400 * 86400000ll) /* a short play and a long one both last some thirteen months */
#define THREADS 64
#define THREADS_AT_ONCE 7
#define THREAD_MOVES 60 /* of a thread; then it is left alone */

/* ---- halves ------------------------------------------------------------------------------------------------------ */

/* Entries of one key, and how far each half holds them. */
struct log {
	unsigned *entries, count, capacity, here[2];
};
static struct log logs[WORLD_KEYS];
static struct half other;
static struct id acknowledged[2];
static struct {
	struct id thread;
	unsigned moves, idle; /* idle: how often nothing came of it */
} threads[THREADS];
static unsigned thread_count, played;
static int64_t step_ms;
static struct arena looking;

static struct half *half_of(unsigned party)
{
	return party == GB ? &world.own : &other;
}

/* The newest entry of the world goes into the log of its key, and into the half of its party. */
static void keep(unsigned key)
{
	struct log *log = &logs[key];
	unsigned party = world.keys[key].party;
	struct half *half = half_of(party);
	struct err err = { 0 };

	if (log->count == log->capacity) {
		log->capacity = log->capacity ? 2 * log->capacity : 64;
		log->entries = realloc(log->entries, log->capacity * sizeof *log->entries);
		ASSERT(log->entries != NULL);
	}
	log->entries[log->count++] = world.entry_count - 1;
	log->here[party] = log->count;
	ASSERT(store_begin(&half->store, &err) == OK);
	half_take(&world, half, &world.entries[world.entry_count - 1]);
	half_fold(half);
	ASSERT(store_commit(&half->store, &err) == OK);
}

static unsigned left_for(unsigned party)
{
	unsigned left = 0;

	for (unsigned key = 0; key < world.key_count; key++) {
		left += logs[key].count - logs[key].here[party];
	}
	return left;
}

/* Up to `most` entries that a half lacks, log by log at random: what they answer may come later. */
static void deliver(unsigned party, unsigned most)
{
	struct half *half = half_of(party);
	struct id heads[WORLD_KEYS];
	unsigned head_count = 0, left = left_for(party);
	struct err err = { 0 };

	ASSERT(store_begin(&half->store, &err) == OK);
	for (most = most < left ? most : left; most > 0;) {
		struct log *log = &logs[below(world.key_count)];
		for (unsigned run = 1 + below(6); run > 0 && most > 0 && log->here[party] < log->count; run--, most--) {
			half_take(&world, half, &world.entries[log->entries[log->here[party]++]]);
		}
		if (percent(20)) {
			half_fold(half);
		}
	}
	half_fold(half);
	ASSERT(store_commit(&half->store, &err) == OK);
	for (unsigned key = 0; key < world.key_count; key++) {
		if (world.keys[key].party != party && logs[key].here[party] > 0) {
			heads[head_count++] = world.entries[logs[key].entries[logs[key].here[party] - 1]].id;
		}
	}
	if (head_count > 0) {
		acknowledged[party] = world_acknowledge(&world, (enum party)party, heads, head_count);
		keep(world.home[party]);
	}
}

static void start(void)
{
	struct err err = { 0 };
	unsigned said = 0;

	world_open(&world);
	said = world.entry_count;
	half_open(&world, &world.own);
	half_open(&world, &other);
	for (unsigned party = 0; party < 2; party++) {
		struct half *half = half_of(party);
		ASSERT(store_begin(&half->store, &err) == OK);
		for (unsigned i = 0; i < said; i++) {
			half_take(&world, half, &world.entries[i]);
		}
		half_fold(half);
		ASSERT(store_commit(&half->store, &err) == OK);
	}
}

/* ---- fields ------------------------------------------------------------------------------------------------------ */

static bool wrong(unsigned share)
{
	return hint.careless && percent(share);
}

static const struct {
	const char *name;
	unsigned share; /* how often a field is given that need not be; others: 15 */
} usual[] = { { "description_en", 96 }, { "unit_price_minor", 93 }, { "price_basis", 93 }, { "meter", 60 },
	{ "utc_offset_minutes", 90 }, { "meter_reading", 75 }, { "reason", 92 }, { "amount_minor", 40 }, { "per", 8 },
	{ "ceiling_minor", 7 }, { "third_party", 4 }, { "third_party_consent", 4 }, { "oral_at", 4 },
	{ "oral_with", 4 }, { "rates", 4 }, { "fuel_code", 4 }, { "meter_start", 4 }, { "meter_end", 4 },
	{ "short", 4 }, { "return_by", 8 }, { "received_by", 30 }, { "meters", 60 }, { "valid_until", 10 } };

static bool given(const struct field *field)
{
	if (field->required || hint.fits) {
		return field->required && !wrong(4);
	}
	if (strcmp(field->name, "lines") == 0 && strcmp(hint.kind, "issued") == 0) {
		return percent(hint.service ? 96 : 50);
	}
	for (unsigned i = 0; i < sizeof usual / sizeof *usual; i++) {
		if (strcmp(usual[i].name, field->name) == 0) {
			unsigned share = usual[i].share;
			return hint.careless || (share > 10 && share < 60) ? percent(share) : share >= 60;
		}
	}
	return percent(hint.careless ? 15 : 5);
}

/* One of these texts, the last of them where the desk is careless. */
static const char *pick(const char *const *texts, unsigned count)
{
	return wrong(30) ? texts[count - 1] : texts[below(count - 1)];
}
#define PICK(...) \
	pick((const char *const[]){ __VA_ARGS__ }, sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(const char *))

static const char *reason_for(void)
{
	return strcmp(hint.kind, "repudiated") == 0    ? PICK("not_ordered", "other", "short")
	    : strcmp(hint.kind, "declined") == 0       ? PICK("operational", "price")
	    : strcmp(hint.kind, "queried") == 0        ? PICK("price", "type")
	    : strcmp(hint.kind, "return_refused") == 0 ? PICK("type", "class", "quantity", "short")
						       : PICK("short", "wrong_unit", "type");
}

static const char *code_for(const char *name)
{
	if (strcmp(name, "category") == 0) {
		return hint.service ? PICK("transport", "weapons") : PICK("fuel", "water");
	}
	if (strcmp(name, "kind") == 0) {
		return hint.service ? PICK("service", "gift") : PICK("supply", "gift");
	}
	if (strcmp(name, "settlement") == 0) {
		return hint.service ? PICK("service_like", "cash", "return_like")
				    : PICK("cash", "cash", "cash", "return_like", "return_same", "barter");
	}
	return strcmp(name, "reason") == 0     ? reason_for()
	    : strcmp(name, "activity") == 0    ? PICK("1a", "1b", "9z")
	    : strcmp(name, "price_basis") == 0 ? PICK("own_forces", "agreed", "contract", "luck")
	    : strcmp(name, "urgency") == 0     ? PICK("relief", "routine", "soon")
					       : "one-receiver";
}

static int64_t integer_for(const struct field *field, unsigned place)
{
	if (strcmp(field->name, "rule_set") == 0) {
		return wrong(10) ? 2 : 1;
	}
	if (field->type == FIELD_INT) {
		return wrong(10) ? 1 + below(3) : strcmp(field->name, "issue") == 0 ? 1 : 1 + place;
	}
	if (strcmp(field->name, "unit_price_minor") == 0) {
		return 80;
	}
	if (strcmp(field->name, "credit_minor") == 0) {
		return 100;
	}
	static const int64_t amounts[] = { 0, 1, 80, 100, 4000, 8000, 8000, INT64_MAX };
	return hint.amount > 0 && !wrong(40) ? hint.amount : amounts[below(wrong(50) ? 8 : 5)];
}

static json_t *id_for(const char *name)
{
	struct id id = threads[below(thread_count ? thread_count : 1)].thread;
	char hex[2 * ID_BYTES + 1];

	if (strcmp(name, "profile") == 0 && !wrong(8)) {
		id = world.profile_hash;
	} else if ((strcmp(name, "terms") == 0 || strcmp(name, "stands") == 0) && hint.head != NULL && !wrong(20)) {
		id = hint.head->id;
	}
	hex_print(id_bytes(&id), hex);
	return json_string(hex);
}

static json_t *fields_for(const struct field *fields, unsigned place);

/* Orders are of 100; what follows is of that, or of a part. */
static const char *quantity_for(void)
{
	return wrong(30)                       ? ONE_OF("0", "100.5", "-1")
	    : hint.head == NULL && percent(95) ? "100"
	    : percent(60)                      ? "100"
					       : ONE_OF("60", "40", "20", "0");
}

/* NOLINTNEXTLINE(misc-no-recursion): as deep as the tables */
static json_t *value_for(const struct field *field, unsigned place)
{
	const char *party = (hint.party == GB) == wrong(10) ? "GB" : "JP";
	json_t *list;

	switch (field->type) {
	case FIELD_CODE: return json_string(code_for(field->name));
	case FIELD_INT:
	case FIELD_AMOUNT: return json_integer(integer_for(field, place));
	case FIELD_DECIMAL:
		return json_string(strcmp(field->name, "utc_offset_minutes") == 0 ? PICK("540", "480", "900")
			: strcmp(field->name, "rate") == 0                        ? "165"
			: strcmp(field->name, "per") == 0                         ? "1"
										  : quantity_for());
	case FIELD_TIME:
		return json_string(hint.fits || percent(80)
			? "2013-11-21T09:30:00+08:00"
			: ONE_OF("2012-10-01T00:00:00Z", "2014-03-01T00:00:00Z", "2015-01-01"));
	case FIELD_DAY: return json_string("2013-11-26");
	case FIELD_BOOL: return json_boolean(!wrong(30));
	case FIELD_ID: return id_for(field->name);
	case FIELD_CURRENCY: return json_string(PICK("GBP", "JPY"));
	case FIELD_UNIT: return json_string(PICK("LTR", "EA"));
	case FIELD_PARTY: return json_string(party);
	case FIELD_LIST:
		list = json_array();
		for (unsigned i = 0, count = 1 + (strcmp(field->name, "claims") == 0 || wrong(30)); i < count; i++) {
			json_array_append_new(list, fields_for(field->fields, i));
		}
		return list;
	default: return json_string(strcmp(field->name, "nsn_or_fsc") == 0 ? "9140" : "as said");
	}
}

/* NOLINTNEXTLINE(misc-no-recursion): as deep as the tables */
static json_t *fields_for(const struct field *fields, unsigned place)
{
	json_t *object = json_object();

	for (; fields != NULL && fields->name != NULL; fields++) {
		if (given(fields)) {
			json_object_set_new(object, fields->name, value_for(fields, place));
		}
	}
	return object;
}

/* ---- a move ------------------------------------------------------------------------------------------------------ */

static struct id adopted;                 /* by a `restated` at hand */
static uint8_t said_kinds[WORLD_ENTRIES]; /* by entry: its kind, from 1 */

static struct id sign(struct move_draft *move, const struct fold *fold)
{
	json_t *object = fields_for(move->kind->fields, 0);
	const struct id *seen = &acknowledged[world.keys[move->key].party];
	struct buf fields;
	unsigned count = 0;

	if (hint.fits) {
		fit_fields(object, move, fold);
	}
	if (!id_is_zero(&adopted)) {
		set_id(object, "entry", &adopted);
	}
	played++;
	world.now_ms += below((unsigned)(2 * step_ms));
	buf_init(&fields, LIMIT_BODY_BYTES);
	put_pairs(&fields, move->kind->fields, object, &count);
	struct body_draft draft = { .kind = move->kind->name,
		.thread = move->thread,
		.part = move->part,
		.seen = id_is_zero(seen) || move->thread == NULL ? NULL : seen,
		.answers = move->answers,
		.answer_count = move->answer_count,
		.refs = move->refs,
		.ref_count = move->ref_count,
		.fields = buf_bytes(&fields),
		.field_count = count };
	struct id id = world_write(&world, move->key, &draft);
	said_kinds[world.entry_count - 1] = (uint8_t)(1 + kind_at_hand(move));
	if (kind_at_hand(move) == KIND_NETTING_AGREED) {
		netting_agreed = id;
	}
	buf_clear(&fields);
	json_decref(object);
	keep(move->key);
	return id;
}

/* The desk of the row's role, mostly. */
static unsigned desk_for(unsigned party, const char *role)
{
	for (unsigned i = 0; role != NULL && i < ROLES; i++) {
		if (strcmp(role_names[i], role) == 0 && percent(90)) {
			return !wrong(30) ? world.with[party][i] : world.without[party][i];
		}
	}
	return world.all[party];
}

/* A row of the table, by chance, among those that begin so; NULL: there is none. */
static const struct transition *row_for(
    const char *part_type, const char *from, const struct part *part, unsigned party)
{
	const struct transition *found = NULL;
	unsigned count = 0;
	bool own = !wrong(40);

	for (const struct transition *row = support_domain.transitions; row->kind != NULL; row++) {
		bool begins = from == NULL ? row->from == NULL : row->from != NULL && strcmp(row->from, from) == 0;
		if (!begins || (part_type != NULL && strcmp(row->part_type, part_type) != 0) ||
		    (part != NULL && own && part->sides[row->side] != party)) {
			continue;
		}
		/* What ends a part, or takes it back, ends the play; it comes less often. */
		bool ends = strcmp(row->to, "withdrawn") == 0 || strcmp(row->to, "declined") == 0 ||
		    strcmp(row->to, "rejected") == 0 || strcmp(row->to, "unfilled") == 0 ||
		    strcmp(row->to, "waived") == 0;
		if ((!ends || percent(15)) && below(++count) == 0) {
			found = row;
		}
	}
	return found;
}

static void open_thread(unsigned party)
{
	const struct transition *row;
	const struct kind *kind;

	do {
		row = row_for(NULL, NULL, NULL, party);
		kind = domain_kind(&support_domain, bytes_text(row->kind));
	} while (kind->opens != OPENS_THREAD || (strcmp(row->part_type, "netting") == 0 && percent(60)));
	hint.kind = strchr(row->kind, '.') + 1;
	hint.head = NULL;
	hint.service = percent(30);
	hint.fits = percent(85);
	hint.careless = !hint.fits;
	hint.amount = percent(50) ? 8000 : 0;
	struct move_draft move = { .kind = kind, .key = desk_for(party, row->role) };
	ASSERT(thread_count < THREADS);
	threads[thread_count].thread = sign(&move, NULL);
	threads[thread_count].idle = threads[thread_count].moves = 0;
	thread_count++;
}

static void add_ref(struct move_draft *move, const struct part *part)
{
	if (part->head_count > 0 && move->ref_count < 5) {
		move->refs[move->ref_count++] = part->heads[below(part->head_count)]->id;
	}
}

/* What the lines of an issue come to. */
static int64_t issue_amount(const struct issue_state *issue)
{
	int64_t sum = 0;

	for (unsigned n = 0; n < issue->line_count; n++) {
		const struct issue_line *line = &issue->lines[n];
		int64_t minor = 0;
		if (line->terms != NULL && (line->has_chargeable || line->has_issued) &&
		    line_amount(line->terms, line->has_chargeable ? line->chargeable : line->issued, &minor)) {
			sum += minor < INT32_MAX ? minor : 0;
		}
	}
	return sum;
}

static void issue_refs(struct move_draft *move, const struct fold *fold, bool claim, bool one)
{
	const char *wanted = strcmp(hint.kind, "claimed_unacknowledged") == 0 ? "issued" : "receipted";

	for (unsigned i = 0; i < fold->part_count; i++) {
		const struct part *part = fold->parts[i];
		if (!is_type(part, "issue") || part->head_count == 0 || (one && move->ref_count > 0) ||
		    (claim && i == 0) || !(is_in(part, wanted) || percent(8))) {
			continue;
		}
		add_ref(move, part);
		hint.amount += issue_amount(part->heads[0]->after);
	}
}

/* Refs as section 3 of the rules has them, and what they come to. */
static void refs_for(struct move_draft *move, const struct fold *fold)
{
	bool claim = strstr(hint.kind, "claimed") != NULL && strcmp(hint.kind, "reclaimed") != 0;
	bool one = strcmp(hint.kind, "adjustment_proposed") == 0,
	     order = claim || strcmp(hint.kind, "issued") == 0 || strcmp(hint.kind, "taken") == 0;

	if (order && fold->part_count > 0) {
		add_ref(move, fold->parts[0]);
	}
	if (claim || one || strcmp(hint.kind, "closed") == 0) {
		issue_refs(move, fold, claim, one);
	}
	for (unsigned i = 0; claim && i < fold->part_count; i++) {
		if (is_type(fold->parts[i], "adjustment") && is_in(fold->parts[i], "adjusted") && percent(80)) {
			add_ref(move, fold->parts[i]);
			hint.amount +=
			    ((const struct adjustment_state *)fold->parts[i]->heads[0]->after)->difference_minor;
		}
	}
}

static int64_t claim_amount(const struct claim_state *claim)
{
	bool credited = strcmp(hint.kind, "credited") == 0, total = credited || strcmp(hint.kind, "reclaimed") == 0;
	int64_t minor = 0;

	if (!(total ? claim_total(claim, &minor) : claim_open(claim, &minor))) {
		return hint.amount;
	}
	return credited ? minor - 100 : strcmp(hint.kind, "remitted") == 0 && percent(40) ? minor / 2 : minor;
}

static int64_t exchange_amount(const struct issue_state *issue)
{
	int64_t minor = 0;

	if (strcmp(hint.kind, "exchange_certified") == 0) {
		return issue->linked_total_minor;
	}
	if (issue->line_count == 0 || !exchange_left(&issue->lines[0], &minor)) {
		return hint.amount;
	}
	return percent(60) ? minor : minor / 2;
}

/* What a move of a claim or an issue in exchange would state, from what it answers. */
static void amount_for(const struct part *part, const struct move *head)
{
	hint.amount = percent(50) ? 8000 : 4000;
	if (is_type(part, "claim")) {
		hint.amount = claim_amount(head->after);
	} else if (is_type(part, "issue")) {
		hint.amount = exchange_amount(head->after);
	} else if (is_type(part, "netting")) {
		const struct netting_state *netting = head->after;
		hint.amount = netting->agreed.set ? netting->agreed.total_minor - netting->paid_minor : 4000;
	}
}

/* A move of the past of the part, as somebody makes who has not heard; else a head. */
static struct move *head_for(const struct fold *fold, const struct part *part)
{
	struct move *found = part->heads[below(part->head_count)];
	unsigned count = 0;

	for (unsigned i = 0; i < fold->move_count; i++) {
		if (fold->moves[i]->part == part && fold->moves[i]->state != NULL && below(++count) == 0) {
			found = fold->moves[i];
		}
	}
	return found;
}

static void move_part(struct fold *fold, const struct part *part, unsigned party, struct move_draft *move)
{
	struct move *head = part->heads[below(part->head_count)];
	const struct transition *row = row_for(part->type->name, head->state->name, part, party);

	if (row != NULL && percent(5)) {
		head = head_for(fold, part); /* somebody has not heard */
	} else if (row != NULL && part->sides[row->side] != party && percent(90)) {
		return; /* not that often */
	}
	bool resolves = part->head_count > 1;

	if (row == NULL && !resolves) {
		return;
	}
	const char *kind = resolves ? "support.resolved" : row->kind;
	move->kind = domain_kind(&support_domain, bytes_text(kind));
	hint.kind = strchr(kind, '.') + 1;
	hint.head = head;
	move->key = desk_for(party, resolves ? NULL : row->role);
	move->part = &part->id;
	move->answers[move->answer_count++] = head->id;
	for (unsigned i = 0; resolves && i < part->head_count && move->answer_count < 4; i++) {
		if (part->heads[i] != head) {
			move->answers[move->answer_count++] = part->heads[i]->id;
		}
	}
	amount_for(part, head);
	refs_for(move, fold);
	sign(move, fold);
}

static void open_part(struct fold *fold, unsigned party, struct move_draft *move)
{
	const struct transition *row;

	do {
		row = row_for(NULL, NULL, percent(90) ? fold->parts[0] : NULL, party);
		move->kind = row ? domain_kind(&support_domain, bytes_text(row->kind)) : NULL;
	} while (row == NULL || move->kind->opens != OPENS_PART);
	hint.kind = strchr(row->kind, '.') + 1;
	hint.head = NULL;
	hint.amount = 0;
	move->key = desk_for(party, row->role);
	refs_for(move, fold);
	bool lacks = strstr(hint.kind, "claimed") != NULL ? move->ref_count < 2 : move->ref_count == 0;
	if (!lacks || percent(5)) {
		sign(move, fold);
	}
}

/* Before an order is agreed there is not much to open; after that most of the play is there. */
static bool opens_part(const struct fold *fold)
{
	const struct part *first = fold->parts[0];
	bool binds = is_in(first, "agreed") || is_in(first, "amendment offered") || is_in(first, "closed") ||
	    (is_type(first, "issue") && is_in(first, "receipted"));

	return percent(binds ? 35 : 2);
}

/* ---- a move that fits -------------------------------------------------------------------------------------------- */

/* What ends a part, or takes it back, ends the play there; it comes less often. */
static unsigned weight_of(const char *kind)
{
	static const char *const rare[] = { "withdrawn", "declined", "rejected", "unfilled", "waived", "closed",
		"netting_withdrawn", "netting_refused", "amended", "denied", "repudiated", NULL };

	for (unsigned i = 0; rare[i] != NULL; i++) {
		if (strcmp(strchr(kind, '.') + 1, rare[i]) == 0) {
			return 1;
		}
	}
	return 6;
}

/* Is there a rest, or anything accepted, on some line? */
static bool has_any(const struct issue_state *issue, bool rest)
{
	for (unsigned i = 0; i < issue->line_count; i++) {
		struct decimal figure = issue->lines[i].accepted;
		if ((!rest || issue_line_rest(&issue->lines[i], &figure)) && decimal_sign(figure) > 0) {
			return true;
		}
	}
	return false;
}

/* What the table allows, but hardly ever the rules. */
static bool is_idle(const struct fold *fold, const struct part *part, const struct transition *row)
{
	const struct move *head = part->heads[0];
	int64_t at;

	if (strcmp(row->kind, "support.converted") == 0) {
		return ((const struct issue_state *)head->after)->delivered_at_ms > world.now_ms - 400 * DAY_MS &&
		    percent(95);
	}
	if (strcmp(row->kind, "support.oral_denied") == 0) {
		return head != part->opener || !record_int(&head->body, KEY_ORAL_AT, &at);
	}
	if (strcmp(row->kind, "support.netting_reproposed") == 0) {
		return ((const struct netting_state *)head->after)->paid_minor > 0 && percent(90);
	}
	if (is_type(part, "issue") && strcmp(row->kind, "support.waived") == 0) {
		return percent(90) && (is_held(fold, part) || !has_any(head->after, true));
	}
	if (strcmp(row->kind, "support.concurred") == 0 || strcmp(row->kind, "support.annulled") == 0) {
		return has_any(head->after, false) == (strcmp(row->kind, "support.annulled") == 0) && percent(90);
	}
	return strcmp(row->kind, "support.unfilled") == 0 && fold->part_count > 1 && percent(90);
}

struct choice {
	const struct part *part;
	const struct transition *row;
	struct move_draft refs; /* what an opening names */
	int64_t amount;
	unsigned weight; /* of all that were looked at */
};

static void choose(struct choice *choice, const struct part *part, const struct transition *row, unsigned weight)
{
	choice->weight += weight;
	if (below(choice->weight) < weight) {
		choice->part = part;
		choice->row = row;
	}
}

static unsigned parts_of(const struct fold *fold, const char *type)
{
	unsigned count = 0;

	for (unsigned i = 0; i < fold->part_count; i++) {
		count += is_type(fold->parts[i], type);
	}
	return count;
}

/* A row that opens a part, where its refs would fit. */
static void choose_opening(struct choice *choice, const struct fold *fold, unsigned party, const struct transition *row)
{
	const struct part *first = fold->parts[0];
	struct move_draft trial = { .kind = domain_kind(&support_domain, bytes_text(row->kind)) };
	enum support_kind kind = kind_at_hand(&trial);
	unsigned side = kind == KIND_REFUND_CLAIMED ? RECEIVER : row->side, before = choice->weight;

	if (trial.kind->opens != OPENS_PART || first->sides[side] != party || is_type(first, "netting") ||
	    (is_type(first, "order") && first->head_count != 1) || parts_of(fold, row->part_type) > 4 ||
	    (kind == KIND_TAKEN && percent(60)) || !fit_refs(&trial, fold)) {
		return;
	}
	choose(choice, NULL, row, kind == KIND_ADJUSTMENT_PROPOSED ? 2 : kind == KIND_TAKEN ? 2 : 6);
	if (choice->part == NULL && choice->row == row && choice->weight > before) {
		choice->refs = trial;
		choice->amount = hint.amount;
	}
}

static struct choice choice_for(const struct fold *fold, unsigned party)
{
	struct choice choice = { 0 };

	for (const struct transition *row = support_domain.transitions; row->kind != NULL; row++) {
		if (row->from == NULL) {
			choose_opening(&choice, fold, party, row);
			continue;
		}
		for (unsigned i = 0; i < fold->part_count; i++) {
			const struct part *part = fold->parts[i];
			if (part->head_count == 1 && is_type(part, row->part_type) && is_in(part, row->from) &&
			    part->sides[row->side] == party && !is_idle(fold, part, row)) {
				choose(&choice, part, row, weight_of(row->kind));
			}
		}
	}
	return choice;
}

static unsigned able_desk(unsigned party, const char *role)
{
	for (unsigned i = 0; i < ROLES; i++) {
		if (strcmp(role_names[i], role) == 0 && percent(85)) {
			return world.with[party][i];
		}
	}
	return world.all[party];
}

/* What fits here, by the desk that may; now and then another desk, which has not heard, does the same or nearly. */
static void fit_move(const struct fold *fold, unsigned party, struct move_draft *move)
{
	struct choice choice = choice_for(fold, party);

	if (choice.row == NULL || (choice.weight < 6 && percent(92))) { /* rather waits for what the other says */
		return;
	}
	hint.kind = strchr(choice.row->kind, '.') + 1;
	hint.head = choice.part != NULL ? choice.part->heads[0] : NULL;
	move->kind = domain_kind(&support_domain, bytes_text(choice.row->kind));
	if (choice.part != NULL) {
		move->part = &choice.part->id;
		move->answers[move->answer_count++] = hint.head->id;
		if (!fit_refs(move, fold)) {
			return;
		}
	} else {
		memcpy(move->refs, choice.refs.refs, sizeof move->refs);
		move->ref_count = choice.refs.ref_count;
		hint.amount = choice.amount;
	}
	move->key = able_desk(party, choice.row->role);
	sign(move, fold);
	if (percent(7) && move->key != world.all[party]) {
		move->key = world.all[party];
		sign(move, fold);
	}
}

/* Says which of two rivals stands: mostly one of the party that made them, by a desk that could have made it. */
static void fit_resolution(const struct fold *fold, const struct part *part, unsigned party, struct move_draft *move)
{
	hint.head = part->heads[below(part->head_count)];
	hint.kind = "resolved";
	move->kind = domain_kind(&support_domain, bytes_text("support.resolved"));
	move->part = &part->id;
	for (unsigned i = 0; i < part->head_count && move->answer_count < 4; i++) {
		if (part->heads[i] == hint.head || move->answer_count < 3) {
			move->answers[move->answer_count++] = part->heads[i]->id;
		}
	}
	move->key = world.all[party];
	sign(move, fold);
}

static bool is_restated(const struct id *id)
{
	for (unsigned i = 0; i < world.entry_count; i++) {
		if (id_equal(&world.entries[i].id, id)) {
			return said_kinds[i] == 1 + KIND_RESTATED || said_kinds[i] == 1 + KIND_RESOLVED;
		}
	}
	return false;
}

/* Could the void move be made now? */
static bool fits_now(const struct move *x)
{
	if (x->verdict != VERDICT_VOID || x->rule[0] != 'K' || x->body.answer_count != 1 || x->part == NULL ||
	    x->part->head_count != 1 || is_restated(&x->id)) {
		return false;
	}
	for (const struct transition *row = support_domain.transitions; row->kind != NULL; row++) {
		if (row->from != NULL && is_type(x->part, row->part_type) && is_in(x->part, row->from) &&
		    strcmp(row->kind, x->kind->name) == 0 && x->part->sides[row->side] == x->signer.party) {
			return true;
		}
	}
	return false;
}

/* Adopts what a desk without the role, or one that had not heard, said in vain; and now and then what it need not: a note. */
static void fit_restatement(const struct fold *fold, unsigned party, struct move_draft *move)
{
	const struct move *found = NULL;
	unsigned count = 0;

	for (unsigned i = 0; i < fold->move_count; i++) {
		const struct move *x = fold->moves[i];
		bool adopts =
		    x->kind != NULL && x->kind->opens == OPENS_NOTHING && (x->kind->note ? percent(10) : fits_now(x));
		if (adopts && x->signer.party == party && below(++count) == 0) {
			found = x;
		}
	}
	if (found == NULL) {
		return;
	}
	hint.head = NULL;
	hint.kind = "restated";
	move->kind = domain_kind(&support_domain, bytes_text("support.restated"));
	if (!found->kind->note) {
		move->part = &found->part->id;
		move->answers[move->answer_count++] = found->part->heads[0]->id;
		for (unsigned i = 0; i < found->body.ref_count && found->refs[i] != NULL && i < 4; i++) {
			move->refs[move->ref_count++] = found->refs[i]->id;
		}
	}
	move->refs[move->ref_count++] = adopted = found->id;
	move->key = world.all[party];
	sign(move, fold);
	adopted = (struct id){ { 0 } };
}

static void write_note(const struct fold *fold, unsigned party, struct move_draft *move)
{
	hint.head = NULL;
	hint.kind = ONE_OF("noted", "cancel_wished");
	move->kind = &support_kinds[strcmp(hint.kind, "noted") == 0 ? KIND_NOTED : KIND_CANCEL_WISHED];
	move->part = percent(50) ? &fold->parts[below(fold->part_count)]->id : NULL;
	move->key = world.all[party];
	sign(move, fold);
}

static void see_payables(const struct fold *fold)
{
	for (unsigned i = 0; i < fold->part_count; i++) {
		const struct part *part = fold->parts[i];
		int64_t open;
		if (is_type(part, "claim") && part->head_count == 1 && is_in(part, "payable") &&
		    claim_open(part->heads[0]->after, &open)) {
			payables[payable_count < PAYABLES ? payable_count++ : below(PAYABLES)] =
			    (struct payable){ fold->thread, part->id, part->sides[RECEIVER], open };
		}
	}
}

static void play_well(const struct fold *fold, unsigned party, struct move_draft *move)
{
	const struct part *part = fold->parts[below(fold->part_count)];

	hint.fits = true;
	hint.careless = false;
	if (part->head_count > 1) {
		fit_resolution(fold, part, percent(70) ? party : below(2), move);
	} else if (percent(3)) {
		write_note(fold, party, move);
	} else if (percent(5)) {
		fit_restatement(fold, party, move);
	} else {
		fit_move(fold, party, move);
	}
}

static void play_at_random(struct fold *fold, unsigned party, struct move_draft *move)
{
	const struct part *part = fold->parts[below(fold->part_count)];

	hint.fits = false;
	if (opens_part(fold)) {
		open_part(fold, party, move);
	} else if (part->head_count > 0) {
		move_part(fold, part, party, move);
	}
}

/* ---- a step ------------------------------------------------------------------------------------------------------ */

/* One step of a party, by what its half holds. False: nothing came of it. */
static bool step(unsigned party)
{
	struct err err = { 0 };
	struct fold *fold = NULL;
	unsigned at = below(thread_count ? thread_count : 1);
	unsigned count = world.entry_count;

	hint.party = party;
	hint.careless = percent(30);
	if (thread_count < THREADS_AT_ONCE) {
		open_thread(party);
		return true;
	}
	arena_clear(&looking);
	arena_init(&looking, LIMIT_ARENA_BYTES);
	struct half *half = half_of(party);
	enum status status = fold_thread(&half->store, half->tally, &threads[at].thread, NULL, &looking, &fold, &err);
	if (status != OK || fold->part_count == 0 || threads[at].moves > THREAD_MOVES || threads[at].idle > 15) {
		if (threads[at].idle++ > 15 || threads[at].moves > THREAD_MOVES) { /* nothing more comes of it */
			threads[at] = threads[--thread_count];
		}
		return false;
	}
	struct move_draft move = { .thread = &threads[at].thread };
	const struct order_state *order =
	    is_type(fold->parts[0], "order") && fold->parts[0]->head_count > 0 ? fold->parts[0]->heads[0]->after : NULL;
	const struct terms *terms = order == NULL ? NULL : order->agreed ? order->agreed : order->table;
	hint.service = terms != NULL && terms->line_count > 0 && bytes_is(terms->lines[0].kind, "service");
	see_payables(fold);
	if (percent(72)) {
		play_well(fold, party, &move);
	} else {
		play_at_random(fold, party, &move);
	}
	bool came = world.entry_count > count;
	threads[at].moves += came;
	threads[at].idle = came ? 0 : threads[at].idle + 1;
	return came;
}
#endif
