/* What the past of a move holds (docs/support-rules.md 4.1): valid moves of its thread that lie in its past, itself left out.
 * The kernel has judged all of them before it asks about the move. */
#include "domain/support/support_state.h"

static bool in_past(const struct judging *judging, const struct move *move)
{
	return move != judging->move && move->verdict == VERDICT_VALID && move->state != NULL && move->part != NULL &&
	    fold_past_holds(judging->fold, judging->move, move);
}

static bool answers(const struct move *move, const struct move *head)
{
	for (unsigned i = 0; i < move->body.answer_count; i++) {
		if (move->answers[i] == head) {
			return true;
		}
	}
	return false;
}

/* Heads of one part while the past is walked through. A part has one, or a few rivals. */
struct slot {
	const struct part *part;
	struct tip *tips;
};
struct tip {
	const struct move *move;
	struct tip *next;
};

static struct slot *slot_of(struct slot *slots, size_t capacity, const struct part *part)
{
	size_t at = ((uintptr_t)part >> 4) * 2654435761u & (capacity - 1);

	while (slots[at].part != NULL && slots[at].part != part) {
		at = (at + 1) & (capacity - 1);
	}
	slots[at].part = part;
	return &slots[at];
}

/* Moves come in causal order, so what a move answers has been here before it. */
static bool tip_add(struct arena *arena, struct slot *slot, const struct move *move)
{
	struct tip *tip = arena_take(arena, sizeof *tip);

	for (struct tip **at = &slot->tips; *at != NULL;) {
		if (answers(move, (*at)->move)) {
			*at = (*at)->next;
		} else {
			at = &(*at)->next;
		}
	}
	if (tip != NULL) {
		*tip = (struct tip){ move, slot->tips };
		slot->tips = tip;
	}
	return tip != NULL;
}

static const struct move *tip_least(const struct slot *slot)
{
	const struct move *least = slot->tips->move;

	for (const struct tip *tip = slot->tips; tip != NULL; tip = tip->next) {
		if (id_compare(&tip->move->id, &least->id) < 0) {
			least = tip->move;
		}
	}
	return least;
}

static bool walk(struct judging *judging, struct slot *slots, size_t capacity)
{
	const struct fold *fold = judging->fold;

	for (unsigned i = 0; i < fold->move_count; i++) {
		const struct move *move = fold->moves[i];
		if (in_past(judging, move) && !tip_add(fold->arena, slot_of(slots, capacity, move->part), move)) {
			return false;
		}
	}
	return true;
}

const struct past_head *past_heads(struct judging *judging, unsigned *count)
{
	struct arena *arena = judging->fold->arena;
	size_t capacity = 4;

	*count = judging->head_count;
	if (judging->heads != NULL) {
		return judging->heads;
	}
	while (capacity < 2 * (size_t)judging->fold->part_count) {
		capacity *= 2;
	}
	struct slot *slots = arena_take_array(arena, capacity, sizeof *slots);
	struct past_head *heads = arena_take_array(arena, judging->fold->part_count + 1, sizeof *heads);
	if (slots == NULL || heads == NULL || !walk(judging, slots, capacity)) {
		judging->out_of_memory = true;
		return NULL;
	}
	for (unsigned i = 0; i < judging->fold->part_count; i++) {
		const struct slot *slot = slot_of(slots, capacity, judging->fold->parts[i]);
		if (slot->tips != NULL) {
			heads[(*count)++] = (struct past_head){ slot->part, tip_least(slot) };
		}
	}
	judging->heads = heads;
	judging->head_count = *count;
	return heads;
}

bool past_answers(const struct judging *judging, struct move *const *moves, unsigned count)
{
	for (unsigned i = 0; i < judging->fold->move_count; i++) {
		const struct move *move = judging->fold->moves[i];
		for (unsigned k = 0; k < count; k++) {
			if (move->part == moves[k]->part && answers(move, moves[k]) && in_past(judging, move)) {
				return true;
			}
		}
	}
	return false;
}

bool past_joins(const struct judging *judging, const struct move *taken)
{
	for (unsigned i = 0; i < judging->fold->move_count; i++) {
		const struct move *move = judging->fold->moves[i];
		if (support_kind_of(move->kind) != KIND_RECEIPTED) {
			continue;
		}
		for (unsigned k = 0; k < move->body.ref_count; k++) {
			if (move->refs[k] == taken && in_past(judging, move)) {
				return true;
			}
		}
	}
	return false;
}
