/* Every thread of a domain folded anew, one after another, as of a time: for looking at all of them without trusting the rows. The
 * keys are read once; each thread has the arena to itself. */
#include "base/limits.h"
#include "fold/folding.h"
#include "fold/parts.h"
#include "store/link.h"
#include <string.h>

struct looking {
	struct keyring *ring;
	const char *domain;
	struct arena arena;
	struct buf state;
	thread_fact_fn *each;
	void *context;
};

/* While its opening is missing, a thread is of the domain of what waits in it. */
static bool is_of(const struct folding *folding, const char *name)
{
	const struct domain *domain = domain_find(folding->all[0]->body.kind);

	return domain && strcmp(domain->name, name) == 0;
}

static enum status look(void *context, const struct thread_row *row, struct err *err)
{
	struct looking *looking = context;
	struct folding *folding;

	if (row->domain[0] != '\0' && strcmp(row->domain, looking->domain) != 0)
		return OK;
	arena_reset(&looking->arena);
	enum status status = folding_run(looking->ring, &row->id, NULL, NULL, &looking->arena, &folding, err);
	if (status != OK || folding->all_count == 0 || !is_of(folding, looking->domain))
		return status;
	for (unsigned i = 0; i < folding->fold.part_count; i++)
		number_of_part(folding, folding->fold.parts[i], row->number);
	struct thread_fact fact = { .row = row->row, .number = row->number, .left_out = folding->left_out };
	if (!folding->left_out && row->folded) {
		buf_reset(&looking->state);
		state_print(folding, &looking->state);
		struct id leaf = sha256(buf_bytes(&looking->state));
		fact.differs = looking->state.failed || !id_equal(&leaf, &row->leaf);
	}
	return looking->each(looking->context, &folding->fold, &fact, err);
}

enum status fold_each(struct store *store, int64_t tally, const char *domain, int64_t until_ms, thread_fact_fn *each,
    void *context, struct err *err)
{
	struct looking looking = { .domain = domain, .each = each, .context = context };
	struct arena ring_arena;

	arena_init(&ring_arena, LIMIT_ARENA_BYTES);
	arena_init(&looking.arena, LIMIT_ARENA_BYTES);
	buf_init(&looking.state, LIMIT_ARENA_BYTES);
	enum status status = store_still_begin(store, true, err); /* and no lock for each question */
	bool begun = status == OK;
	if (begun)
		status = keyring_load(store, tally, NULL, NULL, &ring_arena, &looking.ring, err);
	if (status == OK) {
		looking.ring->until_ms = until_ms;
		status = store_thread_each(store, tally, look, &looking, err);
	}
	if (begun)
		status = store_still_end(store, status, err);
	buf_clear(&looking.state);
	arena_clear(&looking.arena);
	arena_clear(&ring_arena);
	return status;
}
