/* Sides, guards S1 to S14 in order, and the state after a move (docs/statement-rules.md 3 to 5). Pure: they read the move, the states after the
 * moves that it names, and what lies in its past. */
#include "base/cbor.h"
#include "domain/statement/statement_state.h"
#include <string.h>

#define RULES "statement-rules 4"

/* A move under judgement. */
struct judging {
	struct fold *fold;
	const struct move *move;
	enum statement_kind kind;
	const void *here;          /* state after the head that the move answers; NULL: it opens a part */
	const struct move *parent; /* refs[0] of a move that opens a part inside a thread */
};

/* ---- sides -------------------------------------------------------------------------------------------------------- */

static void swap_to_first(unsigned sides[SIDES], unsigned party)
{
	if (sides[SECOND] == party) {
		sides[SECOND] = sides[FIRST];
		sides[FIRST] = party;
	}
}

static unsigned named_party(const struct fold *fold, const struct move *move, uint8_t key)
{
	struct bytes code = { 0 };

	return record_text(&move->body, key, &code) ? fold_party_find(fold->tally, code) : fold->tally->party_count;
}

enum status statement_sides(struct fold *fold, struct move *move, unsigned sides[SIDES], struct err *err)
{
	unsigned party;

	(void)err;
	switch (statement_kind_of(move->kind)) {
	case KIND_PLEDGE_ENTERED:
	case KIND_MEETING_CALLED:
	case KIND_CONTEXT_STATED:
		party = named_party(fold, move, KEY_PARTNER);
		sides[FIRST] = move->signer.party;
		sides[SECOND] = party < fold->tally->party_count ? party : move->signer.party;
		break;
	case KIND_VIEW_STATED:
	case KIND_EVIDENCE_LINKED: swap_to_first(sides, move->signer.party); break;
	case KIND_ACTION_SET: swap_to_first(sides, named_party(fold, move, KEY_OWNER)); break;
	default: break; /* inherited */
	}
	return OK;
}

/* ---- guards ------------------------------------------------------------------------------------------------------- */

static const char *quoted(const struct judging *j, struct bytes text)
{
	const char *copy = arena_text(j->fold->arena, text);

	return copy ? copy : "?";
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

static struct both text_of(const struct body *body)
{
	struct both both = { { 0 }, { 0 } };

	record_text(body, KEY_EN, &both.en);
	record_text(body, KEY_JA, &both.ja);
	return both;
}

static enum status s1(const struct judging *j, struct err *err)
{
	struct bytes partner = { 0 };

	record_text(&j->move->body, KEY_PARTNER, &partner);
	unsigned party = fold_party_find(j->fold->tally, partner);
	GUARD(party < j->fold->tally->party_count && party != j->move->signer.party, err, "S1", RULES,
	    "partner: %s; must be another party of this tally", quoted(j, partner));
	return OK;
}

static enum status s2(const struct judging *j, struct err *err)
{
	int64_t rule_set = 0;

	record_int(&j->move->body, KEY_RULE_SET, &rule_set);
	GUARD(rule_set == 1, err, "S2", RULES, "rule_set %lld: not known; must be 1", (long long)rule_set);
	return OK;
}

static enum status s3(const struct judging *j, struct err *err)
{
	struct both text = text_of(&j->move->body);

	GUARD(text.en.len > 0 || text.ja.len > 0, err, "S3", RULES, "text: none; give it in English, Japanese or both");
	return OK;
}

static const char *view_state_name(struct bytes view)
{
	static const char *const names[][2] = { { "not_started", "not started" }, { "under_way", "under way" },
		{ "done", "done" }, { "stopped", "stopped" } };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		if (bytes_is(view, names[i][0])) {
			return names[i][1];
		}
	}
	return NULL;
}

static enum status s4(const struct judging *j, struct err *err)
{
	struct bytes view = { 0 };

	record_text(&j->move->body, KEY_VIEW, &view);
	const char *name = view_state_name(view);
	GUARD(name != NULL, err, "S4", RULES, "view: %s; must be not_started, under_way, done or stopped",
	    quoted(j, view));
	if (j->here != NULL) {
		const struct view_state *before = j->here;
		GUARD(!bytes_equal(before->view, view), err, "S4", RULES, "view: %s already; state another",
		    quoted(j, view));
	}
	return OK;
}

/* A party has one view of a pledge, and changes it. */
static enum status s5(const struct judging *j, struct err *err)
{
	for (unsigned i = 0; i < j->fold->part_count; i++) {
		const struct part *part = j->fold->parts[i];
		bool ours = part->type->letter == 'V' && part->opener != j->move &&
		    part->opener->verdict == VERDICT_VALID && part->opener->signer.party == j->move->signer.party;
		GUARD(!ours || !fold_past_holds(j->fold, j->move, part->opener), err, "S5", RULES,
		    "view: your party has stated one; change it");
	}
	return OK;
}

static bool parent_fits(const struct judging *j)
{
	static const char *const met[] = { "date agreed", "minutes offered", "minutes contested", "minutes agreed",
		NULL };

	if (j->parent == NULL || j->parent->part == NULL || j->parent->state == NULL) {
		return false;
	}
	return j->kind == KIND_ACTION_SET
	    ? j->parent->part->type->letter == 'M' && one_of(bytes_text(j->parent->state->name), met)
	    : j->parent->part->type->letter == 'P';
}

static enum status s6(const struct judging *j, struct err *err)
{
	bool opens = j->kind == KIND_VIEW_STATED || j->kind == KIND_EVIDENCE_LINKED || j->kind == KIND_ACTION_SET;

	GUARD(j->move->body.ref_count == (opens ? 1U : 0U), err, "S6", RULES,
	    opens ? "refs: must be one, the pledge or meeting" : "refs: none belong to this");
	GUARD(!opens || parent_fits(j), err, "S6", RULES,
	    "refs: a view or evidence stands on a pledge, an action on a meeting whose date is agreed");
	return OK;
}

static enum status s7(const struct judging *j, struct err *err)
{
	GUARD(body_field(&j->move->body, KEY_MENTION).len > 0 || j->move->body.attachments.len > 0, err, "S7", RULES,
	    "evidence: names no thread and has no attachment; give one of them");
	return OK;
}

static enum status s8(const struct judging *j, struct err *err)
{
	int64_t rehearsal = 0;
	bool elsewhere = body_field(&j->move->body, KEY_TALLY).len > 0;

	record_int(&j->move->body, KEY_REHEARSAL, &rehearsal);
	GUARD(elsewhere || !j->fold->tally->rehearsal || rehearsal == 1, err, "S8", RULES,
	    "rehearsal: false; this tally is a rehearsal, and so is what it shows");
	return OK;
}

static enum status s9(const struct judging *j, struct err *err)
{
	int64_t starts = 0, ends = 0;
	bool has_start = record_int(&j->move->body, KEY_STARTS_AT, &starts);

	if (record_int(&j->move->body, KEY_ENDS_AT, &ends)) {
		GUARD(has_start && ends > starts, err, "S9", RULES, "ends_at: must be after starts_at");
	}
	return OK;
}

/* Items of a list in ascending order; each has a text in one language. */
static enum status items_fit(const struct judging *j, uint8_t key, uint8_t en, struct err *err)
{
	struct list list;
	struct list_item item;
	struct bytes text;
	int64_t before = 0, number = 0;

	if (!record_list(&j->move->body, key, &list)) {
		return OK;
	}
	while (list_next(&list, &item)) {
		item_int(&item, 0, &number);
		GUARD(number > before, err, "S10", RULES,
		    "item %lld: out of order; number them upwards from 1, none twice", (long long)number);
		GUARD(item_text(&item, en, &text) || item_text(&item, en + 1, &text), err, "S10", RULES,
		    "item %lld: no text; give it in English, Japanese or both", (long long)number);
		before = number;
	}
	return OK;
}

static enum status s10(const struct judging *j, struct err *err)
{
	bool minutes = j->kind == KIND_MEETING_HELD || j->kind == KIND_MINUTES_RESTATED;

	return items_fit(j, minutes ? KEY_OUTCOMES : KEY_AGENDA, minutes ? 2 : 1, err);
}

static enum status s11(const struct judging *j, struct err *err)
{
	const struct meeting_state *meeting = j->here;

	GUARD(meeting->has_start, err, "S11", RULES, "meeting: has no date yet; move it to one first");
	return OK;
}

static bool next_number(struct list *list, int64_t *number)
{
	struct list_item item;

	return list_next(list, &item) && item_int(&item, 0, number);
}

/* The outcomes are those of the agenda, item by item; without an agenda anything may have come of it. */
static enum status s12(const struct judging *j, struct err *err)
{
	const struct meeting_state *meeting = j->here;
	struct bytes agenda = meeting->agenda;
	struct list outcomes, items;
	int64_t outcome = 0, item = 0;

	if (agenda.len == 0 || !record_list(&j->move->body, KEY_OUTCOMES, &outcomes)) {
		return OK;
	}
	struct cbor_item head = cbor_take(&agenda);
	items = (struct list){ agenda, head.count };
	while (next_number(&items, &item)) {
		GUARD(next_number(&outcomes, &outcome) && outcome == item, err, "S12", RULES,
		    "item %lld of the agenda: say what came of it, and of no other", (long long)item);
	}
	GUARD(!next_number(&outcomes, &outcome), err, "S12", RULES, "item %lld: not on the agenda", (long long)outcome);
	return OK;
}

static enum status s13(const struct judging *j, struct err *err)
{
	static const char *const known[] = { "agreed", "noted", "deferred_to", "referred_to", NULL };
	static const char *const sent[] = { "deferred_to", "referred_to", NULL };
	struct list list;
	struct list_item item;
	struct bytes outcome = { 0 }, to;

	if (!record_list(&j->move->body, KEY_OUTCOMES, &list)) {
		return OK;
	}
	while (list_next(&list, &item)) {
		item_text(&item, 1, &outcome);
		GUARD(one_of(outcome, known), err, "S13", RULES,
		    "outcome: %s; must be agreed, noted, deferred_to or referred_to", quoted(j, outcome));
		GUARD(!one_of(outcome, sent) || item_text(&item, 4, &to), err, "S13", RULES,
		    "outcome: %s whom? name the meeting or body in `to`", quoted(j, outcome));
	}
	return OK;
}

static enum status s14(const struct judging *j, struct err *err)
{
	unsigned owner = named_party(j->fold, j->move, KEY_OWNER);
	const unsigned *sides = j->move->part->sides;

	GUARD(owner == sides[FIRST] || owner == sides[SECOND], err, "S14", RULES,
	    "owner: must be one of the two parties of the meeting");
	return OK;
}

#define ONLY(kind) KIND_BIT(KIND_##kind)
#define WORDED \
	(ONLY(PLEDGE_ENTERED) | ONLY(PLEDGE_REWORDED) | ONLY(EVIDENCE_LINKED) | ONLY(MEETING_CALLED) | \
	    ONLY(ACTION_SET) | ONLY(CONTEXT_STATED))
#define OPENINGS (ONLY(PLEDGE_ENTERED) | ONLY(MEETING_CALLED) | ONLY(CONTEXT_STATED))
#define DATED (ONLY(MEETING_CALLED) | ONLY(MEETING_DATE_ASKED) | ONLY(MEETING_MOVED))
#define MINUTES (ONLY(MEETING_HELD) | ONLY(MINUTES_RESTATED))
#define ALL_BUT_KERNELS ((ONLY(NOTED) - 1))

static const struct guard {
	const char *rule;
	uint32_t kinds;
	enum status (*judge)(const struct judging *j, struct err *err);
} guards[] = {
	{ "S1", OPENINGS, s1 },
	{ "S2", OPENINGS, s2 },
	{ "S3", WORDED, s3 },
	{ "S4", ONLY(VIEW_STATED) | ONLY(VIEW_CHANGED), s4 },
	{ "S5", ONLY(VIEW_STATED), s5 },
	{ "S6", ALL_BUT_KERNELS, s6 },
	{ "S7", ONLY(EVIDENCE_LINKED), s7 },
	{ "S8", ONLY(EVIDENCE_LINKED), s8 },
	{ "S9", DATED, s9 },
	{ "S10", DATED | MINUTES, s10 },
	{ "S11", ONLY(MEETING_AGREED), s11 },
	{ "S12", MINUTES, s12 },
	{ "S13", MINUTES, s13 },
	{ "S14", ONLY(ACTION_SET), s14 },
	{ 0 },
};

/* ---- the state after a move ---------------------------------------------------------------------------------------- */

static struct pledge_state pledge_after(const struct judging *j)
{
	const struct body *body = &j->move->body;
	struct pledge_state pledge = { 0 };

	if (j->here != NULL) {
		pledge.no = ((const struct pledge_state *)j->here)->no;
	}
	record_int(body, KEY_NO, &pledge.no);
	pledge.text = text_of(body);
	record_text(body, KEY_CARRIED_OUT_BY, &pledge.carried_out_by);
	pledge.has_made_on = record_int(body, KEY_MADE_ON, &pledge.made_on);
	record_text(body, KEY_MADE_AT, &pledge.made_at);
	record_text(body, KEY_LOCATOR, &pledge.locator);
	pledge.has_sha256 = record_id(body, KEY_SHA256, &pledge.sha256);
	return pledge;
}

static struct view_state view_after(const struct judging *j)
{
	struct view_state view = { .stated_ms = j->move->body.stated_ms };

	record_text(&j->move->body, KEY_VIEW, &view.view);
	view.has_since = record_int(&j->move->body, KEY_SINCE, &view.since);
	return view;
}

static struct evidence_state evidence_after(const struct judging *j)
{
	const struct body *body = &j->move->body;
	struct evidence_state evidence = { .text = text_of(body), .attachments = body->attachments };
	int64_t rehearsal = 0;

	evidence.has_tally = record_id(body, KEY_TALLY, &evidence.tally);
	evidence.has_mention = record_id(body, KEY_MENTION, &evidence.mention);
	record_text(body, KEY_NUMBER, &evidence.number);
	record_int(body, KEY_REHEARSAL, &rehearsal);
	evidence.rehearsal = rehearsal == 1;
	return evidence;
}

static void dated(const struct body *body, struct meeting_state *meeting)
{
	struct bytes agenda = body_field(body, KEY_AGENDA);

	meeting->version++;
	meeting->has_start = record_int(body, KEY_STARTS_AT, &meeting->starts_ms);
	meeting->has_end = record_int(body, KEY_ENDS_AT, &meeting->ends_ms);
	record_text(body, KEY_PLACE, &meeting->place);
	if (agenda.len > 0) {
		meeting->agenda = agenda;
	}
}

static struct meeting_state meeting_after(const struct judging *j)
{
	const struct body *body = &j->move->body;
	struct meeting_state meeting = { 0 };

	if (j->here != NULL) {
		meeting = *(const struct meeting_state *)j->here;
	} else {
		meeting.title = text_of(body);
		record_text(body, KEY_SERIES, &meeting.series);
		record_int(body, KEY_NO, &meeting.no);
	}
	if (KIND_BIT(j->kind) & DATED) {
		dated(body, &meeting);
	} else if (KIND_BIT(j->kind) & MINUTES) {
		meeting.outcomes = body_field(body, KEY_OUTCOMES);
	} else if (j->kind == KIND_MEETING_CANCELLED) {
		meeting.version++;
	}
	return meeting;
}

static struct action_state action_after(const struct judging *j)
{
	struct action_state action = { .text = text_of(&j->move->body) };

	record_text(&j->move->body, KEY_OWNER_POST, &action.owner_post);
	record_int(&j->move->body, KEY_DUE_ON, &action.due_on);
	return action;
}

static struct context_state context_after(const struct judging *j)
{
	struct context_state context = { .text = text_of(&j->move->body) };

	record_text(&j->move->body, KEY_CARRIED_OUT_BY, &context.carried_out_by);
	record_text(&j->move->body, KEY_LOCATOR, &context.locator);
	return context;
}

static void *kept(struct fold *fold, const void *state, size_t size)
{
	void *copy = arena_take(fold->arena, size);

	if (copy != NULL) {
		memcpy(copy, state, size);
	}
	return copy;
}

static void *state_after(const struct judging *j)
{
	union {
		struct pledge_state pledge;
		struct view_state view;
		struct evidence_state evidence;
		struct meeting_state meeting;
		struct action_state action;
		struct context_state context;
	} after;

	switch (j->kind) {
	case KIND_PLEDGE_ENTERED:
	case KIND_PLEDGE_REWORDED:
		after.pledge = pledge_after(j);
		return kept(j->fold, &after.pledge, sizeof after.pledge);
	case KIND_VIEW_STATED:
	case KIND_VIEW_CHANGED: after.view = view_after(j); return kept(j->fold, &after.view, sizeof after.view);
	case KIND_EVIDENCE_LINKED:
		after.evidence = evidence_after(j);
		return kept(j->fold, &after.evidence, sizeof after.evidence);
	case KIND_CONTEXT_STATED:
		after.context = context_after(j);
		return kept(j->fold, &after.context, sizeof after.context);
	case KIND_ACTION_SET: after.action = action_after(j); return kept(j->fold, &after.action, sizeof after.action);
	default: break;
	}
	if (j->move->part->type->letter == 'M') {
		after.meeting = meeting_after(j);
		return kept(j->fold, &after.meeting, sizeof after.meeting);
	}
	return (void *)(uintptr_t)j->here; /* nothing but the state */
}

/* Where the kind alone does not say it, the table's `to` follows from what the move holds. */
static const char *state_name(const struct judging *j)
{
	static const char *const names[] = {
		[KIND_PLEDGE_ENTERED] = "recorded",
		[KIND_PLEDGE_CONFIRMED] = "confirmed",
		[KIND_PLEDGE_CONTESTED] = "contested",
		[KIND_PLEDGE_REWORDED] = "recorded",
		[KIND_EVIDENCE_LINKED] = "linked",
		[KIND_EVIDENCE_WITHDRAWN] = "withdrawn",
		[KIND_MEETING_CALLED] = "called",
		[KIND_MEETING_AGREED] = "date agreed",
		[KIND_MEETING_DATE_ASKED] = "date asked",
		[KIND_MEETING_MOVED] = "called",
		[KIND_MEETING_HELD] = "minutes offered",
		[KIND_MINUTES_AGREED] = "minutes agreed",
		[KIND_MINUTES_CONTESTED] = "minutes contested",
		[KIND_MINUTES_RESTATED] = "minutes offered",
		[KIND_MEETING_CANCELLED] = "cancelled",
		[KIND_ACTION_SET] = "to do",
		[KIND_ACTION_DONE] = "reported done",
		[KIND_ACTION_REOPENED] = "to do",
		[KIND_ACTION_DROPPED] = "reported dropped",
		[KIND_CONTEXT_STATED] = "recorded",
		[KIND_CONTEXT_WITHDRAWN] = "withdrawn",
	};
	struct bytes view = { 0 };

	if (j->kind == KIND_VIEW_STATED || j->kind == KIND_VIEW_CHANGED) {
		record_text(&j->move->body, KEY_VIEW, &view);
		return view_state_name(view);
	}
	if (j->kind == KIND_ACTION_ACCEPTED) {
		ASSERT(j->move->answers[0] != NULL); /* its rows in the table all come from a state */
		return strcmp(j->move->answers[0]->state->name, "reported done") == 0 ? "done" : "dropped";
	}
	return names[j->kind];
}

enum status statement_check(struct fold *fold, struct move *move, const char **to, struct err *err)
{
	const struct move *head = move->body.answer_count > 0 ? move->answers[0] : NULL;
	struct judging judging = { .fold = fold,
		.move = move,
		.kind = statement_kind_of(move->kind),
		.here = head ? head->after : NULL,
		.parent = head == NULL && move->body.ref_count > 0 ? move->refs[0] : NULL };

	for (const struct guard *guard = guards; guard->rule != NULL; guard++) {
		if (guard->kinds & KIND_BIT(judging.kind)) {
			enum status status = guard->judge(&judging, err);
			if (status != OK) {
				return status;
			}
		}
	}
	move->after = state_after(&judging);
	*to = state_name(&judging);
	return move->after != NULL ? OK : err_set(err, ENVIRONMENT, "thread: out of memory");
}

/* A view, evidence and context may be changed at any time by whose they are, and wait for nobody; rivals wait to be resolved. */
bool statement_idle(const struct fold *fold, const struct part *part)
{
	(void)fold;
	return part->head_count == 1 && strchr("VEC", part->type->letter) != NULL;
}

/* ---- what a page offers ------------------------------------------------------------------------------------------------ */

/* S6: what opens a part stands on a pledge, or on a meeting whose day is agreed. */
bool statement_offers(const struct fold *fold, const struct part *part, const struct kind *kind,
    const struct signer *signer, int64_t now_ms)
{
	static const char *const dated[] = { "date agreed", "minutes offered", "minutes contested", "minutes agreed" };
	const struct state *state = part->head_count == 1 ? part->heads[0]->state : NULL;

	(void)fold, (void)signer, (void)now_ms;
	if (kind->opens != OPENS_PART) {
		return !kind->note || part->parent == NULL;
	}
	if (statement_kind_of(kind) != KIND_ACTION_SET) {
		return part->type->letter == 'P';
	}
	for (size_t i = 0; state && part->type->letter == 'M' && i < sizeof dated / sizeof *dated; i++) {
		if (strcmp(dated[i], state->name) == 0) {
			return true;
		}
	}
	return false;
}
