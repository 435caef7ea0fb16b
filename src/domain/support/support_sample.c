/* `support sample`: orders of a fiscal year picked by a seed, for an auditor (docs/audit-rules.md 4). The same seed picks the same
 * orders in every half that holds them. */
#include "base/time.h"
#include "core/print.h"
#include "domain/support/support_commands.h"
#include "domain/support/support_look.h"
#include <stdlib.h>
#include <string.h>

struct pick {
	uint64_t lot;
	struct id id;
	const char *number;
	int64_t stated_ms;
};
struct picks {
	struct pick *items;
	unsigned count, capacity;
};

/* FNV-1a of 64 bits over the seed, then the finish of SplitMix64 over that and the first 8 bytes of the id. */
static uint64_t lot_of(const char *seed, const struct id *id)
{
	uint64_t lot = 14695981039346656037u;

	for (; *seed; seed++) {
		lot = (lot ^ (uint8_t)*seed) * 1099511628211u;
	}
	lot ^= id_prefix(id);
	lot = (lot ^ (lot >> 30)) * 0xbf58476d1ce4e5b9u;
	lot = (lot ^ (lot >> 27)) * 0x94d049bb133111ebu;
	return lot ^ (lot >> 31);
}

static int by_lot(const void *a, const void *b)
{
	const struct pick *one = a, *two = b;

	if (one->lot != two->lot) {
		return one->lot < two->lot ? -1 : 1;
	}
	return id_compare(&one->id, &two->id);
}

static int by_pick_number(const void *a, const void *b)
{
	return strcmp(((const struct pick *)a)->number, ((const struct pick *)b)->number);
}

static bool pick_add(struct ctx *ctx, struct picks *picks, const struct pick *pick)
{
	if (picks->count == picks->capacity) {
		unsigned wider = picks->capacity ? picks->capacity * 2 : 256;
		struct pick *items = arena_take_array(ctx->arena, wider, sizeof *items);
		if (items == NULL) {
			return false;
		}
		if (picks->count > 0) {
			memcpy(items, picks->items, picks->count * sizeof *items);
		}
		picks->items = items;
		picks->capacity = wider;
	}
	picks->items[picks->count++] = *pick;
	return true;
}

static enum status picks_read(
    struct ctx *ctx, const char *seed, int64_t from_ms, int64_t until_ms, struct picks *picks, struct err *err)
{
	struct query *rows = NULL;
	enum status status = ctx_query(ctx,
	    "SELECT e.id, e.body, t.number FROM thread t JOIN entry e ON e.id_prefix = t.id_prefix AND e.id = t.id "
	    "WHERE +t.tally = :tally AND t.domain = 'support' AND e.tally = t.tally AND e.verdict = 0 ORDER BY e.row",
	    &rows, err);

	while (status == OK && query_next(rows)) {
		struct bytes id = query_blob(rows, 0);
		struct body body;
		struct pick pick = { .number = print_text(ctx, query_text(rows, 2)) };
		if (id.len != ID_BYTES || body_read(query_blob(rows, 1), &body) != NULL || body.stated_ms < from_ms ||
		    body.stated_ms >= until_ms) {
			continue;
		}
		memcpy(pick.id.data, id.data, ID_BYTES);
		pick.stated_ms = body.stated_ms;
		pick.lot = lot_of(seed, &pick.id);
		if (!pick_add(ctx, picks, &pick)) {
			status = err_set(err, ENVIRONMENT, "sample: out of memory");
		}
	}
	query_close(rows);
	return status;
}

/* The orders picked; then the file that holds them all: the tally up to the end of the year. */
static void picks_print(struct ctx *ctx, const struct picks *picks, unsigned count, int64_t year_end)
{
	char hex[2 * ID_BYTES + 1];

	for (unsigned i = 0; i < count; i++) {
		const struct pick *pick = &picks->items[i];
		hex_print(id_bytes(&pick->id), hex);
		if (ctx->json) {
			json_t *object = json_object();
			json_object_set_new(object, "number", json_string(pick->number));
			json_object_set_new(object, "thread", json_string(hex));
			json_object_set_new(object, "stated", json_time_of(pick->stated_ms));
			print_json(ctx, object);
		} else {
			buf_printf(ctx->out, "%s  %s  %.12s\n", pick->number, print_time(ctx, pick->stated_ms), hex);
		}
	}
	if (!ctx->json) {
		buf_printf(
		    ctx->out, "%u / %u; warifu export --until %s\n", count, picks->count, print_day(ctx, year_end));
	}
}

static bool number_read(const char *text, long least, long most, long *value)
{
	char *end;

	if (text == NULL || *text == '\0') {
		return false;
	}
	*value = strtol(text, &end, 10);
	return *end == '\0' && *value >= least && *value <= most;
}

enum status support_sample(struct ctx *ctx, const struct args *args, struct err *err)
{
	const char *seed = args_option(args, "seed");
	struct agreement agreement;
	struct picks picks = { 0 };
	struct id none = { { 0 } };
	long year, count;

	if (!number_read(args_option(args, "year"), 1, 9998, &year)) {
		return err_set(err, USAGE, "--year: must be the year in which the fiscal year begins, such as 2013");
	}
	if (!number_read(args_option(args, "count"), 1, 1000000, &count)) {
		return err_set(err, USAGE, "--count: must be a number from 1 to 1000000");
	}
	if (seed == NULL || *seed == '\0') {
		return err_set(err, USAGE, "--seed: missing; any text that both parties wrote down before");
	}
	if (!agreement_read(ctx->arena, &none, ctx_profile(ctx), &agreement)) {
		return err_set(err, ENVIRONMENT, "sample: out of memory");
	}
	int64_t from = fiscal_year_begins((int)year, agreement.fiscal_month, agreement.fiscal_day);
	int64_t until = fiscal_year_begins((int)year + 1, agreement.fiscal_month, agreement.fiscal_day);
	enum status status = picks_read(ctx, seed, from * DAY_MS, until * DAY_MS, &picks, err);
	if (status != OK) {
		return status;
	}
	if (picks.count > 0) {
		qsort(picks.items, picks.count, sizeof *picks.items, by_lot);
	}
	unsigned picked = picks.count < (unsigned long)count ? picks.count : (unsigned)count;
	ASSERT(picked == 0 || picks.items != NULL);
	if (picked > 0) {
		qsort(picks.items, picked, sizeof *picks.items, by_pick_number);
	}
	picks_print(ctx, &picks, picked, until);
	return OK;
}
