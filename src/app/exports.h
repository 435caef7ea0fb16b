/* The export: one file that verifies alone (docs/format.md 10). Written from a home, read without one. */
#ifndef WARIFU_APP_EXPORTS_H
#define WARIFU_APP_EXPORTS_H
#include "app/app.h"
#include <stdio.h>

struct export_options {
	bool opening_only; /* root and recovery logs alone: the file for a partner who is to accept */
	bool attachments;
	int64_t until_ms; /* each log ends before its first entry stated at this time or later; 0: all */
};
struct export_result {
	int64_t entries, attachments, bytes;
};
/* Writes the chosen tally. ENVIRONMENT when the file cannot be written; then it is of no use. */
enum status export_write(
    struct app *app, const struct export_options *options, FILE *out, struct export_result *result, struct err *err);

struct export_check {
	struct id tally;
	int64_t entries, attachments, logs, forks, missing; /* missing: ids named and not in the file */
	int64_t bytes, attachment_bytes;
	char reason[24]; /* of a refusal: "export-end", "sig-wrong" */
	int64_t at;      /* number of the item, from 1, or 0 */
};
/* Checks magic, form, chains, ids, signatures (on all processors) and the end. each, which may be NULL, is given every entry in order,
 * before its signature is checked. BAD_INPUT with check->reason. Needs no home and no network. */
enum status export_read(struct bytes in, enum status (*each)(void *context, const struct entry *entry, struct err *err),
    void *context, void (*progress)(void *context, const char *what, int64_t done, int64_t all), void *progress_context,
    struct export_check *check, struct err *err);
bool export_is(struct bytes in); /* begins with the magic */

/* A file as bytes for as long as it is open: large exports are not copied. most: BAD_INPUT above it; 0: no ceiling. */
struct mapping {
	struct bytes bytes;
};
enum status mapping_open(const char *path, int64_t most, struct mapping *out, struct err *err);
void mapping_close(struct mapping *mapping);
#endif
