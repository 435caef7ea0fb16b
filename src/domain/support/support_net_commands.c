/* `support net` and `support set-off`: a netting from the numbers of claims, and a claim set off under it. */
#include "base/time.h"
#include "core/print.h"
#include "domain/support/support_commands.h"
#include "domain/support/support_net.h"
#include "domain/support/support_state.h"
#include <stdlib.h>
#include <string.h>

/* Claims in a netting that is alive, other than the one that is proposed anew. */
static const char claim_sql[] =
    "SELECT o.id, c.part, CASE c.refund WHEN 0 THEN o.receiver ELSE o.supplier END, CASE c.refund WHEN 0 THEN o.supplier ELSE o.receiver END, "
    "c.currency, c.open_minor, c.state, "
    "(SELECT n.number FROM support_netting_claim x JOIN support_netting n ON n.thread = x.thread WHERE x.claim = c.part AND n.state "
    "IN ('proposed', 'agreed', 'remitted') AND n.number <> :netting ORDER BY n.number LIMIT 1), "
    "(SELECT n.number FROM support_netting_agreed a JOIN support_netting n ON n.thread = a.thread WHERE a.entry = c.netting) "
    "FROM support_claim c JOIN support_order o ON o.thread = c.thread JOIN thread t ON t.row = c.thread "
    "WHERE +t.tally = :tally AND c.number = :number";

/* A claim set off under this same netting stays in its list with what was set off. */
static enum status judge_claim(struct net *net, const char *number, struct query *row, struct err *err)
{
	struct bytes state = query_text(row, 6);
	bool ours = net->number != NULL && bytes_is(state, "netted") && !query_is_null(row, 8) &&
	    bytes_is(query_text(row, 8), net->number);

	if (!ours && !bytes_is(state, "payable")) {
		return err_refuse(err, "", "support-rules 3",
		    "%s: %s; a claim must be approved and unpaid to be set off", number,
		    query_is_null(row, 6) ? WORD(net->ctx, "rivals") : print_text(net->ctx, state));
	}
	if (!query_is_null(row, 7)) {
		return err_refuse(err, "", "support-rules 3", "%s: stands in netting %s", number,
		    print_text(net->ctx, query_text(row, 7)));
	}
	return OK;
}

static enum status take_claim(struct net *net, const char *number, struct query *row, struct err *err)
{
	struct net_claim *claim = &net->claims[net->count];
	int64_t own = (int64_t)net->ctx->own_party, receiver = query_int(row, 2), supplier = query_int(row, 3);
	int64_t other = receiver == own ? supplier : receiver;
	enum status status = judge_claim(net, number, row, err);

	if (status != OK) {
		return status;
	}
	if (receiver != own && supplier != own) {
		return err_refuse(err, "", "support-rules 3", "%s: is not between us and another party", number);
	}
	if (net->partner >= 0 && net->partner != other) {
		return err_refuse(err, "S223", "support-rules 4.2", "%s: is with %s; the claims before it are with %s",
		    number, print_party(net->ctx, other), print_party(net->ctx, net->partner));
	}
	net->partner = other;
	memcpy(claim->thread.data, query_blob(row, 0).data, ID_BYTES);
	memcpy(claim->claim.data, query_blob(row, 1).data, ID_BYTES);
	claim->number = print_text(net->ctx, bytes_text(number));
	claim->owed_by = receiver;
	claim->currency = arena_copy(net->ctx->arena, query_text(row, 4));
	claim->amount = query_int(row, 5);
	net->count++;
	return OK;
}

static enum status read_claim(struct net *net, const char *number, struct err *err)
{
	struct query *row = NULL;
	enum status status = net->count < NET_CLAIMS
	    ? ctx_query(net->ctx, claim_sql, &row, err)
	    : err_set(err, USAGE, "net: at most %d claims at a time", NET_CLAIMS);

	if (status == OK) {
		query_bind_text(row, "number", bytes_text(number));
		query_bind_text(row, "netting", bytes_text(net->number ? net->number : ""));
		status = query_next(row) ? take_claim(net, number, row, err)
					 : err_set(err, NOT_FOUND, "%s: no claim of this number is known here", number);
	}
	query_close(row);
	return status;
}

/* --rate GBP=165 */
static const char *rate_for(const struct net *net, struct bytes currency)
{
	const char *rate;

	for (unsigned i = 0; (rate = args_option_at(net->args, "rate", i)) != NULL; i++) {
		if (strlen(rate) > currency.len && rate[currency.len] == '=' &&
		    bytes_equal(bytes_of(rate, currency.len), currency)) {
			return rate + currency.len + 1;
		}
	}
	return NULL;
}

static enum status value_claim(struct net *net, struct net_claim *claim, struct err *err)
{
	struct bytes currency = bytes_text(net->currency);
	struct decimal rate;

	claim->value = claim->amount;
	if (bytes_equal(claim->currency, currency)) {
		return OK;
	}
	claim->rate = rate_for(net, claim->currency);
	if (claim->rate == NULL) {
		return err_refuse(err, "S226", "support-rules 4.2",
		    "a claim in %.3s without a rate: give --rate %.3s=... (%s for one), --source and --on",
		    (const char *)claim->currency.data, (const char *)claim->currency.data, net->currency);
	}
	if (args_option(net->args, "source") == NULL || args_option(net->args, "on") == NULL) {
		return err_refuse(err, "S226", "support-rules 4.2",
		    "rate %s: needs --source and --on, who published it and for which day", claim->rate);
	}
	if (decimal_parse(bytes_text(claim->rate), &rate, NULL) != OK || decimal_sign(rate) <= 0) {
		return err_set(err, USAGE, "--rate \"%s\": must be a number above 0", claim->rate);
	}
	return convert_minor(claim->currency, currency, rate, claim->amount, &claim->value)
	    ? OK
	    : err_set(err, BAD_INPUT, "rate %s: the value is beyond what an amount can hold", claim->rate);
}

static enum status value_all(struct net *net, struct err *err)
{
	enum status status = OK;

	for (unsigned i = 0; i < net->count && status == OK; i++) {
		struct net_claim *claim = &net->claims[i];
		bool to_us = claim->owed_by != (int64_t)net->ctx->own_party;
		status = value_claim(net, claim, err);
		if (status == OK && !minor_add(net->total, to_us ? claim->value : -claim->value, &net->total)) {
			status = err_set(err, BAD_INPUT, "net: its total is beyond what an amount can hold");
		}
	}
	net->valued = status == OK;
	if (status == OK && net->total < 0) {
		return err_refuse(err, "S228", "support-rules 4.2",
		    "net: we would owe %s; the net creditor proposes, which is %s",
		    print_amount(net->ctx, bytes_text(net->currency), -net->total),
		    print_party(net->ctx, net->partner));
	}
	return status;
}

static int by_claim(const void *a, const void *b)
{
	return id_compare(&((const struct net_claim *)a)->claim, &((const struct net_claim *)b)->claim);
}

static json_t *json_id(const struct id *id)
{
	char hex[2 * ID_BYTES + 1];

	hex_print(id_bytes(id), hex);
	return json_string(hex);
}

static json_t *claim_object(const struct net *net, const struct net_claim *claim)
{
	json_t *object = json_pack("{s:o, s:o, s:s, s:o, s:I, s:I}", "thread", json_id(&claim->thread), "claim",
	    json_id(&claim->claim), "owed_by", print_party(net->ctx, claim->owed_by), "currency",
	    json_bytes(claim->currency), "amount_minor", (json_int_t)claim->amount, "value_minor",
	    (json_int_t)claim->value);

	if (claim->rate != NULL) {
		json_object_set_new(object, "rate", json_string(claim->rate));
		json_object_set_new(object, "source", json_string(args_option(net->args, "source")));
		json_object_set_new(object, "on", json_string(args_option(net->args, "on")));
	}
	return object;
}

json_t *net_fields(struct net *net)
{
	json_t *fields = json_object(), *claims = json_array();

	qsort(net->claims, net->count, sizeof net->claims[0], by_claim);
	for (unsigned i = 0; i < net->count; i++) {
		json_array_append_new(claims, claim_object(net, &net->claims[i]));
	}
	if (net->number == NULL) {
		json_object_set_new(fields, "partner", json_string(print_party(net->ctx, net->partner)));
		json_object_set_new(fields, "currency", json_string(net->currency));
	}
	json_object_set_new(fields, "total_minor", json_integer(net->total));
	if (net->count > 0) {
		json_object_set(fields, "claims", claims);
	}
	json_decref(claims);
	return fields;
}

static const char netting_sql[] =
    "SELECT n.currency, n.debtor, n.agreed FROM support_netting n JOIN thread t ON t.row = n.thread "
    "WHERE +t.tally = :tally AND n.number = :number";

/* The currency of a netting that is proposed anew is its own. */
static enum status find_netting(struct net *net, struct err *err)
{
	struct query *row = NULL;
	enum status status = ctx_query(net->ctx, netting_sql, &row, err);

	if (status == OK) {
		query_bind_text(row, "number", bytes_text(net->number));
		if (query_next(row) && !query_is_null(row, 0)) {
			net->currency = print_text(net->ctx, query_text(row, 0));
			net->partner = query_int(row, 1);
		} else {
			status = err_set(err, NOT_FOUND, "%s: no netting of this number is known here", net->number);
		}
	}
	query_close(row);
	return status;
}

enum status net_read(struct ctx *ctx, const struct args *args, struct net *net, struct err *err)
{
	const char *claim;

	*net = (struct net){ .ctx = ctx, .args = args, .number = args_operand(args, 0), .partner = -1 };
	enum status status = net->number ? find_netting(net, err) : OK;
	for (unsigned i = 0; status == OK && (claim = args_option_at(args, "claim", i)) != NULL; i++) {
		status = read_claim(net, claim, err);
	}
	if (status == OK && net->number == NULL) {
		const char *given = args_option(args, "currency");
		net->currency = given ? given : net->count > 0 ? print_text(ctx, net->claims[0].currency) : "";
		if (net->count == 0) {
			return err_set(
			    err, USAGE, "net: --claim NUMBER is missing: claims of both sides that are payable");
		}
	}
	return status == OK ? value_all(net, err) : status;
}

enum status support_net(struct ctx *ctx, const struct args *args, struct err *err)
{
	struct net net;
	enum status status = net_read(ctx, args, &net, err);

	if (status != OK) {
		return status;
	}
	return settle_submit(ctx, args, net.number ? "support.netting_reproposed" : "support.netting_proposed",
	    net.number, net_fields(&net), NULL, err);
}

/* ---- set off ----------------------------------------------------------------------------------------------------- */

static const char set_off_sql[] =
    "SELECT n.agreed, c.currency, c.open_minor, x.currency, x.amount_minor, n.number FROM support_claim c "
    "JOIN support_netting_claim x ON x.claim = c.part AND x.agreed = 1 "
    "JOIN support_netting n ON n.thread = x.thread AND n.agreed IS NOT NULL "
    "JOIN thread t ON t.row = c.thread WHERE +t.tally = :tally AND c.number = :number ORDER BY n.proposed_ms DESC";

/* What was agreed must be what is open: else the residue is to be signed anew. */
static enum status judge_set_off(
    struct ctx *ctx, const char *number, struct query *row, struct set_off_view *out, struct err *err)
{
	*out = (struct set_off_view){ .netting = print_text(ctx, query_text(row, 5)),
		.currency = arena_copy(ctx->arena, query_text(row, 1)),
		.amount_minor = query_int(row, 2) };
	hex_print(query_blob(row, 0), out->agreed);
	if (!bytes_equal(query_text(row, 1), query_text(row, 3)) || query_int(row, 2) != query_int(row, 4)) {
		return err_refuse(err, "", "support-rules 3",
		    "%s: %s is open, but netting %s says %s; its residue is to be proposed anew", number,
		    print_amount(ctx, query_text(row, 1), query_int(row, 2)), out->netting,
		    print_amount(ctx, query_text(row, 3), query_int(row, 4)));
	}
	return OK;
}

enum status set_off_read(struct ctx *ctx, const char *number, struct set_off_view *out, struct err *err)
{
	struct query *row = NULL;
	enum status status = ctx_query(ctx, set_off_sql, &row, err);

	if (status == OK) {
		query_bind_text(row, "number", bytes_text(number));
		status = query_next(row)
		    ? judge_set_off(ctx, number, row, out, err)
		    : err_set(err, NOT_FOUND,
			  "%s: no claim of this number stands in a netting that both have agreed to", number);
	}
	query_close(row);
	return status;
}

enum status support_set_off(struct ctx *ctx, const struct args *args, struct err *err)
{
	const char *number = args_operand(args, 0);
	struct set_off_view view = { 0 };
	enum status status = set_off_read(ctx, number, &view, err);

	if (status != OK) {
		return status;
	}
	json_t *fields = json_object();
	json_object_set_new(fields, "currency", json_bytes(view.currency));
	json_object_set_new(fields, "amount_minor", json_integer(view.amount_minor));
	return settle_submit(ctx, args, "support.netted", number, fields, view.agreed, err);
}
