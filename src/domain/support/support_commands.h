/* What the command files of the domain share. */
#ifndef WARIFU_DOMAIN_SUPPORT_COMMANDS_H
#define WARIFU_DOMAIN_SUPPORT_COMMANDS_H
#include "core/ctx.h"

enum status support_show(struct ctx *ctx, const struct args *args, struct err *err);
enum status support_account(struct ctx *ctx, const struct args *args, struct err *err);
enum status support_import(struct ctx *ctx, const struct args *args, struct err *err);
enum status support_due(struct ctx *ctx, const struct args *args, struct err *err);
enum status support_remind(struct ctx *ctx, const struct args *args, struct err *err);
enum status support_audit(struct ctx *ctx, const struct args *args, struct err *err);
/* --as-of, or today (UTC). */
enum status as_of_read(struct ctx *ctx, const struct args *args, int64_t *day, struct err *err);
/* Says that nothing here is owed, in a rehearsal. */
void banner_print(struct ctx *ctx);
#endif
