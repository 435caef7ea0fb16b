/* The one door to the heap for everything in base that grows: buf and arena allocate here and nowhere else, so that a
 * test can make the n-th allocation fail and see that the program survives it. */
#ifndef WARIFU_BASE_ALLOC_H
#define WARIFU_BASE_ALLOC_H
#include <stdbool.h>
#include <stddef.h>

/* NULL when there is no memory, or when a test said so. Size 0 is taken as 1. Memory is not zeroed. */
void *base_alloc(size_t size);
/* As realloc: on NULL the old memory is still there and still the caller's. */
void *base_realloc(void *old, size_t size);
void base_free(void *memory); /* NULL-safe */

/* For tests. The nth allocation of this thread from now on fails, once (1: the very next one); 0: none fails. */
void base_alloc_fail_at(unsigned long nth);
/* For tests. Allocations of this thread that were asked for since base_alloc_fail_at was last called. */
unsigned long base_alloc_count(void);
#endif
