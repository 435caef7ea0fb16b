/* Papers of the whole tally: the statement of account and the report of the audit, from what their commands print as JSON. */
#include "base/time.h"
#include "core/print.h"
#include "domain/support/support_commands.h"
#include "domain/support/support_paper.h"
#include <string.h>

static const char *text_in(const json_t *object, const char *name)
{
	return json_string_value(json_object_get(object, name));
}

static void put_same(json_t *to, const char *name, const json_t *from)
{
	json_t *value = json_object_get(from, name);

	json_object_set(to, name, value ? value : json_null());
}

/* Members by name as they stand; names end with NULL. */
static json_t *same_of(const json_t *from, const char *const *names)
{
	json_t *to = json_object();

	for (; *names; names++) {
		put_same(to, *names, from);
	}
	return to;
}

static json_t *amount_of(struct ctx *ctx, const json_t *from)
{
	const json_t *minor = json_object_get(from, "minor");
	const char *currency = text_in(from, "currency");

	return json_is_integer(minor) && currency
	    ? json_string(print_amount(ctx, bytes_text(currency), json_integer_value(minor)))
	    : paper_both(ctx, "price open");
}

/* What both papers begin with: whose it is, as of when, and up to when each half is known. */
static void put_frame(struct ctx *ctx, json_t *facts, const json_t *from, const char *halves)
{
	static const char *const names[] = { "party", "entries", "waiting", "last_entry", "last_acknowledgement",
		NULL };
	const char *as_of = text_in(from, "as_of");
	json_t *known = json_array(), *party;
	size_t index;

	paper_frame(ctx, facts);
	json_object_set_new(facts, "id", json_incref(json_object_get(facts, "tally")));
	json_object_set_new(facts, "holder", paper_party(ctx, print_party(ctx, ctx->own_party)));
	put_same(facts, "as_of", from);
	json_object_set_new(facts, "dated", json_string(as_of ? as_of : ""));
	const char *number = arena_printf(ctx->arena, "%s  %s", print_party(ctx, ctx->own_party), as_of ? as_of : "");
	json_object_set_new(facts, "number", json_string(number ? number : ""));
	json_array_foreach(json_object_get(from, halves), index, party)
	{
		json_array_append_new(known, same_of(party, names));
	}
	json_object_set_new(facts, "halves", known);
}

/* ---- the statement of account ------------------------------------------------------------------------------------------ */

static json_t *balance_facts(struct ctx *ctx, const json_t *balance)
{
	json_t *facts = json_object();
	const char *debtor = text_in(balance, "debtor"), *creditor = text_in(balance, "creditor");

	json_object_set_new(facts, "debtor", paper_party(ctx, debtor ? debtor : "?"));
	json_object_set_new(facts, "creditor", paper_party(ctx, creditor ? creditor : "?"));
	json_object_set_new(facts, "amount", amount_of(ctx, balance));
	return facts;
}

/* The day of delivery by the supplier's clock is in the age; the paper shows the time as stated. */
static json_t *item_facts(struct ctx *ctx, const json_t *item)
{
	static const char *const names[] = { "number", "line", "debtor", "creditor", "office", "delivered_at",
		"claimed_at", "age_days", NULL };
	json_t *facts = same_of(item, names), *description = json_object();
	const char *quantity = text_in(item, "quantity");

	json_object_set(description, "en", json_object_get(item, "description_en"));
	json_object_set(description, "ja", json_object_get(item, "description_ja"));
	json_object_set_new(facts, "description", description);
	json_object_set_new(facts, "state", paper_both(ctx, text_in(item, "state")));
	json_object_set_new(facts, "kind", paper_both(ctx, text_in(item, "kind")));
	json_object_set_new(facts, "age", paper_both(ctx, text_in(item, "age")));
	json_object_set_new(facts, "unit", paper_unit(ctx, text_in(item, "unit")));
	json_object_set_new(facts, "amount", amount_of(ctx, item));
	json_object_set_new(
	    facts, "quantity", quantity ? json_string(print_quantity(ctx, bytes_text(quantity))) : json_null());
	return facts;
}

enum status account_paper(struct ctx *ctx, const struct paper_wish *wish, json_t *facts, struct err *err)
{
	json_t *statement = NULL, *balances = json_array(), *items = json_array(), *one;
	size_t index;
	enum status status = statement_object_of(ctx, wish->as_of, &statement, err);

	if (status == OK) {
		put_frame(ctx, facts, statement, "known_until");
		json_array_foreach(json_object_get(statement, "balances"), index, one)
		{
			json_array_append_new(balances, balance_facts(ctx, one));
		}
		json_array_foreach(json_object_get(statement, "items"), index, one)
		{
			json_array_append_new(items, item_facts(ctx, one));
		}
		put_same(facts, "rivals", statement);
		json_object_set(facts, "balances", balances);
		json_object_set(facts, "items", items);
	}
	json_decref(balances);
	json_decref(items);
	json_decref(statement);
	return status;
}

/* ---- the report of the audit ---------------------------------------------------------------------------------------------- */

static json_t *name_of(const json_t *from)
{
	static const char *const names[] = { "en", "ja", NULL };

	return same_of(from, names);
}

static json_t *rule_facts(const json_t *rule)
{
	static const char *const names[] = { "rule", "count", "source", NULL };
	json_t *facts = same_of(rule, names);

	json_object_set_new(facts, "name", name_of(rule));
	return facts;
}

static json_t *finding_facts(const json_t *finding)
{
	static const char *const names[] = { "rule", "number", "first", "until", NULL };
	json_t *facts = same_of(finding, names), *entries = json_array(), *entry;
	size_t index;

	json_array_foreach(json_object_get(finding, "entries"), index, entry)
	{
		json_array_append_new(entries, json_stringn(json_string_value(entry), 12));
	}
	json_object_set_new(facts, "said", name_of(finding));
	json_object_set_new(facts, "entries", entries);
	return facts;
}

/* A word of the list in both languages, with what it is about behind it. */
static json_t *said_of(struct ctx *ctx, const char *en, const char *about)
{
	json_t *both = paper_both(ctx, en);
	const char *ja = text_in(both, "ja"), *first = arena_printf(ctx->arena, "%s: %s", en, about),
		   *second = arena_printf(ctx->arena, "%s: %s", ja ? ja : "", about);

	json_object_set_new(both, "en", json_string(first ? first : en));
	json_object_set_new(both, "ja", json_string(second ? second : en));
	return both;
}

/* What the audit could not look at. */
static json_t *reservations(struct ctx *ctx, const json_t *audit)
{
	json_t *said = json_array(), *clock;
	json_int_t later = json_integer_value(json_object_get(audit, "threads_with_later_entries"));
	size_t index;

	if (!json_is_true(json_object_get(audit, "notices_at_hand"))) {
		json_array_append_new(
		    said, paper_both(ctx, "no national tally is here: notices of claim are not judged"));
	}
	json_array_foreach(json_object_get(audit, "clocks_not_stated"), index, clock)
	{
		json_array_append_new(
		    said, said_of(ctx, "the agreement states no such clock", json_string_value(clock)));
	}
	if (later > 0) {
		const char *count = arena_printf(ctx->arena, "%lld", (long long)later);
		json_array_append_new(
		    said, said_of(ctx, "threads with entries stated later, left out", count ? count : ""));
	}
	return said;
}

enum status audit_paper(struct ctx *ctx, const struct paper_wish *wish, json_t *facts, struct err *err)
{
	json_t *audit = NULL, *rules = json_array(), *findings = json_array(), *one;
	size_t index;
	enum status status = audit_object_of(ctx, wish->as_of, &audit, err);

	if (status == OK) {
		put_frame(ctx, facts, audit, "parties");
		json_array_foreach(json_object_get(audit, "rules"), index, one)
		{
			json_array_append_new(rules, rule_facts(one));
		}
		json_array_foreach(json_object_get(audit, "findings"), index, one)
		{
			json_array_append_new(findings, finding_facts(one));
		}
		json_object_set(facts, "rules", rules);
		json_object_set(facts, "findings", findings);
		put_same(facts, "entries", audit);
		put_same(facts, "threads", audit);
		json_object_set_new(facts, "reservations", reservations(ctx, audit));
	}
	json_decref(rules);
	json_decref(findings);
	json_decref(audit);
	return status;
}
