/* The homes behind the sessions of answers.h: each session has an app of its own, paused between two requests. */
#include "app/answering.h"
#include "app/attach.h"
#include "app/exchange.h"
#include "base/alloc.h"
#include <string.h>

struct answering {
	char home_dir[4096], tally[2 * ID_BYTES + 1];
	int64_t now_ms;
	bool now_given;
	struct id home_key;
	struct secrets secrets;
	struct certificate certificate;
	struct answers *answers;
};
/* The home of one session. */
struct answering_home {
	struct app app;
	struct sync_options options;
};

/* --- what answers.h asks for -------------------------------------------------------------------------------------------- */

/* Nobody waits in here for a command that is at work in the home: others wait for the server meanwhile, and the caller says it again. */
static enum status home_enter(void *context, void *home, struct err *err)
{
	struct app *app = &((struct answering_home *)home)->app;
	struct err inner = { .status = OK };
	enum status status = app_resume(app, &inner);

	(void)context;
	return status == OK ? OK : err_pass(err, ENVIRONMENT, &inner);
}

static void home_leave(void *context, void *home)
{
	(void)context;
	app_pause(&((struct answering_home *)home)->app);
}

static void home_close(void *context, void *home, struct sync *sync, bool entered)
{
	struct app *app = &((struct answering_home *)home)->app;
	struct err err = { .status = OK };
	struct sync_result result;

	(void)context;
	sync_result_get(sync, &result);
	if (!entered) {
		sync_drop(sync);
	} else {
		sync_close(sync);
		if (!result.restored && result.received_attachments > 0) {
			(void)attachments_settle(app, &err); /* else the next command does it */
		}
	}
	app_close(app);
	base_free(home);
}

static enum status home_begin(struct answering *answering, struct answering_home *home, const struct id *client,
    struct sync **sync, struct err *err)
{
	struct app *app = &home->app;
	struct err inner = { .status = OK };
	enum status status = app_open(app, answering->home_dir, DB_WRITE, &inner);

	if (status != OK) {
		return err_pass(err, ENVIRONMENT, &inner);
	}
	if (answering->now_given) {
		app->ctx.now_ms = answering->now_ms;
		app->ctx.now_given = true;
	}
	status = app_choose_tally(app, answering->tally, err);
	if (status == OK) {
		status = app_may_sign(app, err);
	}
	home->options = (struct sync_options){ .store = app->store,
		.tally = app->ctx.tally,
		.home_key = answering->home_key,
		.secrets = &answering->secrets,
		.has_peer_tls = true,
		.peer_tls = *client,
		.now_ms = app->ctx.now_ms };
	return status == OK ? sync_open(&home->options, sync, err) : status;
}

static enum status home_open(void *context, const struct id *client, void **out, struct sync **sync, struct err *err)
{
	struct answering_home *home = base_alloc(sizeof *home);

	if (home == NULL) {
		return err_set(err, ENVIRONMENT, "sync: out of memory");
	}
	app_init(&home->app);
	enum status status = home_begin(context, home, client, sync, err);
	if (status != OK) {
		app_close(&home->app);
		base_free(home);
		return status;
	}
	*out = home;
	return OK;
}

/* --- beginning and ending ----------------------------------------------------------------------------------------------- */

/* A partner believes the certificate that the grant names, and no other. */
static enum status grant_check(struct app *app, const struct answering *answering, struct err *err)
{
	struct key_view *keys;
	unsigned count;
	enum status status = app_keys(app, &keys, &count, err);

	for (unsigned i = 0; status == OK && i < count; i++) {
		if (id_equal(&keys[i].key, &answering->home_key) && keys[i].counts && !keys[i].revoked &&
		    keys[i].tls.len == ID_BYTES &&
		    memcmp(keys[i].tls.data, answering->certificate.hash.data, ID_BYTES) == 0) {
			return OK;
		}
	}
	return status != OK
	    ? status
	    : err_refuse(err, "", "docs/sync.md 9.1",
		  "home key: no grant names its certificate; ask for a new one with `warifu home request`");
}

enum status answering_new(struct app *app, const char *tally, struct answering **out, struct err *err)
{
	struct answering *answering = base_alloc(sizeof *answering);
	const struct secrets *secrets;

	*out = NULL;
	if (answering == NULL) {
		return err_set(err, ENVIRONMENT, "sync: out of memory");
	}
	*answering = (struct answering){ .now_ms = app->ctx.now_ms, .now_given = app->ctx.now_given };
	app->has_home_key = false;
	enum status status = app_choose_tally(app, tally, err);
	if (status == OK) {
		status = exchange_home(app, &secrets, err);
	}
	if (status == OK) {
		answering->secrets = *secrets;
		answering->home_key = app->home_key;
		hex_print(id_bytes(&app->tally.id), answering->tally);
		memcpy(answering->home_dir, app->home_dir, sizeof answering->home_dir);
		status = certificate_make(secrets, &answering->certificate, err);
	}
	if (status == OK) {
		status = grant_check(app, answering, err);
	}
	const struct answers_owner owner = { answering, home_open, home_enter, home_leave, home_close };
	answering->answers = status == OK ? answers_new(&owner) : NULL;
	if (status == OK && answering->answers == NULL) {
		status = err_set(err, ENVIRONMENT, "sync: out of memory");
	}
	if (status != OK) {
		answering_free(answering);
		return status;
	}
	*out = answering;
	return OK;
}

void answering_free(struct answering *answering)
{
	if (answering == NULL) {
		return;
	}
	answers_free(answering->answers);
	secrets_clear(&answering->secrets);
	certificate_clear(&answering->certificate);
	base_free(answering);
}

const struct certificate *answering_certificate(const struct answering *answering)
{
	return &answering->certificate;
}

enum status answering_client(struct bytes certificate, struct id *out, struct err *err)
{
	return certificate_hash_of(certificate, out, err);
}

enum status answering_take(struct answering *answering, const struct answer_request *request, struct buf *out,
    struct answer_outcome *outcome, struct err *err)
{
	return answers_take(answering->answers, request, out, outcome, err);
}

void answering_expire(struct answering *answering, int64_t now_ms)
{
	answers_expire(answering->answers, now_ms);
}
