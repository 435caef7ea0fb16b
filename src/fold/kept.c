/* A keyring that stays with its store. Who may speak changes seldom, and is worked out from every grant there is: with each entry that one
 * officer signs, that would be most of the work.
 *
 *  KR1 a kept ring is used again only if nothing came since it was loaded that may change it: store_kernel_generation();
 *  KR2 one with a limit, a fork or a branch is not: there a new entry of any thread may count as a word about a key. */
#include "fold/kept.h"
#include "base/alloc.h"

struct kept {
	struct arena arena;
	struct keyring *ring;
	int64_t tally;
	uint64_t generation; /* 0: not to be used again */
};

static void kept_drop(void *data)
{
	struct kept *kept = data;

	if (kept)
		arena_clear(&kept->arena);
	base_free(kept);
}

/* KR2 */
static bool is_plain(const struct keyring *ring)
{
	for (unsigned i = 0; i < ring->log_count; i++)
		if (ring->logs[i].row.parent)
			return false;
	return !keyring_is_limited(ring);
}

static enum status kept_load(struct store *store, int64_t tally, struct kept **out, struct err *err)
{
	struct kept *kept = base_alloc(sizeof *kept);

	store_keep(store, NULL, NULL);
	if (!kept)
		return err_set(err, ENVIRONMENT, "keys: out of memory");
	*kept = (struct kept){ .tally = tally };
	arena_init(&kept->arena, LIMIT_ARENA_BYTES);
	enum status status = keyring_load(store, tally, NULL, NULL, &kept->arena, &kept->ring, err);
	if (status != OK) {
		kept_drop(kept);
		return status;
	}
	kept->generation = is_plain(kept->ring) ? store_kernel_generation(store) : 0;
	store_keep(store, kept, kept_drop);
	*out = kept;
	return OK;
}

/* Logs have grown since. */
static enum status heads_look(struct kept *kept, struct store *store, struct err *err)
{
	enum status status = OK;

	kept->ring->store = kept->ring->past.store = store;
	for (unsigned i = 0; status == OK && i < kept->ring->log_count; i++)
		status = store_log_get(store, kept->ring->logs[i].row.row, &kept->ring->logs[i].row, err);
	return status;
}

enum status keyring_borrow(struct store *store, int64_t tally, bool anew, struct keyring **out, struct err *err)
{
	struct kept *kept = store_kept(store);
	enum status status;

	if (!anew && kept && kept->tally == tally && kept->generation != 0 &&
	    kept->generation == store_kernel_generation(store)) /* KR1 */
		status = heads_look(kept, store, err);
	else
		status = kept_load(store, tally, &kept, err);
	if (status != OK)
		return status;
	ASSERT(kept);
	*out = kept->ring;
	return OK;
}
