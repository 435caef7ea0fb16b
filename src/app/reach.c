/* Calling a partner's home over HTTPS. The home is let go while the network is waited for: beside a sync over a slow link officers go on working. */
#include "app/reach.h"
#include "app/attach.h"
#include "base/time.h"
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#define SESSIONS_MOST 16 /* begun anew for one sync, as long as each brings something */
#define WAIT_MS 50

/* --- addresses ---------------------------------------------------------------------------------------------------------- */

static void address_read(const json_t *row, struct addresses *out)
{
	struct address *address = &out->items[out->count];
	const char *tally = json_get_text(row, "tally"), *party = json_get_text(row, "party"),
		   *url = json_get_text(row, "url"), *pin = json_get_text(row, "pin");

	*address = (struct address){ .party = "" };
	if (!tally || !party || !url || strlen(tally) != 2 * ID_BYTES || strlen(party) >= PARTY_TEXT ||
	    strlen(url) >= LIMIT_URL_BYTES) {
		return;
	}
	snprintf(address->tally, sizeof address->tally, "%s", tally);
	snprintf(address->party, sizeof address->party, "%s", party);
	snprintf(address->url, sizeof address->url, "%s", url);
	if (!pin || !hex_parse(pin, strlen(pin), address->pin.data, ID_BYTES)) {
		address->pin = (struct id){ { 0 } };
	}
	out->count++;
}

enum status addresses_get(struct app *app, struct addresses *out, struct err *err)
{
	json_t *setting;
	enum status status = app_setting_get(app, "addresses", &setting, err);

	out->count = 0;
	if (status != OK) {
		return status;
	}
	const json_t *rows = json_object_get(setting, "addresses");
	for (size_t i = 0; i < json_array_size(rows) && out->count < LIMIT_SYNC_ADDRESSES; i++) {
		address_read(json_array_get(rows, i), out);
	}
	json_decref(setting);
	return OK;
}

static int by_tally_and_party(const void *a, const void *b)
{
	const struct address *one = a, *other = b;
	int tallies = strcmp(one->tally, other->tally);

	return tallies != 0 ? tallies : strcmp(one->party, other->party);
}

static enum status addresses_save(struct app *app, struct addresses *addresses, struct err *err)
{
	json_t *setting = json_object(), *rows = json_array();

	qsort(addresses->items, addresses->count, sizeof addresses->items[0], by_tally_and_party);
	for (unsigned i = 0; i < addresses->count; i++) {
		const struct address *address = &addresses->items[i];
		json_t *row =
		    json_pack("{s:s, s:s, s:s}", "tally", address->tally, "party", address->party, "url", address->url);
		if (!id_is_zero(&address->pin)) {
			json_object_set_new(row, "pin", json_hex(id_bytes(&address->pin)));
		}
		json_array_append_new(rows, row);
	}
	json_object_set_new(setting, "addresses", rows);
	enum status status = app_setting_set(app, "addresses", setting, err);
	json_decref(setting);
	return status;
}

static struct address *address_find(struct addresses *addresses, const char *tally, const char *party)
{
	for (unsigned i = 0; i < addresses->count; i++) {
		if (strcmp(addresses->items[i].tally, tally) == 0 && strcmp(addresses->items[i].party, party) == 0) {
			return &addresses->items[i];
		}
	}
	return NULL;
}

enum status address_set(struct app *app, const char *party, const char *url, struct err *err)
{
	struct addresses addresses;
	struct address *address;
	char tally[2 * ID_BYTES + 1];
	unsigned number;
	enum status status = https_url_check(url, err);

	if (status == OK) {
		status = exchange_party(app, party, &number, err);
	}
	if (status == OK) {
		status = addresses_get(app, &addresses, err);
	}
	if (status != OK) {
		return status;
	}
	hex_print(id_bytes(&app->tally.id), tally);
	address = address_find(&addresses, tally, party);
	if (!address && addresses.count == LIMIT_SYNC_ADDRESSES) {
		return err_set(
		    err, ENVIRONMENT, "addresses: %d are kept at most; remove one first", LIMIT_SYNC_ADDRESSES);
	}
	address = address ? address : &addresses.items[addresses.count++];
	*address = (struct address){ .party = "" };
	memcpy(address->tally, tally, sizeof tally);
	snprintf(address->party, sizeof address->party, "%s", party);
	snprintf(address->url, sizeof address->url, "%s", url);
	return addresses_save(app, &addresses, err);
}

enum status address_remove(struct app *app, const char *party, struct err *err)
{
	struct addresses addresses;
	char tally[2 * ID_BYTES + 1];
	enum status status = addresses_get(app, &addresses, err);

	if (status != OK) {
		return status;
	}
	hex_print(id_bytes(&app->tally.id), tally);
	struct address *address = address_find(&addresses, tally, party);
	if (!address) {
		return err_set(err, NOT_FOUND,
		    "party %s: has no address here; `warifu sync address list` shows those kept", party);
	}
	*address = addresses.items[--addresses.count];
	return addresses_save(app, &addresses, err);
}

/* The key that was met there last. */
static enum status pin_get(struct app *app, const char *url, struct id *pin, struct err *err)
{
	struct addresses addresses;
	char tally[2 * ID_BYTES + 1];
	enum status status = addresses_get(app, &addresses, err);

	*pin = (struct id){ { 0 } };
	hex_print(id_bytes(&app->tally.id), tally);
	for (unsigned i = 0; status == OK && i < addresses.count; i++) {
		const struct address *address = &addresses.items[i];
		if (strcmp(address->tally, tally) == 0 && strcmp(address->url, url) == 0) {
			*pin = address->pin;
		}
	}
	return status;
}

static enum status pin_keep(struct app *app, const char *url, const struct id *pin, struct err *err)
{
	struct addresses addresses;
	char tally[2 * ID_BYTES + 1];
	bool changed = false;
	enum status status = addresses_get(app, &addresses, err);

	hex_print(id_bytes(&app->tally.id), tally);
	for (unsigned i = 0; status == OK && i < addresses.count; i++) {
		struct address *address = &addresses.items[i];
		if (strcmp(address->tally, tally) == 0 && strcmp(address->url, url) == 0 &&
		    !id_equal(&address->pin, pin)) {
			address->pin = *pin;
			changed = true;
		}
	}
	return changed ? addresses_save(app, &addresses, err) : status;
}

/* --- the call ----------------------------------------------------------------------------------------------------------- */

struct calling {
	struct app *app;
	const struct exchange *exchange;
	struct certificate certificate;
	struct id pin;
	struct https_options https;
};

static enum status enter(void *context, struct err *err)
{
	struct calling *calling = context;
	const struct home_lock *lock = calling->exchange->lock;

	if (lock) {
		lock->take(lock->context);
	}
	enum status status = app_resume(calling->app, err);
	if (status != OK && lock) {
		lock->give(lock->context);
	}
	return status;
}

static void leave(void *context)
{
	struct calling *calling = context;
	const struct home_lock *lock = calling->exchange->lock;

	app_pause(calling->app);
	if (lock) {
		lock->give(lock->context);
	}
}

static bool wait_a_while(void *context, int64_t wait_ms)
{
	struct calling *calling = context;
	const struct home_lock *lock = calling->exchange->lock;

	if (lock && lock->wait) {
		return lock->wait(lock->context, wait_ms);
	}
	poll(NULL, 0, (int)wait_ms);
	return true;
}

/* The home again, when the session is over: what it stored is to be shown. Who stops the server does not wait for who is at work in the home. */
static enum status enter_at_last(struct calling *calling, struct err *err)
{
	int64_t since_ms = clock_steady_ms();
	struct err inner = { .status = OK };
	enum status status = enter(calling, &inner);

	while (status == ENVIRONMENT && clock_steady_ms() - since_ms < EXCHANGE_PATIENCE_MS &&
	    wait_a_while(calling, WAIT_MS)) {
		inner = (struct err){ .status = OK };
		status = enter(calling, &inner);
	}
	if (status != OK && calling->exchange->lock) {
		calling->exchange->lock->take(
		    calling->exchange->lock->context); /* as promised, though the home is closed */
	}
	return status == OK ? OK : err_pass(err, status, &inner);
}

static void result_add(struct sync_result *result, const struct sync_result *before)
{
	result->sent_entries += before->sent_entries;
	result->received_entries += before->received_entries;
	result->sent_bytes += before->sent_bytes;
	result->received_bytes += before->received_bytes;
	result->sent_attachments += before->sent_attachments;
	result->received_attachments += before->received_attachments;
	result->round_trips += before->round_trips;
	result->forks += before->forks;
}

/* One session. The home is entered before and after it. */
static enum status session_run(
    struct calling *calling, struct sync_options *options, struct sync_result *result, struct err *err)
{
	struct sync_result before = *result;
	struct sync *sync;
	enum status status = sync_open(options, &sync, err);

	if (status != OK) {
		return status;
	}
	leave(calling);
	status = https_sync(sync, &calling->https, err);
	struct err shut = { .status = OK };
	enum status entered = enter_at_last(calling, &shut);
	sync_result_get(sync, result);
	result_add(result, &before);
	if (entered == OK) {
		sync_close(sync);
	} else {
		sync_drop(sync);
		*err = shut; /* before the link's own end: there is no home to go on with */
		return entered;
	}
	return status;
}

/* The home is let go meanwhile: a handshake over a bad link takes its time. */
static enum status look_who(struct calling *calling, struct err *err)
{
	leave(calling);
	calling->https.pin = NULL;
	enum status status = https_key(&calling->https, &calling->pin, err);
	calling->https.pin = &calling->pin;
	enum status entered = enter_at_last(calling, status == OK ? err : NULL);
	return status == OK ? entered : status;
}

static enum status sessions_run(
    struct calling *calling, struct sync_options *options, struct sync_result *result, struct err *err)
{
	bool looked = id_is_zero(&calling->pin);
	struct err inner = { .status = OK };
	enum status status = looked ? look_who(calling, err) : OK;

	for (unsigned i = 0; status == OK && i < SESSIONS_MOST; i++) {
		int64_t before = result->sent_entries + result->received_entries + result->received_attachments;
		inner = (struct err){ .status = OK };
		options->has_peer_tls = true;
		options->peer_tls = calling->pin;
		status = session_run(calling, options, result, &inner);
		bool further = result->sent_entries + result->received_entries + result->received_attachments > before;
		if (status == CHECK_FAILED &&
		    !looked) { /* another home has taken its place: its grant will say whether it may */
			looked = true;
			status = look_who(calling, err);
		} else if (status != INCOMPLETE || !further) {
			break;
		} else {
			status = OK;
		}
	}
	return status == OK && inner.status == OK ? OK : err_pass(err, status == OK ? inner.status : status, &inner);
}

enum status exchange_call(struct app *app, const struct exchange *exchange, struct sync_result *result, struct err *err)
{
	struct calling calling = { .app = app, .exchange = exchange };
	struct sync_options options = { .store = app->store,
		.tally = app->ctx.tally,
		.peer_party = exchange->peer_party,
		.initiator = true,
		.now_ms = app->ctx.now_ms,
		.progress = exchange_progress,
		.progress_context = app };
	enum status status = https_url_check(exchange->url, err);

	if (status == OK) {
		status = exchange_home(app, &options.secrets, err);
	}
	if (status == OK) {
		status = certificate_make(options.secrets, &calling.certificate, err);
	}
	if (status == OK) {
		status = pin_get(app, exchange->url, &calling.pin, err);
	}
	if (status != OK) {
		return status;
	}
	options.home_key = app->home_key;
	calling.https = (struct https_options){ .url = exchange->url,
		.certificate = &calling.certificate,
		.pin = &calling.pin,
		.rate_bytes_s = exchange->rate_bytes_s,
		.patience_ms = exchange->patience_ms ? exchange->patience_ms : EXCHANGE_PATIENCE_MS,
		.enter = enter,
		.leave = leave,
		.wait = wait_a_while,
		.context = &calling,
		.count = exchange->count };
	*result = (struct sync_result){ .complete = false };
	status = sessions_run(&calling, &options, result, err);
	certificate_clear(&calling.certificate);
	if (status == OK && !result->restored) {
		status = pin_keep(app, exchange->url, &calling.pin, err);
	}
	return status == OK && app->ctx.tally && !result->restored ? attachments_settle(app, err) : status;
}
