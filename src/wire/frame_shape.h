/* The shape of a body: its kind, how its pointers are told, which own keys it has (docs/sync.md 2.1). Of wire's frames only. */
#ifndef WARIFU_WIRE_FRAME_SHAPE_H
#define WARIFU_WIRE_FRAME_SHAPE_H
#include "wire/frame_column.h"

enum { THREAD_ABSENT, THREAD_SENT, THREAD_OF_ANSWER, THREAD_OF_REF };
enum { PART_ABSENT, PART_SENT, PART_OF_ANSWER, PART_OF_REF, PART_OF_THREAD, PART_POINTERS };
enum { POINTER_PART = 2, POINTER_ANSWERS = 5, POINTER_REFS = 6, POINTER_SEEN = 7 };
static inline unsigned thread_of(uint8_t pointers)
{
	return pointers & 3;
}
static inline unsigned part_of(uint8_t pointers)
{
	return pointers >> POINTER_PART & 7;
}
static inline bool pointer_has(uint8_t pointers, unsigned bit)
{
	return (pointers >> bit & 1) != 0;
}

#define KEY_ATTACHMENTS 7
#define FRAME_KEYS 249 /* 7, and 8 to 255 */
#define STATED_UNITS 3
static const int64_t stated_units[STATED_UNITS] = { 1, 1000, 60000 };

struct frame_column {
	struct bytes *values;
	uint32_t *owners;
	struct node *root;
};
struct shape {
	unsigned number;
	uint64_t hash;
	struct bytes kind;
	uint8_t pointers;
	const uint8_t *keys;
	unsigned key_count;
	struct frame_column *columns;
	size_t rows, filled;
	struct shape *next;
};
#endif
