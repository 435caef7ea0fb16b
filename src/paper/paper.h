/* Papers: a layout (data) and facts (what a domain knows) become sheets of A4 as a PDF. The same layout and facts make the same bytes, on any
 * day and in any process: the date inside is that of the facts, and no configuration of the machine is read but the one font file. */
#ifndef WARIFU_PAPER_PAPER_H
#define WARIFU_PAPER_PAPER_H
#include "base/buf.h"
#include "core/paper.h"

/* Facts that every paper has: "number", and "dated" (RFC 3339: the date inside the file). Where they are there, "banner" (above and below on
 * every sheet), "marking", "foot", "agreement" and "parties" are printed too: texts, or {"en", "ja"}. BAD_INPUT: the layout does not fit the
 * page, or the paper is beyond LIMIT_PAPER_PAGES; ENVIRONMENT: no font, no memory. out: initialised by the caller. */
enum status paper_print(const json_t *layout, const json_t *facts, struct buf *out, struct err *err);

/* By its name among those of all domains; NULL. */
const struct paper *paper_find(const char *name);
/* Gathers the facts and prints them. dir: where the home keeps layouts of its own, or NULL. The layout is the one that the agreement's profile
 * names under "papers" for this paper, else the paper's own; NAME.json of dir goes before the shipped one. */
enum status paper_write(struct ctx *ctx, const struct paper *paper, const struct paper_wish *wish, const char *dir,
    struct buf *out, struct err *err);
#endif
