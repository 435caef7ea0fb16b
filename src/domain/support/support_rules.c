/* The guards in order, and those of orders: S1 to S29 of docs/support-rules.md. Pure: they read the move, the states after the
 * moves that it names, the profile, and what lies in its past. */
#include "base/cbor.h"
#include "base/nato.h"
#include "base/time.h"
#include "domain/support/support_state.h"
#include <string.h>

#define T \
	(KIND_BIT(KIND_REQUESTED) | KIND_BIT(KIND_OFFERED) | KIND_BIT(KIND_ANSWERED) | \
	    KIND_BIT(KIND_OFFER_COUNTERED) | KIND_BIT(KIND_AMENDED) | KIND_BIT(KIND_OFFERED_UNASKED) | \
	    KIND_BIT(KIND_ISSUED_UNORDERED))
#define RULES "support-rules 4.2"

const char *clause(const struct judging *judging, const char *part)
{
	const char *text = arena_printf(judging->fold->arena, "agreement %s, %s", judging->agreement, part);

	return text ? text : part;
}

bool within_limit(const struct judging *judging, struct bytes currency, int64_t minor)
{
	const char *code = arena_text(judging->fold->arena, currency);

	return code != NULL && signer_within_limit(&judging->move->signer, code, minor);
}

/* ---- small things for conditions and messages -------------------------------------------------------------------- */

static const char *quoted(const struct judging *judging, struct bytes text)
{
	const char *copy = arena_text(judging->fold->arena, text);

	return copy ? copy : "?";
}

static const char *printed(const struct judging *judging, struct decimal value)
{
	char text[DECIMAL_TEXT];

	decimal_print(value, text);
	return quoted(judging, bytes_text(text));
}

static bool one_of(struct bytes code, const char *const *codes)
{
	for (; *codes != NULL; codes++) {
		if (bytes_is(code, *codes)) {
			return true;
		}
	}
	return false;
}

static bool fuel_known(struct bytes code)
{
	for (size_t i = 0; i < nato_fuel_count(); i++) {
		if (bytes_is(code, nato_fuel_at(i)->code)) {
			return true;
		}
	}
	return false;
}

/* 9999 or 9999-99-999-9999, ASCII digits. */
static bool stock_number(struct bytes text)
{
	static const char form[] = "9999-99-999-9999";

	if (text.len != 4 && text.len != sizeof form - 1) {
		return false;
	}
	for (size_t i = 0; i < text.len; i++) {
		bool digit = text.data[i] >= '0' && text.data[i] <= '9';
		if (form[i] == '-' ? text.data[i] != '-' : !digit) {
			return false;
		}
	}
	return true;
}

static int64_t deliver_on(const struct terms *terms)
{
	struct bytes item = terms->items[KEY_DELIVER_ON - TERMS_FIRST];
	int64_t day = INT64_MIN; /* an unordered issue has none */

	if (item.len > 0) {
		cbor_int(item, &day);
	}
	return day;
}

static bool offset_fits(struct bytes item)
{
	struct decimal offset;

	return decimal_read(item, &offset) && offset.decimals == 0 && offset.mantissa >= -840 && offset.mantissa <= 840;
}

/* ---- S1 to S6: the request --------------------------------------------------------------------------------------- */

static enum status s1(struct judging *j, struct err *err)
{
	struct bytes other = { 0 };

	record_text(&j->move->body, KEY_SUPPLIER, &other); /* KEY_RECEIVER is the same key */
	unsigned party = fold_party_find(j->fold->tally, other);
	GUARD(party < j->fold->tally->party_count && party != j->move->signer.party, err, "S1", RULES,
	    "%s: %s; must be another party of this tally", j->kind == KIND_REQUESTED ? "supplier" : "receiver",
	    quoted(j, other));
	return OK;
}

static enum status s2(struct judging *j, struct err *err)
{
	int64_t rule_set = 0;

	record_int(&j->move->body, KEY_RULE_SET, &rule_set);
	GUARD(rule_set == 1 && j->profile->whole.len > 0, err, "S2", RULES,
	    "rule_set %lld or profile: not known in this tally; must be rule set 1 and the hash of an agreement of the tally",
	    (long long)rule_set);
	return OK;
}

static enum status s3(struct judging *j, struct err *err)
{
	GUARD(profile_in_force(j->profile, j->day), err, "S3", clause(j, "in_force_on"),
	    "agreement: not in force on the stated date");
	return OK;
}

static enum status s4(struct judging *j, struct err *err)
{
	struct bytes activity = { 0 };

	record_text(&j->move->body, KEY_ACTIVITY, &activity);
	GUARD(profile_lists(j->profile, "activities", activity), err, "S4", clause(j, "activities"),
	    "activity: %s; must be one of the agreement's", quoted(j, activity));
	return OK;
}

static enum status s5(struct judging *j, struct err *err)
{
	int64_t charter = 0;

	record_int(&j->move->body, KEY_CHARTER, &charter);
	GUARD(charter == 1, err, "S5", clause(j, "charter_statement"),
	    "charter: false; the use must be stated to be consistent with the Charter of the United Nations");
	return OK;
}

static enum status s6(struct judging *j, struct err *err)
{
	static const char *const urgencies[] = { "relief", "routine", NULL };
	struct bytes urgency;

	GUARD(!record_text(&j->move->body, KEY_URGENCY, &urgency) || one_of(urgency, urgencies), err, "S6", RULES,
	    "urgency: must be relief or routine");
	return OK;
}

/* ---- S7 to S24: terms -------------------------------------------------------------------------------------------- */

#define EACH_LINE(line) \
	for (const struct terms_line *line = j->terms->lines; line < j->terms->lines + j->terms->line_count; line++)
#define LINE(given) (long long)(given)->line

static enum status s7(struct judging *j, struct err *err)
{
	int64_t before = 0;

	EACH_LINE(line)
	{
		GUARD(line->line > before, err, "S7", RULES,
		    "line %lld: out of order; lines must be numbered upwards from 1, none twice", LINE(line));
		before = line->line;
	}
	return OK;
}

static enum status s8(struct judging *j, struct err *err)
{
	EACH_LINE(line)
	{
		GUARD(!profile_lists(j->profile, "never", line->category), err, "S8", clause(j, "never"),
		    "line %lld: category %s; may never be provided under this agreement", LINE(line),
		    quoted(j, line->category));
	}
	return OK;
}

static enum status s9(struct judging *j, struct err *err)
{
	EACH_LINE(line)
	{
		GUARD(profile_category(j->profile, line->category, j->day), err, "S9", clause(j, "categories"),
		    "line %lld: category %s; must be one of the agreement's on the stated date", LINE(line),
		    quoted(j, line->category));
	}
	return OK;
}

static enum status s10(struct judging *j, struct err *err)
{
	static const char *const kinds[] = { "supply", "service", NULL };

	EACH_LINE(line)
	{
		GUARD(one_of(line->kind, kinds), err, "S10", RULES, "line %lld: kind %s; must be supply or service",
		    LINE(line), quoted(j, line->kind));
	}
	return OK;
}

static enum status s11(struct judging *j, struct err *err)
{
	EACH_LINE(line)
	{
		GUARD(profile_settles(j->profile, line->kind, line->settlement), err, "S11", clause(j, "settlement"),
		    "line %lld: settlement %s; must be a method of the agreement for a %s", LINE(line),
		    quoted(j, line->settlement), quoted(j, line->kind));
	}
	return OK;
}

static enum status s12(struct judging *j, struct err *err)
{
	EACH_LINE(line)
	{
		GUARD(decimal_sign(line->quantity) > 0, err, "S12", RULES, "line %lld: quantity %s; must be above 0",
		    LINE(line), printed(j, line->quantity));
	}
	return OK;
}

static enum status s13(struct judging *j, struct err *err)
{
	EACH_LINE(line)
	{
		GUARD(line->description_en.len > 0 || line->description_ja.len > 0, err, "S13", "order form, box 12",
		    "line %lld: no description; must have one in English or Japanese", LINE(line));
	}
	return OK;
}

static bool priced(const struct terms_line *line)
{
	static const char *const bases[] = { "own_forces", "contract", "list", "agreed", NULL };

	if (line->has_price) {
		return line->price_minor > 0 && !line->has_ceiling && one_of(line->price_basis, bases);
	}
	return line->has_ceiling && line->ceiling_minor > 0 && bytes_is(line->settlement, "cash");
}

/* A price alone: its basis was not chosen. */
static bool unfounded(const struct terms_line *line)
{
	return line->has_price && line->price_minor > 0 && !line->has_ceiling && line->price_basis.len == 0;
}

static enum status s14(struct judging *j, struct err *err)
{
	EACH_LINE(line)
	{
		GUARD(!unfounded(line), err, "S14", RULES,
		    "line %lld: price without its basis; choose one: own_forces, contract, list or agreed", LINE(line));
		GUARD(priced(line), err, "S14", RULES,
		    "line %lld: price; must be above 0 with its basis (own_forces, contract, list, agreed), or, in cash, a ceiling above 0",
		    LINE(line));
	}
	return OK;
}

static enum status s15(struct judging *j, struct err *err)
{
	EACH_LINE(line)
	{
		GUARD(decimal_sign(line->per) > 0, err, "S15", RULES, "line %lld: per %s; must be above 0", LINE(line),
		    printed(j, line->per));
	}
	return OK;
}

static enum status s16(struct judging *j, struct err *err)
{
	EACH_LINE(line)
	{
		GUARD(!bytes_is(line->kind, "service") || line->meter.len > 0, err, "S16", RULES,
		    "line %lld: a service without a meter; say how it is counted", LINE(line));
	}
	return OK;
}

static enum status s17(struct judging *j, struct err *err)
{
	EACH_LINE(line)
	{
		GUARD(profile_currency(j->profile, line->currency), err, "S17", clause(j, "claim_currencies"),
		    "line %lld: currency %s; must be one of the agreement's", LINE(line), quoted(j, line->currency));
	}
	return OK;
}

static enum status s18(struct judging *j, struct err *err)
{
	EACH_LINE(line)
	{
		GUARD(line->nsn.len == 0 || stock_number(line->nsn), err, "S18", "ACodP-1",
		    "line %lld: stock number %s; must be 9999-99-999-9999 or 9999", LINE(line), quoted(j, line->nsn));
		GUARD(line->fuel.len == 0 || fuel_known(line->fuel), err, "S18", "STANAG 1135",
		    "line %lld: fuel %s; must be a NATO code such as F-76", LINE(line), quoted(j, line->fuel));
	}
	return OK;
}

static enum status s19(struct judging *j, struct err *err)
{
	EACH_LINE(line)
	{
		GUARD(!line->has_return_by || line->return_by >= deliver_on(j->terms), err, "S19", RULES,
		    "line %lld: return_by; must not be before the day of delivery", LINE(line));
	}
	return OK;
}

static enum status s20(struct judging *j, struct err *err)
{
	bool third_party = j->terms->items[KEY_THIRD_PARTY - TERMS_FIRST].len > 0;
	bool consent = j->terms->items[KEY_CONSENT - TERMS_FIRST].len > 0;
	bool needed = profile_needs_consent(j->profile);

	GUARD(!third_party || consent || !needed, err, "S20", clause(j, "third_party_transfer"),
	    "third_party: without the supplier's prior consent; state how it was given");
	return OK;
}

static enum status s21(struct judging *j, struct err *err)
{
	struct bytes offset =
	    j->terms ? j->terms->items[KEY_OFFSET - TERMS_FIRST] : body_field(&j->move->body, KEY_ISSUE_OFFSET);

	struct bytes there =
	    j->kind == KIND_ISSUED_UNORDERED ? body_field(&j->move->body, KEY_UNORDERED_OFFSET) : bytes_of(NULL, 0);

	GUARD((offset.len == 0 || offset_fits(offset)) && (there.len == 0 || offset_fits(there)), err, "S21", RULES,
	    "utc_offset_minutes: must be a whole number from -840 to 840");
	return OK;
}

static bool rates_fit(struct bytes array)
{
	struct cbor_item head = cbor_take(&array);
	struct list list = { array, head.count };
	struct list_item item;
	struct bytes from, to;
	struct decimal rate;

	while (list_next(&list, &item)) {
		if (!item_decimal(&item, 2, &rate) || decimal_sign(rate) <= 0 || !item_text(&item, 0, &from) ||
		    !item_text(&item, 1, &to) || bytes_equal(from, to)) {
			return false;
		}
	}
	return true;
}

static enum status s22(struct judging *j, struct err *err)
{
	struct bytes rates = j->terms->items[KEY_RATES - TERMS_FIRST];

	GUARD(rates.len == 0 || rates_fit(rates), err, "S22", RULES,
	    "rates: each must be above 0 and between two currencies");
	return OK;
}

static enum status s23(struct judging *j, struct err *err)
{
	GUARD(!j->terms->has_valid_until || j->terms->valid_until > j->move->body.stated_ms, err, "S23", RULES,
	    "valid_until: must be after the offer's own time");
	return OK;
}

static bool kept(const struct terms_line *before, const struct terms_line *line)
{
	return before == NULL ||
	    (bytes_equal(before->category, line->category) && bytes_equal(before->kind, line->kind) &&
		before->unit == line->unit && bytes_equal(before->currency, line->currency) &&
		bytes_equal(before->settlement, line->settlement));
}

static enum status s24(struct judging *j, struct err *err)
{
	EACH_LINE(line)
	{
		GUARD(kept(terms_line_find(j->order->agreed, line->line), line), err, "S24", RULES,
		    "line %lld: category, kind, unit, currency and settlement stay as agreed; use a new line number",
		    LINE(line));
	}
	return OK;
}

/* ---- S25 to S29 -------------------------------------------------------------------------------------------------- */

static enum status s25(struct judging *j, struct err *err)
{
	struct id terms = { { 0 } };

	record_id(&j->move->body, KEY_TERMS, &terms);
	GUARD(id_equal(&terms, &j->order->table->id), err, "S25", RULES,
	    "terms: not those of the offer that is answered; look at the offer and accept that");
	return OK;
}

static enum status s26(struct judging *j, struct err *err)
{
	const struct terms *table = j->order->table;

	GUARD(!table->has_valid_until || j->move->body.stated_ms <= table->valid_until, err, "S26", RULES,
	    "offer: past its validity; counter it, or ask for a new one");
	return OK;
}

static enum status s27(struct judging *j, struct err *err)
{
	const struct terms *terms = j->terms ? j->terms : j->order->table;
	int64_t total;

	for (unsigned i = 0; i < terms->line_count; i++) {
		struct bytes currency = terms->lines[i].currency;
		GUARD(terms_total(terms, currency, &total) && within_limit(j, currency, total), err, "S27",
		    "grant, limits", "total in %s: above what this desk may sign", quoted(j, currency));
	}
	return OK;
}

static enum status s28(struct judging *j, struct err *err)
{
	struct bytes reason = { 0 };

	record_text(&j->move->body, KEY_REASON, &reason);
	GUARD(profile_reason(j->profile, "decline", reason), err, "S28", clause(j, "reasons"),
	    "reason: %s; must be one of the agreement's: %s", quoted(j, reason),
	    profile_reasons(j->fold->arena, j->profile, "decline"));
	return OK;
}

static bool nothing_issued(struct judging *j)
{
	static const char *const undone[] = { "annulled", "withdrawn", NULL };
	unsigned count;
	const struct past_head *heads = past_heads(j, &count);

	for (unsigned i = 0; i < count; i++) {
		if (heads[i].part->type->letter == 'I' && !one_of(bytes_text(heads[i].head->state->name), undone)) {
			return false;
		}
	}
	return true;
}

static enum status s29(struct judging *j, struct err *err)
{
	GUARD(nothing_issued(j), err, "S29", RULES, "order: something was issued; close it when the issues have ended");
	return OK;
}

#define ONLY(kind) KIND_BIT(KIND_##kind)
#define OPENINGS (ONLY(REQUESTED) | ONLY(OFFERED_UNASKED) | ONLY(ISSUED_UNORDERED))

const struct guard order_guards[] = {
	{ "S1", OPENINGS, s1 },
	{ "S2", OPENINGS | ONLY(NETTING_PROPOSED), s2 },
	{ "S3", T, s3 },
	{ "S4", OPENINGS, s4 },
	{ "S5", ONLY(REQUESTED) | ONLY(RATIFIED), s5 },
	{ "S6", ONLY(REQUESTED), s6 },
	{ "S7", T, s7 },
	{ "S8", T, s8 },
	{ "S9", T, s9 },
	{ "S10", T, s10 },
	{ "S11", T, s11 },
	{ "S12", T, s12 },
	{ "S13", T, s13 },
	{ "S14", T, s14 },
	{ "S15", T, s15 },
	{ "S16", T, s16 },
	{ "S17", T, s17 },
	{ "S18", T, s18 },
	{ "S19", T, s19 },
	{ "S20", T, s20 },
	{ "S21", T | ONLY(ISSUED) | ONLY(TAKEN) | ONLY(TAKEN_ISSUED), s21 },
	{ "S22", T, s22 },
	{ "S23", ONLY(OFFERED) | ONLY(OFFERED_UNASKED) | ONLY(AMENDED), s23 },
	{ "S24", ONLY(AMENDED), s24 },
	{ "S25", ONLY(ACCEPTED), s25 },
	{ "S26", ONLY(ACCEPTED), s26 },
	{ "S27", T | ONLY(ACCEPTED) | ONLY(RATIFIED), s27 },
	{ "S28", ONLY(DECLINED), s28 },
	{ "S29", ONLY(UNFILLED), s29 },
	{ 0 },
};

/* ---- all of them ------------------------------------------------------------------------------------------------- */

static enum status out_of_memory(struct err *err)
{
	return err_set(err, ENVIRONMENT, "thread: out of memory");
}

/* What a move that opens a part stands on. */
static void find_parent(struct judging *j, const struct move *parent)
{
	if (parent->part->type->letter == 'O') {
		j->order = parent->after;
	} else if (parent->part->type->letter == 'I') {
		j->adjusted = parent->after;
		j->order = j->adjusted->order;
	}
}

/* What the move stands on, by the letter of its part; for a move that opens a part: the order that it names first. */
static void find_here(struct judging *j)
{
	const struct move *move = j->move;
	const struct move *head = move->body.answer_count > 0 ? move->answers[0] : NULL;
	const struct move *parent = head == NULL && move->body.ref_count > 0 ? move->refs[0] : NULL;

	if (parent != NULL && parent->part != NULL && parent->after != NULL) {
		find_parent(j, parent);
	}
	if (head == NULL) {
		return;
	}
	switch (move->part->type->letter) {
	case 'O': j->order = head->after; break;
	case 'N': j->netting = head->after; break;
	case 'I':
		j->issue = head->after;
		j->order = j->issue->order;
		break;
	case 'A':
		j->adjustment = head->after;
		j->order = j->adjustment->issue->order;
		break;
	default:
		j->claim = head->after;
		j->order = j->claim->order;
		break;
	}
}

/* The moves of a thread have one profile, nearly always. hash: empty when there is none. */
static struct profile_kept *profile_keep(struct fold *fold, struct bytes hash)
{
	struct profile_kept *kept = fold->thread_state;
	struct id wanted = { { 0 } };

	if (hash.len == ID_BYTES) {
		memcpy(wanted.data, hash.data, ID_BYTES);
	}
	if (kept == NULL || !id_equal(&kept->hash, &wanted)) {
		kept = fold->thread_state = arena_take(fold->arena, sizeof *kept);
		if (kept != NULL) {
			kept->hash = wanted;
			profile_read(&kept->profile, hash.len > 0 ? fold_profile(fold, hash) : hash);
		}
	}
	return kept;
}

static void find_profile(struct judging *j)
{
	struct bytes hash = j->order ? j->order->profile_hash
	    : j->netting             ? j->netting->profile_hash
				     : bytes_of(NULL, 0);
	struct id own;
	struct bytes id;

	if ((KIND_BIT(j->kind) & (OPENINGS | ONLY(NETTING_PROPOSED))) && record_id(&j->move->body, KEY_PROFILE, &own)) {
		hash = arena_copy(j->fold->arena, id_bytes(&own));
	}
	struct profile_kept *kept = profile_keep(j->fold, hash);
	if (kept == NULL) {
		j->out_of_memory = true;
		return;
	}
	j->profile = &kept->profile;
	j->agreement = profile_id(j->profile, &id) ? quoted(j, id) : "?";
}

static enum status run(const struct guard *guards, struct judging *j, struct err *err)
{
	for (const struct guard *guard = guards; guard->rule != NULL; guard++) {
		if (guard->kinds & KIND_BIT(j->kind)) {
			enum status status = guard->judge(j, err);
			if (status != OK || j->out_of_memory) {
				return status != OK ? status : out_of_memory(err);
			}
		}
	}
	return OK;
}

enum status support_check(struct fold *fold, struct move *move, const char **to, struct err *err)
{
	static const struct guard *const lists[] = { order_guards, issue_guards, claim_guards, later_guards,
		adjust_guards, exchange_guards, netting_guards };
	struct judging judging = { .fold = fold,
		.move = move,
		.kind = support_kind_of(move->kind),
		.day = day_of_ms(move->body.stated_ms, 0) };

	find_here(&judging);
	find_profile(&judging);
	if (judging.out_of_memory || !support_read(&judging)) {
		return out_of_memory(err);
	}
	for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
		enum status status = run(lists[i], &judging, err);
		if (status != OK) {
			return status;
		}
	}
	*to = support_apply(&judging, &move->after);
	return *to ? OK : out_of_memory(err);
}
