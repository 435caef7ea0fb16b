/* Requests, and issues without an order, from a CSV file (README.md names the columns): read, checked whole, then grouped into orders. Knows no store: the command
 * asks for what was imported before, and submits. */
#ifndef WARIFU_DOMAIN_SUPPORT_IMPORT_H
#define WARIFU_DOMAIN_SUPPORT_IMPORT_H
#include "base/arena.h"
#include "base/err.h"
#include <jansson.h>

struct import_options {
	const char *own_party; /* rows of other receivers are skipped */
	/* When our own rows that an issue opens were delivered, our offset, and how their services were counted; NULL: such rows are skipped. */
	const char *delivered_at, *utc_offset_minutes, *meter_reading;
	const char *only;     /* "01,02", or NULL: all */
	const char *encoding; /* "utf-8", "cp932", or NULL: found out */
	struct bytes profile; /* the agreement in force: checked CBOR */
	int64_t day;          /* on which it will be requested */
};
struct import_order {
	const char *no;
	unsigned line; /* of the file */
	json_t *fields;
	const char *receiver; /* of an issue without an order; NULL: a request */
};
struct import_complaint {
	unsigned line;
	const char *column, *text;
};
struct import {
	const char *encoding;
	unsigned rows, other_receiver, opened_by_issue, not_asked_for;
	const char **ignored;
	unsigned ignored_count; /* columns that are not known */
	struct import_order *orders;
	unsigned order_count;
	struct import_complaint *complaints;
	unsigned complaint_count; /* any: nothing may be imported */
};
/* BAD_INPUT: not a CSV file with these columns. What is wrong with single rows stands in complaints. The JSON is the caller's:
 * import_clear. */
enum status import_read(
    struct arena *arena, struct bytes file, const struct import_options *options, struct import *out, struct err *err);
void import_clear(struct import *import);
#endif
