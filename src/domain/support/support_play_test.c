/* Random play: moves drawn from the tables keep every invariant. At each step one party looks at its own half and picks a thread. Mostly it plays
 * well: a row that the table allows it there, the desk of the role, refs, sums and fields that fit (test_play_fit.h), so that threads come to
 * claims, payments, returns and nettings; sometimes a second desk that has not heard does the same. Else it plays at random: stale heads, desks
 * without the role, the pen with the other side, fields that are wrong. What it signs reaches the other half late and in another order, so
 * that moves race. One seed replays all: PLAY_SEED and PLAY_MOVES of the environment; `make play SEED=7`. */
#include "domain/support/test_play.h"

#define PLAY_MOVES 450
#define CHECK_EVERY 200

/* ---- invariants --------------------------------------------------------------------------------------------------- */

enum invariant {
	TABLE_ALONE,
	NOTHING_NEGATIVE,
	WITHIN_CHARGEABLE,
	CHARGEABLE_COVERED,
	ENDED_IS_DONE,
	PAID_AS_REMITTED,
	OPEN_AND_PAID,
	HELD_ONCE,
	INVARIANTS
};
static const char *const invariant_titles[INVARIANTS] = {
	[TABLE_ALONE] = "every valid move is one of the table's: state, side with the pen or a standing move, role",
	[NOTHING_NEGATIVE] = "no figure of an issue or a claim is negative",
	[WITHIN_CHARGEABLE] = "returned, returning and the rest are what is chargeable",
	[CHARGEABLE_COVERED] = "chargeable is never above the greater of issued and accepted",
	[ENDED_IS_DONE] = "what is settled has no rest; what is netted or waived is not paid",
	[PAID_AS_REMITTED] = "paid grows by a confirmation alone, and by what was remitted",
	[OPEN_AND_PAID] = "paid and open are what is due; what is remitted is within what is open",
	[HELD_ONCE] = "a claim holds no line that it knew to be held by another",
};
/* How often a play must look at each, even a short one: what is never looked at is not known to hold. */
static const unsigned least[INVARIANTS] = {
	[TABLE_ALONE] = 100,
	[NOTHING_NEGATIVE] = 50,
	[WITHIN_CHARGEABLE] = 20,
	[CHARGEABLE_COVERED] = 10,
	[ENDED_IS_DONE] = 3,
	[PAID_AS_REMITTED] = 10,
	[OPEN_AND_PAID] = 20,
	[HELD_ONCE] = 1,
};
static unsigned looked[INVARIANTS], broken[INVARIANTS];

static void holds(enum invariant invariant, bool held, const struct move *move)
{
	char hex[2 * ID_BYTES + 1];

	looked[invariant]++;
	if (!held && broken[invariant]++ < 3) {
		hex_print(id_bytes(&move->id), hex);
		printf(
		    "# %s: %s, in %s: %.16s\n", invariant_titles[invariant], move->kind->name, move->state->name, hex);
	}
}

static bool of_table(const struct move *move)
{
	const struct part *part = move->part;

	if (strcmp(move->kind->name, "support.resolved") == 0) {
		return domain_state(&support_domain, part->type->name, move->state->name) != NULL;
	}
	for (const struct transition *row = support_domain.transitions; row->kind != NULL; row++) {
		bool begins = move == part->opener ? row->from == NULL : false;
		for (unsigned i = 0; row->from != NULL && i < move->body.answer_count; i++) {
			begins = begins || strcmp(row->from, move->answers[i]->state->name) == 0;
		}
		if (begins && strcmp(row->part_type, part->type->name) == 0 &&
		    strcmp(row->kind, move->kind->name) == 0 && strcmp(row->to, move->state->name) == 0 &&
		    part->sides[row->side] == move->signer.party && signer_has_role(&move->signer, row->role)) {
			/* Without the pen only a standing move is made. */
			return begins;
		}
	}
	return false;
}

static bool has_pen(const struct move *move)
{
	for (unsigned i = 0; i < move->body.answer_count; i++) {
		if (move->part->sides[move->answers[i]->state->pen] == move->signer.party &&
		    move->answers[i]->state->pen) {
			return true;
		}
	}
	for (const struct transition *row = support_domain.transitions; row->kind != NULL; row++) {
		if (strcmp(row->kind, move->kind->name) == 0 && row->standing != PEN_MOVE) {
			return true;
		}
	}
	return move == move->part->opener || strcmp(move->kind->name, "support.resolved") == 0;
}

static void look_at_issue(const struct move *move)
{
	const struct issue_state *issue = move->after;

	for (unsigned i = 0; i < issue->line_count; i++) {
		const struct issue_line *line = &issue->lines[i];
		struct decimal rest, sum;
		holds(NOTHING_NEGATIVE,
		    decimal_sign(line->issued) >= 0 && decimal_sign(line->accepted) >= 0 &&
			decimal_sign(line->short_of) >= 0 && decimal_sign(line->damaged) >= 0 &&
			decimal_sign(line->refused) >= 0 && decimal_sign(line->chargeable) >= 0 &&
			decimal_sign(line->returned) >= 0 && decimal_sign(line->returning) >= 0 &&
			line->exchanged_minor >= 0 && line->linked_minor >= 0,
		    move);
		if (!line->has_chargeable) {
			continue;
		}
		holds(CHARGEABLE_COVERED,
		    decimal_compare(line->chargeable, line->issued) <= 0 ||
			decimal_compare(line->chargeable, line->accepted) <= 0,
		    move);
		bool summed = decimal_add(line->returned, line->returning, &sum);
		holds(WITHIN_CHARGEABLE, summed && decimal_compare(sum, line->chargeable) <= 0, move);
		bool found = issue_line_rest(line, &rest);
		holds(WITHIN_CHARGEABLE,
		    found && decimal_sign(rest) >= 0 && decimal_add(rest, line->returned, &sum) &&
			(line->exchanged_minor > 0 || decimal_compare(sum, line->chargeable) == 0),
		    move);
		if (strcmp(move->state->name, "settled") == 0) {
			holds(ENDED_IS_DONE, decimal_is_zero(rest) && decimal_is_zero(line->returning), move);
		}
	}
}

static void look_at_claim(const struct move *move)
{
	const struct claim_state *claim = move->after;
	const struct claim_state *before = move->body.answer_count == 1 ? move->answers[0]->after : NULL;
	const char *state = move->state->name;
	int64_t open = 0, total = 0;

	holds(NOTHING_NEGATIVE, claim->due_minor >= 0 && claim->paid_minor >= 0 && claim->remitted_minor >= 0, move);
	for (unsigned i = 0; i < claim->line_count; i++) {
		const struct claim_line *line = &claim->lines[i];
		holds(NOTHING_NEGATIVE,
		    line->credited_minor >= 0 &&
			(line->kind != LINE_PLAIN ||
			    (line->amount_minor >= 0 && line->credited_minor <= line->amount_minor)),
		    move);
	}
	bool summed = claim_total(claim, &total) && claim_open(claim, &open);
	holds(OPEN_AND_PAID,
	    summed && total > 0 && (claim->has_due ? open + claim->paid_minor == claim->due_minor : open == total) &&
		open >= 0 && (!claim->has_remitted || (claim->remitted_minor > 0 && claim->remitted_minor <= open)) &&
		(!claim->has_due || claim->due_minor <= total),
	    move);
	if (before != NULL) {
		int64_t grown = claim->paid_minor - before->paid_minor;
		bool confirmed = strcmp(move->kind->name, "support.confirmed") == 0;
		holds(PAID_AS_REMITTED,
		    confirmed ? before->has_remitted && grown == before->remitted_minor : grown == 0, move);
	}
	if (strcmp(state, "settled") == 0) {
		holds(ENDED_IS_DONE, claim->has_due && claim->paid_minor == claim->due_minor, move);
	} else if (strcmp(state, "netted") == 0 || strcmp(state, "waived") == 0) {
		holds(ENDED_IS_DONE, !claim->has_remitted || strcmp(state, "waived") == 0, move);
	}
}

/* Is one of the part's moves of this kind in the past of a move? */
static bool past_has(const struct fold *fold, const struct move *move, const struct part *part, const char *kind)
{
	for (unsigned i = 0; i < fold->move_count; i++) {
		const struct move *x = fold->moves[i];
		if (x->part == part && x->kind != NULL && strcmp(x->kind->name, kind) == 0 &&
		    fold_past_holds(fold, move, x)) {
			return true;
		}
	}
	return false;
}

/* A claim that knew of another when it was made holds none of its lines, unless it knew that the other was withdrawn or stated anew. */
static void look_at_held(const struct fold *fold, const struct part *part)
{
	const struct claim_state *claim = part->opener->after;

	for (unsigned i = 0; i < fold->part_count; i++) {
		const struct part *rival = fold->parts[i];
		if (rival == part || !is_type(rival, "claim") || rival->opener->verdict != VERDICT_VALID ||
		    !fold_past_holds(fold, part->opener, rival->opener) ||
		    past_has(fold, part->opener, rival, "support.withdrawn") ||
		    past_has(fold, part->opener, rival, "support.reclaimed")) {
			continue;
		}
		for (unsigned n = 0; n < claim->line_count; n++) {
			if (claim->lines[n].kind == LINE_PLAIN) {
				holds(HELD_ONCE,
				    !claim_holds(
					rival->opener->after, claim->lines[n].part, claim->lines[n].line->terms->line),
				    part->opener);
			}
		}
	}
}

static enum status look(void *context, struct fold *fold, const struct thread_fact *fact, struct err *err)
{
	(void)context, (void)fact, (void)err;
	for (unsigned i = 0; i < fold->move_count; i++) {
		const struct move *move = fold->moves[i];
		if (move->verdict != VERDICT_VALID || move->part == NULL || move->state == NULL || move->kind->note) {
			continue;
		}
		holds(TABLE_ALONE, of_table(move) && has_pen(move), move);
		if (is_type(move->part, "issue")) {
			look_at_issue(move);
		} else if (is_type(move->part, "claim")) {
			look_at_claim(move);
			if (move == move->part->opener) {
				look_at_held(fold, move->part);
			}
		}
	}
	return OK;
}

/* ---- the play ----------------------------------------------------------------------------------------------------- */

static bool halves_agree(void)
{
	struct id digests[2];
	struct err err = { 0 };

	deliver(JP, UINT32_MAX);
	deliver(GB, UINT32_MAX); /* the acknowledgements that come of it go over below */
	for (unsigned party = 0; party < 2; party++) {
		struct half *half = half_of(party);
		ASSERT(store_begin(&half->store, &err) == OK);
		for (unsigned key = 0; key < world.key_count; key++) {
			for (struct log *log = &logs[key]; log->here[party] < log->count; log->here[party]++) {
				half_take(&world, half, &world.entries[log->entries[log->here[party]]]);
			}
		}
		half_fold(half);
		ASSERT(store_commit(&half->store, &err) == OK);
		ASSERT(digest_now(&half->store, half->tally, &digests[party], &err) == OK);
	}
	return id_equal(&digests[0], &digests[1]);
}

static bool rebuild_agrees(void)
{
	struct id before, after;
	struct err err = { 0 };

	ASSERT(digest_now(&other.store, other.tally, &before, &err) == OK);
	ASSERT(fold_rebuild(&other.store, other.tally, NULL, NULL, &err) == OK);
	ASSERT(digest_now(&other.store, other.tally, &after, &err) == OK);
	return id_equal(&before, &after);
}

/* What one owes by its account the other is owed by its own, currency by currency; *figures: how many there were. */
static bool accounts_agree(unsigned *figures)
{
	json_t *said[2], *accounts[2], *balance;
	bool alike = true;
	size_t index;

	for (unsigned party = 0; party < 2; party++) {
		face_open((enum party)party);
		ctx.json = true;
		said[party] = parse(face_says("account", NULL, NULL));
		accounts[party] = json_object_get(said[party], "balances");
		face_close();
	}
	alike = json_array_size(accounts[0]) == json_array_size(accounts[1]);
	json_array_foreach(accounts[0], index, balance)
	{
		json_t *theirs = json_array_get(accounts[1], index);
		alike = alike &&
		    json_equal(json_object_get(balance, "we_owe"), json_object_get(theirs, "owed_to_us")) &&
		    json_equal(json_object_get(balance, "owed_to_us"), json_object_get(theirs, "we_owe"));
		*figures += 2;
	}
	json_decref(said[0]);
	json_decref(said[1]);
	return alike;
}

static unsigned number_from(const char *name, unsigned usually)
{
	const char *text = getenv(name);

	return text != NULL && text[0] != '\0' ? (unsigned)strtoul(text, NULL, 10) : usually;
}

static int void_order(const void *a, const void *b)
{
	return strcmp(a, b);
}

/* By which rules, and how often: what the play reaches. */
static void print_voids(char (*rules)[8], unsigned count)
{
	printf("# void by");
	for (unsigned i = 0, from = 0; i < count; i++) {
		if (i + 1 == count || strcmp(rules[i], rules[i + 1]) != 0) {
			printf(" %s: %u", rules[i], i + 1 - from);
			from = i + 1;
		}
	}
	printf("\n");
}

static unsigned by_kind[KINDS][VERDICT_UNKNOWN + 1];

/* What became of each kind. */
static void print_kinds(unsigned moves)
{
	unsigned valid = 0;

	printf("# valid, void, overtaken:\n");
	for (unsigned kind = 0; kind < KINDS; kind++) {
		const unsigned *count = by_kind[kind];
		printf("# %5u %5u %5u %s\n", count[VERDICT_VALID], count[VERDICT_VOID], count[VERDICT_OVERTAKEN],
		    support_kinds[kind].name);
		valid += count[VERDICT_VALID] > 0;
	}
	printf("# %u of %u kinds came up valid\n", valid, (unsigned)KINDS);
	tap_ok(moves >= 2000 ? valid * 10 >= KINDS * 9 : valid > KINDS / 2,
	    "of all kinds most come up valid, nine of ten in a long play");
}

static void report(unsigned seed, unsigned moves)
{
	static unsigned verdicts[VERDICT_UNKNOWN + 1];
	static char rules[WORLD_ENTRIES][8];
	struct err err = { 0 };
	unsigned figures = 0;

	for (unsigned i = 0; i < world.entry_count; i++) {
		struct entry_row row;
		ASSERT(store_entry_find(
			   &world.own.store, world.own.tally, &world.entries[i].id, &world.arena, &row, &err) == OK);
		if (row.verdict == VERDICT_VOID) {
			snprintf(rules[verdicts[VERDICT_VOID]], sizeof rules[0], "%s", row.rule);
		}
		verdicts[row.verdict]++;
		if (said_kinds[i] > 0) {
			by_kind[said_kinds[i] - 1][row.verdict]++;
		}
	}
	printf("# seed %u, %u moves: %u entries valid, %u void, %u overtaken, %u waiting\n", seed, moves,
	    verdicts[VERDICT_VALID], verdicts[VERDICT_VOID], verdicts[VERDICT_OVERTAKEN], verdicts[VERDICT_WAITING]);
	qsort(rules, verdicts[VERDICT_VOID], sizeof rules[0], void_order);
	print_voids(rules, verdicts[VERDICT_VOID]);
	tap_ok(verdicts[VERDICT_VALID] > moves / 5 && verdicts[VERDICT_VOID] > moves / 20 &&
		verdicts[VERDICT_OVERTAKEN] > 0 && verdicts[VERDICT_WAITING] == 0,
	    "the play has moves that are valid, void and overtaken, and in the end none that waits");
	ASSERT(fold_each(&world.own.store, world.own.tally, "support", 0, look, NULL, &err) == OK);
	for (unsigned i = 0; i < INVARIANTS; i++) {
		printf("# looked at %u times, of at least %u\n", looked[i], least[i]);
		tap_ok(broken[i] == 0 && looked[i] >= least[i], invariant_titles[i]);
	}
	print_kinds(moves);
	tap_ok(accounts_agree(&figures) && figures > 0, "what one owes by its account the other is owed by its own");
}

static void deliver_some(unsigned share)
{
	unsigned party = below(2);

	if (percent(share) && left_for(party) > 0) {
		deliver(party, 1 + below(40));
	}
}

int main(void)
{
	unsigned seed = number_from("PLAY_SEED", 1), moves = number_from("PLAY_MOVES", PLAY_MOVES), checks = 0,
		 agreed = 0;

	chance = seed;
	step_ms = PLAY_MS / moves;
	arena_init(&looking, LIMIT_ARENA_BYTES);
	start();
	for (unsigned done = 1; done <= moves; done++) {
		while (!step(below(2))) {
			deliver_some(30);
		}
		deliver_some(12);
		if (done % CHECK_EVERY == 0 || done == moves) {
			checks++;
			agreed += halves_agree();
		}
	}
	tap_ok(agreed == checks, "whenever all is delivered, both halves have one digest");
	tap_ok(rebuild_agrees(), "and folded anew they have the same");
	report(seed, moves);
	tap_ok(world_delivers_alike(&world), "a third half that reads it log by log has it too");
	store_close(&other.store);
	world_close(&world);
	arena_clear(&looking);
	for (unsigned key = 0; key < WORLD_KEYS; key++) {
		free(logs[key].entries);
	}
	return tap_done();
}
