/* Standing moves and concurrent moves of the other party (format 7, step 2): the table, or the domain, says which of two stands. */
#include "fold/folding.h"

/* Does one of two followers of a head stand over the other, and which? Every pair is looked at before any of them is overtaken. */
static struct move *overtaken_of(const struct folding *folding, struct move *a, struct move *b)
{
	const struct transition *standing = kernel_of(a)->transition, *pen = kernel_of(b)->transition;

	if (a->verdict != VERDICT_VALID || b->verdict != VERDICT_VALID || !standing || !pen || kernel_of(a)->resolved ||
	    kernel_of(b)->resolved || standing->standing == PEN_MOVE || pen->standing != PEN_MOVE ||
	    a->signer.party == b->signer.party)
		return NULL;
	enum standing which = folding->domain->standing ? folding->domain->standing(&folding->fold, a, b) : PEN_MOVE;
	if (which == PEN_MOVE)
		which = standing->standing;
	return which == STANDS ? b : a;
}

static void settle_head(const struct folding *folding, struct move *head)
{
	for (struct follower *a = kernel_of(head)->followers; a; a = a->next)
		for (struct follower *b = kernel_of(head)->followers; b; b = b->next) {
			struct move *overtaken = overtaken_of(folding, a->move, b->move);
			if (overtaken)
				kernel_of(overtaken)->yields = true;
		}
}

enum status standing_settle(struct folding *folding, struct err *err)
{
	for (unsigned i = 0; i < folding->fold.move_count; i++)
		settle_head(folding, folding->fold.moves[i]);
	for (unsigned i = 0; i < folding->fold.move_count; i++)
		if (kernel_of(folding->fold.moves[i])->yields)
			folding->fold.moves[i]->verdict = VERDICT_OVERTAKEN;
	return folding->out_of_memory ? err_set(err, ENVIRONMENT, "thread: out of memory") : OK;
}

/* ---- what a domain may ask about a log --------------------------------------------------------------------------- */

struct look {
	uint64_t before; /* only entries below this seq */
	int64_t from_ms;
	bool found;
};

static enum status look_at(void *context, const struct entry_row *row, struct err *err)
{
	struct look *look = context;
	struct body body;

	(void)err;
	if (row->seq >= look->before)
		return NOT_FOUND; /* the end of what is asked */
	look->found |= body_read(row->body, &body) == NULL && body.stated_ms >= look->from_ms;
	return look->found ? NOT_FOUND : OK;
}

/* From the move's log back over the logs that its branch left. Earlier entries of a log are here whenever a later one is. */
bool fold_log_states(const struct fold *fold, const struct move *move, int64_t ms)
{
	struct folding *folding = fold->kernel;
	const struct ring_log *log = kernel_of(move)->log;
	struct look look = { .before = kernel_of(move)->seq, .from_ms = ms };

	while (log && !look.found) {
		struct err err = { 0 };
		enum status status =
		    store_log_entries(folding->ring->store, log->row.row, 1, NULL, look_at, &look, &err);
		folding->out_of_memory |= status != OK && status != NOT_FOUND;
		look.before = look.before < log->row.first_seq ? look.before : log->row.first_seq;
		log = log->row.parent ? keyring_log(folding->ring, log->row.parent) : NULL;
	}
	return look.found;
}
