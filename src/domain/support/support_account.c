/* `support account`: what we owe and are owed, by currency and by item (docs/support-rules.md 6). */
#include "base/time.h"
#include "core/print.h"
#include "domain/support/support_commands.h"
#include "domain/support/support_pages.h"
#include "domain/support/support_state.h"
#include "domain/support/support_statement.h"
#include <string.h>

#define BUCKETS 7
#define CURRENCIES 16

static const char *const bucket_names[BUCKETS] = { "0-30", "31-60", "61-90", "91-180", "181-365", "366-548",
	"over 548" };
static const int64_t bucket_ends[BUCKETS - 1] = { 30, 60, 90, 180, 365, 548 };

/* Sums of one currency in one direction. */
struct direction {
	int64_t claimed, unclaimed, adjusted, netted, not_receipted, ageing[BUCKETS];
};
struct balance {
	char currency[4];
	struct direction to_us, by_us;
};
struct account {
	struct ctx *ctx;
	int64_t end_ms; /* as of: the end of this day, UTC */
	struct balance balances[CURRENCIES];
	unsigned count;
	bool overflow;
	unsigned moved_later; /* parts that moved after the day */
	json_t *in_kind, *unpriced, *rivals;
	struct half_seen seen[LIMIT_PARTIES]; /* up to when each half is known */
};

static struct balance *balance_of(struct account *account, struct bytes currency)
{
	for (unsigned i = 0; i < account->count; i++) {
		if (bytes_is(currency, account->balances[i].currency)) {
			return &account->balances[i];
		}
	}
	if (account->count == CURRENCIES || currency.len != 3) {
		account->overflow = true;
		return &account->balances[0];
	}
	struct balance *balance = &account->balances[account->count++];
	memcpy(balance->currency, currency.data, 3);
	return balance;
}

/* Who receives owes. */
static struct direction *direction_of(struct account *account, struct bytes currency, int64_t receiver)
{
	struct balance *balance = balance_of(account, currency);

	return receiver == (int64_t)account->ctx->own_party ? &balance->by_us : &balance->to_us;
}

static void add(struct account *account, int64_t *sum, int64_t minor)
{
	account->overflow |= !minor_add(*sum, minor, sum);
}

static unsigned bucket_of(const struct account *account, int64_t delivered_ms)
{
	int64_t days = (account->end_ms - delivered_ms) / DAY_MS;
	unsigned bucket = 0;

	while (bucket < BUCKETS - 1 && days > bucket_ends[bucket]) {
		bucket++;
	}
	return bucket;
}

/* ---- what is read ------------------------------------------------------------------------------------------------ */

#define OF_TALLY \
	" JOIN support_order o ON o.thread = p.thread JOIN thread t ON t.row = p.thread WHERE +t.tally = :tally "

static const char claims_sql[] =
    "SELECT o.receiver, p.currency, p.open_minor, p.number, p.since_ms, "
    "(SELECT MIN(i.delivered_ms) FROM support_claim_line l "
    "LEFT JOIN support_adjustment a ON a.thread = l.thread AND a.part = l.issue "
    "JOIN support_issue i ON i.thread = l.thread AND i.part = COALESCE(a.issue, l.issue) "
    "WHERE l.thread = p.thread AND l.part = p.part), p.refund FROM support_claim p" OF_TALLY
    "AND (p.state IS NULL OR p.state NOT IN ('settled', 'withdrawn', 'netted', 'waived')) ORDER BY p.number";

static void read_claim(struct account *account, struct query *row)
{
	if (query_is_null(row, 2)) {
		json_array_append_new(account->rivals, json_bytes(query_text(row, 3)));
		return;
	}
	struct direction *direction = direction_of(account, query_text(row, 1), query_int(row, 0));
	account->moved_later += query_int(row, 4) >= account->end_ms;
	int64_t minor = query_int(row, 6) ? -query_int(row, 2) : query_int(row, 2); /* a refund is owed the other way */
	add(account, &direction->claimed, minor);
	add(account, &direction->ageing[bucket_of(account, query_int(row, 5))], minor);
}

/* What was agreed to be changed, and what was charged too much, while no claim carries it. */
static const char adjusted_sql[] =
    "SELECT o.receiver, p.currency, p.difference_minor, i.delivered_ms, p.state, p.number FROM support_adjustment p "
    "JOIN support_issue i ON i.thread = p.thread AND i.part = p.issue" OF_TALLY
    "AND (p.state IS NULL OR (p.state = 'adjusted' AND p.claim IS NULL)) UNION ALL "
    "SELECT o.receiver, p.currency, -p.overcharge_minor, i.delivered_ms, i.state, i.number FROM support_issue_line p "
    "JOIN support_issue i ON i.thread = p.thread AND i.part = p.part" OF_TALLY "AND p.overcharge_minor > 0 ORDER BY 6";

static void read_adjusted(struct account *account, struct query *row)
{
	if (query_is_null(row, 4)) {
		json_array_append_new(account->rivals, json_bytes(query_text(row, 5)));
		return;
	}
	struct direction *direction = direction_of(account, query_text(row, 1), query_int(row, 0));
	add(account, &direction->adjusted, query_int(row, 2));
	add(account, &direction->ageing[bucket_of(account, query_int(row, 3))], query_int(row, 2));
}

/* Of a netting: what was set off under it, for S less for R, less what R has paid, which it may have before anything is set off. */
static const char nettings_sql[] =
    "SELECT n.debtor, n.creditor, n.currency, n.number, n.since_ms, n.paid_minor, x.owed_by, "
    "CASE WHEN c.part IS NULL THEN 0 ELSE x.value_minor END, "
    "IFNULL((SELECT MIN(i.delivered_ms) FROM support_claim_line l JOIN support_issue i ON i.thread = l.thread AND i.part = l.issue "
    "WHERE l.thread = c.thread AND l.part = c.part), n.since_ms) FROM support_netting n JOIN thread t ON t.row = n.thread "
    "LEFT JOIN support_netting_claim x ON x.thread = n.thread AND x.agreed = 1 "
    "LEFT JOIN support_claim c ON c.part = x.claim AND c.state = 'netted' "
    "AND c.netting IN (SELECT a.entry FROM support_netting_agreed a WHERE a.thread = n.thread) "
    "WHERE +t.tally = :tally AND n.agreed IS NOT NULL ORDER BY n.number, x.item";

struct netted {
	int64_t debtor, creditor, owed, since_ms, delivered_ms;
	struct bytes number, currency;
	bool any;
};

static void close_netting(struct account *account, struct netted *netted)
{
	if (!netted->any || netted->owed == 0) {
		return;
	}
	int64_t owes = netted->owed > 0 ? netted->debtor : netted->creditor;
	int64_t amount = netted->owed > 0 ? netted->owed : -netted->owed;
	struct direction *direction = direction_of(account, netted->currency, owes);
	account->moved_later += netted->since_ms >= account->end_ms;
	add(account, &direction->netted, amount);
	add(account, &direction->ageing[bucket_of(account, netted->delivered_ms)], amount);
}

static void read_netted(struct account *account, struct netted *netted, struct query *row)
{
	struct ctx *ctx = account->ctx;

	if (!netted->any || !bytes_equal(netted->number, query_text(row, 3))) {
		close_netting(account, netted);
		*netted = (struct netted){ .debtor = query_int(row, 0),
			.creditor = query_int(row, 1),
			.owed = -query_int(row, 5),
			.since_ms = query_int(row, 4),
			.delivered_ms = query_int(row, 8),
			.number = arena_copy(ctx->arena, query_text(row, 3)),
			.currency = arena_copy(ctx->arena, query_text(row, 2)),
			.any = true };
	}
	bool for_creditor = query_int(row, 6) == netted->debtor;
	add(account, &netted->owed, for_creditor ? query_int(row, 7) : -query_int(row, 7));
	if (query_int(row, 8) < netted->delivered_ms) {
		netted->delivered_ms = query_int(row, 8);
	}
}

static enum status read_nettings(struct account *account, struct err *err)
{
	struct netted netted = { 0 };
	struct query *rows = NULL;
	enum status status = ctx_query(account->ctx, nettings_sql, &rows, err);

	while (status == OK && query_next(rows)) {
		read_netted(account, &netted, rows);
	}
	query_close(rows);
	close_netting(account, &netted);
	return status;
}

static const char issues_sql[] =
    "SELECT o.receiver, l.currency, l.rest_minor, p.number, p.since_ms, p.delivered_ms, p.state, l.line, l.rest, "
    "l.unit, l.claim, d.description_en, d.description_ja, d.return_by, l.issued, l.accepted, p.heads FROM support_issue p "
    "LEFT JOIN support_issue_line l ON l.thread = p.thread AND l.part = p.part "
    "LEFT JOIN support_line d ON d.thread = l.thread AND d.line = l.line" OF_TALLY
    "AND (p.state IS NULL OR p.state NOT IN ('settled', 'annulled', 'withdrawn', 'joined', 'acknowledged', 'waived')) ORDER BY p.number, "
    "l.line";

static json_t *item_object(struct account *account, struct query *row)
{
	bool by_us = query_int(row, 0) == (int64_t)account->ctx->own_party;
	json_t *item = json_object();

	json_object_set_new(item, "number", json_bytes(query_text(row, 3)));
	json_object_set_new(item, "line", json_column(row, 7));
	json_object_set_new(item, "owed", json_string(by_us ? "by_us" : "to_us"));
	json_object_set_new(item, "state", json_bytes(query_text(row, 6)));
	json_object_set_new(item, "quantity", json_bytes(query_text(row, 8)));
	json_object_set_new(item, "unit", json_bytes(query_text(row, 9)));
	json_object_set_new(item, "value_minor", json_column(row, 2));
	json_object_set_new(item, "currency", json_bytes(query_text(row, 1)));
	json_object_set_new(item, "description_en", json_bytes(query_text(row, 11)));
	json_object_set_new(item, "description_ja", json_bytes(query_text(row, 12)));
	json_object_set_new(item, "delivered_at", json_time_of(query_int(row, 5)));
	json_object_set_new(item, "return_by", query_is_null(row, 13) ? json_null() : json_day_of(query_int(row, 13)));
	return item;
}

static void read_unclaimed(struct account *account, struct query *row)
{
	if (!query_is_null(row, 10) || bytes_is(query_text(row, 8), "0")) {
		return;
	}
	if (query_is_null(row, 2)) {
		json_array_append_new(account->unpriced, item_object(account, row));
		return;
	}
	struct direction *direction = direction_of(account, query_text(row, 1), query_int(row, 0));
	add(account, &direction->unclaimed, query_int(row, 2));
	add(account, &direction->ageing[bucket_of(account, query_int(row, 5))], query_int(row, 2));
}

static void read_issue_line(struct account *account, struct query *row)
{
	struct bytes state = query_text(row, 6);

	if (query_int(row, 16) != 1) {
		json_array_append_new(account->rivals, json_bytes(query_text(row, 3)));
		return;
	}
	account->moved_later += query_int(row, 4) >= account->end_ms;
	if (bytes_is(state, "receipted")) {
		read_unclaimed(account, row);
	} else if (bytes_is(state, "return due") || bytes_is(state, "returning") || bytes_is(state, "exchange due") ||
	    bytes_is(state, "exchanging")) {
		if (!bytes_is(query_text(row, 8), "0")) {
			json_array_append_new(account->in_kind, item_object(account, row));
		}
	} else {
		direction_of(account, query_text(row, 1), query_int(row, 0))->not_receipted++;
	}
}

static enum status read_rows(
    struct account *account, const char *sql, void (*read)(struct account *, struct query *), struct err *err)
{
	struct query *rows = NULL;
	enum status status = ctx_query(account->ctx, sql, &rows, err);

	while (status == OK && query_next(rows)) {
		read(account, rows);
	}
	query_close(rows);
	return status;
}

/* ---- what is printed --------------------------------------------------------------------------------------------- */

static bool owed_fits(const struct direction *direction, int64_t *sum)
{
	return minor_add(direction->claimed, direction->unclaimed, sum) && minor_add(*sum, direction->adjusted, sum) &&
	    minor_add(*sum, direction->netted, sum);
}

static int64_t owed(const struct direction *direction)
{
	int64_t sum = 0;

	(void)owed_fits(direction, &sum); /* looked at once, before anything is printed */
	return sum;
}

static json_t *direction_object(const struct direction *direction)
{
	json_t *object = json_object(), *ageing = json_object();

	json_object_set_new(object, "claimed_minor", json_integer(direction->claimed));
	json_object_set_new(object, "unclaimed_minor", json_integer(direction->unclaimed));
	json_object_set_new(object, "netted_minor", json_integer(direction->netted));
	json_object_set_new(object, "adjusted_minor", json_integer(direction->adjusted));
	json_object_set_new(object, "owed_minor", json_integer(owed(direction)));
	json_object_set_new(object, "lines_not_receipted", json_integer(direction->not_receipted));
	for (unsigned i = 0; i < BUCKETS; i++) {
		json_object_set_new(ageing, bucket_names[i], json_integer(direction->ageing[i]));
	}
	json_object_set_new(object, "ageing_days_minor", ageing);
	return object;
}

static void account_json(struct account *account)
{
	json_t *object = json_object(), *balances = json_array();

	for (unsigned i = 0; i < account->count; i++) {
		json_t *balance = json_object();
		json_object_set_new(balance, "currency", json_string(account->balances[i].currency));
		json_object_set_new(balance, "owed_to_us", direction_object(&account->balances[i].to_us));
		json_object_set_new(balance, "we_owe", direction_object(&account->balances[i].by_us));
		json_array_append_new(balances, balance);
	}
	json_object_set_new(object, "as_of", json_time_of(account->end_ms));
	json_object_set_new(object, "known_until", halves_object(account->ctx, account->seen));
	json_object_set_new(object, "rehearsal", json_boolean(account->ctx->view.rehearsal));
	json_object_set_new(object, "party", json_string(print_party(account->ctx, account->ctx->own_party)));
	json_object_set_new(object, "balances", balances);
	json_object_set(object, "in_kind", account->in_kind);
	json_object_set(object, "price_open", account->unpriced);
	json_object_set(object, "in_dispute_between_rivals", account->rivals);
	json_object_set_new(object, "moved_after_as_of", json_integer(account->moved_later));
	print_json(account->ctx, object);
}

static void balance_rows(struct account *account, struct grid *grid, const struct balance *balance, bool to_us)
{
	struct ctx *ctx = account->ctx;
	const struct direction *direction = to_us ? &balance->to_us : &balance->by_us;
	struct bytes currency = bytes_text(balance->currency);
	const char *cells[GRID_COLUMNS] = { WORD(ctx, to_us ? "owed to us" : "we owe"),
		print_amount(ctx, currency, owed(direction)), print_amount(ctx, currency, direction->claimed),
		print_amount(ctx, currency, direction->unclaimed),
		arena_printf(ctx->arena, "%lld", (long long)direction->not_receipted),
		print_amount(ctx, currency, direction->adjusted), print_amount(ctx, currency, direction->netted) };

	grid_row(grid, cells);
}

static void ageing_rows(struct account *account, struct grid *grid, const struct balance *balance, bool to_us)
{
	struct ctx *ctx = account->ctx;
	const struct direction *direction = to_us ? &balance->to_us : &balance->by_us;
	const char *cells[GRID_COLUMNS] = { WORD(ctx, to_us ? "owed to us" : "we owe") };
	bool any = false;

	for (unsigned i = 0; i < BUCKETS; i++) {
		any |= direction->ageing[i] != 0;
		cells[i + 1] =
		    direction->ageing[i] ? print_amount(ctx, bytes_text(balance->currency), direction->ageing[i]) : "-";
	}
	if (any) {
		grid_row(grid, cells);
	}
}

static bool any_netted(const struct account *account)
{
	bool any = false;

	for (unsigned i = 0; i < account->count; i++) {
		any |= account->balances[i].to_us.netted != 0 || account->balances[i].by_us.netted != 0;
	}
	return any;
}

static bool any_adjusted(const struct account *account)
{
	for (unsigned i = 0; i < account->count; i++) {
		if (account->balances[i].to_us.adjusted != 0 || account->balances[i].by_us.adjusted != 0) {
			return true;
		}
	}
	return false;
}

/* On a page each direction has its bars, drawn to one scale in each currency. */
static void draw_ageing(struct account *account)
{
	struct ctx *ctx = account->ctx;

	print_title(ctx, WORD(ctx, "ageing"));
	HTML(ctx->page, "<div class=\"charts\">");
	for (unsigned i = 0; i < account->count; i++) {
		const struct balance *balance = &account->balances[i];
		struct ageing ageing = {
			.currency = bytes_text(balance->currency), .names = bucket_names, .count = BUCKETS
		};
		ageing.most = ageing_most(balance->to_us.ageing, balance->by_us.ageing, BUCKETS);
		ageing.minor = balance->to_us.ageing;
		ageing.title = "owed to us";
		ageing_draw(ctx->page, &ageing);
		ageing.minor = balance->by_us.ageing;
		ageing.title = "we owe";
		ageing_draw(ctx->page, &ageing);
	}
	HTML(ctx->page, "</div>\n");
}

static void print_balances(struct account *account)
{
	struct ctx *ctx = account->ctx;
	struct grid sums = { .ctx = ctx,
		.columns = any_netted(account) ? 7
		    : any_adjusted(account)    ? 6
					       : 5,
		.column = { { WORD(ctx, "direction"), false, 0 }, { WORD(ctx, "total"), true, 0 },
		    { WORD(ctx, "claimed"), true, 0 }, { WORD(ctx, "receipted, unclaimed"), true, 0 },
		    { WORD(ctx, "not yet receipted"), true, 0 }, { WORD(ctx, "adjusted"), true, 0 },
		    { WORD(ctx, "netted"), true, 0 } } };
	struct grid ageing = { .ctx = ctx, .columns = BUCKETS + 1, .column = { { WORD(ctx, "ageing"), false, 0 } } };

	for (unsigned i = 0; i < BUCKETS; i++) {
		ageing.column[i + 1] = (struct grid_column){ WORD(ctx, bucket_names[i]), true, 0 };
	}
	for (unsigned i = 0; i < account->count; i++) {
		balance_rows(account, &sums, &account->balances[i], true);
		balance_rows(account, &sums, &account->balances[i], false);
		ageing_rows(account, &ageing, &account->balances[i], true);
		ageing_rows(account, &ageing, &account->balances[i], false);
	}
	if (account->count == 0) {
		print_line(ctx, WORD(ctx, "nothing"));
		return;
	}
	grid_print(&sums);
	if (ctx->page != NULL) {
		draw_ageing(account);
		return;
	}
	if (ageing.row_count > 0) {
		print_line(ctx, "");
		grid_print(&ageing);
	}
}

static void print_items(struct account *account, const char *title, json_t *items)
{
	struct ctx *ctx = account->ctx;
	struct grid grid = { .ctx = ctx,
		.columns = 7,
		.numbers = 1,
		.column = { { WORD(ctx, "number"), false, 0 }, { WORD(ctx, "direction"), false, 0 },
		    { WORD(ctx, "state"), false, 0 }, { WORD(ctx, "quantity"), true, 0 },
		    { WORD(ctx, "unit"), false, 0 }, { WORD(ctx, "until"), false, 0 },
		    { WORD(ctx, "item"), false, 50 } } };
	size_t index;
	json_t *item;

	json_array_foreach(items, index, item)
	{
		const char *ja = json_string_value(json_object_get(item, "description_ja"));
		const char *en = json_string_value(json_object_get(item, "description_en"));
		const char *owed = json_string_value(json_object_get(item, "owed")),
			   *by = json_string_value(json_object_get(item, "return_by"));
		const char *cells[GRID_COLUMNS] = { arena_printf(ctx->arena, "%s %lld",
							json_string_value(json_object_get(item, "number")),
							(long long)json_integer_value(json_object_get(item, "line"))),
			WORD(ctx, strcmp(owed, "by_us") == 0 ? "we owe" : "owed to us"),
			WORD(ctx, json_string_value(json_object_get(item, "state"))),
			print_quantity(ctx, bytes_text(json_string_value(json_object_get(item, "quantity")))),
			print_unit(ctx, bytes_text(json_string_value(json_object_get(item, "unit")))), by,
			(ctx->lang == LANG_JA && ja) || !en ? ja : en };
		grid_row(&grid, cells);
	}
	if (grid.row_count > 0) {
		print_title(ctx, WORD(ctx, title));
		grid_print(&grid);
	}
}

static void account_print(struct account *account)
{
	struct ctx *ctx = account->ctx;
	size_t index;
	json_t *number;

	banner_print(ctx);
	print_line(ctx, arena_printf(ctx->arena, "%s %s", WORD(ctx, "as of"), print_time(ctx, account->end_ms)));
	halves_print(ctx, account->seen);
	print_line(ctx, "");
	print_balances(account);
	print_items(account, "in kind", account->in_kind);
	print_items(account, "price open", account->unpriced);
	json_array_foreach(account->rivals, index, number)
	{
		print_line(ctx, arena_printf(ctx->arena, "%s: %s", WORD(ctx, "rivals"), json_string_value(number)));
	}
	if (account->moved_later > 0) {
		print_line(ctx, "");
		print_line(ctx,
		    arena_printf(ctx->arena, "%s: %u",
			WORD(ctx, "lines moved after that day; they are shown as they stand now"),
			account->moved_later));
	}
}

/* An as-of day means its 24:00 UTC. */
static enum status read_end(struct ctx *ctx, const char *as_of, int64_t *end_ms, struct err *err)
{
	int64_t day = day_of_ms(ctx->now_ms, 0);

	if (as_of != NULL && !day_parse(bytes_text(as_of), &day)) {
		return err_set(err, USAGE, "--as-of %s: must be a day such as 2013-11-26", as_of);
	}
	*end_ms = (day + 1) * DAY_MS;
	return OK;
}

enum status account_show(struct ctx *ctx, const char *as_of, struct err *err)
{
	struct account account = {
		.ctx = ctx, .in_kind = json_array(), .unpriced = json_array(), .rivals = json_array()
	};
	enum status status = read_end(ctx, as_of, &account.end_ms, err);

	if (status == OK) {
		status = read_rows(&account, claims_sql, read_claim, err);
	}
	if (status == OK) {
		status = read_rows(&account, issues_sql, read_issue_line, err);
	}
	if (status == OK) {
		status = read_nettings(&account, err);
	}
	if (status == OK) {
		status = read_rows(&account, adjusted_sql, read_adjusted, err);
	}
	for (unsigned i = 0; i < account.count; i++) {
		int64_t sum;
		account.overflow |=
		    !owed_fits(&account.balances[i].to_us, &sum) || !owed_fits(&account.balances[i].by_us, &sum);
	}
	if (status == OK && account.overflow) {
		status = err_set(err, BAD_INPUT,
		    "account: sums beyond what an amount can hold, or more than %d currencies", CURRENCIES);
	}
	if (status == OK) {
		status = halves_seen(ctx, account.end_ms, account.seen, err);
	}
	if (status == OK && ctx->json) {
		account_json(&account);
	} else if (status == OK) {
		account_print(&account);
	}
	json_decref(account.in_kind);
	json_decref(account.unpriced);
	json_decref(account.rivals);
	return status;
}

enum status support_account(struct ctx *ctx, const struct args *args, struct err *err)
{
	return account_show(ctx, args_option(args, "as-of"), err);
}
