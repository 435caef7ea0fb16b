/* The guards in order: N1 to N21 of docs/national-rules.md. Pure: they read the move and the state before it. */
#include "base/cbor.h"
#include "core/guard.h"
#include "domain/national/national_state.h"
#include <string.h>

#define RULES "national-rules 4"

static const void *before_of(const struct judging *judging)
{
	return judging->move->answers[0]->after;
}

static const char *quoted(const struct judging *judging, struct bytes text)
{
	const char *copy = arena_text(judging->fold->arena, text);

	return copy ? copy : "?";
}

static bool is_mention(struct bytes mention)
{
	return mention.len == 0 || mention.len == MENTION_BYTES;
}

/* ---- N1 to N5: what opens ---------------------------------------------------------------------------------------- */

static enum status n1(struct judging *j, struct err *err)
{
	GUARD(j->fold->tally->national, err, "N1", RULES,
	    "tally: a shared one; drafts, notices and hand-overs belong in the party's national tally (--tally)");
	return OK;
}

static enum status n2(struct judging *j, struct err *err)
{
	GUARD(is_mention(move_bytes(j->move, KEY_SHARED)) && is_mention(move_bytes(j->move, KEY_THREAD)) &&
		is_mention(move_bytes(j->move, KEY_PART)),
	    err, "N2", RULES, "shared, thread or part: not 32 bytes; must be the whole id");
	return OK;
}

static enum status n3(struct judging *j, struct err *err)
{
	struct bytes move = move_text(j->move, KEY_MOVE);
	const char *text = quoted(j, move), *point = strchr(text, '.');

	GUARD(point != NULL && point > text && point[1] != '\0' && strncmp(text, "national.", 9) != 0, err, "N3", RULES,
	    "move: %s; must be a kind of a shared tally, such as support.requested", text);
	return OK;
}

static enum status n4(struct judging *j, struct err *err)
{
	bool part = move_bytes(j->move, KEY_PART).len > 0, thread = move_bytes(j->move, KEY_THREAD).len > 0;

	GUARD(thread == (move_text(j->move, KEY_TARGET).len > 0) && (thread || !part), err, "N4", RULES,
	    "target: its number and its thread must be given together, and a part with them");
	return OK;
}

static enum status n5(struct judging *j, struct err *err)
{
	int64_t amount = 0;
	bool has_amount = record_int(&j->move->body, KEY_AMOUNT, &amount);

	GUARD(has_amount == (move_text(j->move, KEY_CURRENCY).len > 0) && amount >= 0, err, "N5", RULES,
	    "amount_minor: must be 0 or more, with its currency, or neither");
	return OK;
}

/* ---- N6 to N12: steps of a draft --------------------------------------------------------------------------------- */

static bool wrote(const struct draft_state *draft, struct bytes officer)
{
	for (unsigned i = 0; i < draft->writer_count; i++) {
		if (bytes_equal(draft->writers[i], officer)) {
			return true;
		}
	}
	return false;
}

static enum status n6(struct judging *j, struct err *err)
{
	GUARD(!wrote(before_of(j), j->move->signer.officer), err, "N6", RULES,
	    "officer %s: wrote the draft; another must check it", quoted(j, j->move->signer.officer));
	return OK;
}

static enum status n7(struct judging *j, struct err *err)
{
	GUARD(!wrote(before_of(j), j->move->signer.officer), err, "N7", RULES,
	    "officer %s: wrote the draft; another must certify the funds", quoted(j, j->move->signer.officer));
	return OK;
}

static enum status n8(struct judging *j, struct err *err)
{
	GUARD(!wrote(before_of(j), j->move->signer.officer), err, "N8", RULES,
	    "officer %s: wrote the draft; another must approve it", quoted(j, j->move->signer.officer));
	return OK;
}

static enum status n9(struct judging *j, struct err *err)
{
	const struct draft_state *draft = before_of(j);

	GUARD(!bytes_equal(draft->certifier, j->move->signer.officer), err, "N9", RULES,
	    "officer %s: certified the funds; another must approve", quoted(j, j->move->signer.officer));
	return OK;
}

static enum status n10(struct judging *j, struct err *err)
{
	const struct draft_state *draft = before_of(j);
	int64_t amount = 0;
	const char *currency = quoted(j, move_text(draft->text, KEY_CURRENCY));

	GUARD(!record_int(&draft->text->body, KEY_AMOUNT, &amount) ||
		signer_within_limit(&j->move->signer, currency, amount),
	    err, "N10", RULES, "amount: %s %lld minor units; is beyond the limit of the approver's grant", currency,
	    (long long)amount);
	return OK;
}

static enum status n11(struct judging *j, struct err *err)
{
	GUARD(is_mention(move_bytes(j->move, ENTERED_SHARED)) && is_mention(move_bytes(j->move, ENTERED_THREAD)) &&
		is_mention(move_bytes(j->move, ENTERED_ENTRY)),
	    err, "N11", RULES, "shared, thread or entry: not 32 bytes; must be the whole id");
	return OK;
}

static enum status n12(struct judging *j, struct err *err)
{
	const struct draft_state *draft = before_of(j);
	struct bytes thread = move_bytes(draft->text, KEY_THREAD);

	GUARD(bytes_equal(move_bytes(draft->text, KEY_SHARED), move_bytes(j->move, ENTERED_SHARED)) &&
		(thread.len == 0 || bytes_equal(thread, move_bytes(j->move, ENTERED_THREAD))),
	    err, "N12", RULES, "entry: is in another tally or thread than the draft is for");
	return OK;
}

/* ---- N13 to N18: notices ----------------------------------------------------------------------------------------- */

static enum status n13(struct judging *j, struct err *err)
{
	GUARD(is_mention(move_bytes(j->move, NOTICE_SHARED)) && is_mention(move_bytes(j->move, NOTICE_THREAD)) &&
		is_mention(move_bytes(j->move, NOTICE_PART)),
	    err, "N13", RULES, "shared, thread or part: not 32 bytes; must be the whole id");
	return OK;
}

static enum status n14(struct judging *j, struct err *err)
{
	const struct notice_state *notice = j->after;

	GUARD(notice->amount_minor > 0, err, "N14", RULES, "amount_minor: must be above 0");
	return OK;
}

static enum status n15(struct judging *j, struct err *err)
{
	const struct notice_state *notice = j->after;

	GUARD(notice->due_on >= notice->delivered_on, err, "N15", RULES, "due_on: lies before the delivery");
	return OK;
}

static enum status n16(struct judging *j, struct err *err)
{
	const struct notice_state *notice = j->after;

	GUARD(notice->amount_minor > notice->paid_minor, err, "N16", RULES,
	    "amount_minor: must be above what was paid in, %lld", (long long)notice->paid_minor);
	return OK;
}

static enum status n17(struct judging *j, struct err *err)
{
	const struct notice_state *before = before_of(j);
	int64_t amount = move_int(j->move, PAID_AMOUNT), left = before->amount_minor - before->paid_minor;

	GUARD(amount > 0 && amount <= left, err, "N17", RULES,
	    "amount_minor: %lld; must be above 0, and not above the %lld that are left", (long long)amount,
	    (long long)left);
	return OK;
}

static enum status n18(struct judging *j, struct err *err)
{
	const struct notice_state *before = before_of(j);

	GUARD(before->paid_minor == 0, err, "N18", RULES, "notice: something was paid in; correct it instead");
	return OK;
}

/* ---- N19 to N21: hand-overs -------------------------------------------------------------------------------------- */

static enum status n19(struct judging *j, struct err *err)
{
	struct bytes to = move_text(j->move, HANDED_TO);

	GUARD(!bytes_equal(to, j->move->signer.officer), err, "N19", RULES,
	    "to: %s; must be another officer than the one who hands over", quoted(j, to));
	return OK;
}

static bool numbered_before(struct judging *j, const struct list *upto, struct bytes number)
{
	struct list items = { 0 };
	struct list_item item;
	struct bytes other = { 0 };

	record_list(&j->move->body, HANDED_ITEMS, &items);
	while (items.left > upto->left + 1 && list_next(&items, &item)) {
		if (item_text(&item, ITEM_NUMBER, &other) && bytes_equal(other, number)) {
			return true;
		}
	}
	return false;
}

static bool item_mention(const struct list_item *item, uint8_t key)
{
	struct bytes field = item_field(item, key);

	return cbor_take(&field).bytes.len == MENTION_BYTES;
}

static enum status n20(struct judging *j, struct err *err)
{
	struct list items = { 0 };
	struct list_item item;
	struct bytes number = { 0 };

	record_list(&j->move->body, HANDED_ITEMS, &items);
	while (list_next(&items, &item)) {
		item_text(&item, ITEM_NUMBER, &number);
		GUARD(item_mention(&item, ITEM_THREAD) && item_mention(&item, ITEM_SHARED) &&
			!numbered_before(j, &items, number),
		    err, "N20", RULES, "item %s: must stand once, with the whole ids of its thread and tally",
		    quoted(j, number));
	}
	return OK;
}

static enum status n21(struct judging *j, struct err *err)
{
	const struct handover_state *before = before_of(j);
	bool takes = j->kind == KIND_TAKEN_OVER;
	struct bytes who = takes ? move_text(before->opener, HANDED_TO) : before->opener->signer.officer;

	GUARD(bytes_equal(who, j->move->signer.officer), err, "N21", RULES, "officer %s: is not %s, who %s",
	    quoted(j, j->move->signer.officer), quoted(j, who), takes ? "is to take over" : "hands over");
	return OK;
}

bool national_offers(const struct fold *fold, const struct part *part, const struct kind *kind,
    const struct signer *signer, int64_t now_ms)
{
	enum national_kind made = national_kind_of(kind);

	(void)fold, (void)now_ms;
	if (part->type->letter != 'H' || part->opener == NULL || signer == NULL) {
		return true;
	}
	return made == KIND_TAKEN_OVER ? bytes_equal(move_text(part->opener, HANDED_TO), signer->officer)
	    : made == KIND_WITHDRAWN   ? bytes_equal(part->opener->signer.officer, signer->officer)
				       : true;
}

/* ---- which guards, in order -------------------------------------------------------------------------------------- */

typedef enum status guard(struct judging *judging, struct err *err);
#define BIT(kind) (1u << (kind))
#define OPENS (BIT(KIND_WRITTEN) | BIT(KIND_SENT) | BIT(KIND_HANDED_OVER))
#define TEXTS (BIT(KIND_WRITTEN) | BIT(KIND_REWRITTEN))
#define FIGURES (BIT(KIND_SENT) | BIT(KIND_CORRECTED))

static const struct {
	unsigned kinds;
	char part; /* letter; 0: any */
	guard *guard;
} guards[] = {
	{ OPENS, 0, n1 },
	{ TEXTS, 0, n2 },
	{ TEXTS, 0, n3 },
	{ TEXTS, 0, n4 },
	{ TEXTS, 0, n5 },
	{ BIT(KIND_CHECKED), 0, n6 },
	{ BIT(KIND_CERTIFIED), 0, n7 },
	{ BIT(KIND_APPROVED), 0, n8 },
	{ BIT(KIND_APPROVED), 0, n9 },
	{ BIT(KIND_APPROVED), 0, n10 },
	{ BIT(KIND_ENTERED), 0, n11 },
	{ BIT(KIND_ENTERED), 0, n12 },
	{ BIT(KIND_SENT), 0, n13 },
	{ FIGURES, 0, n14 },
	{ FIGURES, 0, n15 },
	{ BIT(KIND_CORRECTED), 0, n16 },
	{ BIT(KIND_PAID), 0, n17 },
	{ BIT(KIND_WITHDRAWN), 'N', n18 },
	{ BIT(KIND_HANDED_OVER), 0, n19 },
	{ BIT(KIND_HANDED_OVER), 0, n20 },
	{ BIT(KIND_TAKEN_OVER) | BIT(KIND_WITHDRAWN), 'H', n21 },
};

enum status national_check(struct fold *fold, struct move *move, const char **to, struct err *err)
{
	struct judging judging = { .fold = fold, .move = move, .kind = national_kind_of(move->kind) };
	enum status status = national_apply(&judging, err);

	for (size_t i = 0; i < sizeof guards / sizeof *guards && status == OK; i++) {
		bool applies = (guards[i].kinds & BIT(judging.kind)) != 0 &&
		    (guards[i].part == 0 || guards[i].part == move->part->type->letter);
		if (applies) {
			status = guards[i].guard(&judging, err);
		}
	}
	if (status == OK) {
		move->after = judging.after;
		*to = judging.to;
	}
	return status;
}
