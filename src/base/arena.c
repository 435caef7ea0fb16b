/* Blocks in a list; the first is the one being filled. A take that is large for a block gets a block of its own behind
 * the first, so that the rest of the first is not wasted. An array that grows gets the end of the first block.
 * 1. used_bytes is the sum of all takes, each rounded up to 16, and never above ceiling_bytes.
 * 2. What has not been taken is poisoned under AddressSanitizer: an arena must not hide an overrun. */
#include "base/arena.h"
#include "base/alloc.h"
#include "base/err.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#if defined(__has_feature)
#if __has_feature(address_sanitizer) && !defined(__SANITIZE_ADDRESS__)
#define __SANITIZE_ADDRESS__ 1 /* clang says it otherwise than gcc */
#endif
#endif
#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(address, size) ((void)(address), (void)(size))
#define ASAN_UNPOISON_MEMORY_REGION(address, size) ((void)(address), (void)(size))
#endif

#define ALIGNMENT 16u
#define FIRST_BLOCK_BYTES 4096u
#define LARGEST_BLOCK_BYTES (1u << 20)

struct arena_block {
	struct arena_block *next;
	size_t used, size;
	_Alignas(ALIGNMENT) uint8_t data[];
};

void arena_init(struct arena *arena, size_t ceiling_bytes)
{
	*arena = (struct arena){ .ceiling_bytes = ceiling_bytes };
}

static void blocks_free(struct arena_block *block)
{
	while (block != NULL) {
		struct arena_block *next = block->next;
		ASAN_UNPOISON_MEMORY_REGION(block->data, block->size);
		base_free(block);
		block = next;
	}
}

void arena_clear(struct arena *arena)
{
	blocks_free(arena->block);
	arena_init(arena, arena->ceiling_bytes);
}

void arena_reset(struct arena *arena)
{
	struct arena_block *block = arena->block;

	if (block != NULL && block->size > LARGEST_BLOCK_BYTES) {
		arena_clear(arena); /* one large message must not fix the memory of all that follow */
	} else if (block != NULL) {
		blocks_free(block->next);
		block->next = NULL;
		block->used = 0;
		ASAN_POISON_MEMORY_REGION(block->data, block->size);
	}
	arena->used_bytes = 0;
	arena->failed = false;
}

static struct arena_block *block_new(size_t size)
{
	struct arena_block *block = base_alloc(sizeof *block + size);

	if (block != NULL) {
		*block = (struct arena_block){ .size = size };
		ASAN_POISON_MEMORY_REGION(block->data, size);
	}
	return block;
}

static size_t next_size(const struct arena *arena)
{
	if (arena->block == NULL) {
		return FIRST_BLOCK_BYTES;
	}
	return arena->block->size < LARGEST_BLOCK_BYTES / 2 ? arena->block->size * 2 : LARGEST_BLOCK_BYTES;
}

static bool has_room(const struct arena_block *block, size_t need)
{
	return block != NULL && block->size - block->used >= need;
}

/* A block with room for `need` bytes, or NULL. */
static struct arena_block *block_for(struct arena *arena, size_t need)
{
	struct arena_block *first = arena->block;

	if (has_room(first, need)) {
		return first;
	}
	size_t size = next_size(arena);
	bool alone = first != NULL && need > size / 4;
	struct arena_block *block = block_new(alone || need > size ? need : size);
	if (block == NULL) {
		return NULL;
	}
	if (alone) {
		block->next = first->next;
		first->next = block;
	} else {
		block->next = first;
		arena->block = block;
	}
	return block;
}

static size_t rounded(size_t size)
{
	return (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
}

void *arena_take(struct arena *arena, size_t size)
{
	size_t left = arena->ceiling_bytes - arena->used_bytes;
	size_t need = size == 0 ? ALIGNMENT : rounded(size);
	struct arena_block *block = NULL;

	ASSERT(arena->used_bytes <= arena->ceiling_bytes); /* 1 */
	if (need >= size && need <= left) {
		block = block_for(arena, need);
	}
	if (block == NULL) {
		arena->failed = true;
		return NULL;
	}
	void *taken = block->data + block->used;
	block->used += need;
	arena->used_bytes += need;
	ASAN_UNPOISON_MEMORY_REGION(taken, size);
	return memset(taken, 0, size);
}

void *arena_take_array(struct arena *arena, size_t count, size_t size)
{
	size_t total;

	if (__builtin_mul_overflow(count, size, &total)) {
		arena->failed = true;
		return NULL;
	}
	return arena_take(arena, total);
}

/* The newest take of the block being filled can grow where it is: arrays that grow by one element would otherwise
 * leave all their former selves behind. */
static bool grows_in_place(struct arena *arena, const uint8_t *old, size_t old_size, size_t new_size)
{
	struct arena_block *block = arena->block;
	size_t old_need = old_size == 0 ? ALIGNMENT : rounded(old_size);

	if (block == NULL || block->used < old_need || old != block->data + block->used - old_need) {
		return false;
	}
	size_t more = rounded(new_size) - old_need;
	if (more > block->size - block->used || more > arena->ceiling_bytes - arena->used_bytes) {
		return false;
	}
	block->used += more;
	arena->used_bytes += more;
	return true;
}

/* What has grown once will grow again: the first block gets room for twice as much, so that an array grown one by one moves
 * only as often as its size doubles. Without it each step would leave a copy behind. */
static void room_open(struct arena *arena, size_t size)
{
	size_t left = arena->ceiling_bytes - arena->used_bytes;
	size_t room = size < left / 2 ? rounded(size) * 2 : left;

	if (size > left || has_room(arena->block, room)) {
		return;
	}
	size_t usual = next_size(arena);
	struct arena_block *block = block_new(room > usual ? room : usual);
	if (block != NULL) {
		block->next = arena->block;
		arena->block = block;
	}
}

void *arena_grow(struct arena *arena, void *old, size_t old_count, size_t new_count, size_t size)
{
	size_t old_size, new_size;

	if (old == NULL) {
		return arena_take_array(arena, new_count, size);
	}
	if (__builtin_mul_overflow(new_count, size, &new_size) || new_size > SIZE_MAX - ALIGNMENT) {
		arena->failed = true;
		return NULL;
	}
	if (new_count <= old_count) {
		return old;
	}
	old_size = old_count * size;
	if (grows_in_place(arena, old, old_size, new_size)) {
		ASAN_UNPOISON_MEMORY_REGION(old, new_size);
		memset((uint8_t *)old + old_size, 0, new_size - old_size);
		return old;
	}
	room_open(arena, new_size);
	void *taken = arena_take(arena, new_size);
	if (taken != NULL) {
		memcpy(taken, old, old_size);
	}
	return taken;
}

struct bytes arena_copy(struct arena *arena, struct bytes bytes)
{
	uint8_t *copy = arena_take(arena, bytes.len);

	if (copy == NULL) {
		return bytes_of(NULL, 0);
	}
	if (bytes.len != 0) {
		memcpy(copy, bytes.data, bytes.len);
	}
	return bytes_of(copy, bytes.len);
}

char *arena_text(struct arena *arena, struct bytes bytes)
{
	char *text = bytes.len == SIZE_MAX ? NULL : arena_take(arena, bytes.len + 1);

	if (text != NULL && bytes.len != 0) {
		memcpy(text, bytes.data, bytes.len);
	}
	return text;
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
	va_list arguments, again;
	char *text = NULL;

	va_start(arguments, format);
	va_copy(again, arguments);
	int len = vsnprintf(NULL, 0, format, arguments);
	va_end(arguments);
	if (len >= 0) {
		text = arena_take(arena, (size_t)len + 1);
	}
	if (text != NULL) {
		vsnprintf(text, (size_t)len + 1, format, again);
	}
	va_end(again);
	return text;
}
