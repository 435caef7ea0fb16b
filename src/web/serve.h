/* `warifu serve`. */
#ifndef WARIFU_WEB_SERVE_H
#define WARIFU_WEB_SERVE_H
#include "core/command.h"
#include "core/ctx.h"

/* Serves until SIGINT or SIGTERM. */
enum status web_serve(struct ctx *ctx, const struct args *args, struct err *err);
#endif
