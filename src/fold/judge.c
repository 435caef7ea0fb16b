/* Verdicts (format 5.5, 7). A move is judged when all that it names in this thread, and every move of the thread that lies in its past,
 * has been: a domain's guard may look at any of them, and must not depend on the order in which they were stored. The walk uses a stack of its own, so that the longest chain a partner can write costs memory, not our stack. */
#include "base/limits.h"
#include "fold/folding.h"
#include <stdio.h>
#include <string.h>

/* One log's moves in this thread: they are judged in its order, so only the first that is left need be looked at. */
struct lane {
	const struct ring_log *log;
	struct move *left, *last;
};
struct walk {
	struct folding *folding;
	struct move **stack;
	unsigned depth, capacity;
	struct lane *lanes;
	unsigned lane_count;
};

static bool lanes_make(struct walk *walk)
{
	struct folding *folding = walk->folding;

	walk->lanes = arena_take_array(folding->fold.arena, folding->all_count + 1, sizeof *walk->lanes);
	for (unsigned i = 0; walk->lanes && i < folding->all_count; i++) {
		struct move *move = folding->all[i];
		struct lane *lane = walk->lanes;
		while (lane < walk->lanes + walk->lane_count && lane->log != kernel_of(move)->log)
			lane++;
		if (lane == walk->lanes + walk->lane_count)
			walk->lanes[walk->lane_count++] = (struct lane){ kernel_of(move)->log, move, NULL };
		if (lane->last)
			kernel_of(lane->last)->behind = move;
		lane->last = move;
	}
	return walk->lanes != NULL;
}

static bool walk_push(struct walk *walk, struct move *move)
{
	struct kernel_move *own = kernel_of(move);

	if (own->judged || own->stacked)
		return true; /* stacked: ids are hashes, so no cycle can arise from names */
	if (walk->depth == walk->capacity) {
		unsigned wider = walk->capacity ? walk->capacity * 2 : 32;
		walk->stack =
		    arena_grow(walk->folding->fold.arena, walk->stack, walk->capacity, wider, sizeof(struct move *));
		if (!walk->stack)
			return false;
		walk->capacity = wider;
	}
	own->stacked = true;
	walk->stack[walk->depth++] = move;
	return true;
}

/* A move of this thread that lies in the past of another and is left to judge. */
static struct move *unjudged_in_past(struct walk *walk, const struct move *move)
{
	for (struct lane *lane = walk->lanes; lane < walk->lanes + walk->lane_count; lane++) {
		while (lane->left && kernel_of(lane->left)->judged)
			lane->left = kernel_of(lane->left)->behind;
		if (lane->left && lane->left != move && fold_past_holds(&walk->folding->fold, move, lane->left))
			return lane->left;
	}
	return NULL;
}

static struct move *unjudged_dependency(struct walk *walk, struct move *move)
{
	struct folding *folding = walk->folding;
	struct kernel_move *own = kernel_of(move);
	struct move *opening = folding->fold.opening;

	if (own->before && !kernel_of(own->before)->judged)
		return own->before;
	if (own->own.thread && opening && opening != move && !kernel_of(opening)->judged)
		return opening;
	if (own->opener && own->opener != move && !kernel_of(own->opener)->judged)
		return own->opener;
	for (unsigned i = 0; i < move->body.answer_count; i++)
		if (move->answers[i] && !kernel_of(move->answers[i])->judged)
			return move->answers[i];
	for (unsigned i = 0; i < move->body.ref_count; i++)
		if (move->refs[i] && !kernel_of(move->refs[i])->judged)
			return move->refs[i];
	return unjudged_in_past(walk, move);
}

static bool is_waiting(const struct move *move)
{
	return move && move->verdict == VERDICT_WAITING;
}

/* Does another answer to the same entry wait that the signer of the move knew? */
static bool known_rival_waits(const struct folding *folding, const struct move *move, const struct move *answered)
{
	for (const struct follower *f = kernel_of(answered)->followers; f; f = f->next)
		if (f->move != move && is_waiting(f->move) && kernel_of(f->move)->judged &&
		    fold_past_holds(&folding->fold, move, f->move))
			return true;
	return false;
}

static bool waits(const struct folding *folding, const struct move *move)
{
	const struct kernel_move *own = kernel_of(move);

	if (own->has_missing || own->elsewhere_waits || is_waiting(own->opener) ||
	    (own->own.thread && is_waiting(folding->fold.opening)))
		return true;
	for (unsigned i = 0; i < move->body.answer_count; i++)
		if (is_waiting(move->answers[i]) ||
		    (move->answers[i] && !own->resolved && known_rival_waits(folding, move, move->answers[i])))
			return true;
	for (unsigned i = 0; i < move->body.ref_count; i++)
		if (is_waiting(move->refs[i]))
			return true;
	return false;
}

static const char *say(struct move *move, const char *rule, const char *text)
{
	kernel_of(move)->reason = text;
	kernel_of(move)->source = "docs/format.md 5.5";
	return rule;
}

/* The reason of a refusal with its values, kept beside the move. */
static const char *say_refusal(struct folding *folding, struct move *move, const struct err *refusal)
{
	struct kernel_move *own = kernel_of(move);
	struct err *kept = arena_take(folding->fold.arena, sizeof *kept);

	if (kept == NULL) {
		folding->out_of_memory = true; /* then there is no verdict */
		return say(move, "F1", "out of memory");
	}
	*kept = *refusal;
	own->reason = kept->text;
	own->source = kept->source;
	own->said = &kept->said;
	return kept->rule;
}

/* What does not fit the table of its kind: the clause is that of the table, the rule the kernel's. */
static const char *say_unfit(struct folding *folding, struct move *move, const struct err *refusal)
{
	say_refusal(folding, move, refusal);
	kernel_of(move)->source = "docs/format.md 5.5";
	return "F1";
}

/* F1, K1, K5, K2, K3, K4, K6: what can be said of an entry without its thread. */
static const char *judge_alone(struct folding *folding, struct move *move)
{
	const struct kernel_move *own = kernel_of(move);
	struct err err = { 0 };

	if (record_check(move->kind, &move->body, &err) != OK)
		return say_unfit(folding, move, &err);
	if (own->restated && own->restates) {
		const struct kind *restated = domain_kind(domain_find(own->own.kind), own->own.kind);
		if (!restated || record_check(restated, &own->own, &err) != OK)
			return say_unfit(folding, move, &err);
	}
	if (own->log->row.key_class != KEY_DESK)
		return say(move, "K1", "signer: not a desk; only a desk may write this");
	const char *rule = keyring_standing(own->log, own->seq, move->body.stated_ms);
	if (rule) {
		static const struct {
			const char *rule, *text;
		} texts[] = {
			{ "K5", "signer: its grant does not count" },
			{ "K2", "signer: beyond the last good entry of its key, which was revoked" },
			{ "K3",
			    "signer: its log forked at or before this entry, and nobody relied on it before that was known" },
			{ "K4", "signer: stated time is after the end of its grant; a registrar can grant a new desk" },
		};
		for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
			if (strcmp(texts[i].rule, rule) == 0)
				return say(move, rule, texts[i].text);
		return rule;
	}
	if (move->body.answer_count + move->body.ref_count > LIMIT_REFERENCES)
		return say(move, "K6", "names more than 64 entries");
	return NULL;
}

static bool same_domain(const struct folding *folding, const struct move *move)
{
	return folding->domain && folding->domain == domain_find(move->body.kind);
}

static const char *judge_opening(struct folding *folding, struct move *move)
{
	const struct kernel_move *own = kernel_of(move);
	const struct kind *kind = move->kind;

	if (move->body.answer_count)
		return say(move, "K7", "answers without a part");
	if (own->restated && (!own->restates || kernel_of(own->restates)->restated))
		return say(move, "K7", "restates what opens nothing");
	if (!own->own.thread)
		return kind->opens == OPENS_THREAD || kind->opens == OPENS_EITHER
		    ? NULL
		    : say(move, "K7", "opens no thread; name one");
	if (kind->opens != OPENS_PART && kind->opens != OPENS_EITHER)
		return say(move, "K7", "opens no part; name the part and the head that it answers");
	if (move->body.ref_count == 0 || !move->refs[0] || !move->refs[0]->kind || move->refs[0]->kind->note)
		return say(move, "K7", "opens a part without naming the head of the part it stands on first in refs");
	return same_domain(folding, move) ? NULL : say(move, "K7", "is of another domain than its thread");
}

static const char *judge_note(struct folding *folding, struct move *move)
{
	if (move->body.answer_count || !kernel_of(move)->own.thread || !same_domain(folding, move))
		return say(move, "K7", "a note names a thread and answers nothing");
	return NULL;
}

static const char *judge_answers(struct move *move)
{
	struct kernel_move *own = kernel_of(move);

	if (!own->resolved && move->body.answer_count != 1)
		return say(move, "K7", "answers another number of heads than its kind allows");
	for (unsigned i = 0; i < move->body.answer_count; i++) {
		const struct move *head = move->answers[i];
		if (!head || !head->kind || head->kind->note)
			return say(move, "K7", "answers an entry that is no move of this thread");
		const uint8_t *part = kernel_of(head)->begins ? head->id.data : kernel_of(head)->own.part;
		if (!part || memcmp(part, own->own.part, ID_BYTES) != 0)
			return say(move, "K7", "answers a move of another part");
	}
	return NULL;
}

/* K7: do thread, part and answers belong together? */
static const char *judge_place(struct folding *folding, struct move *move)
{
	struct kernel_move *own = kernel_of(move);
	const struct move *opening = folding->fold.opening;

	if (own->own.thread && (!opening || kernel_of(opening)->own.thread || !kernel_of(opening)->begins))
		return say(move, "K7", "its thread was not opened by the entry that it names");
	if (move->kind->note)
		return judge_note(folding, move);
	if (own->opens)
		return judge_opening(folding, move);
	if (!same_domain(folding, move) || !own->opener || !kernel_of(own->opener)->begins)
		return say(move, "K7", "its part was not opened in this thread");
	return judge_answers(move);
}

bool restates_well(const struct move *move)
{
	const struct kernel_move *own = kernel_of(move);
	const struct kernel_move *named = own->restates ? kernel_of(own->restates) : NULL;
	unsigned count = own->own.ref_count;
	struct id id;

	return named && !named->restated && !named->resolved && own->restates->signer.party == move->signer.party &&
	    record_id(&own->own, RESTATED_ENTRY, &id) && count > 0 &&
	    bytes_equal(body_ref(&own->own, count - 1), id_bytes(&id));
}

static const char *judge_special(struct move *move)
{
	struct kernel_move *own = kernel_of(move);
	struct id stands;

	if (own->restated && !restates_well(move))
		return say(move, "K16", "restates what it may not: an entry of the same party, named last in refs");
	if (own->resolved) {
		bool among = false;
		if (move->body.answer_count < 2)
			return say(move, "K16", "joins fewer than two moves");
		if (!record_id(&move->body, RESOLVED_STANDS, &stands))
			return say(move, "K16", "does not say which move stands");
		for (unsigned i = 0; i < move->body.answer_count; i++)
			among |= id_equal(&move->answers[i]->id, &stands);
		if (!among)
			return say(move, "K16", "says that a move stands which it does not answer");
	}
	return NULL;
}

/* K8. */
static const char *judge_void(struct move *move)
{
	struct kernel_move *own = kernel_of(move);

	for (unsigned i = 0; i < move->body.answer_count; i++)
		if (move->answers[i]->verdict != VERDICT_VALID)
			return say(move, "K8", "answers a void entry");
	if (own->opens && own->own.thread && move->refs[0]->verdict != VERDICT_VALID)
		return say(move, "K8", "stands on a void entry");
	return NULL;
}

/* K12, K13. */
static const char *judge_ceilings(struct move *move)
{
	struct kernel_move *own = kernel_of(move);

	if ((own->opens && own->parts_opened > LIMIT_PARTS_PER_DESK) ||
	    (move->kind->note && own->notes_made > LIMIT_NOTES_PER_DESK))
		return say(move, "K12", "this desk has opened 512 parts, or written 256 notes, in this thread");
	for (unsigned i = 0; i < move->body.answer_count; i++)
		if (move->answers[i]->depth + 1 > move->depth)
			move->depth = move->answers[i]->depth + 1;
	if (move->depth > LIMIT_CAUSAL_DEPTH)
		return say(move, "K13", "more than 1,024 moves in a row in one part");
	return NULL;
}

/* Has another valid answer to the same entry, which joins no rivals, been known to the signer of the move? */
static bool known_rival(const struct folding *folding, const struct move *move, const struct move *answered)
{
	for (const struct follower *f = kernel_of(answered)->followers; f; f = f->next)
		if (f->move != move && f->move->verdict == VERDICT_VALID && kernel_of(f->move)->judged &&
		    !kernel_of(f->move)->resolved && fold_past_holds(&folding->fold, move, f->move))
			return true;
	return false;
}

/* K8, K12, K13, K9. */
static const char *judge_past(struct folding *folding, struct move *move)
{
	const char *rule = judge_void(move);

	if (!rule)
		rule = judge_ceilings(move);
	if (rule || kernel_of(move)->resolved)
		return rule;
	for (unsigned i = 0; i < move->body.answer_count; i++)
		if (known_rival(folding, move, move->answers[i]))
			return say(
			    move, "K9", "the signer knew a later move of this part; look at it anew and answer that");
	return NULL;
}

static enum status open_part(struct folding *folding, struct move *move, struct err *err)
{
	struct fold *fold = &folding->fold;
	struct part *part = arena_take(fold->arena, sizeof *part);

	if (!part)
		return err_set(err, ENVIRONMENT, "thread: out of memory");
	ASSERT(folding->domain); /* judge_place() */
	part->id = move->id;
	part->opener = move;
	for (const struct part_type *type = folding->domain->part_types; type->name; type++)
		if (move->kind->part_type && strcmp(type->name, move->kind->part_type) == 0)
			part->type = type;
	ASSERT(part->type);
	if (kernel_of(move)->own.thread) {
		part->parent = move->refs[0]->part;
		memcpy(part->sides, part->parent->sides, sizeof part->sides);
	}
	move->part = part;
	return folding->domain->sides ? folding->domain->sides(fold, move, part->sides, err) : OK;
}

static enum status keep_part(struct folding *folding, struct part *part, struct err *err)
{
	struct fold *fold = &folding->fold;

	fold->parts = arena_grow(fold->arena, fold->parts, fold->part_count, fold->part_count + 1, sizeof *fold->parts);
	if (!fold->parts)
		return err_set(err, ENVIRONMENT, "thread: out of memory");
	fold->parts[fold->part_count++] = part;
	return OK;
}

/* Rows of the table that fit: K10 when none does for the signer's party, K11 when it lacks the role of all that do. */
static const char *find_transition(
    struct folding *folding, struct move *move, const char *from, const char *to, const struct transition **out)
{
	const char *rule = "K10";

	ASSERT(folding->domain); /* judge_place() */
	for (const struct transition *row = folding->domain->transitions; row->kind; row++) {
		if (strcmp(row->kind, move->kind->name) != 0 || strcmp(row->part_type, move->part->type->name) != 0 ||
		    (from == NULL) != (row->from == NULL) || (from && strcmp(from, row->from) != 0) ||
		    (to && strcmp(to, row->to) != 0))
			continue;
		if (move->part->sides[row->side] != move->signer.party)
			continue;
		if (!signer_has_role(&move->signer, row->role)) {
			rule = rule ? "K11" : rule;
			continue;
		}
		*out = row;
		return NULL;
	}
	return rule;
}

/* The role that the move needs from that state; of several the first. */
static const char *role_needed(const struct folding *folding, const struct move *move, const char *from)
{
	for (const struct transition *row = folding->domain->transitions; row->kind; row++) {
		if (strcmp(row->kind, move->kind->name) == 0 && strcmp(row->part_type, move->part->type->name) == 0 &&
		    (from == NULL) == (row->from == NULL) && (from == NULL || strcmp(from, row->from) == 0))
			return row->role;
	}
	return "";
}

static const char *say_transition(struct folding *folding, struct move *move, const char *rule)
{
	const struct state *state = move->body.answer_count ? move->answers[0]->state : NULL;
	unsigned pen = state ? state->pen : 0;
	static const char source[] = "docs/format.md 5.5";
	struct err refusal = { 0 };

	if (strcmp(rule, "K11") == 0)
		err_refuse(&refusal, rule, source, "the desk lacks the role %s",
		    role_needed(folding, move, state ? state->name : NULL));
	else if (!state)
		err_refuse(&refusal, rule, source, "not this party's to open");
	else if (pen == 0)
		err_refuse(&refusal, rule, source, "it has ended: %s", state->name);
	else if (move->part->sides[pen] != move->signer.party)
		err_refuse(&refusal, rule, source, "it is %s: the other party moves next", state->name);
	else
		err_refuse(&refusal, rule, source, "it is %s: another move is due from this party", state->name);
	return say_refusal(folding, move, &refusal);
}

static const char *judge_resolved(struct move *move)
{
	struct kernel_move *own = kernel_of(move);
	struct id stands = { { 0 } };

	record_id(&move->body, RESOLVED_STANDS, &stands);
	for (unsigned i = 0; i < move->body.answer_count; i++) {
		struct move *chosen = move->answers[i];
		if (!id_equal(&chosen->id, &stands))
			continue;
		own->transition = kernel_of(chosen)->transition;
		if (!own->transition || !signer_has_role(&move->signer, own->transition->role))
			return say(move, "K11", "the desk lacks the role of the move that it says stands");
		move->state = chosen->state;
		move->after = chosen->after;
	}
	return NULL;
}

static enum status judge_table(struct folding *folding, struct move *move, const char **rule, struct err *err)
{
	struct kernel_move *own = kernel_of(move);
	const char *from = own->opens ? NULL : move->answers[0]->state->name, *to = NULL;
	struct err refusal = { 0 };
	enum status status = OK;

	if (own->opens)
		status = open_part(folding, move, &refusal);
	else
		move->part = own->opener->part;
	if (status == OK && (*rule = find_transition(folding, move, from, NULL, &own->transition)) != NULL) {
		*rule = say_transition(folding, move, *rule);
		return OK;
	}
	if (status == OK)
		status = folding->domain->check(&folding->fold, move, &to, &refusal);
	if (status == REFUSED) {
		*rule = say_refusal(folding, move, &refusal);
		return OK;
	}
	if (status != OK)
		return err_pass(err, status, &refusal);
	*rule = find_transition(folding, move, from, to, &own->transition);
	ASSERT(to && own->transition);
	if (*rule) { /* the state that the guard chose is another's to reach */
		*rule = say_transition(folding, move, *rule);
		return OK;
	}
	move->state = domain_state(folding->domain, move->part->type->name, to);
	ASSERT(move->state);
	return own->opens ? keep_part(folding, move->part, err) : OK;
}

static enum status judge_rules(struct folding *folding, struct move *move, const char **rule, struct err *err)
{
	struct kernel_move *own = kernel_of(move);

	if ((*rule = judge_alone(folding, move)) || (*rule = judge_place(folding, move)) ||
	    (*rule = judge_special(move)) || (*rule = judge_past(folding, move)))
		return OK;
	if (move->kind->note) {
		if (own->own.part && own->opener)
			move->part = own->opener->part;
		return OK;
	}
	if (own->resolved) {
		move->part = own->opener->part;
		*rule = judge_resolved(move);
		return OK;
	}
	if (own->restated)
		move->body
		    .ref_count--; /* the last names the void entry (K16); a domain sees the refs of the move that it stands for */
	return judge_table(folding, move, rule, err);
}

static enum status judge(struct folding *folding, struct move *move, struct err *err)
{
	const char *rule = NULL;
	enum status status = OK;

	if (!move->kind || (folding->domain && folding->rule_set > folding->domain->rule_set))
		move->verdict = VERDICT_UNKNOWN;
	else if (waits(folding, move))
		move->verdict = VERDICT_WAITING;
	else
		status = judge_rules(folding, move, &rule, err);
	if (rule) {
		move->verdict = VERDICT_VOID;
		snprintf(move->rule, sizeof move->rule, "%s", rule);
		move->state = NULL;
		move->after = NULL;
		if (kernel_of(move)->opens)
			move->part = NULL;
	}
	kernel_of(move)->judged = true;
	move->order = folding->fold.move_count;
	folding->fold.moves[folding->fold.move_count++] = move;
	return status;
}

/* Judges what is stacked, and before each move what it depends on. */
static enum status judge_stacked(struct walk *walk, struct err *err)
{
	while (walk->depth > 0) {
		struct move *move = walk->stack[walk->depth - 1];
		struct move *first = unjudged_dependency(walk, move);
		if (first && !kernel_of(first)->stacked) {
			if (!walk_push(walk, first))
				return err_set(err, ENVIRONMENT, "thread: out of memory");
			continue;
		}
		walk->depth--;
		enum status status = judge(walk->folding, move, err);
		if (status != OK)
			return status;
		if (walk->folding->out_of_memory)
			return err_set(err, ENVIRONMENT, "thread: out of memory");
	}
	return OK;
}

enum status judge_all(struct folding *folding, struct err *err)
{
	struct walk walk = { .folding = folding };
	enum status status = OK;

	folding->fold.moves = arena_take_array(folding->fold.arena, folding->all_count + 1, sizeof(struct move *));
	if (!folding->fold.moves || !lanes_make(&walk))
		return err_set(err, ENVIRONMENT, "thread: out of memory");
	for (unsigned i = 0; i < folding->all_count && status == OK; i++) {
		if (!walk_push(&walk, folding->all[i]))
			return err_set(err, ENVIRONMENT, "thread: out of memory");
		status = judge_stacked(&walk, err);
	}
	return status;
}
