/* Two threads that check signatures, and nothing else: no store, no shared state but the entries of one frame. */
#ifndef WARIFU_SYNC_POOL_H
#define WARIFU_SYNC_POOL_H
#include "base/err.h"
#include "wire/frame.h"

struct pool;
/* Threads begin with the first work; where none can be made, the caller's does the work. NULL: no memory. */
struct pool *pool_new(void);
void pool_free(struct pool *pool); /* NULL-safe; waits */
/* Begins to check all entries of a frame that have no reason yet; a bad signature fills `reason`. One frame at a time. */
void pool_start(struct pool *pool, struct frame *frame);
void pool_wait(struct pool *pool); /* until all of it is checked */
#endif
