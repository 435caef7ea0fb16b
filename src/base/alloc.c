#include "base/alloc.h"
#include <stdlib.h>

/* Per thread: a test that plants a failure must not meet the allocations of another thread, and no lock is needed. */
static _Thread_local unsigned long fail_at;
static _Thread_local unsigned long count;

static bool fails_now(void)
{
	return ++count == fail_at;
}

void *base_alloc(size_t size)
{
	return fails_now() ? NULL : malloc(size != 0 ? size : 1);
}

void *base_realloc(void *old, size_t size)
{
	return fails_now() ? NULL : realloc(old, size != 0 ? size : 1);
}

void base_free(void *memory)
{
	free(memory);
}

void base_alloc_fail_at(unsigned long nth)
{
	fail_at = nth;
	count = 0;
}

unsigned long base_alloc_count(void)
{
	return count;
}
