/* Commands of the national domain, and what they share. */
#ifndef WARIFU_DOMAIN_NATIONAL_COMMANDS_H
#define WARIFU_DOMAIN_NATIONAL_COMMANDS_H
#include "core/ctx.h"
#include <jansson.h>

extern const struct command national_commands[];

/* The tallies that a command is about. National: the chosen one, else the only national one of the home; shared: --shared, else the chosen one, else
 * the only other one. */
struct places {
	struct id national, shared;
	bool has_shared;
};
enum status places_find(struct ctx *ctx, const struct args *args, struct places *out, struct err *err);
enum status places_need_shared(const struct places *places, struct err *err);
/* A thread, and the part, of the chosen tally by its number; NOT_FOUND. has_part is false where the number is the thread's own and names no part. */
struct place_found {
	struct id thread, part;
};
enum status place_find(struct ctx *ctx, const char *number, struct place_found *out, struct err *err);
/* --at: not ahead of the clock. 0 when it is not given. */
enum status at_option(struct ctx *ctx, const struct args *args, int64_t *ms, struct err *err);
/* A day that an option gives; it must be given. */
enum status day_option(const struct args *args, const char *name, const char **text, struct err *err);
enum status text_option(const struct args *args, const char *name, const char **text, struct err *err);
/* Submits fields, which are taken. */
enum status submit_json(struct ctx *ctx, const char *kind, const char *target, json_t *fields, int64_t stated_ms,
    struct submitted *made, struct err *err);
void made_print(struct ctx *ctx, const struct submitted *made);

enum status draft_write(struct ctx *ctx, const struct args *args, struct err *err);
enum status draft_list(struct ctx *ctx, const struct args *args, struct err *err);
enum status draft_show(struct ctx *ctx, const struct args *args, struct err *err);
enum status draft_enter(struct ctx *ctx, const struct args *args, struct err *err);
enum status notice_list(struct ctx *ctx, const struct args *args, struct err *err);
enum status notice_send(struct ctx *ctx, const struct args *args, struct err *err);
enum status notice_print(struct ctx *ctx, const struct args *args, struct err *err);
enum status notice_export(struct ctx *ctx, const struct args *args, struct err *err);
enum status notice_import(struct ctx *ctx, const struct args *args, struct err *err);
enum status handover_write(struct ctx *ctx, const struct args *args, struct err *err);
enum status handover_accept(struct ctx *ctx, const struct args *args, struct err *err);
enum status handover_list(struct ctx *ctx, const struct args *args, struct err *err);
enum status handover_print(struct ctx *ctx, const struct args *args, struct err *err);
enum status handover_duty(struct ctx *ctx, const struct args *args, struct err *err);
#endif
