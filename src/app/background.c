/* One thread looks what is due; one thread for each call. The lock guards all of `items`; it is never held together with the lock of the home, but
 * for the time of a callback from inside the home that writes a number. */
#include "app/background.h"
#include "base/alloc.h"
#include "base/text.h"
#include "base/time.h"
#include <pthread.h>
#include <string.h>
#include <time.h>

#define TICK_MS 1000
#define TALLIES 16
#define OPEN_MS 10000 /* how long a call waits for a command that is at work in the home */
#define OPEN_WAIT_MS 50

struct call {
	struct background *background;
	bool used, threaded, running, again,
	    kept; /* threaded: a thread is to be joined; kept: the address is still in the list */
	pthread_t thread;
	struct address address;
	struct backoff backoff;
	int64_t seen_row; /* entries up to this one were here when the last call began */
	bool good, busy;  /* of the last call; busy: the home there was in use */
	int64_t done, all, ended_ms;
	struct err why;
};
struct opened_key {
	char tally[2 * ID_BYTES + 1];
	struct id key;
	struct secrets secrets;
};
struct background {
	struct background_options options;
	struct home_lock home;
	char home_dir[4096];
	int64_t now_ms;
	bool now_given;
	struct opened_key keys[TALLIES];
	unsigned key_count;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	pthread_t scheduler;
	bool scheduling, stopping, looking;
	struct call items[LIMIT_SYNC_ADDRESSES];
	struct store
	    watched; /* open for reading as long as the scheduler lives: only so its version tells of others' writing */
	bool watching;
	int64_t version; /* of it, when the scheduler looked last */
};

/* ---- waiting ----------------------------------------------------------------------------------------------------------- */

/* With the lock. */
static void wait_until(struct background *background, int64_t until_ms)
{
	struct timespec until = { .tv_sec = until_ms / 1000, .tv_nsec = until_ms % 1000 * 1000000 };

	pthread_cond_timedwait(&background->wake, &background->lock, &until);
}

static bool wait_a_while(void *context, int64_t wait_ms)
{
	struct background *background = ((struct call *)context)->background;
	int64_t until_ms = clock_steady_ms() + wait_ms;

	pthread_mutex_lock(&background->lock);
	while (!background->stopping && clock_steady_ms() < until_ms) {
		wait_until(background, until_ms);
	}
	bool go_on = !background->stopping;
	pthread_mutex_unlock(&background->lock);
	return go_on;
}

static void home_take(void *context)
{
	const struct home_lock *lock = &((struct call *)context)->background->home;

	lock->take(lock->context);
}

static void home_give(void *context)
{
	const struct home_lock *lock = &((struct call *)context)->background->home;

	lock->give(lock->context);
}

/* ---- one call ---------------------------------------------------------------------------------------------------------- */

static void on_progress(void *context, const char *what, int64_t done, int64_t all)
{
	struct call *call = context;

	(void)what;
	pthread_mutex_lock(&call->background->lock);
	call->done = done;
	call->all = all;
	pthread_mutex_unlock(&call->background->lock);
}

/* Of a key that was made after the server began. */
static enum status nobody_to_ask(
    void *context, const char *what, bool again, struct arena *arena, struct bytes *out, struct err *err)
{
	(void)context;
	(void)again;
	(void)arena;
	(void)out;
	return err_set(err, ENVIRONMENT, "%s: it is not open; start the server anew", what);
}

static const struct opened_key *key_find(const struct background *background, const char *tally)
{
	for (unsigned i = 0; i < background->key_count; i++) {
		if (strcmp(background->keys[i].tally, tally) == 0) {
			return &background->keys[i];
		}
	}
	return NULL;
}

static const char newest_sql[] = "SELECT COALESCE(MAX(row), 0) FROM entry";

static int64_t newest_row(struct app *app)
{
	struct query *query = NULL;
	int64_t row = 0;

	if (ctx_query(&app->ctx, newest_sql, &query, NULL) == OK && query_next(query)) {
		row = query_int(query, 0);
	}
	query_close(query);
	return row;
}

/* The home, as soon as no command is at work in it. With its lock, without ours. */
static enum status home_open(struct call *call, struct app *app, struct err *err)
{
	int64_t since_ms = clock_steady_ms();
	struct err inner = { .status = OK };
	enum status status = app_open(app, call->background->home_dir, DB_WRITE, &inner);

	while (status == ENVIRONMENT && clock_steady_ms() - since_ms < OPEN_MS) {
		home_give(call);
		bool go_on = wait_a_while(call, OPEN_WAIT_MS);
		home_take(call);
		if (!go_on) {
			break;
		}
		inner = (struct err){ .status = OK };
		status = app_open(app, call->background->home_dir, DB_WRITE, &inner);
	}
	return status == OK ? OK : err_pass(err, status, &inner);
}

static enum status call_make(
    struct call *call, struct app *app, struct sync_result *result, int64_t *row, struct err *err)
{
	const struct background *background = call->background;
	const struct opened_key *key = key_find(background, call->address.tally);
	const struct home_lock lock = { home_take, home_give, wait_a_while, call };
	struct https_count count = { .busy = false };
	struct exchange exchange = { .url = call->address.url,
		.rate_bytes_s = background->options.rate_bytes_s,
		.lock = &lock,
		.count = &count };

	if (key == NULL) {
		return err_set(err, ENVIRONMENT, "the home key of this tally is not open; start the server anew");
	}
	enum status status = home_open(call, app, err);
	if (status == OK && background->now_given) {
		app->ctx.now_ms = background->now_ms;
		app->ctx.now_given = true;
	}
	if (status == OK) {
		*row = newest_row(app);
		status = app_choose_tally(app, call->address.tally, err);
	}
	if (status == OK) {
		status = app_lend(app, &key->key, &key->secrets, err);
	}
	if (status == OK) {
		status = exchange_party(app, call->address.party, &exchange.peer_party, err);
	}
	status = status == OK ? exchange_sync(app, &exchange, result, err) : status;
	call->busy = count.busy;
	return status;
}

/* What became of a call that ended, in words for the page; OK: all is well. */
static enum status call_judge(const struct sync_result *result, struct err *err)
{
	if (result->restored) {
		return err_set(err, ENVIRONMENT, "this home is a copy and read-only now");
	}
	if (result->compared && !result->matched) {
		return err_set(err, CHECK_FAILED, "the halves differ");
	}
	if (result->complete) {
		return OK;
	}
	return result->why.status != OK ? err_pass(err, INCOMPLETE, &result->why)
					: err_set(err, INCOMPLETE, "incomplete");
}

static void call_ended(
    struct call *call, enum status status, const struct sync_result *result, struct err *err, int64_t row)
{
	struct background *background = call->background;
	bool good = status == OK && call_judge(result, err) == OK;

	pthread_mutex_lock(&background->lock);
	call->running = false;
	call->good = good;
	call->ended_ms = clock_now_ms();
	call->seen_row = row > call->seen_row ? row : call->seen_row;
	call->why = *err;
	enum backoff_end end = status == OK && result->complete ? BACKOFF_GOOD
	    : call->busy                                        ? BACKOFF_BUSY
								: BACKOFF_FAILED;
	backoff_ended(&call->backoff, end, clock_steady_ms());
	if (call->again) {
		backoff_now(&call->backoff, clock_steady_ms());
	}
	call->again = false;
	background->looking = true; /* what was written meanwhile */
	pthread_cond_broadcast(&background->wake);
	pthread_mutex_unlock(&background->lock);
}

static void *call_run(void *context)
{
	struct call *call = context;
	struct app *app = base_alloc(sizeof *app);
	struct sync_result result = { .complete = false };
	struct err err = { .status = OK };
	enum status status = ENVIRONMENT;
	int64_t row = 0;

	if (app == NULL) {
		err_set(&err, ENVIRONMENT, "out of memory");
	} else {
		home_take(call);
		app_init(app);
		app->passphrase = nobody_to_ask;
		app->progress = on_progress;
		app->progress_context = call;
		status = call_make(call, app, &result, &row, &err);
		app_close(app);
		home_give(call);
		base_free(app);
	}
	call_ended(call, status, &result, &err, row);
	return NULL;
}

/* ---- looking what is due ------------------------------------------------------------------------------------------------ */

static struct call *call_find(struct background *background, const struct address *address)
{
	for (unsigned i = 0; i < LIMIT_SYNC_ADDRESSES; i++) {
		struct call *call = &background->items[i];
		if (call->used && strcmp(call->address.tally, address->tally) == 0 &&
		    strcmp(call->address.party, address->party) == 0 && strcmp(call->address.url, address->url) == 0) {
			return call;
		}
	}
	return NULL;
}

static void call_add(struct background *background, const struct address *address)
{
	for (unsigned i = 0; i < LIMIT_SYNC_ADDRESSES; i++) {
		struct call *call = &background->items[i];
		if (!call->used) {
			uint64_t seed = background->options.seed + i;
			if (background->options.seed == 0) {
				app_random(&seed, sizeof seed);
			}
			*call =
			    (struct call){ .background = background, .used = true, .kept = true, .address = *address };
			backoff_init(&call->backoff, seed, background->options.every_ms, clock_steady_ms());
			return;
		}
	}
}

/* The list as it is now. One that is gone is forgotten when its call has ended. */
static void addresses_take(struct background *background, const struct addresses *addresses)
{
	for (unsigned i = 0; i < LIMIT_SYNC_ADDRESSES; i++) {
		background->items[i].kept = false;
	}
	for (unsigned i = 0; i < addresses->count; i++) {
		struct call *call = call_find(background, &addresses->items[i]);
		if (call != NULL) {
			call->kept = true;
		} else {
			call_add(background, &addresses->items[i]);
		}
	}
	for (unsigned i = 0; i < LIMIT_SYNC_ADDRESSES; i++) {
		struct call *call = &background->items[i];
		if (call->used && !call->kept && !call->threaded) {
			*call = (struct call){ .used = false };
		}
	}
}

/* Acknowledgements are none: they go along with the next call. Another home of ours hears at once of what others wrote, too. */
static const char moved_sql[] =
    "SELECT 1 FROM entry e JOIN log l ON l.row = e.log WHERE e.row > :seen AND e.tally = :tally "
    "AND e.thread >= 0 AND (l.party = :own OR :any <> 0) LIMIT 1";

static bool has_moved(struct app *app, const struct call *call)
{
	struct query *query = NULL;
	bool moved = false;

	if (app_choose_tally(app, call->address.tally, NULL) == OK &&
	    ctx_query(&app->ctx, moved_sql, &query, NULL) == OK) {
		query_bind_int(query, "seen", call->seen_row);
		query_bind_int(query, "own", app->ctx.own_party);
		query_bind_int(query, "any", strcmp(call->address.party, app->party) == 0);
		moved = query_next(query);
	}
	query_close(query);
	return moved;
}

/* Has anything of ours come since the last call? */
static void moves_look(struct background *background, struct app *reader)
{
	int64_t newest = newest_row(reader);

	for (unsigned i = 0; i < LIMIT_SYNC_ADDRESSES; i++) {
		struct call *call = &background->items[i];
		if (!call->used || call->running || call->seen_row >= newest) {
			continue;
		}
		if (has_moved(reader, call)) {
			backoff_moved(&call->backoff, clock_steady_ms());
		} else {
			call->seen_row = newest;
		}
	}
}

static bool has_changed(struct background *background)
{
	int64_t version = 0;

	if (!background->watching) {
		background->watching = store_open(background->home_dir, DB_READ, &background->watched, NULL) == OK;
		background->version = -1;
	}
	if (!background->watching || store_version(&background->watched, &version, NULL) != OK) {
		return false;
	}
	bool changed = version != background->version;
	background->version = version;
	return changed;
}

/* Addresses and moves, when something has been written since the last look. With the lock; only reads. */
static void home_look(struct background *background)
{
	struct app *reader = has_changed(background) || background->looking ? base_alloc(sizeof *reader) : NULL;
	struct addresses addresses;

	background->looking = false;
	if (reader == NULL) {
		return;
	}
	app_init(reader);
	if (app_open(reader, background->home_dir, DB_READ, NULL) == OK &&
	    addresses_get(reader, &addresses, NULL) == OK) {
		addresses_take(background, &addresses);
		moves_look(background, reader);
	}
	app_close(reader);
	base_free(reader);
}

static void calls_join(struct background *background)
{
	for (unsigned i = 0; i < LIMIT_SYNC_ADDRESSES; i++) {
		struct call *call = &background->items[i];
		if (call->threaded && !call->running) {
			pthread_join(call->thread, NULL); /* it has let go of the lock for good */
			call->threaded = false;
			if (!call->kept) {
				*call = (struct call){ .used = false };
			}
		}
	}
}

static void calls_start(struct background *background)
{
	int64_t now_ms = clock_steady_ms();

	for (unsigned i = 0; i < LIMIT_SYNC_ADDRESSES; i++) {
		struct call *call = &background->items[i];
		if (!call->used || !call->kept || call->threaded || call->backoff.due_ms > now_ms) {
			continue;
		}
		call->done = call->all = 0;
		call->running = call->threaded = pthread_create(&call->thread, NULL, call_run, call) == 0;
		if (!call->running) {
			backoff_ended(&call->backoff, BACKOFF_FAILED, now_ms);
		}
	}
}

static void *schedule(void *context)
{
	struct background *background = context;

	pthread_mutex_lock(&background->lock);
	while (!background->stopping) {
		home_look(background);
		calls_join(background);
		calls_start(background);
		if (!background->stopping && !background->looking) {
			wait_until(background, clock_steady_ms() + TICK_MS);
		}
	}
	pthread_mutex_unlock(&background->lock);
	return NULL;
}

/* ---- for those who serve -------------------------------------------------------------------------------------------------- */

struct opening {
	struct background *background;
	struct app *app;
};

static enum status key_open(void *context, const struct tally_row *tally, struct err *err)
{
	struct opening *opening = context;
	struct background *background = opening->background;
	struct app *app = opening->app;
	struct opened_key *key = &background->keys[background->key_count];
	const struct secrets *secrets;
	struct err inner = { .status = OK };

	(void)err;
	if (background->key_count == TALLIES) {
		return OK;
	}
	hex_print(id_bytes(&tally->id), key->tally);
	app->has_home_key = false;
	if (app_choose_tally(app, key->tally, &inner) == OK && app_choose_home_key(app, &inner) == OK &&
	    app_secrets(app, &app->home_key, "home key", &secrets, &inner) == OK) {
		key->key = app->home_key;
		key->secrets = *secrets;
		background->key_count++;
	}
	return OK;
}

enum status background_new(
    struct app *app, const struct background_options *options, struct background **out, struct err *err)
{
	struct background *background = base_alloc(sizeof *background);
	struct opening opening = { background, app };
	pthread_condattr_t steady;

	*out = NULL;
	if (background == NULL) {
		return err_set(err, ENVIRONMENT, "sync: out of memory");
	}
	memset(background, 0, sizeof *background);
	background->options = *options;
	background->now_ms = app->ctx.now_ms;
	background->now_given = app->ctx.now_given;
	memcpy(background->home_dir, app->home_dir, sizeof background->home_dir);
	pthread_mutex_init(&background->lock, NULL);
	pthread_condattr_init(&steady);
	pthread_condattr_setclock(&steady, CLOCK_MONOTONIC);
	pthread_cond_init(&background->wake, &steady);
	pthread_condattr_destroy(&steady);
	enum status status = store_tally_each(app->store, key_open, &opening, err);
	if (status != OK) {
		background_free(background);
		return status;
	}
	*out = background;
	return OK;
}

enum status background_start(struct background *background, const struct home_lock *lock, struct err *err)
{
	background->home = *lock;
	background->scheduling = pthread_create(&background->scheduler, NULL, schedule, background) == 0;
	return background->scheduling ? OK : err_set(err, ENVIRONMENT, "sync: no thread");
}

void background_stop(struct background *background)
{
	if (background == NULL) {
		return;
	}
	pthread_mutex_lock(&background->lock);
	background->stopping = true;
	pthread_cond_broadcast(&background->wake);
	pthread_mutex_unlock(&background->lock);
	if (background->scheduling) {
		pthread_join(background->scheduler, NULL);
		background->scheduling = false;
	}
	for (unsigned i = 0; i < LIMIT_SYNC_ADDRESSES; i++) {
		if (background->items[i].threaded) {
			pthread_join(background->items[i].thread, NULL);
			background->items[i].threaded = false;
		}
	}
	if (background->watching) {
		store_close(&background->watched);
		background->watching = false;
	}
}

void background_free(struct background *background)
{
	if (background == NULL) {
		return;
	}
	for (unsigned i = 0; i < background->key_count; i++) {
		secrets_clear(&background->keys[i].secrets);
	}
	pthread_cond_destroy(&background->wake);
	pthread_mutex_destroy(&background->lock);
	base_free(background);
}

void background_look(struct background *background)
{
	pthread_mutex_lock(&background->lock);
	background->looking = true;
	pthread_cond_broadcast(&background->wake);
	pthread_mutex_unlock(&background->lock);
}

unsigned background_now(struct background *background, const char *tally)
{
	unsigned count = 0;

	pthread_mutex_lock(&background->lock);
	for (unsigned i = 0; i < LIMIT_SYNC_ADDRESSES; i++) {
		struct call *call = &background->items[i];
		if (call->used && call->kept && strcmp(call->address.tally, tally) == 0) {
			count++;
			call->again = call->running;
			backoff_now(&call->backoff, clock_steady_ms());
		}
	}
	pthread_cond_broadcast(&background->wake);
	pthread_mutex_unlock(&background->lock);
	return count;
}

unsigned background_states(struct background *background, struct background_state *out)
{
	unsigned count = 0;

	pthread_mutex_lock(&background->lock);
	int64_t now_ms = clock_steady_ms();
	for (unsigned i = 0; i < LIMIT_SYNC_ADDRESSES; i++) {
		const struct call *call = &background->items[i];
		if (!call->used || !call->kept) {
			continue;
		}
		struct background_state *state = &out[count++];
		*state = (struct background_state){ .address = call->address,
			.running = call->running,
			.good = call->good,
			.done = call->done,
			.all = call->all,
			.ended_ms = call->ended_ms,
			.due_in_ms = call->backoff.due_ms > now_ms ? call->backoff.due_ms - now_ms : 0,
			.failures = call->backoff.failures,
			.why = call->why };
	}
	pthread_mutex_unlock(&background->lock);
	return count;
}
