/* What stands among valid moves that answer one head (format 7, steps 1 to 4), and the heads that are left. Rivals are rare: the first
 * pass finds no head with two followers and is done. */
#include "fold/folding.h"
#include <limits.h>
#include <string.h>

static bool stands_so_far(const struct move *move)
{
	return move->verdict == VERDICT_VALID && move->part && !move->kind->note;
}

/* Moves all of whose answers are overtaken, in causal order. */
static void overtake_built(struct folding *folding)
{
	for (unsigned i = 0; i < folding->fold.move_count; i++) {
		struct move *move = folding->fold.moves[i];
		bool all = move->body.answer_count > 0;
		if (!stands_so_far(move))
			continue;
		for (unsigned a = 0; a < move->body.answer_count; a++)
			all &= move->answers[a]->verdict == VERDICT_OVERTAKEN;
		if (all)
			move->verdict = VERDICT_OVERTAKEN;
	}
}

static void settle_restated(struct folding *folding)
{
	for (unsigned i = 0; i < folding->fold.move_count; i++) {
		struct move *move = folding->fold.moves[i];
		struct move *named = kernel_of(move)->restates;
		if (kernel_of(move)->restated && move->verdict == VERDICT_VALID && named &&
		    named->verdict != VERDICT_VOID)
			move->verdict = VERDICT_OVERTAKEN;
	}
}

/* built[i]: is fold.moves[i] the rival or built on it? Nothing before it in causal order is. */
static void mark_built(const struct folding *folding, const struct move *rival, bool *built)
{
	memset(built, 0, folding->fold.move_count * sizeof *built);
	built[rival->order] = true;
	for (unsigned i = rival->order + 1; i < folding->fold.move_count; i++) {
		const struct move *move = folding->fold.moves[i];
		struct id stands;
		if (!stands_so_far(move))
			continue;
		bool chooses = kernel_of(move)->resolved && record_id(&move->body, RESOLVED_STANDS, &stands);
		for (unsigned a = 0; a < move->body.answer_count; a++)
			if (!chooses || id_equal(&move->answers[a]->id, &stands))
				built[i] |= built[move->answers[a]->order];
		for (unsigned r = 0; kernel_of(move)->opens && r < move->body.ref_count; r++)
			if (move->refs[r])
				built[i] |= built[move->refs[r]->order];
	}
}

static bool taken_up(const struct folding *folding, const struct move *rival, const bool *built)
{
	for (unsigned i = rival->order + 1; i < folding->fold.move_count; i++) {
		const struct move *move = folding->fold.moves[i];
		if (move->verdict != VERDICT_VALID || move->signer.party == rival->signer.party)
			continue;
		for (unsigned a = 0; a < move->body.answer_count; a++)
			if (built[move->answers[a]->order])
				return true;
		for (unsigned r = 0; r < move->body.ref_count; r++)
			if (move->refs[r] && built[move->refs[r]->order])
				return true;
	}
	return false;
}

bool fold_taken_up(const struct fold *fold, const struct move *move)
{
	struct folding *folding = fold->kernel;
	bool *built = arena_take_array(fold->arena, fold->move_count + 1, sizeof *built);

	if (!built) {
		folding->out_of_memory = true;
		return false;
	}
	mark_built(folding, move, built);
	return taken_up(folding, move, built);
}

/* Room that every group of a thread uses again: a thread may have as many groups as moves. */
struct room {
	bool **built; /* `rivals` of them, one flag for each move of the thread */
	unsigned rivals;
	struct move **resolved; /* of the thread, in causal order */
	unsigned *chosen;       /* by each of them, in the group at hand */
	struct move **latest;
	unsigned resolved_count;
};

struct group {
	struct move **rivals;
	struct room *room;
	bool **built;
	bool *taken;
	unsigned count;
};
#define NO_CHOICE UINT_MAX

/* The rival that a resolved chooses for this group; NO_CHOICE when it is not about it. */
static unsigned chosen_by(const struct group *group, const struct move *resolved)
{
	unsigned about = 0, chosen = NO_CHOICE;
	struct id stands = { { 0 } };

	if (resolved->verdict != VERDICT_VALID)
		return NO_CHOICE;
	record_id(&resolved->body, RESOLVED_STANDS, &stands);
	for (unsigned r = 0; r < group->count; r++) {
		bool touches = false;
		for (unsigned a = 0; a < resolved->body.answer_count; a++) {
			if (!group->built[r][resolved->answers[a]->order])
				continue;
			touches = true;
			if (id_equal(&resolved->answers[a]->id, &stands))
				chosen = r;
		}
		about += touches;
	}
	return about >= 2 ? chosen : NO_CHOICE;
}

/* A later resolved of a log has the earlier ones in its past: of each log the last one is left. */
static unsigned latest_of_logs(const struct group *group, unsigned party)
{
	const struct room *room = group->room;
	unsigned count = 0;

	for (unsigned i = 0; i < room->resolved_count; i++) {
		struct move *move = room->resolved[i];
		unsigned at = 0;
		if (room->chosen[i] == NO_CHOICE || move->signer.party != party)
			continue;
		while (at < count && kernel_of(room->latest[at])->log != kernel_of(move)->log)
			at++;
		if (at == count || kernel_of(room->latest[at])->seq < kernel_of(move)->seq)
			room->latest[at] = move;
		count += at == count;
	}
	return count;
}

static unsigned choice_of(const struct folding *folding, const struct group *group, unsigned party)
{
	const struct room *room = group->room;
	unsigned choice = NO_CHOICE, count = latest_of_logs(group, party);

	for (unsigned i = 0; i < count; i++) {
		bool replaced = false;
		for (unsigned k = 0; k < count && !replaced; k++)
			replaced = k != i && fold_past_holds(&folding->fold, room->latest[k], room->latest[i]);
		if (replaced)
			continue;
		unsigned chosen = chosen_by(group, room->latest[i]);
		if (choice != NO_CHOICE && choice != chosen)
			return NO_CHOICE;
		choice = chosen;
	}
	return choice;
}

static unsigned standing_rival(const struct folding *folding, const struct group *group)
{
	unsigned taken = 0, last = NO_CHOICE;
	const struct part *part = group->rivals[0]->part;

	for (unsigned r = 0; r < group->count; r++) {
		taken += group->taken[r];
		if (group->taken[r])
			last = r;
	}
	if (taken == 0)
		return choice_of(folding, group, group->rivals[0]->signer.party);
	if (taken == 1)
		return last;
	unsigned first = choice_of(folding, group, part->sides[1]);
	return first == choice_of(folding, group, part->sides[2]) ? first : NO_CHOICE;
}

static bool otherwise_answered(const struct move *resolved)
{
	struct id stands = { { 0 } };

	record_id(&resolved->body, RESOLVED_STANDS, &stands);
	for (unsigned a = 0; a < resolved->body.answer_count; a++)
		for (struct follower *f = id_equal(&resolved->answers[a]->id, &stands)
			 ? kernel_of(resolved->answers[a])->followers
			 : NULL;
		     f; f = f->next)
			if (stands_so_far(f->move) && !kernel_of(f->move)->resolved)
				return true;
	return false;
}

static void settle_resolved(struct group *group, unsigned stands)
{
	const struct room *room = group->room;
	unsigned maker = group->rivals[0]->signer.party;
	bool makers = false;

	for (unsigned i = 0; i < room->resolved_count; i++)
		makers |= room->resolved[i]->signer.party == maker && stands != NO_CHOICE && room->chosen[i] == stands;
	for (unsigned i = 0; i < room->resolved_count; i++) {
		struct move *move = room->resolved[i];
		if (room->chosen[i] == NO_CHOICE)
			continue;
		if (stands == NO_CHOICE)
			kernel_of(move)->pending = true;
		else if (room->chosen[i] != stands || otherwise_answered(move) ||
		    (move->signer.party != maker && makers))
			move->verdict = VERDICT_OVERTAKEN;
	}
}

static bool room_open(struct folding *folding, struct room *room)
{
	struct arena *arena = folding->fold.arena;
	unsigned count = 0;

	for (unsigned i = 0; i < folding->fold.move_count; i++)
		count += kernel_of(folding->fold.moves[i])->resolved && folding->fold.moves[i]->part;
	room->resolved = arena_take_array(arena, count + 1, sizeof(struct move *));
	room->latest = arena_take_array(arena, count + 1, sizeof(struct move *));
	room->chosen = arena_take_array(arena, count + 1, sizeof *room->chosen);
	if (!room->resolved || !room->latest || !room->chosen)
		return false;
	for (unsigned i = 0; i < folding->fold.move_count; i++)
		if (kernel_of(folding->fold.moves[i])->resolved && folding->fold.moves[i]->part)
			room->resolved[room->resolved_count++] = folding->fold.moves[i];
	return true;
}

static bool room_widen(struct folding *folding, struct room *room, unsigned rivals)
{
	struct arena *arena = folding->fold.arena;

	if (rivals <= room->rivals)
		return true;
	room->built = arena_grow(arena, room->built, room->rivals, rivals, sizeof(bool *));
	while (room->built && room->rivals < rivals) {
		room->built[room->rivals] = arena_take_array(arena, folding->fold.move_count + 1, sizeof(bool));
		if (!room->built[room->rivals])
			return false;
		room->rivals++;
	}
	return room->built != NULL;
}

static enum status settle_group(struct folding *folding, struct group *group, struct err *err)
{
	struct room *room = group->room;

	if (!room_widen(folding, room, group->count))
		return err_set(err, ENVIRONMENT, "thread: out of memory");
	group->built = room->built;
	for (unsigned r = 0; r < group->count; r++) {
		mark_built(folding, group->rivals[r], group->built[r]);
		group->taken[r] = taken_up(folding, group->rivals[r], group->built[r]);
	}
	for (unsigned i = 0; i < room->resolved_count; i++)
		room->chosen[i] = chosen_by(group, room->resolved[i]);
	unsigned stands = standing_rival(folding, group);
	settle_resolved(group, stands);
	for (unsigned r = 0; r < group->count && stands != NO_CHOICE; r++)
		if (r != stands)
			group->rivals[r]->verdict = VERDICT_OVERTAKEN;
	overtake_built(folding);
	return OK;
}

/* Rivals of one head, party by party; ascending ids so that the order is everyone's. */
static enum status settle_head(struct folding *folding, struct move *head, struct room *room, struct err *err)
{
	struct arena *arena = folding->fold.arena;
	unsigned most = 0;

	for (struct follower *f = kernel_of(head)->followers; f; f = f->next)
		most++;
	struct group group = { .rivals = arena_take_array(arena, most, sizeof *group.rivals),
		.room = room,
		.taken = arena_take_array(arena, most, sizeof *group.taken) };
	if (!group.rivals || !group.taken)
		return err_set(err, ENVIRONMENT, "thread: out of memory");
	for (unsigned party = 0; party < folding->fold.tally->party_count; party++) {
		group.count = 0;
		for (struct follower *f = kernel_of(head)->followers; f; f = f->next) {
			if (!stands_so_far(f->move) || kernel_of(f->move)->resolved || f->move->signer.party != party)
				continue;
			unsigned at = group.count++;
			for (; at > 0 && id_compare(&group.rivals[at - 1]->id, &f->move->id) > 0; at--)
				group.rivals[at] = group.rivals[at - 1];
			group.rivals[at] = f->move;
		}
		if (group.count < 2)
			continue;
		enum status status = settle_group(folding, &group, err);
		if (status != OK)
			return status;
	}
	return OK;
}

static bool contested(const struct move *head)
{
	unsigned valid = 0;

	for (struct follower *f = kernel_of(head)->followers; f; f = f->next)
		valid += stands_so_far(f->move);
	return valid > 1;
}

static bool before(const struct move *a, const struct move *b)
{
	return a->depth != b->depth ? a->depth < b->depth : id_compare(&a->id, &b->id) < 0;
}

static enum status settle_rivals(struct folding *folding, struct err *err)
{
	unsigned count = 0;
	struct move **heads = arena_take_array(folding->fold.arena, folding->fold.move_count + 1, sizeof *heads);
	struct room room = { .rivals = 0 };

	if (!heads)
		return err_set(err, ENVIRONMENT, "thread: out of memory");
	for (unsigned i = 0; i < folding->fold.move_count; i++) {
		struct move *move = folding->fold.moves[i];
		if (!contested(move))
			continue;
		unsigned at = count++;
		for (; at > 0 && before(move, heads[at - 1]); at--)
			heads[at] = heads[at - 1];
		heads[at] = move;
	}
	if (count > 0 && !room_open(folding, &room))
		return err_set(err, ENVIRONMENT, "thread: out of memory");
	for (unsigned i = 0; i < count; i++) {
		enum status status = settle_head(folding, heads[i], &room, err);
		if (status != OK)
			return status;
	}
	return OK;
}

static bool is_head(const struct move *move)
{
	if (!stands_so_far(move) || kernel_of(move)->pending)
		return false;
	for (struct follower *f = kernel_of(move)->followers; f; f = f->next)
		if (stands_so_far(f->move) && !kernel_of(f->move)->pending)
			return false;
	return true;
}

static enum status fill_heads(struct folding *folding, struct err *err)
{
	struct fold *fold = &folding->fold;

	for (unsigned i = 0; i < fold->move_count; i++) {
		struct move *move = fold->moves[i];
		if (!is_head(move))
			continue;
		struct part *part = move->part;
		part->heads =
		    arena_grow(fold->arena, part->heads, part->head_count, part->head_count + 1, sizeof *part->heads);
		if (!part->heads)
			return err_set(err, ENVIRONMENT, "thread: out of memory");
		unsigned at = part->head_count++;
		for (; at > 0 && id_compare(&part->heads[at - 1]->id, &move->id) > 0; at--)
			part->heads[at] = part->heads[at - 1];
		part->heads[at] = move;
	}
	return OK;
}

enum status rivals_settle(struct folding *folding, struct err *err)
{
	settle_restated(folding);
	enum status status = standing_settle(folding, err);
	overtake_built(folding);
	if (status == OK)
		status = settle_rivals(folding, err);
	return status == OK ? fill_heads(folding, err) : status;
}

const struct state *part_state(const struct folding *folding, const struct part *part)
{
	const struct state *derived = NULL;

	if (part->head_count != 1)
		return NULL;
	if (folding->domain->part_state)
		derived = folding->domain->part_state(&folding->fold, part);
	return derived ? derived : part->heads[0]->state;
}
