/* Transport: connections, limits, TLS. A request is read whole, within its ceiling, before anything is done with it. From its first byte
 * on, head and body, it has until its deadline; then the reaper cuts the connection, for the library's own time-out counts idle time only. */
#include "app/background.h"
#include "app/rules.h"
#include "base/limits.h"
#include "base/time.h"
#include "web/slow.h"
#include "web/transport.h"
#include <arpa/inet.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define REAPER_TICK_MS 250
#define EXPIRY_TICK_MS 10000 /* sessions of partners whose link has gone */

#define SEND_SECONDS 600 /* for a page to reach a reader on a slow link */

/* ---- the reaper ------------------------------------------------------------------------------------------------------- */

static void *reap(void *context)
{
	struct web *web = context;
	int64_t expired_ms = clock_steady_ms();

	pthread_mutex_lock(&web->reading);
	while (!web->stopping) {
		int64_t now_ms = clock_steady_ms();
		for (struct link *link = web->links; link; link = link->next) {
			if (link->deadline_ms < now_ms) {
				shutdown(link->fd, SHUT_RDWR);
			}
		}
		if (now_ms - expired_ms >= EXPIRY_TICK_MS) {
			expired_ms = now_ms;
			pthread_mutex_unlock(&web->reading);
			partners_expire(web, now_ms);
			pthread_mutex_lock(&web->reading);
		}
		int64_t until_ms = now_ms + REAPER_TICK_MS;
		struct timespec until = { .tv_sec = until_ms / 1000, .tv_nsec = until_ms % 1000 * 1000000 };
		pthread_cond_timedwait(&web->wake, &web->reading, &until);
	}
	pthread_mutex_unlock(&web->reading);
	return NULL;
}

static int64_t request_ms(const struct web *web)
{
	return web->options.request_ms > 0 ? web->options.request_ms : WEB_REQUEST_SECONDS * 1000;
}

static struct link *link_of(struct MHD_Connection *connection)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

	return info ? info->socket_context : NULL;
}

void web_link_wait(struct web *web, struct MHD_Connection *connection, int64_t wait_ms)
{
	struct link *link = link_of(connection);

	pthread_mutex_lock(&web->reading);
	if (link != NULL) {
		link->deadline_ms = clock_steady_ms() + wait_ms;
	}
	pthread_mutex_unlock(&web->reading);
}

static void link_open(struct web *web, struct MHD_Connection *connection, void **own)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
	struct link *link = calloc(1, sizeof *link);

	if (link == NULL || info == NULL) {
		free(link);
		return; /* the library's own time-out still holds */
	}
	*link = (struct link){ .fd = info->connect_fd, .deadline_ms = clock_steady_ms() + request_ms(web) };
	pthread_mutex_lock(&web->reading);
	link->next = web->links;
	link->before = &web->links;
	if (web->links) {
		web->links->before = &link->next;
	}
	web->links = link;
	pthread_mutex_unlock(&web->reading);
	*own = link;
}

/* The descriptor is closed after this, never before: the reaper cannot cut another connection that has been given its number. */
static void link_close(struct web *web, void **own)
{
	struct link *link = *own;

	if (link == NULL) {
		return;
	}
	pthread_mutex_lock(&web->reading);
	*link->before = link->next;
	if (link->next) {
		link->next->before = link->before;
	}
	pthread_mutex_unlock(&web->reading);
	free(link);
	*own = NULL;
}

void web_connected(
    void *context, struct MHD_Connection *connection, void **own, enum MHD_ConnectionNotificationCode code)
{
	if (code == MHD_CONNECTION_NOTIFY_STARTED) {
		link_open(context, connection, own);
	} else {
		link_close(context, own);
	}
}

/* The answer is out, and nothing more of ours will come: what still arrives is read and dropped, for were it left unread when the connection is
 * closed, the kernel would say so at once, and the other end might never see the answer. */
static void link_drain(struct web *web, struct MHD_Connection *connection)
{
	const struct link *link = link_of(connection);
	char dropped[16384];
	size_t len = 0;

	if (link == NULL) {
		return;
	}
	web_link_wait(web, connection, WEB_DROP_SECONDS * 1000); /* then the reaper ends it */
	shutdown(link->fd, SHUT_WR);
	while (len < WEB_DROP_BYTES) {
		struct pollfd at = { .fd = link->fd, .events = POLLIN };
		if (poll(&at, 1, WEB_DROP_SECONDS * 1000) <= 0) {
			return;
		}
		ssize_t got = recv(link->fd, dropped, sizeof dropped, MSG_DONTWAIT);
		if (got <= 0) {
			return;
		}
		len += (size_t)got;
	}
}

static void pending_forget(struct pending *pending)
{
	if (pending->body.len > 0) {
		explicit_bzero(pending->body.data, pending->body.len); /* there may be passphrases in it */
	}
	buf_clear(&pending->body);
}

/* The connection may be used for a further request; its time begins anew, with what it may lie idle before. */
void web_completed(void *context, struct MHD_Connection *connection, void **own, enum MHD_RequestTerminationCode code)
{
	struct pending *pending = *own;
	struct web *web = context;

	if (pending != NULL) {
		if (pending->unread && code == MHD_REQUEST_TERMINATED_COMPLETED_OK) {
			link_drain(web, connection);
		}
		pending_forget(pending);
		free(pending);
		*own = NULL;
	}
	web_link_wait(web, connection, request_ms(web) + WEB_IDLE_SECONDS * 1000);
}

/* ---- what is asked ----------------------------------------------------------------------------------------------------- */

const char *web_header(struct MHD_Connection *connection, const char *name)
{
	return MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);
}

/* Under which name was it asked? One that is not ours is somebody's page that means to use the officer's browser against us. */
static bool host_is_ours(const struct web *web, const char *host)
{
	char own[80], loopback[80];
	unsigned port = web_port(web);

	if (host == NULL) {
		return false;
	}
	snprintf(own, sizeof own, "%s:%u", web->options.address, port);
	snprintf(loopback, sizeof loopback, "localhost:%u", port);
	if (strcmp(host, own) == 0 || (strncmp(web->options.address, "127.", 4) == 0 && strcmp(host, loopback) == 0)) {
		return true;
	}
	for (unsigned i = 0; i < web->options.host_count; i++) {
		size_t len = strlen(web->options.hosts[i]);
		if (strncmp(host, web->options.hosts[i], len) == 0 && (host[len] == '\0' || host[len] == ':')) {
			return true;
		}
	}
	return false;
}

/* A form that another page sent bears that page's name; browsers always say it. */
static bool origin_is_ours(const struct web *web, struct MHD_Connection *connection)
{
	const char *origin = web_header(connection, "Origin"), *host = web_header(connection, "Host");
	const char *scheme = web->options.certificate ? "https://" : "http://";
	size_t len = strlen(scheme);

	return origin == NULL || (strncmp(origin, scheme, len) == 0 && strcmp(origin + len, host) == 0);
}

static enum MHD_Result gather_query(void *context, enum MHD_ValueKind kind, const char *name, const char *value)
{
	struct pairs *query = context;

	(void)kind;
	if (query->count == 64 || query->items == NULL) {
		return MHD_NO;
	}
	query->items[query->count++] = (struct pair){ name, value ? value : "" };
	return MHD_YES;
}

static enum status read_query(struct MHD_Connection *connection, struct request *request, struct err *err)
{
	struct pairs *query = &request->query;

	query->items = arena_take_array(request->arena, 64, sizeof *query->items);
	MHD_get_connection_values(connection, MHD_GET_ARGUMENT_KIND, gather_query, query);
	for (unsigned i = 0; i < query->count; i++) {
		struct pair *pair = &query->items[i];
		pair->name = text_decoded(request->arena, bytes_text(pair->name));
		pair->value = text_decoded(request->arena, bytes_text(pair->value));
		if (pair->name == NULL || pair->value == NULL) {
			return err_set(err, BAD_INPUT, "address: a parameter is not UTF-8 in percent-encoding");
		}
	}
	return OK;
}

static enum status read_body(
    struct MHD_Connection *connection, struct request *request, struct bytes body, struct err *err)
{
	const char *type = web_header(connection, MHD_HTTP_HEADER_CONTENT_TYPE), *boundary;

	if (body.len == 0) {
		return OK;
	}
	if (type && strncmp(type, "multipart/form-data", 19) == 0 && (boundary = strstr(type, "boundary=")) != NULL) {
		boundary += 9;
		size_t len = strcspn(boundary, "; ");
		return len > 0 && len <= 70
		    ? multipart_parse(request, body, arena_printf(request->arena, "%.*s", (int)len, boundary), err)
		    : err_set(err, BAD_INPUT, "form: its boundary is not of RFC 2046");
	}
	return pairs_parse(request->arena, body, &request->fields, err);
}

static enum status read_request(const struct web_options *options, struct MHD_Connection *connection, const char *url,
    const char *method, struct pending *pending, struct request *request, struct err *err)
{
	const char *cookie = web_header(connection, MHD_HTTP_HEADER_COOKIE);

	request->method = strcmp(method, "POST") == 0 ? "POST" : "GET";
	cookie_of(options, COOKIE_SESSION, cookie, request->session, sizeof request->session);
	cookie_of(options, COOKIE_SETUP, cookie, request->setup, sizeof request->setup);
	cookie_get(cookie, "lang", request->lang, sizeof request->lang);
	if (request->lang[0] == '\0') {
		const char *wanted = web_header(connection, MHD_HTTP_HEADER_ACCEPT_LANGUAGE);
		snprintf(
		    request->lang, sizeof request->lang, "%s", wanted && strncmp(wanted, "ja", 2) == 0 ? "ja" : "en");
	}
	enum status status = path_parse(request->arena, url, &request->path, err);
	if (status == OK) {
		status = read_query(connection, request, err);
	}
	return status == OK ? read_body(connection, request, buf_bytes(&pending->body), err) : status;
}

/* ---- what is answered -------------------------------------------------------------------------------------------------- */

static void add(struct MHD_Response *response, const char *name, const char *value)
{
	MHD_add_response_header(response, name, value);
}

static enum MHD_Result send_answer(struct MHD_Connection *connection, struct answer *answer)
{
	struct bytes body = buf_bytes(&answer->body);
	struct MHD_Response *response =
	    MHD_create_response_from_buffer(body.len, (void *)(uintptr_t)body.data, MHD_RESPMEM_MUST_COPY);
	char disposition[160];

	if (response == NULL) {
		return MHD_NO;
	}
	add(response, "Content-Type", answer->type);
	add(response, "Content-Security-Policy",
	    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; "
	    "frame-ancestors 'none'");
	add(response, "X-Content-Type-Options", "nosniff");
	add(response, "Referrer-Policy", "same-origin");
	add(response, "Cross-Origin-Opener-Policy", "same-origin");
	add(response, "Cross-Origin-Resource-Policy", "same-origin");
	add(response, "Cache-Control", answer->cache ? "max-age=3600" : "no-store");
	if (answer->location) {
		add(response, "Location", answer->location);
	}
	if (answer->cookie[0]) {
		add(response, "Set-Cookie", answer->cookie);
	}
	if (answer->refresh_s > 0) {
		snprintf(disposition, sizeof disposition, "%u", answer->refresh_s);
		add(response, "Refresh", disposition);
	}
	if (answer->download) {
		snprintf(disposition, sizeof disposition, "attachment; filename=\"%s\"", answer->download);
		add(response, "Content-Disposition", disposition);
	}
	enum MHD_Result result = MHD_queue_response(connection, answer->status, response);
	MHD_destroy_response(response);
	return result;
}

/* Before it is known who asks, and in which language: in both. */
static void refuse(struct answer *answer, unsigned status, const char *text)
{
	const char *ja = json_string_value(json_object_get(rules_section("details"), text));

	answer->status = status;
	answer->type = "text/plain; charset=utf-8";
	buf_printf(&answer->body, "%s\n%s%s", text, ja ? ja : "", ja ? "\n" : "");
}

static uint32_t address_of(struct MHD_Connection *connection)
{
	const union MHD_ConnectionInfo *from = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);

	return from != NULL && from->client_addr->sa_family == AF_INET
	    ? ((const struct sockaddr_in *)(const void *)from->client_addr)->sin_addr.s_addr
	    : 0;
}

static void work(struct web *web, struct request *request, uint32_t address, struct answer *answer)
{
	struct app app;
	struct visit visit = { .options = &web->options,
		.home = &web->home,
		.slow = web->slow,
		.sessions = &web->sessions,
		.request = request,
		.answer = answer,
		.app = &app,
		.now_ms =
		    clock_boot_ms(), /* a machine that was closed over night has nobody logged in in the morning */
		.address = address,
		.secure = web->options.certificate != NULL };

	pthread_mutex_lock(&web->home);
	app_init(&app);
	app.background = web->options.background;
	visit.html = (struct html){ .out = &answer->body, .ctx = &app.ctx };
	web_answer(&visit);
	answer->desk = visit.desk ? visit.desk->number : 0;
	app_close(&app);
	pthread_mutex_unlock(&web->home);
	if (web->options.background && strcmp(request->method, "POST") == 0) {
		background_look(web->options.background);
	}
}

static enum MHD_Result answer_request(
    struct web *web, struct MHD_Connection *connection, const char *url, const char *method, struct pending *pending)
{
	struct arena arena;
	struct request *request;
	struct answer answer = { .status = 200, .type = "text/html; charset=utf-8" };
	struct err err = { 0 };
	int64_t begun_ms = clock_steady_ms();
	char who[40];

	web_link_wait(web, connection, SEND_SECONDS * 1000);
	arena_init(&arena, LIMIT_ARENA_BYTES);
	buf_init(&answer.body, WEB_PAGE_BYTES);
	request = arena_take(&arena, sizeof *request);
	if (request == NULL) {
		refuse(&answer, 503, "out of memory");
	} else if (pending->too_large) {
		refuse(&answer, 413, "more than this server takes");
	} else if (!host_is_ours(web, web_header(connection, "Host"))) {
		refuse(&answer, 421, "this server is not known under that name");
	} else if (strcmp(method, "POST") == 0 && !origin_is_ours(web, connection)) {
		refuse(&answer, 403, "this form comes from another page");
	} else {
		*request = (struct request){ .arena = &arena };
		if (read_request(&web->options, connection, url, method, pending, request, &err) == OK) {
			work(web, request, address_of(connection), &answer);
		} else {
			refuse(&answer, 400, err.text);
		}
		request_forget(request);
	}
	enum MHD_Result result = send_answer(connection, &answer);
	snprintf(who, sizeof who, "desk %lld", (long long)answer.desk);
	web_log(web, &answer, who, method, url, begun_ms);
	buf_clear(&answer.body);
	arena_clear(&arena);
	return result;
}

static bool method_is_known(const char *method)
{
	return strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0 || strcmp(method, "POST") == 0;
}

/* Files are taken from officers who are logged in, and at the first start from the browser that gave the code; whoever else sends a
 * passphrase at most. */
static size_t most_bytes(struct web *web, struct MHD_Connection *connection)
{
	const char *type = web_header(connection, MHD_HTTP_HEADER_CONTENT_TYPE);
	const char *cookie = web_header(connection, MHD_HTTP_HEADER_COOKIE);
	char token[REQUEST_COOKIE_BYTES] = "", setup[REQUEST_COOKIE_BYTES] = "";
	bool known = false;

	if (type != NULL && strncmp(type, "multipart/form-data", 19) == 0) {
		cookie_of(&web->options, COOKIE_SESSION, cookie, token, sizeof token);
		cookie_of(&web->options, COOKIE_SETUP, cookie, setup, sizeof setup);
		pthread_mutex_lock(&web->home);
		known = session_find(&web->sessions, token, clock_boot_ms()) != NULL ||
		    kept_knows(&web->sessions, token, clock_boot_ms()) || setup_knows(&web->sessions.setup, setup);
		pthread_mutex_unlock(&web->home);
	}
	return known ? WEB_UPLOAD_BYTES : WEB_FORM_BYTES;
}

static struct pending *pending_new(struct web *web, struct MHD_Connection *connection)
{
	const char *length = web_header(connection, MHD_HTTP_HEADER_CONTENT_LENGTH);
	struct pending *pending = calloc(1, sizeof *pending);

	if (pending != NULL) {
		pending->most = most_bytes(web, connection);
		pending->too_large = length != NULL && strtoull(length, NULL, 10) > pending->most;
		buf_init(&pending->body, pending->most);
	}
	return pending;
}

bool pending_take(
    struct web *web, struct MHD_Connection *connection, struct pending *pending, const char *data, size_t len)
{
	if (!pending->too_large && pending->body.len + len <= pending->most) {
		buf_put_bytes(&pending->body, bytes_of(data, len));
		return true;
	}
	if (!pending->too_large) {
		pending->too_large = true;
		pending_forget(pending);
		web_link_wait(web, connection, WEB_DROP_SECONDS * 1000);
	}
	pending->dropped += len;
	return pending->dropped <= WEB_DROP_BYTES;
}

static enum MHD_Result handle(void *context, struct MHD_Connection *connection, const char *url, const char *method,
    const char *version, const char *data, size_t *len, void **own)
{
	struct web *web = context;
	struct pending *pending = *own;

	(void)version;
	if (pending == NULL) {
		*own = pending = method_is_known(method) ? pending_new(web, connection) : NULL;
		if (pending == NULL) {
			return MHD_NO;
		}
		/* What says beforehand that it is too large is answered at once. */
		pending->unread = pending->too_large;
		return pending->too_large ? answer_request(web, connection, url, method, pending) : MHD_YES;
	}
	if (*len > 0) {
		bool go_on = pending_take(web, connection, pending, data, *len);
		*len = 0;
		return go_on ? MHD_YES : MHD_NO;
	}
	return answer_request(web, connection, url, method, pending);
}

/* ---- starting and stopping --------------------------------------------------------------------------------------------- */

/* Addresses are decoded by our own reader, strictly and once. */
static size_t left_as_it_is(void *context, struct MHD_Connection *connection, char *text)
{
	(void)context;
	(void)connection;
	return strlen(text);
}

static bool is_loopback(const char *address)
{
	return strncmp(address, "127.", 4) == 0;
}

static enum status start_daemon(struct web *web, struct err *err)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_port = htons(web->options.port) };
	unsigned flags = MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_THREAD_PER_CONNECTION | MHD_USE_ERROR_LOG;
	bool tls = web->options.certificate != NULL;

	if (inet_pton(AF_INET, web->options.address, &at.sin_addr) != 1) {
		return err_set(
		    err, USAGE, "address %s: must be an IPv4 address such as 127.0.0.1", web->options.address);
	}
	struct MHD_OptionItem with_tls[] = {
		{ MHD_OPTION_HTTPS_MEM_CERT, 0, (void *)(uintptr_t)web->options.certificate },
		{ MHD_OPTION_HTTPS_MEM_KEY, 0, (void *)(uintptr_t)web->options.key },
		{ MHD_OPTION_HTTPS_PRIORITIES, 0, (void *)(uintptr_t) "NORMAL:-VERS-ALL:+VERS-TLS1.3" },
		{ MHD_OPTION_END, 0, NULL },
	};
	struct MHD_OptionItem plain[] = { { MHD_OPTION_END, 0, NULL } };
	web->daemon = MHD_start_daemon(flags | (tls ? MHD_USE_TLS : 0), web->options.port, NULL, NULL, handle, web,
	    MHD_OPTION_EXTERNAL_LOGGER, web_library_log, web, MHD_OPTION_SOCK_ADDR, (struct sockaddr *)&at,
	    MHD_OPTION_NOTIFY_COMPLETED, web_completed, web, MHD_OPTION_NOTIFY_CONNECTION, web_connected, web,
	    MHD_OPTION_UNESCAPE_CALLBACK, left_as_it_is, NULL, MHD_OPTION_CONNECTION_LIMIT, (unsigned)WEB_CONNECTIONS,
	    MHD_OPTION_PER_IP_CONNECTION_LIMIT, (unsigned)WEB_CONNECTIONS_PER_ADDRESS, MHD_OPTION_CONNECTION_TIMEOUT,
	    (unsigned)WEB_IDLE_SECONDS, MHD_OPTION_THREAD_STACK_SIZE, (size_t)WEB_THREAD_STACK, MHD_OPTION_ARRAY,
	    tls ? with_tls : plain, MHD_OPTION_END);
	if (web->daemon == NULL) {
		return err_set(err, ENVIRONMENT, "%s port %u: cannot be served; is another server there?",
		    web->options.address, web->options.port);
	}
	if (web->options.port == 0) { /* nobody has been told of it yet */
		web->options.port = web_port(web);
	}
	return OK;
}

enum status web_start(const struct web_options *options, struct web **out, struct err *err)
{
	struct web *web = calloc(1, sizeof *web);
	pthread_condattr_t steady;

	*out = NULL;
	if (web == NULL) {
		return err_set(err, ENVIRONMENT, "server: out of memory");
	}
	web->options = *options;
	if (!is_loopback(options->address) && options->certificate == NULL) {
		free(web);
		return err_set(err, USAGE,
		    "address %s: other machines reach it; that needs TLS: give --certificate and --key",
		    options->address);
	}
	if (is_loopback(options->address) && start_is_due(options)) {
		setup_open(&web->sessions.setup);
	}
	web->slow = slow_new(&web->options);
	pthread_mutex_init(&web->home, NULL);
	pthread_mutex_init(&web->reading, NULL);
	pthread_mutex_init(&web->log.lock, NULL);
	pthread_condattr_init(&steady);
	pthread_condattr_setclock(&steady, CLOCK_MONOTONIC);
	pthread_cond_init(&web->wake, &steady);
	pthread_condattr_destroy(&steady);
	enum status status = web->slow ? start_daemon(web, err) : err_set(err, ENVIRONMENT, "server: out of memory");
	if (status == OK) {
		status = partners_start(web, err);
	}
	if (status == OK && pthread_create(&web->reaper, NULL, reap, web) != 0) {
		status = err_set(err, ENVIRONMENT, "server: no thread");
	}
	if (status != OK) {
		partners_stop(web);
		if (web->daemon) {
			MHD_stop_daemon(web->daemon);
		}
		slow_free(web->slow);
		free(web);
		return status;
	}
	*out = web;
	return OK;
}

static void home_take(void *context)
{
	pthread_mutex_lock(&((struct web *)context)->home);
}

static void home_give(void *context)
{
	pthread_mutex_unlock(&((struct web *)context)->home);
}

struct home_lock web_home_lock(struct web *web)
{
	return (struct home_lock){ .take = home_take, .give = home_give, .context = web };
}

uint16_t web_port(const struct web *web)
{
	const union MHD_DaemonInfo *info =
	    web->daemon ? MHD_get_daemon_info(web->daemon, MHD_DAEMON_INFO_BIND_PORT) : NULL;

	return info ? info->port : web->options.port;
}

const char *web_setup_code(const struct web *web)
{
	return web->sessions.setup.open ? web->sessions.setup.code : NULL;
}

void web_stop(struct web *web)
{
	if (web == NULL) {
		return;
	}
	pthread_mutex_lock(&web->reading);
	web->stopping = true;
	pthread_cond_signal(&web->wake);
	pthread_mutex_unlock(&web->reading);
	pthread_join(web->reaper, NULL);
	partners_stop(web);
	MHD_stop_daemon(web->daemon);
	slow_free(web->slow);
	sessions_close(&web->sessions);
	pthread_cond_destroy(&web->wake);
	web_log_end(web);
	pthread_mutex_destroy(&web->log.lock);
	pthread_mutex_destroy(&web->reading);
	pthread_mutex_destroy(&web->home);
	free(web);
}
