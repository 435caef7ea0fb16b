/* Entries in words: what a body holds, who signed it, what the fold says of it, and between which times it must have been made. */
#ifndef WARIFU_APP_DESCRIBE_H
#define WARIFU_APP_DESCRIBE_H
#include "app/app.h"

/* {"kind","stated","thread","part","answers","refs","seen","attachments","fields"}; needs no home. */
json_t *body_describe(const struct body *body);
/* With place and signature: {"id","tally","key","seq","prev","signature", ...body}. */
json_t *entry_describe(const struct entry *entry);
/* An entry of the chosen tally by its id, with signer, verdict and rule. */
enum status entry_row_describe(struct app *app, const struct id *id, json_t **out, struct err *err);

/* Entries of a thread or part, in causal order: "why". Each row: number, id, kind, party, post, desk, stated, not_before, not_after,
 * verdict, rule, reason, state. */
enum status why_rows(struct app *app, const char *number, json_t **rows, struct err *err);
/* Newest first. of: NULL, a desk's number, the first digits of a key, or a class ("root"); count 0: all. */
enum status log_rows(struct app *app, const char *of, int64_t count, json_t **rows, struct err *err);
const char *verdict_name(enum verdict verdict);

/* Kinds of all domains and of the kernel; one kind with its fields and moves. NOT_FOUND names the nearest. */
json_t *kinds_describe(void);
json_t *kind_describe(const struct kind *kind, const struct domain *domain);
const struct kind *kind_find(const char *name, const struct domain **domain);
#endif
