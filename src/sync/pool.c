/* Signatures are most of the work of a sync, and each stands for itself: so they are checked beside the thread that decodes and stores.
 *
 *  P1 an entry is given to exactly one thread; only that thread writes its reason;
 *  P2 after pool_wait() nobody but the caller touches the frame. */
#include "sync/pool.h"
#include "base/alloc.h"
#include <pthread.h>

#define THREADS 2
#define BATCH 8 /* entries taken at once: about half a millisecond */

struct pool {
	pthread_mutex_t lock;
	pthread_cond_t work, idle;
	pthread_t threads[THREADS];
	unsigned thread_count;
	struct frame *frame; /* NULL: nothing to do */
	unsigned next, busy;
	bool ending;
};

static void batch_check(struct frame *frame, unsigned first)
{
	for (unsigned i = first; i < first + BATCH && i < frame->count; i++) {
		struct frame_entry *entry = &frame->entries[i];
		if (entry->reason == NULL) {
			entry->reason = entry_verify(&entry->entry);
		}
	}
}

/* Takes batches until none is left; the lock is held outside of the checking. */
static void batches_take(struct pool *pool)
{
	while (pool->frame != NULL && pool->next < pool->frame->count) {
		struct frame *frame = pool->frame;
		unsigned first = pool->next;
		pool->next += BATCH; /* P1 */
		pool->busy++;
		pthread_mutex_unlock(&pool->lock);
		batch_check(frame, first);
		pthread_mutex_lock(&pool->lock);
		pool->busy--;
	}
	if (pool->busy == 0) {
		pthread_cond_broadcast(&pool->idle);
	}
}

static void *worker(void *context)
{
	struct pool *pool = context;

	pthread_mutex_lock(&pool->lock);
	while (!pool->ending) {
		if (pool->frame == NULL || pool->next >= pool->frame->count) {
			pthread_cond_wait(&pool->work, &pool->lock);
		} else {
			batches_take(pool);
		}
	}
	pthread_mutex_unlock(&pool->lock);
	return NULL;
}

struct pool *pool_new(void)
{
	struct pool *pool = base_alloc(sizeof *pool);

	if (pool != NULL) {
		*pool = (struct pool){ .thread_count = 0 };
		pthread_mutex_init(&pool->lock, NULL);
		pthread_cond_init(&pool->work, NULL);
		pthread_cond_init(&pool->idle, NULL);
	}
	return pool;
}

void pool_free(struct pool *pool)
{
	if (pool == NULL) {
		return;
	}
	pool_wait(pool);
	pthread_mutex_lock(&pool->lock);
	pool->ending = true;
	pthread_cond_broadcast(&pool->work);
	pthread_mutex_unlock(&pool->lock);
	for (unsigned i = 0; i < pool->thread_count; i++) {
		pthread_join(pool->threads[i], NULL);
	}
	pthread_cond_destroy(&pool->work);
	pthread_cond_destroy(&pool->idle);
	pthread_mutex_destroy(&pool->lock);
	base_free(pool);
}

void pool_start(struct pool *pool, struct frame *frame)
{
	ASSERT(pool->frame == NULL);
	/* A few are done sooner here than a thread begins. */
	while (frame->count > BATCH && pool->thread_count < THREADS &&
	    pthread_create(&pool->threads[pool->thread_count], NULL, worker, pool) == 0) {
		pool->thread_count++;
	}
	pthread_mutex_lock(&pool->lock);
	pool->frame = frame;
	pool->next = 0;
	pthread_cond_broadcast(&pool->work);
	pthread_mutex_unlock(&pool->lock);
}

void pool_wait(struct pool *pool)
{
	pthread_mutex_lock(&pool->lock);
	if (pool->frame != NULL && pool->thread_count == 0) {
		batches_take(pool);
	}
	while (pool->frame != NULL && (pool->next < pool->frame->count || pool->busy > 0)) {
		pthread_cond_wait(&pool->idle, &pool->lock);
	}
	pool->frame = NULL; /* P2 */
	pthread_mutex_unlock(&pool->lock);
}
