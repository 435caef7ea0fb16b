/* From what people type to what the kernel knows: "GB-07-0013", "GB-07-0013/I07.2", "I07.2" beside a known thread, or the first hex
 * digits of an entry's id. */
#ifndef WARIFU_APP_LOCATE_H
#define WARIFU_APP_LOCATE_H
#include "app/app.h"

#define LOCATE_HEX_MIN 8 /* digits of an id that must be given at least */

struct target {
	struct thread_row thread;
	struct fold *fold; /* the thread folded, from the arena given */
	struct part *part; /* NULL only for an entry that belongs to no part */
	struct move *move; /* the entry that an id named; NULL when a number was given */
};
/* beside: a number of the thread in which a bare part such as "I07.2" is looked for; NULL: none. NOT_FOUND says what to do. */
enum status locate(
    struct app *app, const char *text, const char *beside, struct arena *arena, struct target *out, struct err *err);
/* Is this the beginning of an id (hex, LOCATE_HEX_MIN digits or more)? */
bool locate_is_hex(const char *text);
/* An entry of the chosen tally by the first digits of its id; USAGE when several begin so. */
enum status locate_entry(struct app *app, const char *hex, struct id *out, struct err *err);
/* For field_reader: an id by its first digits, or the id of a part or thread by its number. context: struct app *. */
enum status locate_id(void *context, const char *text, struct id *out, struct err *err);
/* Code of the party that holds the pen; "" when nobody does. */
const char *part_pen(const struct fold *fold, const struct part *part, const struct state *state);
#endif
