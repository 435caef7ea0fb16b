/* Transport: connections, limits, TLS. A request is read whole, within its ceiling, before anything is done with it; one that takes
 * longer than its deadline is cut by the reaper, for the library's own time-out counts idle time only. */
#include "base/limits.h"
#include "base/text.h"
#include "web/web.h"
#include <arpa/inet.h>
#include <microhttpd.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define REAPER_TICK_MS 250

struct pending {
	struct pending *next, **before;
	int fd;
	int64_t deadline_ms;
	struct buf body;
	bool too_large, begun;
};
struct web {
	struct web_options options;
	struct MHD_Daemon *daemon;
	struct sessions sessions;
	pthread_mutex_t home;    /* one request at a time works in the home */
	pthread_mutex_t reading; /* guards `pending` and `stopping` */
	pthread_cond_t wake;
	pthread_t reaper;
	struct pending *pending;
	bool stopping;
};

static int64_t steady_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* ---- the reaper ------------------------------------------------------------------------------------------------------- */

static void *reap(void *context)
{
	struct web *web = context;

	pthread_mutex_lock(&web->reading);
	while (!web->stopping) {
		int64_t now_ms = steady_ms();
		for (struct pending *pending = web->pending; pending; pending = pending->next) {
			if (pending->deadline_ms < now_ms) {
				shutdown(pending->fd, SHUT_RDWR);
			}
		}
		struct timespec until;
		clock_gettime(CLOCK_MONOTONIC, &until);
		until.tv_nsec += REAPER_TICK_MS * 1000000;
		until.tv_sec += until.tv_nsec / 1000000000;
		until.tv_nsec %= 1000000000;
		pthread_cond_timedwait(&web->wake, &web->reading, &until);
	}
	pthread_mutex_unlock(&web->reading);
	return NULL;
}

static struct pending *pending_new(struct web *web, struct MHD_Connection *connection)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
	struct pending *pending = calloc(1, sizeof *pending);

	if (pending == NULL || info == NULL) {
		free(pending);
		return NULL;
	}
	pending->fd = info->connect_fd;
	pending->deadline_ms = steady_ms() + WEB_REQUEST_SECONDS * 1000;
	buf_init(&pending->body, WEB_UPLOAD_BYTES);
	pthread_mutex_lock(&web->reading);
	pending->next = web->pending;
	pending->before = &web->pending;
	if (web->pending) {
		web->pending->before = &pending->next;
	}
	web->pending = pending;
	pthread_mutex_unlock(&web->reading);
	return pending;
}

static void pending_free(struct web *web, struct pending *pending)
{
	pthread_mutex_lock(&web->reading);
	*pending->before = pending->next;
	if (pending->next) {
		pending->next->before = pending->before;
	}
	pthread_mutex_unlock(&web->reading);
	buf_clear(&pending->body);
	free(pending);
}

static void completed(
    void *context, struct MHD_Connection *connection, void **own, enum MHD_RequestTerminationCode code)
{
	(void)connection;
	(void)code;
	if (*own != NULL) {
		pending_free(context, *own);
		*own = NULL;
	}
}

/* ---- what is asked ----------------------------------------------------------------------------------------------------- */

static const char *header_of(struct MHD_Connection *connection, const char *name)
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
		if (text_check(bytes_text(query->items[i].name)) || text_check(bytes_text(query->items[i].value))) {
			return err_set(err, BAD_INPUT, "address: a parameter is no text");
		}
		query->items[i].name = arena_printf(request->arena, "%s", query->items[i].name);
		query->items[i].value = arena_printf(request->arena, "%s", query->items[i].value);
	}
	return OK;
}

static enum status read_body(
    struct MHD_Connection *connection, struct request *request, struct bytes body, struct err *err)
{
	const char *type = header_of(connection, MHD_HTTP_HEADER_CONTENT_TYPE), *boundary;

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
	return body.len <= WEB_FORM_BYTES ? pairs_parse(request->arena, body, &request->fields, err)
					  : err_set(err, BAD_INPUT, "form: more than %u bytes", WEB_FORM_BYTES);
}

static enum status read_request(struct MHD_Connection *connection, const char *url, const char *method,
    struct pending *pending, struct request *request, struct err *err)
{
	const char *cookie = header_of(connection, MHD_HTTP_HEADER_COOKIE);

	request->method = strcmp(method, "POST") == 0 ? "POST" : "GET";
	cookie_get(cookie, "warifu", request->session, sizeof request->session);
	cookie_get(cookie, "lang", request->lang, sizeof request->lang);
	if (request->lang[0] == '\0') {
		const char *wanted = header_of(connection, MHD_HTTP_HEADER_ACCEPT_LANGUAGE);
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
	if (answer->download) {
		snprintf(disposition, sizeof disposition, "attachment; filename=\"%s\"", answer->download);
		add(response, "Content-Disposition", disposition);
	}
	enum MHD_Result result = MHD_queue_response(connection, answer->status, response);
	MHD_destroy_response(response);
	return result;
}

static void refuse(struct answer *answer, unsigned status, const char *text)
{
	answer->status = status;
	answer->type = "text/plain; charset=utf-8";
	buf_put_text(&answer->body, text);
	buf_put_text(&answer->body, "\n");
}

static void work(struct web *web, struct request *request, struct answer *answer)
{
	struct app app;
	struct visit visit = { .options = &web->options,
		.sessions = &web->sessions,
		.request = request,
		.answer = answer,
		.app = &app,
		.now_ms = steady_ms(),
		.secure = web->options.certificate != NULL };

	pthread_mutex_lock(&web->home);
	app_init(&app);
	visit.html = (struct html){ .out = &answer->body, .ctx = &app.ctx };
	web_answer(&visit);
	app_close(&app);
	pthread_mutex_unlock(&web->home);
}

static enum MHD_Result answer_request(
    struct web *web, struct MHD_Connection *connection, const char *url, const char *method, struct pending *pending)
{
	struct arena arena;
	struct request *request;
	struct answer answer = { .status = 200, .type = "text/html; charset=utf-8" };
	struct err err = { 0 };

	arena_init(&arena, LIMIT_ARENA_BYTES);
	buf_init(&answer.body, WEB_PAGE_BYTES);
	request = arena_take(&arena, sizeof *request);
	if (request == NULL) {
		refuse(&answer, 503, "out of memory");
	} else if (pending->too_large) {
		refuse(&answer, 413, "more than this server takes");
	} else if (!host_is_ours(web, header_of(connection, "Host"))) {
		refuse(&answer, 421, "this server is not known under that name");
	} else {
		*request = (struct request){ .arena = &arena };
		if (read_request(connection, url, method, pending, request, &err) == OK) {
			work(web, request, &answer);
		} else {
			refuse(&answer, 400, err.text);
		}
	}
	enum MHD_Result result = send_answer(connection, &answer);
	buf_clear(&answer.body);
	arena_clear(&arena);
	return result;
}

static bool method_is_known(const char *method)
{
	return strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0 || strcmp(method, "POST") == 0;
}

static enum MHD_Result handle(void *context, struct MHD_Connection *connection, const char *url, const char *method,
    const char *version, const char *data, size_t *len, void **own)
{
	struct web *web = context;
	struct pending *pending = *own;

	(void)version;
	if (pending == NULL) {
		*own = method_is_known(method) ? pending_new(web, connection) : NULL;
		return *own ? MHD_YES : MHD_NO;
	}
	if (*len > 0) {
		if (!pending->too_large && pending->body.len + *len <= WEB_UPLOAD_BYTES) {
			buf_put_bytes(&pending->body, bytes_of(data, *len));
		} else {
			pending->too_large = true;
			buf_clear(&pending->body);
		}
		*len = 0;
		return MHD_YES;
	}
	return answer_request(web, connection, url, method, pending);
}

/* ---- starting and stopping --------------------------------------------------------------------------------------------- */

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
	    MHD_OPTION_SOCK_ADDR, (struct sockaddr *)&at, MHD_OPTION_NOTIFY_COMPLETED, completed, web,
	    MHD_OPTION_CONNECTION_LIMIT, (unsigned)WEB_CONNECTIONS, MHD_OPTION_PER_IP_CONNECTION_LIMIT,
	    (unsigned)WEB_CONNECTIONS_PER_ADDRESS, MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)WEB_IDLE_SECONDS,
	    MHD_OPTION_THREAD_STACK_SIZE, (size_t)WEB_THREAD_STACK, MHD_OPTION_ARRAY, tls ? with_tls : plain,
	    MHD_OPTION_END);
	return web->daemon ? OK
			   : err_set(err, ENVIRONMENT, "%s port %u: cannot be served; is another server there?",
				 web->options.address, web->options.port);
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
	pthread_mutex_init(&web->home, NULL);
	pthread_mutex_init(&web->reading, NULL);
	pthread_condattr_init(&steady);
	pthread_condattr_setclock(&steady, CLOCK_MONOTONIC);
	pthread_cond_init(&web->wake, &steady);
	pthread_condattr_destroy(&steady);
	enum status status = start_daemon(web, err);
	if (status == OK && pthread_create(&web->reaper, NULL, reap, web) != 0) {
		status = err_set(err, ENVIRONMENT, "server: no thread");
		MHD_stop_daemon(web->daemon);
	}
	if (status != OK) {
		free(web);
		return status;
	}
	*out = web;
	return OK;
}

uint16_t web_port(const struct web *web)
{
	const union MHD_DaemonInfo *info =
	    web->daemon ? MHD_get_daemon_info(web->daemon, MHD_DAEMON_INFO_BIND_PORT) : NULL;

	return info ? info->port : web->options.port;
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
	MHD_stop_daemon(web->daemon);
	sessions_close(&web->sessions);
	pthread_cond_destroy(&web->wake);
	pthread_mutex_destroy(&web->reading);
	pthread_mutex_destroy(&web->home);
	free(web);
}
