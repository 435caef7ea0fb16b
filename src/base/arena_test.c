#include "base/alloc.h"
#include "base/arena.h"
#include "base/tap.h"

#define KIB 1024u

static bool is_zero(const uint8_t *data, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (data == NULL || data[i] != 0) {
			return false;
		}
	}
	return true;
}

/* Sizes from 1 to large, so that blocks are opened, passed over and given to one take alone. */
static void taking(void)
{
	static const size_t sizes[] = { 1, 15, 16, 17, 100, 4000, 3, 5000, 40000, 2, 2u << 20, 8, 300000, 1 };
	bool aligned = true, zero = true, apart = true;
	struct arena arena;
	uint8_t *taken[200] = { NULL };

	arena_init(&arena, 64u << 20);
	for (size_t i = 0; i < 200; i++) {
		size_t size = sizes[i % (sizeof sizes / sizeof sizes[0])];
		size = i > 60 && size > KIB ? 33 : size;
		taken[i] = arena_take(&arena, size);
		if (taken[i] == NULL) {
			tap_ok(false, "an arena far below its ceiling gives what is asked");
			break;
		}
		aligned = aligned && (uintptr_t)taken[i] % 16 == 0;
		zero = zero && is_zero(taken[i], size);
		memset(taken[i], (int)i + 1, size);
	}
	for (size_t i = 0; i < 200 && taken[i] != NULL; i++) {
		size_t size = sizes[i % (sizeof sizes / sizeof sizes[0])];
		size = i > 60 && size > KIB ? 33 : size;
		apart = apart && taken[i][0] == (uint8_t)(i + 1) && taken[i][size - 1] == (uint8_t)(i + 1);
	}
	tap_ok(aligned, "every piece begins at a multiple of 16");
	tap_ok(zero, "every piece is zeroed");
	tap_ok(apart, "no piece overlaps another");
	tap_ok(!arena.failed, "an arena below its ceiling has not failed");
	arena_clear(&arena);
	tap_ok(arena.block == NULL && arena.used_bytes == 0, "a cleared arena holds nothing");
	tap_ok(arena_take(&arena, 10) != NULL, "a cleared arena can be used again, with its ceiling");
	arena_clear(&arena);
}

static void ceilings(void)
{
	struct arena arena;

	arena_init(&arena, 64);
	tap_ok(arena_take(&arena, 33) != NULL && arena.used_bytes == 48, "what is taken counts in steps of 16");
	tap_ok(
	    arena_take(&arena, 17) == NULL && arena.failed, "a take above the ceiling gives nothing and is remembered");
	tap_ok(arena_take(&arena, 16) != NULL, "what still fits is given even then");
	tap_ok(arena_take(&arena, 0) == NULL, "even nothing needs its place");
	arena_reset(&arena);
	tap_ok(!arena.failed && arena.used_bytes == 0, "a reset arena is empty and has forgotten its failure");
	uint8_t *again = arena_take(&arena, 64);
	tap_ok(again != NULL && is_zero(again, 64), "memory used a second time is zeroed again");
	arena_clear(&arena);
	arena_init(&arena, 64u << 20);
	(void)arena_take(&arena, 3u << 20);
	arena_reset(&arena);
	tap_ok(arena.block == NULL, "a reset arena does not keep a block that was large");
	(void)arena_take(&arena, 100);
	struct arena_block *block = arena.block;
	(void)arena_take(&arena, 4000);
	(void)arena_take(&arena, 100);
	arena_reset(&arena);
	tap_ok(arena.block == block && arena_take(&arena, 4000) != NULL && arena.block == block,
	    "a reset arena keeps a small block and fills it from its beginning");
	arena_clear(&arena);
	arena_init(&arena, SIZE_MAX);
	tap_ok(arena_take(&arena, SIZE_MAX - 3) == NULL && arena.failed,
	    "a size near the end of memory does not wrap around");
	arena_clear(&arena);
	arena_init(&arena, 1000);
	tap_ok(arena_take_array(&arena, SIZE_MAX / 2, 3) == NULL && arena.failed,
	    "an array whose size overflows is refused");
	arena_reset(&arena);
	tap_ok(arena_take_array(&arena, 10, 8) != NULL && arena.used_bytes == 80, "an array takes count times size");
	arena_clear(&arena);
}

static void growing(void)
{
	struct arena arena;
	int *list = NULL;
	bool kept = true, zero = true;

	arena_init(&arena, 1u << 20);
	for (size_t count = 0; count < 3000; count++) {
		list = arena_grow(&arena, list, count, count + 1, sizeof *list);
		zero = zero && list[count] == 0;
		list[count] = (int)count;
	}
	for (size_t i = 0; i < 3000; i++) {
		kept = kept && list[i] == (int)i;
	}
	tap_ok(kept && zero, "an array that grows one by one keeps its elements and gets zeroed ones");
	tap_ok(arena.used_bytes < 3 * 3000 * sizeof *list, "the newest array grows where it is");
	char *other = arena_take(&arena, 8);
	int *moved = arena_grow(&arena, list, 3000, 3001, sizeof *list);
	tap_ok(moved != list && moved[2999] == 2999 && moved[3000] == 0, "an array behind another piece moves to grow");
	tap_ok(other != NULL && list[2999] == 2999, "and leaves what was there alone");
	tap_ok(arena_grow(&arena, moved, 3001, 10, sizeof *list) == moved, "an array that need not grow stays");
	tap_ok(arena_grow(&arena, moved, 3001, SIZE_MAX / 2, 4) == NULL && arena.failed,
	    "a growth that overflows is refused");
	arena.failed = false;
	tap_ok(arena_grow(&arena, moved, 3001, 1u << 20, 4) == NULL && arena.failed,
	    "a growth above the ceiling is refused");
	tap_is_int(moved[2999], 2999, "a refused growth leaves the array");
	arena_clear(&arena);

	arena_init(&arena, 64);
	list = arena_grow(&arena, NULL, 0, 4, sizeof *list);
	tap_ok(arena_grow(&arena, list, 4, 16, sizeof *list) == list && arena.used_bytes == 64,
	    "growth in place may fill it");
	tap_ok(arena_grow(&arena, list, 16, 17, sizeof *list) == NULL, "growth in place stops at the ceiling");
	arena_clear(&arena);
}

static void copying(void)
{
	struct arena arena;

	arena_init(&arena, 4096);
	struct bytes copy = arena_copy(&arena, bytes_text("F-76"));
	tap_ok(bytes_is(copy, "F-76"), "bytes are copied");
	copy = arena_copy(&arena, bytes_of(NULL, 0));
	tap_ok(copy.len == 0 && copy.data != NULL, "a copy of nothing is there and empty");
	tap_is_text(arena_text(&arena, bytes_of("F-76 and more", 4)), "F-76", "a text copy ends where its bytes end");
	tap_is_text(arena_text(&arena, bytes_of(NULL, 0)), "", "a text copy of nothing is an empty text");
	tap_is_text(
	    arena_printf(&arena, "%s-%02d-%04d", "GB", 7, 13), "GB-07-0013", "a text is printed into the arena");
	arena_clear(&arena);
	arena_init(&arena, 16);
	tap_ok(arena_copy(&arena, bytes_text("a text of 17 byte")).data == NULL && arena.failed,
	    "a copy above the ceiling fails");
	tap_ok(arena_text(&arena, bytes_text("0123456789abcdef")) == NULL,
	    "the end mark of a text counts against the ceiling");
	tap_ok(arena_text(&arena, bytes_of("x", SIZE_MAX)) == NULL, "a text as long as memory is refused");
	tap_ok(arena_printf(&arena, "%20d", 1) == NULL, "printing above the ceiling fails");
	arena_clear(&arena);
}

/* Every allocation made to fail once. */
static void no_memory(void)
{
	bool survived = true, told = true;

	for (unsigned long nth = 1; nth <= 4; nth++) {
		struct arena arena;
		arena_init(&arena, 1u << 20);
		base_alloc_fail_at(nth);
		unsigned given = 0;
		for (unsigned i = 0; i < 40; i++) {
			uint8_t *piece = arena_take(&arena, 500);
			if (piece != NULL) {
				memset(piece, 1, 500);
				given++;
			}
		}
		survived = survived && given >= 39;
		told = told && arena.failed == (base_alloc_count() >= nth);
		base_alloc_fail_at(0);
		arena_clear(&arena);
	}
	tap_ok(survived, "an arena that once gets no memory can go on");
	tap_ok(told, "an arena that once got no memory says so");
}

int main(void)
{
	taking();
	ceilings();
	growing();
	copying();
	no_memory();
	return tap_done();
}
