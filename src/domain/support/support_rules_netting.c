/* Guards of nettings, and of a claim that is set off: S220 to S232 of docs/support-rules.md. */
#include "domain/support/support_state.h"

#define RULES "support-rules 4.2"
#define EACH_CLAIM(item) for (const struct given_netted *item = j->netted; item < j->netted + j->netted_count; item++)
#define POSITION(item) (unsigned)((item)-j->netted + 1)

static const char *code_text(const struct judging *judging, struct bytes code)
{
	const char *text = arena_text(judging->fold->arena, code);

	return text ? text : "?";
}

static int64_t amount_given(const struct judging *j, uint8_t key)
{
	int64_t minor = 0;

	record_int(&j->move->body, key, &minor);
	return minor;
}

static struct bytes currency_given(const struct judging *j)
{
	struct bytes currency = { 0 };

	record_text(&j->move->body, KEY_CURRENCY, &currency);
	return currency;
}

static struct bytes netting_currency(const struct judging *j)
{
	return j->netting ? j->netting->currency : currency_given(j);
}

/* ---- S220 to S229: what is proposed ------------------------------------------------------------------------------ */

static enum status s220(struct judging *j, struct err *err)
{
	struct bytes partner = { 0 };

	record_text(&j->move->body, KEY_PARTNER, &partner);
	unsigned party = fold_party_find(j->fold->tally, partner);
	GUARD(party < j->fold->tally->party_count && party != j->move->signer.party, err, "S220", RULES,
	    "partner: %s; must be another party of this tally", code_text(j, partner));
	return OK;
}

static enum status s221(struct judging *j, struct err *err)
{
	GUARD(profile_currency(j->profile, currency_given(j)), err, "S221", clause(j, "claim_currencies"),
	    "currency %s: must be one of the agreement's", code_text(j, currency_given(j)));
	return OK;
}

static enum status s222(struct judging *j, struct err *err)
{
	EACH_CLAIM(item)
	{
		GUARD(item == j->netted || id_compare(&item[-1].claim, &item->claim) < 0, err, "S222", RULES,
		    "claim %u: claims must ascend by id, none twice", POSITION(item));
	}
	return OK;
}

static bool owed_by(const struct judging *j, const struct given_netted *item, unsigned side)
{
	return fold_party_find(j->fold->tally, item->owed_by) == j->move->part->sides[side];
}

static enum status s223(struct judging *j, struct err *err)
{
	EACH_CLAIM(item)
	{
		GUARD(owed_by(j, item, RECEIVER) || owed_by(j, item, SUPPLIER), err, "S223", RULES,
		    "claim %u: owed by %s; must be owed by one of the two parties", POSITION(item),
		    code_text(j, item->owed_by));
	}
	return OK;
}

static enum status s224(struct judging *j, struct err *err)
{
	bool theirs = false, ours = false;

	EACH_CLAIM(item)
	{
		theirs |= owed_by(j, item, RECEIVER);
		ours |= owed_by(j, item, SUPPLIER);
	}
	GUARD(theirs && ours, err, "S224", RULES, "claims: all owed one way; there is nothing to set off");
	return OK;
}

static enum status s225(struct judging *j, struct err *err)
{
	EACH_CLAIM(item)
	{
		GUARD(item->amount_minor > 0 && item->value_minor > 0, err, "S225", RULES,
		    "claim %u: amount and value; must be above 0", POSITION(item));
	}
	return OK;
}

static bool rate_fits(const struct given_netted *item, struct bytes currency)
{
	if (bytes_equal(item->currency, currency)) {
		return !item->has_rate && item->source.len == 0 && !item->has_on;
	}
	return item->has_rate && decimal_sign(item->rate) > 0 && item->source.len > 0 && item->has_on;
}

static enum status s226(struct judging *j, struct err *err)
{
	struct bytes currency = netting_currency(j);

	EACH_CLAIM(item)
	{
		GUARD(rate_fits(item, currency), err, "S226", RULES,
		    "claim %u: in %s; a claim in another currency than %s must have a rate above 0, its source and its day, and no other "
		    "may",
		    POSITION(item), code_text(j, item->currency), code_text(j, currency));
	}
	return OK;
}

static bool value_fits(const struct given_netted *item, struct bytes currency)
{
	int64_t value = item->amount_minor;

	return (!item->has_rate || convert_minor(item->currency, currency, item->rate, item->amount_minor, &value)) &&
	    value == item->value_minor;
}

static enum status s227(struct judging *j, struct err *err)
{
	struct bytes currency = netting_currency(j);

	EACH_CLAIM(item)
	{
		GUARD(value_fits(item, currency), err, "S227", RULES,
		    "claim %u: value %lld; must be %lld %s at its rate", POSITION(item), (long long)item->value_minor,
		    (long long)item->amount_minor, code_text(j, item->currency));
	}
	return OK;
}

static enum status s228(struct judging *j, struct err *err)
{
	int64_t owed = 0, owing = 0, total = amount_given(j, KEY_TOTAL);
	bool fits = true;

	EACH_CLAIM(item)
	{
		int64_t *sum = owed_by(j, item, RECEIVER) ? &owed : &owing;
		fits = fits && minor_add(*sum, item->value_minor, sum);
	}
	GUARD(fits && owed - owing == total && total >= 0, err, "S228", RULES,
	    "total %lld: must be what the partner owes, %lld, less what the proposer owes, %lld, and not below 0: the net creditor proposes",
	    (long long)total, (long long)owed, (long long)owing);
	return OK;
}

static enum status s229(struct judging *j, struct err *err)
{
	GUARD(j->netting->paid_minor == 0, err, "S229", RULES,
	    "netting: part of the net was paid; its list stays as agreed");
	return OK;
}

/* ---- S230 to S232: payment --------------------------------------------------------------------------------------- */

static enum status s230(struct judging *j, struct err *err)
{
	int64_t amount = j->kind == KIND_NETTING_AGREED ? j->netting->table.total_minor : amount_given(j, KEY_AMOUNT);

	GUARD(within_limit(j, j->netting->currency, amount), err, "S230", "grant, limits",
	    "amount %lld %s: above what this desk may sign", (long long)amount, code_text(j, j->netting->currency));
	return OK;
}

static enum status s231(struct judging *j, struct err *err)
{
	int64_t amount = amount_given(j, KEY_AMOUNT), open = j->netting->agreed.total_minor - j->netting->paid_minor;

	GUARD(bytes_equal(currency_given(j), j->netting->currency) && amount > 0 && amount <= open, err, "S231", RULES,
	    "amount %lld %s: must be above 0 and not more than is open, %lld %s", (long long)amount,
	    code_text(j, currency_given(j)), (long long)open, code_text(j, j->netting->currency));
	return OK;
}

static enum status s232(struct judging *j, struct err *err)
{
	int64_t amount = amount_given(j, KEY_AMOUNT), open = j->claim->due_minor - j->claim->paid_minor;

	GUARD(bytes_equal(currency_given(j), j->claim->currency) && amount == open, err, "S232", RULES,
	    "amount %lld %s: must be all that is open, %lld %s", (long long)amount, code_text(j, currency_given(j)),
	    (long long)open, code_text(j, j->claim->currency));
	return OK;
}

#define ONLY(kind) KIND_BIT(KIND_##kind)
#define PROPOSED (ONLY(NETTING_PROPOSED) | ONLY(NETTING_REPROPOSED))

const struct guard netting_guards[] = {
	{ "S220", ONLY(NETTING_PROPOSED), s220 },
	{ "S221", ONLY(NETTING_PROPOSED), s221 },
	{ "S222", PROPOSED, s222 },
	{ "S223", PROPOSED, s223 },
	{ "S224", ONLY(NETTING_PROPOSED), s224 },
	{ "S225", PROPOSED, s225 },
	{ "S226", PROPOSED, s226 },
	{ "S227", PROPOSED, s227 },
	{ "S228", PROPOSED, s228 },
	{ "S229", ONLY(NETTING_REPROPOSED), s229 },
	{ "S230", ONLY(NETTING_AGREED) | ONLY(NETTING_REMITTED), s230 },
	{ "S231", ONLY(NETTING_REMITTED), s231 },
	{ "S232", ONLY(NETTED), s232 },
	{ 0 },
};
