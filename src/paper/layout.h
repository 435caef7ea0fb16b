/* A layout: what a printed form looks like, as data (docs/papers.md). Read strictly: what is not known is refused, so that a mistyped name is
 * not a box that stays empty for ever. */
#ifndef WARIFU_PAPER_LAYOUT_H
#define WARIFU_PAPER_LAYOUT_H
#include "base/bytes.h"
#include "base/err.h"
#include <jansson.h>

#define LAYOUT_BOXES 12 /* boxes side by side, or columns of a table */
#define LAYOUT_ROWS 64

/* `what` names the source in messages. BAD_INPUT says where and why. The caller owns *out. */
enum status layout_read(struct bytes text, const char *what, json_t **out, struct err *err);
/* What a path of names with points between them leads to: "signed.requested"; NULL: nothing, or null, or an empty list. */
const json_t *fact_at(const json_t *facts, const char *path);
#endif
