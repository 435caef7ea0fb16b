/* Netting on pages: claims of both sides are ticked, what would be signed is previewed, and signed with the passphrase as it was previewed; the
 * other side agrees in the same way; a claim is set off. What has changed since the preview is shown anew, and not signed. */
#include "core/print.h"
#include "domain/support/support.h"
#include "domain/support/support_commands.h"
#include "domain/support/support_net.h"
#include "domain/support/support_pages.h"
#include "domain/support/support_state.h"
#include <stdlib.h>
#include <string.h>

/* A parameter of the preview, or a field of the form that was refused. */
static const char *asked_at(const struct request *request, const char *name, unsigned index)
{
	const char *field = request_field_at(request, name, index);

	return field ? field : request_param_at(request, name, index);
}

static const char *asked(const struct request *request, const char *name)
{
	const char *text = asked_at(request, name, 0);

	return text ? text : "";
}

static const char *number_of(const struct request *request)
{
	const char *rest = request_rest(request);

	return rest[0] ? rest : NULL;
}

static void text_input(struct html *html, const struct request *request, const char *type, const char *name,
    const char *label, const char *hint)
{
	HTML(html, "<label>");
	html_word(html, label);
	HTML(html, " <input");
	HTML_ATTRIBUTE(html, "type", type);
	HTML_ATTRIBUTE(html, "name", name);
	HTML_ATTRIBUTE(html, "value", asked(request, name));
	HTML(html, ">");
	if (hint) {
		HTML(html, "<small>");
		html_text(html, hint);
		HTML(html, "</small>");
	}
	HTML(html, "</label>");
}

/* ---- what may be set off ----------------------------------------------------------------------------------------------- */

static const char payable_sql[] =
    "SELECT c.number, CASE c.refund WHEN 0 THEN o.receiver ELSE o.supplier END, c.currency, c.open_minor, c.state FROM support_claim c "
    "JOIN support_order o ON o.thread = c.thread JOIN thread t ON t.row = c.thread WHERE t.tally = :tally "
    "AND (o.receiver = :own OR o.supplier = :own) AND ((c.state = 'payable' AND NOT EXISTS (SELECT 1 FROM support_netting_claim x "
    "JOIN support_netting n ON n.thread = x.thread WHERE x.claim = c.part AND n.state IN ('proposed', 'agreed', 'remitted') "
    "AND n.number <> :netting)) OR (c.state = 'netted' AND EXISTS (SELECT 1 FROM support_netting_agreed a JOIN support_netting n "
    "ON n.thread = a.thread WHERE a.entry = c.netting AND n.number = :netting))) ORDER BY c.currency, c.number";

static bool is_ticked(const struct request *request, const char *number)
{
	const char *claim;

	for (unsigned i = 0; (claim = asked_at(request, "claim", i)) != NULL; i++) {
		if (strcmp(claim, number) == 0) {
			return true;
		}
	}
	return false;
}

static void payable_row(struct ctx *ctx, const struct request *request, struct html *html, struct query *row)
{
	const char *number = print_text(ctx, query_text(row, 0));
	bool ours = query_int(row, 1) == (int64_t)ctx->own_party;

	HTML(html, "<li><label class=\"choice\"><input type=\"checkbox\" name=\"claim\"");
	HTML_ATTRIBUTE(html, "value", number);
	HTML_ATTRIBUTE(html, "checked", is_ticked(request, number) ? "" : NULL);
	HTML(html, "><span>");
	html_text(html, number);
	HTML(html, " <span class=\"nowrap\">");
	html_text(html, print_amount(ctx, query_text(row, 2), query_int(row, 3)));
	HTML(html, "</span> (");
	html_word(html, ours ? "we owe" : "owed to us");
	HTML(html, ")</span></label></li>\n");
}

/* The currency that the netting is in, and rates for claims in others. */
static void draw_terms(struct ctx *ctx, const struct request *request, struct html *html)
{
	if (number_of(request) == NULL) {
		text_input(html, request, "text", "currency", "currency", "JPY");
	}
	(void)ctx;
	text_input(html, request, "text", "rate", "rate", "GBP=165 USD=100");
	text_input(html, request, "text", "source", "source", NULL);
	text_input(html, request, "date", "on", "rate of", NULL);
}

static enum status draw_payable(struct ctx *ctx, const struct request *request, struct html *html, struct err *err)
{
	struct query *rows = NULL;
	const char *netting = number_of(request);
	bool any = false;
	enum status status = ctx_query(ctx, payable_sql, &rows, err);

	if (status != OK) {
		return status;
	}
	query_bind_int(rows, "own", ctx->own_party);
	query_bind_text(rows, "netting", bytes_text(netting ? netting : ""));
	HTML(html, "<h2>");
	html_word(html, "claims that are approved and not paid");
	HTML(html, "</h2>");
	HTML(html, "<form class=\"net\" method=\"get\"");
	HTML_ATTRIBUTE(html, "action", netting ? html_path(ctx, "/support/net-anew/", netting) : "/support/net");
	HTML(html, "><ul class=\"plain\">");
	while (query_next(rows)) {
		payable_row(ctx, request, html, rows);
		any = true;
	}
	query_close(rows);
	HTML(html, "</ul>");
	if (!any) {
		HTML(html, "<p class=\"none\">");
		html_word(html, "nothing");
		HTML(html, "</p>");
	}
	HTML(html, "<div class=\"filter\">");
	draw_terms(ctx, request, html);
	HTML(html, "<button class=\"quiet\">");
	html_word(html, "preview");
	HTML(html, "</button></div></form>\n");
	return OK;
}

/* ---- the preview ------------------------------------------------------------------------------------------------------- */

static enum status net_args(struct ctx *ctx, const struct request *request, struct args **out, struct err *err)
{
	const struct command *command = command_find(support_domain.commands, "support", "net");
	static const char *const names[] = { "currency", "source", "on", "remarks" };
	struct args *args = arena_take(ctx->arena, sizeof *args);
	const char *text;
	bool fits = args != NULL && args_give_operand(args, number_of(request));

	for (size_t i = 0; fits && i < sizeof names / sizeof *names; i++) {
		fits = args_give(args, command, names[i], asked(request, names[i]));
	}
	for (unsigned i = 0; fits && (text = asked_at(request, "claim", i)) != NULL; i++) {
		fits = args_give(args, command, "claim", text);
	}
	for (text = asked(request, "rate"); fits && text[0]; text += strcspn(text, " "), text += strspn(text, " ")) {
		fits =
		    args_give(args, command, "rate", arena_printf(ctx->arena, "%.*s", (int)strcspn(text, " "), text));
	}
	*out = args;
	return fits ? OK : err_set(err, USAGE, "net: more claims than one netting may hold");
}

/* Of one direction: each claim with its own amount, the rate, and what it counts in the netting's currency. False: the sum overflows. */
static bool draw_direction(struct net *net, bool to_us, int64_t *sum)
{
	struct ctx *ctx = net->ctx;
	struct grid grid = { .ctx = ctx,
		.columns = 4,
		.numbers = 1,
		.column = { { WORD(ctx, "claim"), false, 0 }, { WORD(ctx, "amount"), true, 0 },
		    { WORD(ctx, "rate"), true, 0 }, { WORD(ctx, "counts as"), true, 0 } } };
	struct bytes currency = bytes_text(net->currency);
	bool fits = true;

	*sum = 0;
	for (unsigned i = 0; i < net->count; i++) {
		const struct net_claim *claim = &net->claims[i];
		if ((claim->owed_by != (int64_t)ctx->own_party) != to_us) {
			continue;
		}
		const char *cells[GRID_COLUMNS] = { claim->number, print_amount(ctx, claim->currency, claim->amount),
			claim->rate, print_amount(ctx, currency, claim->value) };
		grid_row(&grid, cells);
		fits = fits && minor_add(*sum, claim->value, sum);
	}
	print_title(ctx, WORD(ctx, to_us ? "owed to us" : "we owe"));
	if (grid.row_count > 0) {
		grid_print(&grid);
	}
	print_line(ctx,
	    arena_printf(ctx->arena, "%s: %s", WORD(ctx, "total"), fits ? print_amount(ctx, currency, *sum) : "?"));
	return fits;
}

static void draw_balance(struct net *net)
{
	struct ctx *ctx = net->ctx;
	bool to_us = net->total >= 0;
	const char *partner = print_party(ctx, net->partner), *own = print_party(ctx, ctx->own_party);

	print_title(ctx, WORD(ctx, "what remains"));
	print_line(ctx,
	    net->total == 0 ? WORD(ctx, "nothing remains to be paid")
			    : arena_printf(ctx->arena, "%s -> %s  %s", to_us ? partner : own, to_us ? own : partner,
				  print_amount(ctx, bytes_text(net->currency), to_us ? net->total : -net->total)));
}

static void draw_signature(struct net *net, const struct request *request, struct html *html, const char *path)
{
	static const char *const names[] = { "currency", "rate", "source", "on" };
	json_t *fields = net_fields(net);
	char *text = json_dumps(fields, JSON_COMPACT | JSON_SORT_KEYS);
	const char *value;

	page_form_open(html, request, path);
	for (unsigned i = 0; (value = asked_at(request, "claim", i)) != NULL; i++) {
		page_hidden(html, "claim", value);
	}
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		page_hidden(html, names[i], asked(request, names[i]));
	}
	page_hidden(html, "previewed", text ? text : "");
	HTML(html, "<label><span class=\"label\">");
	html_word(html, "remarks");
	HTML(html, "</span><input type=\"text\" name=\"remarks\"");
	HTML_ATTRIBUTE(html, "value", asked(request, "remarks"));
	HTML(html, "></label>");
	page_passphrase(html);
	page_form_close(html, "propose this netting");
	free(text);
	json_decref(fields);
}

/* What would be signed; where it may not be, why. */
static enum status draw_preview(struct ctx *ctx, const struct request *request, struct html *html, struct err *err)
{
	struct net *net = arena_take(ctx->arena, sizeof *net);
	struct args *args = NULL;
	struct err refused = { 0 };
	const char *number = number_of(request);
	int64_t sum;

	if (net == NULL) {
		return err_set(err, ENVIRONMENT, "net: out of memory");
	}
	enum status status = net_args(ctx, request, &args, &refused);
	if (status == OK) {
		status = net_read(ctx, args, net, &refused);
	}
	if (!net->valued) {
		page_alert(html, &refused);
		return OK;
	}
	HTML(html, "<section class=\"preview\">");
	ctx->page = html;
	if (draw_direction(net, true, &sum) && draw_direction(net, false, &sum)) {
		draw_balance(net);
	}
	ctx->page = NULL;
	if (status == OK) {
		draw_signature(
		    net, request, html, number ? html_path(ctx, "/support/net-anew/", number) : "/support/net");
	} else {
		page_alert(html, &refused);
	}
	HTML(html, "</section>\n");
	return OK;
}

#define NETTINGS(order) \
	"SELECT n.number, n.state, n.debtor, n.creditor, n.currency, n.total_minor, n.since_ms FROM support_netting n " \
	"JOIN thread t ON t.row = n.thread WHERE t.tally = :tally ORDER BY " order " LIMIT :most OFFSET :skip"
static const struct page_sort sorts[] = {
	{ "since", "since", NETTINGS("n.since_ms DESC, n.number") },
	{ "number", "number", NETTINGS("n.number") },
	{ "state", "state", NETTINGS("n.state, n.since_ms DESC, n.number") },
	{ 0 },
};

static enum status draw_nettings(struct ctx *ctx, const struct request *request, struct html *html, struct err *err)
{
	static const struct listing_column columns[] = { { "number", "number", false }, { "state", "state", false },
		{ "debtor", "debtor", false }, { "creditor", "creditor", false }, { "total", "total", true },
		{ "since", "since", false } };
	struct query *rows = NULL;
	struct listing listing;
	bool data = page_wants_data(request);
	enum status status = ctx_query(ctx, page_sort_of(request, sorts)->sql, &rows, err);

	if (status != OK) {
		return status;
	}
	query_bind_int(rows, "most", data ? INT32_MAX : LISTING_PAGE + 1);
	query_bind_int(rows, "skip", data ? 0 : listing_offset(request));
	listing_open(&listing, ctx, request, html, columns, sizeof columns / sizeof *columns);
	while (query_next(rows)) {
		const char *number = print_text(ctx, query_text(rows, 0));
		const struct listing_cell cells[] = {
			{ number, html_path(ctx, "/thread/", number), false },
			{ query_is_null(rows, 1) ? "rivals" : print_text(ctx, query_text(rows, 1)), NULL, true },
			{ print_party(ctx, query_int(rows, 2)), NULL, false },
			{ print_party(ctx, query_int(rows, 3)), NULL, false },
			{ query_is_null(rows, 5) ? "" : print_amount(ctx, query_text(rows, 4), query_int(rows, 5)),
			    NULL, false },
			{ query_is_null(rows, 6) ? "" : print_time(ctx, query_int(rows, 6)), NULL, false },
		};
		listing_row(&listing, cells);
	}
	query_close(rows);
	listing_close(&listing);
	return OK;
}

enum status show_net(struct ctx *ctx, const struct request *request, struct html *html, struct err *err)
{
	enum status status = OK;

	if (page_wants_data(request)) {
		return draw_nettings(ctx, request, html, err);
	}
	if (number_of(request)) {
		HTML(html, "<p>");
		html_link(html, html_path(ctx, "/thread/", number_of(request)), number_of(request));
		HTML(html, "</p>");
	}
	if (asked_at(request, "claim", 0) != NULL) {
		status = draw_preview(ctx, request, html, err);
	}
	if (status == OK) {
		status = draw_payable(ctx, request, html, err);
	}
	if (status == OK) {
		HTML(html, "<h2>");
		html_word(html, "nettings");
		HTML(html, "</h2>");
		sort_filter(html, request, "/support/net", sorts);
		status = draw_nettings(ctx, request, html, err);
	}
	return status;
}

static enum status as_previewed(json_t *fields, const struct request *request, struct err *err)
{
	const char *previewed = request_field(request, "previewed");
	char *text = json_dumps(fields, JSON_COMPACT | JSON_SORT_KEYS);
	bool same = text && previewed && strcmp(text, previewed) == 0;

	free(text);
	json_decref(fields);
	return same
	    ? OK
	    : err_refuse(err, "", "ours: what was previewed is what is signed",
		  "netting: what it says has changed since it was shown; nothing was signed, and it is shown anew");
}

enum status act_net(struct ctx *ctx, const struct request *request, struct acted *acted, struct err *err)
{
	const struct command *command = command_find(support_domain.commands, "support", "net");
	struct net *net = arena_take(ctx->arena, sizeof *net);
	struct args *args = NULL;
	enum status status = net ? net_args(ctx, request, &args, err) : err_set(err, ENVIRONMENT, "net: out of memory");

	if (status == OK) {
		status = net_read(ctx, args, net, err);
	}
	if (status == OK) {
		status = as_previewed(net_fields(net), request, err);
	}
	return status == OK ? act_command(ctx, command, args, acted, err) : status;
}

/* ---- the other side agrees ----------------------------------------------------------------------------------------------- */

static const char proposed_sql[] =
    "SELECT n.state, n.debtor, n.creditor, n.currency, n.total_minor, x.owed_by, c.number, x.currency, x.amount_minor, x.rate, x.source, "
    "x.value_minor, x.claim, c.open_minor FROM support_netting n JOIN thread t ON t.row = n.thread "
    "LEFT JOIN support_netting_claim x ON x.thread = n.thread AND x.agreed = 0 LEFT JOIN support_claim c ON c.part = x.claim "
    "WHERE t.tally = :tally AND n.number = :number ORDER BY x.owed_by, c.number";
enum {
	P_STATE,
	P_DEBTOR,
	P_CREDITOR,
	P_CURRENCY,
	P_TOTAL,
	P_OWED_BY,
	P_NUMBER,
	P_OWN,
	P_AMOUNT,
	P_RATE,
	P_SOURCE,
	P_VALUE,
	P_CLAIM,
	P_OPEN
};

/* The list on the table, and all of it as one text. */
struct proposal {
	struct grid grid;
	const char *text, *state, *total, *pays;
	bool found;
};

static void proposal_head(struct ctx *ctx, struct proposal *proposal, struct query *row)
{
	proposal->found = true;
	proposal->state = query_is_null(row, P_STATE) ? "rivals" : print_text(ctx, query_text(row, P_STATE));
	proposal->total =
	    query_is_null(row, P_TOTAL) ? "" : print_amount(ctx, query_text(row, P_CURRENCY), query_int(row, P_TOTAL));
	proposal->pays = arena_printf(ctx->arena, "%s -> %s", print_party(ctx, query_int(row, P_DEBTOR)),
	    print_party(ctx, query_int(row, P_CREDITOR)));
	proposal->text = arena_printf(ctx->arena, "%s %s %s", proposal->state, proposal->pays, proposal->total);
}

static const char *text_at(struct ctx *ctx, struct query *row, unsigned column)
{
	return query_is_null(row, column) ? "" : print_text(ctx, query_text(row, column));
}

static void proposal_row(struct ctx *ctx, struct proposal *proposal, struct query *row)
{
	const char *cells[GRID_COLUMNS] = { query_is_null(row, P_NUMBER) ? "?" : text_at(ctx, row, P_NUMBER),
		query_is_null(row, P_OWED_BY) ? "?" : print_party(ctx, query_int(row, P_OWED_BY)),
		print_amount(ctx, query_text(row, P_OWN), query_int(row, P_AMOUNT)), text_at(ctx, row, P_RATE),
		text_at(ctx, row, P_SOURCE), print_amount(ctx, query_text(row, P_CURRENCY), query_int(row, P_VALUE)),
		query_is_null(row, P_OPEN) ? "?" : print_amount(ctx, query_text(row, P_OWN), query_int(row, P_OPEN)) };
	char hex[2 * ID_BYTES + 1];

	hex_print(query_blob(row, P_CLAIM), hex);
	grid_row(&proposal->grid, cells);
	proposal->text = arena_printf(
	    ctx->arena, "%s; %s %s %s %s %s %s", proposal->text, hex, cells[1], cells[2], cells[3], cells[5], cells[6]);
}

static enum status proposal_read(struct ctx *ctx, const char *number, struct proposal *proposal, struct err *err)
{
	struct query *rows = NULL;
	enum status status = ctx_query(ctx, proposed_sql, &rows, err);

	*proposal =
	    (struct proposal){ .grid = { .ctx = ctx,
				   .columns = 7,
				   .numbers = 1,
				   .column = { { WORD(ctx, "claim"), false, 0 }, { WORD(ctx, "debtor"), false, 0 },
				       { WORD(ctx, "amount"), true, 0 }, { WORD(ctx, "rate"), true, 0 },
				       { WORD(ctx, "source"), false, 0 }, { WORD(ctx, "counts as"), true, 0 },
				       { WORD(ctx, "open now"), true, 0 } } } };
	if (status == OK) {
		query_bind_text(rows, "number", bytes_text(number));
	}
	while (status == OK && query_next(rows)) {
		if (!proposal->found) {
			proposal_head(ctx, proposal, rows);
		}
		if (!query_is_null(rows, P_CLAIM)) {
			proposal_row(ctx, proposal, rows);
		}
	}
	query_close(rows);
	return status == OK && !proposal->found
	    ? err_set(err, NOT_FOUND, "%s: no netting of this number is known here", number)
	    : status;
}

enum status show_agree(struct ctx *ctx, const struct request *request, struct html *html, struct err *err)
{
	const char *number = request_rest(request);
	struct proposal proposal;
	enum status status = proposal_read(ctx, number, &proposal, err);

	if (status != OK) {
		return status;
	}
	HTML(html, "<p>");
	html_link(html, html_path(ctx, "/thread/", number), number);
	HTML(html, " ");
	html_state(html, proposal.state);
	HTML(html, "</p>");
	ctx->page = html;
	if (proposal.grid.row_count > 0) {
		grid_print(&proposal.grid);
	}
	print_title(ctx, WORD(ctx, "what remains"));
	print_line(ctx, arena_printf(ctx->arena, "%s  %s", proposal.pays, proposal.total));
	ctx->page = NULL;
	if (strcmp(proposal.state, "proposed") == 0) {
		page_form_open(html, request, html_path(ctx, "/support/agree/", number));
		page_hidden(html, "previewed", proposal.text);
		text_input(html, request, "text", "authority", "authority", NULL);
		text_input(html, request, "text", "remarks", "remarks", NULL);
		page_passphrase(html);
		page_form_close(html, "agree to this netting");
	}
	return OK;
}

static enum status submit_agreement(
    struct ctx *ctx, const struct request *request, const char *number, struct acted *acted, struct err *err)
{
	static const char *const names[] = { "authority", "remarks" };
	json_t *fields = json_object();
	struct submitted made;

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		const char *value = request_field(request, names[i]);
		if (value && value[0]) {
			json_object_set_new(fields, names[i], json_string(value));
		}
	}
	char *text = json_dumps(fields, JSON_COMPACT);
	struct submission submission = { .kind = "support.netting_agreed", .target = number, .fields_json = text };
	enum status status =
	    text ? ctx_submit(ctx, &submission, &made, err) : err_set(err, ENVIRONMENT, "netting: out of memory");
	if (status == OK) {
		acted->number = print_text(ctx, bytes_text(made.number));
		acted->kind = "support.netting_agreed";
	}
	free(text);
	json_decref(fields);
	return status;
}

enum status act_agree(struct ctx *ctx, const struct request *request, struct acted *acted, struct err *err)
{
	const char *number = request_rest(request), *previewed = request_field(request, "previewed");
	struct proposal proposal;
	enum status status = proposal_read(ctx, number, &proposal, err);

	if (status != OK) {
		return status;
	}
	if (previewed == NULL || proposal.text == NULL || strcmp(previewed, proposal.text) != 0) {
		return err_refuse(err, "", "ours: what was previewed is what is signed",
		    "%s: what it says has changed since it was shown; nothing was signed, and it is shown anew",
		    number);
	}
	return submit_agreement(ctx, request, number, acted, err);
}

/* ---- a claim is set off ---------------------------------------------------------------------------------------------------- */

enum status show_set_off(struct ctx *ctx, const struct request *request, struct html *html, struct err *err)
{
	const char *number = request_rest(request);
	struct err refused = { 0 };
	struct set_off_view view;
	enum status status = set_off_read(ctx, number, &view, &refused);

	HTML(html, "<p>");
	html_link(html, html_path(ctx, "/thread/", number), number);
	HTML(html, "</p>");
	if (status != OK) {
		page_alert(html, &refused);
		return OK;
	}
	(void)err;
	HTML(html, "<dl class=\"facts\"><dt>");
	html_word(html, "netting");
	HTML(html, "</dt><dd>");
	html_link(html, html_path(ctx, "/thread/", view.netting), view.netting);
	HTML(html, "</dd><dt>");
	html_word(html, "amount");
	HTML(html, "</dt><dd>");
	html_text(html, print_amount(ctx, view.currency, view.amount_minor));
	HTML(html, "</dd></dl>");
	page_form_open(html, request, html_path(ctx, "/support/set-off/", number));
	page_form_close(html, "set this claim off");
	return OK;
}

enum status act_set_off(struct ctx *ctx, const struct request *request, struct acted *acted, struct err *err)
{
	const struct command *command = command_find(support_domain.commands, "support", "set-off");
	struct args *args = arena_take(ctx->arena, sizeof *args);

	if (args == NULL) {
		return err_set(err, ENVIRONMENT, "net: out of memory");
	}
	args_give_operand(args, request_rest(request));
	return act_command(ctx, command, args, acted, err);
}
