/* Tables of the domains: made, emptied and filled for the fold; rows_put (core/rows.h) ends here. */
#ifndef WARIFU_STORE_ROWS_H
#define WARIFU_STORE_ROWS_H
#include "core/domain.h"
#include "store/store.h"

/* Makes the tables and views of a domain when they are not here, or not of this text: then the old ones are dropped and *made is true:
 * the caller must fold its threads again. A table whose SQL gives no index that begins with `thread` gets one. Call it after
 * store_open, in a transaction or not. Reading only: BAD_INPUT cannot occur; *made is false and nothing is done. */
enum status rows_create(struct store *store, const struct domain *domain, bool *made, struct err *err);
/* Removes the rows of one thread. A thread that was never folded has none: the caller can spare the call. */
enum status rows_clear(struct store *store, const struct domain *domain, int64_t thread, struct err *err);
/* Removes all rows of a domain's tables that belong to threads of a tally. */
enum status rows_clear_tally(struct store *store, const struct domain *domain, int64_t tally, struct err *err);

/* A sink for rows_put. An error of the database stays in it and is told by rows_close. */
struct rows {
	struct store *store;
	const struct domain *domain;
	int64_t thread;
	enum status status;
	struct err err;
};
void rows_open(struct rows *rows, struct store *store, const struct domain *domain, int64_t thread);
enum status rows_close(struct rows *rows, struct err *err);
#endif
