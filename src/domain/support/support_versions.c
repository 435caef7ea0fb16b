/* What stands on the page of an order besides its rows: the versions of its terms side by side, and what was paid. Read from the thread,
 * folded. */
#include "base/cbor.h"
#include "base/time.h"
#include "core/html.h"
#include "core/print.h"
#include "domain/support/support.h"
#include "domain/support/support_commands.h"
#include "domain/support/support_look.h"
#include <string.h>

#define VERSIONS 6 /* the newest so many stand side by side */

struct version {
	const struct move *move;
	const struct terms *terms;
	bool agreed;
};
struct comparing {
	struct ctx *ctx;
	struct agreements agreements;
	struct version versions[VERSIONS];
	unsigned count, earlier;
	unsigned differing; /* rows in which two of them differ */
};

static const char *text_or_empty(struct ctx *ctx, struct bytes text)
{
	return text.len > 0 ? print_text(ctx, text) : "";
}

static const char *made_by(struct ctx *ctx, const struct version *version)
{
	const struct kind *kind = version->move->kind;

	return arena_printf(ctx->arena, "%s, %s, %s", ctx->lang == LANG_JA ? kind->ja : kind->en,
	    print_party(ctx, version->move->signer.party), print_time(ctx, version->move->body.stated_ms));
}

/* ---- values of terms -------------------------------------------------------------------------------------------------- */

static const char *rates_text(struct ctx *ctx, struct bytes at)
{
	const char *text = "";

	for (size_t left = cbor_take(&at).count; left > 0; left--) {
		struct bytes rest = cbor_skip(&at);
		struct list_item item = { .count = (unsigned)cbor_take(&rest).count };
		struct bytes from = { 0 }, to = { 0 }, rate = { 0 };
		struct decimal value;
		char digits[DECIMAL_TEXT];

		item.pairs = rest;
		if (item_text(&item, 0, &from) && item_text(&item, 1, &to) && item_decimal(&item, 2, &value)) {
			decimal_print(value, digits);
			rate = bytes_text(digits);
			text = arena_printf(ctx->arena, "%s%s%s 1 = %s %s", text, text[0] ? ", " : "",
			    print_text(ctx, from), print_text(ctx, to), print_quantity(ctx, rate));
		}
	}
	return text;
}

/* One of the terms that concern the whole order, as text; "" when it is not set. */
static const char *whole_text(struct ctx *ctx, const struct terms *terms, unsigned key)
{
	struct bytes item = terms->items[key - TERMS_FIRST], text;
	struct decimal offset;

	if (item.len == 0) {
		return "";
	}
	switch (key) {
	case KEY_RATES: return rates_text(ctx, item);
	case KEY_DELIVER_ON: return print_day(ctx, cbor_take(&item).integer);
	case KEY_OFFSET:
		return decimal_read(item, &offset)
		    ? arena_printf(ctx->arena, "%lld %s", (long long)offset.mantissa, WORD(ctx, "min"))
		    : "";
	default: return cbor_text(item, &text) ? print_text(ctx, text) : "";
	}
}

static const char *quantity_text(struct ctx *ctx, struct decimal quantity, const struct unit *unit)
{
	char digits[DECIMAL_TEXT];

	decimal_print(quantity, digits);
	return print_measure(ctx, bytes_text(digits), bytes_text(unit->code));
}

static const char *price_text(struct ctx *ctx, const struct terms_line *line)
{
	return line->has_price
	    ? arena_printf(ctx->arena, "%s / %s", print_amount(ctx, line->currency, line->price_minor),
		  quantity_text(ctx, line->per, line->unit))
	    : WORD(ctx, "price open");
}

enum line_value { ITEM, QUANTITY, PRICE, CEILING, VALUE, SETTLEMENT, METER, RETURN_BY, LINE_VALUES };
static const char *const line_labels[LINE_VALUES] = { "item", "quantity", "price", "ceiling", "value", "settlement",
	"meter", "return by" };

static const char *line_text(struct ctx *ctx, const struct terms_line *line, enum line_value value)
{
	bool ja = ctx->lang == LANG_JA ? line->description_ja.len > 0 : line->description_en.len == 0;
	int64_t minor;

	switch (value) {
	case ITEM: return text_or_empty(ctx, ja ? line->description_ja : line->description_en);
	case QUANTITY: return quantity_text(ctx, line->quantity, line->unit);
	case PRICE: return price_text(ctx, line);
	case CEILING: return line->has_ceiling ? print_amount(ctx, line->currency, line->ceiling_minor) : "";
	case VALUE: return line->has_price && line_value(line, &minor) ? print_amount(ctx, line->currency, minor) : "";
	case SETTLEMENT: return print_method(ctx, line->settlement);
	case METER: return text_or_empty(ctx, line->meter);
	case RETURN_BY: return line->has_return_by ? print_day(ctx, line->return_by) : "";
	default: return "";
	}
}

/* ---- side by side ------------------------------------------------------------------------------------------------------- */

/* What differs from the version before is said in a word, too: colour alone says nothing. */
static void version_cell(struct comparing *c, unsigned index, const char *text, const char *last)
{
	struct html *html = c->ctx->page;
	bool differs = last != NULL && strcmp(text, last) != 0;

	HTML(html, "<td");
	HTML_ATTRIBUTE(html, "class", differs ? "differs" : last ? "same" : NULL);
	HTML_ATTRIBUTE(html, "data-label", made_by(c->ctx, &c->versions[index]));
	HTML(html, ">");
	html_text(html, text);
	if (differs) {
		HTML(html, " <small>(");
		html_word(html, text[0] == '\0' ? "taken out" : last[0] == '\0' ? "added" : "changed");
		HTML(html, ")</small>");
	}
	HTML(html, "</td>");
}

static void version_row(struct comparing *c, const char *label, const char *const *texts)
{
	struct html *html = c->ctx->page;
	bool any = false, differ = false;

	for (unsigned i = 0; i < c->count; i++) {
		if (texts[i] == NULL || (i > 0 && texts[i - 1] == NULL)) {
			return; /* no version is without a text */
		}
		any |= texts[i][0] != '\0';
		differ |= i > 0 && strcmp(texts[i], texts[i - 1]) != 0;
	}
	if (!any) {
		return;
	}
	c->differing += differ;
	HTML(html, "<tr><th scope=\"row\">");
	html_text(html, label);
	HTML(html, "</th>");
	for (unsigned i = 0; i < c->count; i++) {
		version_cell(c, i, texts[i], i > 0 ? texts[i - 1] : NULL);
	}
	HTML(html, "</tr>\n");
}

static void whole_rows(struct comparing *c)
{
	static const struct {
		unsigned key;
		const char *label;
	} rows[] = { { KEY_PLACE, "place" }, { KEY_DELIVER_ON, "deliver on" }, { KEY_THIRD_PARTY, "third party" },
		{ KEY_CONSENT, "prior consent" }, { KEY_OFFSET, "supplier's UTC offset" },
		{ KEY_RATES, "exchange rates" } };
	const char *texts[VERSIONS] = { NULL };

	for (size_t row = 0; row < sizeof rows / sizeof *rows; row++) {
		for (unsigned i = 0; i < c->count; i++) {
			texts[i] = whole_text(c->ctx, c->versions[i].terms, rows[row].key);
		}
		version_row(c, WORD(c->ctx, rows[row].label), texts);
	}
	for (unsigned i = 0; i < c->count; i++) {
		const struct terms *terms = c->versions[i].terms;
		texts[i] = terms->has_valid_until ? print_time(c->ctx, terms->valid_until) : "";
	}
	version_row(c, WORD(c->ctx, "valid until"), texts);
}

/* The least number of a line above this one, in any version; 0: there is none. */
static int64_t next_line(const struct comparing *c, int64_t above)
{
	int64_t least = 0;

	for (unsigned i = 0; i < c->count; i++) {
		for (unsigned k = 0; k < c->versions[i].terms->line_count; k++) {
			int64_t line = c->versions[i].terms->lines[k].line;
			least = line > above && (least == 0 || line < least) ? line : least;
		}
	}
	return least;
}

static void line_rows(struct comparing *c, int64_t number)
{
	const char *texts[VERSIONS] = { NULL };

	for (enum line_value value = ITEM; value < LINE_VALUES; value++) {
		for (unsigned i = 0; i < c->count; i++) {
			const struct terms_line *line = terms_line_find(c->versions[i].terms, number);
			texts[i] = line ? line_text(c->ctx, line, value) : "";
		}
		version_row(c,
		    arena_printf(c->ctx->arena, "%s %lld: %s", WORD(c->ctx, "line"), (long long)number,
			WORD(c->ctx, line_labels[value])),
		    texts);
	}
}

static void versions_head(struct comparing *c)
{
	struct html *html = c->ctx->page;

	print_title(c->ctx, WORD(c->ctx, "terms, version by version"));
	if (c->earlier > 0) {
		HTML(html, "<p>");
		html_printf(html, "%s: %u", WORD(c->ctx, "earlier versions, not shown here"), c->earlier);
		HTML(html, "</p>");
	}
	HTML(html, "<div class=\"table\"><table class=\"versions\"><thead><tr><th scope=\"col\">");
	html_word(html, "terms");
	HTML(html, "</th>");
	for (unsigned i = 0; i < c->count; i++) {
		HTML(html, "<th scope=\"col\">");
		html_text(html, made_by(c->ctx, &c->versions[i]));
		if (c->versions[i].agreed) {
			HTML(html, " ");
			html_state(html, "agreed");
		}
		HTML(html, "</th>");
	}
	HTML(html, "</tr></thead><tbody>\n");
}

static void add_version(struct comparing *c, const struct version *version)
{
	if (c->count == VERSIONS) {
		memmove(c->versions, c->versions + 1, (VERSIONS - 1) * sizeof *c->versions);
		c->count--;
		c->earlier++;
	}
	c->versions[c->count++] = *version;
}

static void find_versions(struct comparing *c, const struct look_part *order)
{
	const struct terms *agreed = order->order ? order->order->agreed : NULL;

	for (unsigned i = 0; i < order->count; i++) {
		const struct order_state *state = order->line[i]->after;
		if (state && state->table && id_equal(&state->table->id, &order->line[i]->id)) {
			bool binds = agreed && id_equal(&agreed->id, &state->table->id);
			add_version(c, &(struct version){ order->line[i], state->table, binds });
		}
	}
}

static void show_versions(struct comparing *c, const struct look_part *order)
{
	find_versions(c, order);
	if (c->count < 2) {
		return; /* nothing to compare: the lines stand on the page as they are */
	}
	versions_head(c);
	whole_rows(c);
	for (int64_t line = next_line(c, 0); line != 0; line = next_line(c, line)) {
		line_rows(c, line);
	}
	HTML(c->ctx->page, "</tbody></table></div>\n<p>");
	html_word(c->ctx->page,
	    c->differing ? "what differs from the version before is marked" : "all versions are the same");
	HTML(c->ctx->page, "</p>\n");
}

/* ---- payments ------------------------------------------------------------------------------------------------------------ */

struct paid {
	struct bytes currency;
	int64_t minor;
	bool one; /* all confirmed so far is in one currency, and fits */
	unsigned count;
};

/* What came of a remittance: the move behind it in the line. */
static const char *outcome(const struct look_part *claim, unsigned at)
{
	if (at + 1 >= claim->count) {
		return "waits for confirmation";
	}
	return kind_is(claim->line[at + 1], "support.confirmed") ? "confirmed" : "not found";
}

static void payment_row(
    struct ctx *ctx, struct grid *grid, const struct look_part *claim, unsigned at, struct paid *paid)
{
	const struct body *body = &claim->line[at]->body;
	struct bytes currency = { 0 }, reference = { 0 };
	int64_t minor = 0, day = 0;
	const char *came = outcome(claim, at);

	record_text(body, KEY_CURRENCY, &currency);
	record_int(body, KEY_AMOUNT, &minor);
	record_text(body, KEY_REMIT_REFERENCE, &reference);
	record_int(body, KEY_VALUE_ON, &day);
	const char *cells[] = { arena_printf(ctx->arena, "%s", claim->part->number), print_day(ctx, day),
		print_party(ctx, claim->line[at]->signer.party), text_or_empty(ctx, reference), WORD(ctx, came),
		print_amount(ctx, currency, minor) };
	grid_row(grid, cells);
	if (strcmp(came, "confirmed") == 0) {
		paid->one = paid->one && (paid->count == 0 || bytes_equal(paid->currency, currency)) &&
		    minor_add(paid->minor, minor, &paid->minor);
		paid->currency = currency;
		paid->count++;
	}
}

static void show_payments(struct ctx *ctx, const struct look *look)
{
	struct grid grid = { .ctx = ctx,
		.columns = 6,
		.numbers = 1,
		.column = { { WORD(ctx, "claim"), false, 0 }, { WORD(ctx, "value date"), false, 0 },
		    { WORD(ctx, "paid by"), false, 0 }, { WORD(ctx, "reference"), false, 0 },
		    { WORD(ctx, "result"), false, 0 }, { WORD(ctx, "amount"), true, 0 } } };
	struct paid paid = { .one = true };

	for (unsigned i = 0; i < look->part_count; i++) {
		const struct look_part *claim = &look->parts[i];
		for (unsigned at = 0; claim->claim != NULL && at < claim->count; at++) {
			if (kind_is(claim->line[at], "support.remitted")) {
				payment_row(ctx, &grid, claim, at, &paid);
			}
		}
	}
	if (grid.row_count == 0) {
		return;
	}
	if (paid.count > 1 && paid.one) {
		const char *sum[] = { "", "", "", "", WORD(ctx, "sum confirmed"),
			print_amount(ctx, paid.currency, paid.minor) };
		grid_row(&grid, sum);
	}
	print_title(ctx, WORD(ctx, "payments"));
	grid_print(&grid);
}

static enum status show_thread(void *context, struct fold *fold, const struct thread_fact *fact, struct err *err)
{
	struct comparing *c = context;
	struct look look;

	if (!look_at(c->ctx->arena, &c->agreements, fold, fact->number, &look)) {
		return err_set(err, ENVIRONMENT, "order: out of memory");
	}
	if (look.order != NULL) {
		show_versions(c, look.order);
	}
	show_payments(c->ctx, &look);
	return OK;
}

enum status versions_show(struct ctx *ctx, const char *number, struct err *err)
{
	struct comparing comparing = { .ctx = ctx };

	return ctx_fold_one(ctx, number, show_thread, &comparing, err);
}
