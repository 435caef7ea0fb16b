/* The encoding of a thread's state (format 8): what two halves must agree on. */
#include "base/cbor.h"
#include "fold/folding.h"
#include <stdlib.h>
#include <string.h>

static int by_id(const void *a, const void *b)
{
	return id_compare(&(*(struct move *const *)a)->id, &(*(struct move *const *)b)->id);
}

static int by_part_id(const void *a, const void *b)
{
	return id_compare(&(*(struct part *const *)a)->id, &(*(struct part *const *)b)->id);
}

static void print_entries(const struct folding *folding, struct buf *out)
{
	const struct fold *fold = &folding->fold;
	struct move **sorted = arena_take_array(fold->arena, fold->move_count + 1, sizeof(struct move *));

	if (!sorted) {
		out->failed = true;
		return;
	}
	for (unsigned i = 0; i < fold->move_count; i++)
		sorted[i] = fold->moves[i];
	qsort(sorted, fold->move_count, sizeof(struct move *), by_id);
	cbor_put_array(out, fold->move_count);
	for (unsigned i = 0; i < fold->move_count; i++) {
		cbor_put_array(out, 3);
		cbor_put_bytes(out, id_bytes(&sorted[i]->id));
		cbor_put_int(out, sorted[i]->verdict);
		if (sorted[i]->verdict == VERDICT_VOID)
			cbor_put_literal(out, sorted[i]->rule);
		else
			cbor_put_null(out);
	}
}

static void print_part(const struct folding *folding, const struct part *part, struct buf *out)
{
	const struct state *state = part_state(folding, part);

	cbor_put_array(out, 4);
	cbor_put_bytes(out, id_bytes(&part->id));
	cbor_put_literal(out, part->type->name);
	cbor_put_array(out, part->head_count);
	for (unsigned h = 0; h < part->head_count; h++) {
		cbor_put_array(out, 2);
		cbor_put_bytes(out, id_bytes(&part->heads[h]->id));
		cbor_put_literal(out, state ? state->name : part->heads[h]->state->name);
	}
	if (part->head_count == 1)
		folding->domain->part_data(&folding->fold, part, out);
	else
		cbor_put_null(out);
}

void state_print(const struct folding *folding, struct buf *out)
{
	const struct fold *fold = &folding->fold;
	struct part **parts = arena_take_array(fold->arena, fold->part_count + 1, sizeof(struct part *));
	const char *point = NULL;

	if (!parts) {
		out->failed = true;
		return;
	}
	for (unsigned i = 0; i < fold->part_count; i++)
		parts[i] = fold->parts[i];
	qsort(parts, fold->part_count, sizeof(struct part *), by_part_id);
	cbor_put_array(out, 5);
	cbor_put_bytes(out, id_bytes(&fold->thread));
	if (fold->opening)
		point = memchr(fold->opening->body.kind.data, '.', fold->opening->body.kind.len);
	cbor_put_text(out,
	    point
		? bytes_of(fold->opening->body.kind.data, (size_t)(point - (const char *)fold->opening->body.kind.data))
		: bytes_of("", 0));
	cbor_put_int(out, folding->rule_set);
	print_entries(folding, out);
	cbor_put_array(out, fold->part_count);
	for (unsigned i = 0; i < fold->part_count; i++)
		print_part(folding, parts[i], out);
}
