/* I33: what one is owed the other must owe. The partner's statement of the same day is read and laid beside ours
 * (docs/audit-rules.md 3). */
#include "domain/support/support_audit.h"
#include "domain/support/support_statement.h"
#include <string.h>

static const char *text_of(const json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));

	return text ? text : "";
}

/* Its figure for a currency and direction; 0 where it has none. */
static int64_t their_minor(const json_t *balances, const char *currency, const char *debtor, const char *creditor)
{
	size_t index;
	json_t *one;

	json_array_foreach(balances, index, one)
	{
		if (strcmp(text_of(one, "currency"), currency) == 0 && strcmp(text_of(one, "debtor"), debtor) == 0 &&
		    strcmp(text_of(one, "creditor"), creditor) == 0) {
			return json_integer_value(json_object_get(one, "minor"));
		}
	}
	return 0;
}

static const struct statement_balance *our_balance(struct audit *audit, const struct statement_of *ours,
    const char *currency, const char *debtor, const char *creditor)
{
	for (unsigned i = 0; i < ours->balance_count; i++) {
		const struct statement_balance *balance = &ours->balances[i];
		if (strcmp(balance->currency, currency) == 0 &&
		    strcmp(print_party(audit->ctx, balance->debtor), debtor) == 0 &&
		    strcmp(print_party(audit->ctx, balance->creditor), creditor) == 0) {
			return balance;
		}
	}
	return NULL;
}

static void find_difference(
    struct audit *audit, const char *currency, const char *debtor, const char *creditor, int64_t ours, int64_t theirs)
{
	static const struct id none;
	struct bytes code = bytes_text(currency);

	audit_find(audit, debtor, audit->day, NO_TIME, &none, 0,
	    "%s owes %s %s by our half and %s by the partner's statement",
	    "%s の %s に対する債務:当方 %s、相手方明細書 %s", debtor, creditor, print_amount(audit->ctx, code, ours),
	    print_amount(audit->ctx, code, theirs));
}

static void compare(struct audit *audit, const struct statement_of *ours, const json_t *theirs)
{
	const json_t *balances = json_object_get(theirs, "balances");
	size_t index;
	json_t *one;

	for (unsigned i = 0; i < ours->balance_count; i++) {
		const struct statement_balance *balance = &ours->balances[i];
		const char *debtor = print_party(audit->ctx, balance->debtor),
			   *creditor = print_party(audit->ctx, balance->creditor);
		int64_t minor = their_minor(balances, balance->currency, debtor, creditor);
		if (minor != balance->minor) {
			find_difference(audit, balance->currency, debtor, creditor, balance->minor, minor);
		}
	}
	json_array_foreach(balances, index, one)
	{
		int64_t minor = json_integer_value(json_object_get(one, "minor"));
		if (minor != 0 &&
		    our_balance(audit, ours, text_of(one, "currency"), text_of(one, "debtor"),
			text_of(one, "creditor")) == NULL) {
			const char *debtor = arena_text(audit->ctx->arena, bytes_text(text_of(one, "debtor"))),
				   *creditor = arena_text(audit->ctx->arena, bytes_text(text_of(one, "creditor")));
			find_difference(
			    audit, text_of(one, "currency"), debtor ? debtor : "", creditor ? creditor : "", 0, minor);
		}
	}
}

void audit_balances(struct audit *audit)
{
	struct statement_of ours = { .ctx = audit->ctx, .day = audit->day, .end_ms = audit->end_ms };
	json_error_t error;
	int64_t day;

	if (audit->statement == NULL) {
		return;
	}
	json_t *theirs = json_load_file(audit->statement, JSON_REJECT_DUPLICATES, &error);
	if (theirs == NULL || !json_is_object(theirs)) {
		audit->status = err_set(audit->err, BAD_INPUT, "--against %s: no JSON object%s%s", audit->statement,
		    theirs ? "" : ": ", theirs ? "" : error.text);
	} else if (!day_parse(bytes_text(text_of(theirs, "as_of")), &day) || day != audit->day) {
		audit->status =
		    err_set(audit->err, BAD_INPUT, "--against %s: is as of \"%.10s\"; give --as-of the same day",
			audit->statement, text_of(theirs, "as_of"));
	} else {
		audit->status = statement_gather(&ours, audit->err);
		if (audit->status == OK) {
			compare(audit, &ours, theirs);
		}
	}
	json_decref(theirs);
}
