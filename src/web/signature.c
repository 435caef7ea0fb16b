/* Passphrases that are tried at the door and at a signature. Each wrong one makes the next one wait; what our own disk or memory does is no
 * wrong one. */
#include "base/time.h"
#include "core/print.h"
#include "web/web.h"
#include <string.h>

struct trier visit_trier(const struct visit *visit, const struct id *key)
{
	return (struct trier){ .desk = *key, .address = visit->address };
}

bool is_wrong_passphrase(const struct err *err)
{
	return err->status == ENVIRONMENT && strstr(err->text, "wrong passphrase") != NULL;
}

int64_t wait_seconds(struct visit *visit, const struct trier *trier)
{
	int64_t wait_ms;

	tries_may(&visit->sessions->tries, trier, clock_boot_ms(), &wait_ms);
	return (wait_ms + 999) / 1000;
}

const char *try_passphrase(struct visit *visit, const struct id *key, const char *passphrase, struct secrets *out)
{
	struct ctx *ctx = &visit->app->ctx;
	const struct trier trier = visit_trier(visit, key);
	struct err err = { 0 };
	int64_t wait_ms;

	if (!tries_may(&visit->sessions->tries, &trier, visit->now_ms, &wait_ms)) {
		visit->answer->status = 429;
		return arena_printf(ctx->arena, "%s (%lld s)", ctx_word(ctx, "too many wrong passphrases; wait"),
		    (long long)(wait_ms + 999) / 1000);
	}
	if (app_unlock(visit->app, key, "desk", bytes_text(passphrase), out, &err) == OK) {
		tries_right(&visit->sessions->tries, &trier, visit->now_ms);
		return NULL;
	}
	if (!is_wrong_passphrase(&err)) {
		visit->answer->status = 500;
		return print_text(ctx, bytes_text(ctx_said(ctx, &err)));
	}
	tries_wrong(&visit->sessions->tries, &trier, clock_boot_ms()); /* from now on: to look at it took its time */
	return arena_printf(ctx->arena, "%s; %s %lld s", ctx_word(ctx, "wrong passphrase"),
	    ctx_word(ctx, "the next one may be tried in"), (long long)wait_seconds(visit, &trier));
}
