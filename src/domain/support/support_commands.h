/* What the command files of the domain share. */
#ifndef WARIFU_DOMAIN_SUPPORT_COMMANDS_H
#define WARIFU_DOMAIN_SUPPORT_COMMANDS_H
#include "core/ctx.h"
#include <jansson.h>

enum status support_show(struct ctx *ctx, const struct args *args, struct err *err);
enum status support_account(struct ctx *ctx, const struct args *args, struct err *err);
/* What the commands of these names show, and the pages: as_of NULL: today, or now. */
enum status thread_show(struct ctx *ctx, const char *number, struct err *err);
/* A method of settlement: on a page in the words of the agreement. */
const char *print_method(struct ctx *ctx, struct bytes code);
/* On the page of an order: its clocks; the versions of its terms, and what was paid. */
enum status due_of_thread(struct ctx *ctx, const char *number, struct err *err);
enum status versions_show(struct ctx *ctx, const char *number, struct err *err);
/* What `support show --json` prints of an order; the caller owns it. */
enum status order_object_of(struct ctx *ctx, const char *number, json_t **out, struct err *err);
/* What `support statement --json` and `support audit --json` print as of a day (NULL: today); the caller owns it. */
enum status statement_object_of(struct ctx *ctx, const char *as_of, json_t **out, struct err *err);
enum status audit_object_of(struct ctx *ctx, const char *as_of, json_t **out, struct err *err);
enum status account_show(struct ctx *ctx, const char *as_of, struct err *err);
/* form: "text" (at a terminal, as lines of JSON, or on a page), "csv", "json" (one array). */
enum status due_show(
    struct ctx *ctx, const char *as_of, const char *waiting, bool all, const char *form, struct err *err);
/* rule NULL: all of them; form: "text", "csv", "json". */
enum status audit_show(struct ctx *ctx, const char *as_of, const char *rule, const char *form, struct err *err);
enum status support_import(struct ctx *ctx, const struct args *args, struct err *err);
enum status support_statement(struct ctx *ctx, const struct args *args, struct err *err);
/* Open claims at the end of the fiscal year that begins in this year; text: the year. */
enum status year_end_show(struct ctx *ctx, const char *text, bool csv, struct err *err);
enum status support_sample(struct ctx *ctx, const struct args *args, struct err *err);
enum status support_due(struct ctx *ctx, const struct args *args, struct err *err);
enum status support_remind(struct ctx *ctx, const struct args *args, struct err *err);
enum status support_audit(struct ctx *ctx, const struct args *args, struct err *err);
/* --as-of, or today (UTC). */
enum status as_of_read(struct ctx *ctx, const struct args *args, int64_t *day, struct err *err);
enum status as_of_day(struct ctx *ctx, const char *as_of, int64_t *day, struct err *err);
enum status support_attach(struct ctx *ctx, const struct args *args, struct err *err);
enum status support_link(struct ctx *ctx, const struct args *args, struct err *err);
enum status support_net(struct ctx *ctx, const struct args *args, struct err *err);
enum status support_set_off(struct ctx *ctx, const struct args *args, struct err *err);
/* Submits one move and prints what it made; takes fields. ref: hex of an entry of another thread, or NULL. Options --at, --remarks. */
enum status settle_submit(struct ctx *ctx, const struct args *args, const char *kind, const char *target,
    json_t *fields, const char *ref, struct err *err);
/* Says that nothing here is owed, in a rehearsal. */
void banner_print(struct ctx *ctx);
#endif
