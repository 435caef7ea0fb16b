/* The listener for partners' homes: TLS 1.3 always, any certificate may connect, and nothing is done for it before web_sync_admit() has let it in;
 * the session's greeting then says which home it is (docs/sync.md 9). No page is to be had here, and nothing of a sync on the pages' listener. */
#include "app/answering.h"
#include "base/time.h"
#include "web/transport.h"
#include <arpa/inet.h>
#include <gnutls/gnutls.h>
#include <stdlib.h>
#include <string.h>

#define CALLERS 64      /* addresses whose refusals are remembered */
#define CALLER_BEGINS 8 /* sessions that one may begin before it proves a home; each further one counts as a refusal */
#define CALLER_WAIT_MS 1000 /* after the first refusal; doubled by each further one */
#define CALLER_WAIT_MOST_MS (15 * 60 * 1000)
#define RETRY_AFTER "1"   /* seconds; a command is done in less */
#define REQUEST_MS 120000 /* a piece of 16 KiB and a handshake at 2.4 kbit/s */
#define ANSWER_MS 600000  /* for an answer to reach a home on a slow link */
#define IDLE_SECONDS 60
#define CONNECTIONS 32
#define CONNECTIONS_PER_ADDRESS 8
#define THREAD_STACK (4u << 20)

/* An address whose greetings were refused, or that begins sessions and never greets: each takes the place of another caller's. */
struct caller {
	char address[INET_ADDRSTRLEN];
	unsigned begun, refused;
	int64_t until_ms; /* nothing of it is looked at before */
};
struct partner_listener {
	struct web *web;
	struct answering *answering;
	struct MHD_Daemon *daemon;
	pthread_mutex_t lock; /* guards `callers` */
	struct caller callers[CALLERS];
};

/* ---- who calls --------------------------------------------------------------------------------------------------------- */

static struct caller *caller_find(struct partner_listener *listener, const char *address)
{
	for (unsigned i = 0; i < CALLERS; i++) {
		if (strcmp(listener->callers[i].address, address) == 0) {
			return &listener->callers[i];
		}
	}
	return NULL;
}

static bool caller_may(struct partner_listener *listener, const char *address, int64_t now_ms)
{
	pthread_mutex_lock(&listener->lock);
	const struct caller *caller = caller_find(listener, address);
	bool may = caller == NULL || caller->until_ms <= now_ms;
	pthread_mutex_unlock(&listener->lock);
	return may;
}

/* The one whose wait ends first makes room. */
static struct caller *caller_of(struct partner_listener *listener, const char *address)
{
	struct caller *caller = caller_find(listener, address);

	if (caller == NULL) {
		caller = &listener->callers[0];
		for (unsigned i = 1; i < CALLERS; i++) {
			caller = listener->callers[i].until_ms < caller->until_ms ? &listener->callers[i] : caller;
		}
		*caller = (struct caller){ .refused = 0 };
		snprintf(caller->address, sizeof caller->address, "%s", address);
	}
	return caller;
}

static void caller_waits(struct caller *caller, int64_t now_ms)
{
	int64_t wait_ms = CALLER_WAIT_MS;

	for (unsigned i = 0; i < caller->refused && wait_ms < CALLER_WAIT_MOST_MS; i++) {
		wait_ms *= 2;
	}
	caller->refused++;
	caller->until_ms = now_ms + (wait_ms < CALLER_WAIT_MOST_MS ? wait_ms : CALLER_WAIT_MOST_MS);
}

/* Of a request that has proven nothing. */
static void caller_note(
    struct partner_listener *listener, const char *address, const struct answer_outcome *outcome, int64_t now_ms)
{
	if (!outcome->refused && !outcome->begun) {
		return;
	}
	pthread_mutex_lock(&listener->lock);
	struct caller *caller = caller_of(listener, address);
	caller->begun += outcome->begun;
	if (outcome->refused || caller->begun > CALLER_BEGINS) {
		caller_waits(caller, now_ms);
	}
	pthread_mutex_unlock(&listener->lock);
}

static void caller_proven(struct partner_listener *listener, const char *address)
{
	pthread_mutex_lock(&listener->lock);
	struct caller *caller = caller_find(listener, address);
	if (caller != NULL) {
		*caller = (struct caller){ .refused = 0 };
	}
	pthread_mutex_unlock(&listener->lock);
}

static void client_read(struct MHD_Connection *connection, struct partner_visit *partner)
{
	const union MHD_ConnectionInfo *tls = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_GNUTLS_SESSION),
				       *from = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
	unsigned count = 0;

	if (from != NULL && from->client_addr->sa_family == AF_INET) {
		const struct sockaddr_in *at = (const struct sockaddr_in *)(const void *)from->client_addr;
		inet_ntop(AF_INET, &at->sin_addr, partner->address, sizeof partner->address);
	}
	if (tls == NULL || gnutls_protocol_get_version(tls->tls_session) != GNUTLS_TLS1_3) {
		return;
	}
	const gnutls_datum_t *shown = gnutls_certificate_get_peers(tls->tls_session, &count);
	partner->has_key = shown != NULL && count > 0 &&
	    answering_client(bytes_of(shown[0].data, shown[0].size), &partner->client, NULL) == OK;
}

bool web_sync_admit(struct visit *visit)
{
	const struct partner_visit *partner = visit->partner;

	if (partner == NULL || !partner->has_key || partner->address[0] == '\0') {
		visit->answer->status = 403;
	} else if (!caller_may(partner->listener, partner->address, visit->now_ms)) {
		visit->answer->status = 429;
	} else {
		return true;
	}
	return false;
}

/* ---- what is asked ------------------------------------------------------------------------------------------------------- */

static bool number_take(const char **at, uint64_t most, uint64_t *out)
{
	char *end;

	if (**at < '0' || **at > '9' || strspn(*at, "0123456789") > 18) {
		return false;
	}
	*out = strtoull(*at, &end, 10);
	*at = end;
	return *out <= most;
}

/* NAME/AT/FROM/MOST */
static bool request_parse(const char *rest, struct answer_request *out)
{
	uint64_t most = 0;
	const char *at = rest + 2 * ANSWERS_NAME_BYTES;

	if (strlen(rest) < 2 * ANSWERS_NAME_BYTES ||
	    !hex_parse(rest, 2 * ANSWERS_NAME_BYTES, out->name, ANSWERS_NAME_BYTES) || *at++ != '/' ||
	    !number_take(&at, INT64_MAX, &out->at) || *at++ != '/' || !number_take(&at, INT64_MAX, &out->from) ||
	    *at++ != '/' || !number_take(&at, LIMIT_SYNC_BODY_BYTES, &most) || *at != '\0') {
		return false;
	}
	out->most = (size_t)most;
	return true;
}

void get_exchange(struct visit *visit, const char *rest)
{
	visit->answer->status = rest[0] == '\0' ? 204 : 404;
}

void post_exchange(struct visit *visit, const char *rest)
{
	static const char *const states[] = {
		[ANSWER_WAITS] = "waits", [ANSWER_MORE] = "more", [ANSWER_OVER] = "over"
	};
	struct partner_visit *partner = visit->partner;
	struct answer_request request = { .client = partner->client, .body = partner->body, .now_ms = visit->now_ms };
	struct answer_outcome outcome;
	struct err err = { .status = OK };

	if (partner->too_large || !request_parse(rest, &request)) {
		visit->answer->status = partner->too_large ? 413 : 400;
		return;
	}
	enum status status =
	    answering_take(partner->listener->answering, &request, &visit->answer->body, &outcome, &err);
	if (status == OK) {
		partner->state = states[outcome.state];
		if (outcome.proven) {
			caller_proven(partner->listener, partner->address);
		} else {
			caller_note(partner->listener, partner->address, &outcome, visit->now_ms);
		}
		return;
	}
	visit->answer->status = status == NOT_FOUND ? 404 : status == BAD_INPUT ? 409 : status == REFUSED ? 403 : 503;
}

/* ---- one request ---------------------------------------------------------------------------------------------------------- */

static enum MHD_Result send_answer(
    struct MHD_Connection *connection, const struct answer *answer, const struct partner_visit *partner)
{
	struct bytes body = buf_bytes(&answer->body);
	struct MHD_Response *response =
	    MHD_create_response_from_buffer(body.len, (void *)(uintptr_t)body.data, MHD_RESPMEM_MUST_COPY);

	if (response == NULL) {
		return MHD_NO;
	}
	if (answer->status == 503) {
		MHD_add_response_header(response, "Retry-After", RETRY_AFTER);
	}
	if (partner->state != NULL) {
		MHD_add_response_header(response, "Warifu", partner->state);
	}
	enum MHD_Result result = MHD_queue_response(connection, answer->status, response);
	MHD_destroy_response(response);
	return result;
}

static enum MHD_Result answer_request(struct partner_listener *listener, struct MHD_Connection *connection,
    const char *url, const char *method, struct partner_visit *partner)
{
	struct answer answer = { .status = 200 };
	struct request request = { .method = method, .path = url };
	int64_t now_ms = clock_steady_ms();
	struct visit visit = { .options = &listener->web->options,
		.request = &request,
		.answer = &answer,
		.now_ms = now_ms,
		.partner = partner,
		.secure = true };

	buf_init(&answer.body, LIMIT_SYNC_BODY_BYTES);
	web_link_wait(listener->web, connection, ANSWER_MS);
	pthread_mutex_lock(&listener->web->home);
	web_answer(&visit);
	pthread_mutex_unlock(&listener->web->home);
	if (answer.status != 200) {
		buf_reset(&answer.body);
		partner->state = NULL;
	}
	enum MHD_Result result = send_answer(connection, &answer, partner);
	web_log(listener->web, &answer, partner->address, method, "/exchange/", now_ms);
	buf_clear(&answer.body);
	return result;
}

/* Of whoever is not let in no body is taken. */
static struct pending *pending_new(struct MHD_Connection *connection, const char *method, struct partner_visit *partner)
{
	const char *length = web_header(connection, MHD_HTTP_HEADER_CONTENT_LENGTH);
	struct pending *pending = calloc(1, sizeof *pending);
	struct answer answer = { .status = 200 };
	struct visit visit = { .answer = &answer, .partner = partner, .now_ms = clock_steady_ms() };

	if (pending != NULL) {
		pending->most = web_sync_admit(&visit) && strcmp(method, "POST") == 0 ? LIMIT_SYNC_BODY_BYTES : 0;
		pending->too_large = length != NULL && strtoull(length, NULL, 10) > pending->most;
		buf_init(&pending->body, pending->most);
	}
	return pending;
}

static enum MHD_Result handle(void *context, struct MHD_Connection *connection, const char *url, const char *method,
    const char *version, const char *data, size_t *len, void **own)
{
	struct partner_listener *listener = context;
	struct partner_visit partner = { .listener = listener };
	struct pending *pending = *own;

	(void)version;
	if (pending != NULL && *len > 0) {
		bool go_on = pending_take(listener->web, connection, pending, data, *len);
		*len = 0;
		return go_on ? MHD_YES : MHD_NO;
	}
	client_read(connection, &partner);
	if (pending == NULL) {
		web_link_wait(listener->web, connection, REQUEST_MS);
		*own = pending = pending_new(connection, method, &partner);
		if (pending == NULL || !pending->too_large) {
			return pending != NULL ? MHD_YES : MHD_NO;
		}
		pending->unread = true;
	}
	partner.too_large = pending->too_large;
	partner.body = buf_bytes(&pending->body);
	return answer_request(listener, connection, url, method, &partner);
}

/* ---- starting and stopping ------------------------------------------------------------------------------------------------- */

static size_t left_as_it_is(void *context, struct MHD_Connection *connection, char *text)
{
	(void)context;
	(void)connection;
	return strlen(text);
}

static enum status listener_start(struct partner_listener *listener, const struct web_partner *options, struct err *err)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_port = htons(options->port) };
	const struct certificate *own = answering_certificate(listener->answering);
	unsigned flags =
	    MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_THREAD_PER_CONNECTION | MHD_USE_ERROR_LOG | MHD_USE_TLS;

	if (inet_pton(AF_INET, options->address, &at.sin_addr) != 1) {
		return err_set(err, USAGE, "--sync %s: must be an IPv4 address and a port, such as 0.0.0.0:8459",
		    options->address);
	}
	/* The list of authorities makes the library ask for a certificate; none is ever checked against it. */
	listener->daemon = MHD_start_daemon(flags, options->port, NULL, NULL, handle, listener,
	    MHD_OPTION_EXTERNAL_LOGGER, web_library_log, listener->web, MHD_OPTION_SOCK_ADDR, (struct sockaddr *)&at,
	    MHD_OPTION_NOTIFY_COMPLETED, web_completed, listener->web, MHD_OPTION_NOTIFY_CONNECTION, web_connected,
	    listener->web, MHD_OPTION_UNESCAPE_CALLBACK, left_as_it_is, NULL, MHD_OPTION_CONNECTION_LIMIT,
	    (unsigned)CONNECTIONS, MHD_OPTION_PER_IP_CONNECTION_LIMIT, (unsigned)CONNECTIONS_PER_ADDRESS,
	    MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_SECONDS, MHD_OPTION_THREAD_STACK_SIZE, (size_t)THREAD_STACK,
	    MHD_OPTION_HTTPS_MEM_CERT, own->certificate, MHD_OPTION_HTTPS_MEM_KEY, own->key, MHD_OPTION_HTTPS_MEM_TRUST,
	    own->certificate, MHD_OPTION_HTTPS_PRIORITIES, "NORMAL:-VERS-ALL:+VERS-TLS1.3", MHD_OPTION_END);
	return listener->daemon ? OK
				: err_set(err, ENVIRONMENT, "--sync %s:%u: cannot be served; is another server there?",
				      options->address, options->port);
}

enum status partners_start(struct web *web, struct err *err)
{
	enum status status = OK;

	for (unsigned i = 0; status == OK && i < web->options.partner_count; i++) {
		struct partner_listener *listener = calloc(1, sizeof *listener);
		if (listener == NULL) {
			return err_set(err, ENVIRONMENT, "server: out of memory");
		}
		*listener = (struct partner_listener){ .web = web, .answering = web->options.partners[i].answering };
		pthread_mutex_init(&listener->lock, NULL);
		web->partners[web->partner_count++] = listener;
		status = listener_start(listener, &web->options.partners[i], err);
	}
	return status;
}

void partners_stop(struct web *web)
{
	for (unsigned i = 0; i < web->partner_count; i++) {
		struct partner_listener *listener = web->partners[i];
		if (listener->daemon != NULL) {
			MHD_stop_daemon(listener->daemon);
		}
		pthread_mutex_destroy(&listener->lock);
		free(listener);
	}
	web->partner_count = 0;
}

void partners_expire(struct web *web, int64_t now_ms)
{
	if (web->partner_count == 0 || pthread_mutex_trylock(&web->home) != 0) {
		return;
	}
	for (unsigned i = 0; i < web->partner_count; i++) {
		answering_expire(web->partners[i]->answering, now_ms);
	}
	pthread_mutex_unlock(&web->home);
}

uint16_t web_partner_port(const struct web *web, unsigned number)
{
	const union MHD_DaemonInfo *info =
	    MHD_get_daemon_info(web->partners[number]->daemon, MHD_DAEMON_INFO_BIND_PORT);

	return info ? info->port : 0;
}
