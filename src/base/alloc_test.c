#include "base/alloc.h"
#include "base/tap.h"
#include <stdint.h>

static void planted_failure(void)
{
	base_alloc_fail_at(2);
	void *first = base_alloc(8);
	void *second = base_alloc(8);
	void *third = base_alloc(8);
	tap_ok(first != NULL && second == NULL && third != NULL, "only the allocation that was told to fail fails");
	tap_is_int(base_alloc_count(), 3, "every allocation that is asked for is counted, the failed one too");

	base_alloc_fail_at(1);
	tap_ok(base_realloc(first, 64) == NULL, "growing can be told to fail");
	memset(first, 7, 8);
	tap_ok(((uint8_t *)first)[7] == 7, "memory that could not grow is still there");
	void *grown = base_realloc(first, 64);
	tap_ok(grown != NULL && ((uint8_t *)grown)[7] == 7, "memory that grows keeps what it held");
	base_free(grown);
	base_free(third);
}

int main(void)
{
	planted_failure();
	base_alloc_fail_at(0);
	void *none = base_alloc(0);
	tap_ok(none != NULL, "nothing asked for is still an answer and no failure");
	base_free(none);
	base_free(NULL);
	tap_is_int(base_alloc_count(), 1, "setting the failure anew begins the count anew");
	return tap_done();
}
