/* `warifu serve`: the options, the address printed, and the wait for the signal that ends it. */
#include "web/serve.h"
#include "app/answering.h"
#include "app/app.h"
#include "app/background.h"
#include "core/input.h"
#include "web/web.h"
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#define PORT_USUAL 8457
#define PEM_BYTES 65536
#define EVERY_MOST_S 86400

static enum status read_pem(struct ctx *ctx, const char *path, const char **out, struct err *err)
{
	struct bytes text;
	enum status status = OK;

	*out = NULL;
	if (path) {
		status = input_read(ctx->arena, path, PEM_BYTES, &text, err);
		*out = status == OK ? arena_text(ctx->arena, text) : NULL;
	}
	return status;
}

static enum status read_options(struct ctx *ctx, const struct args *args, struct web_options *options, struct err *err)
{
	const char *port = args_option(args, "port"), *address = args_option(args, "address"), *host;
	struct app *app = app_of(ctx);
	long number = port ? strtol(port, NULL, 10) : PORT_USUAL;

	if (number < 0 || number > 65535) {
		return err_set(err, USAGE, "--port %s: must be from 0 to 65535", port);
	}
	*options = (struct web_options){ .home_dir = arena_printf(ctx->arena, "%s", app->home_dir),
		.address = address ? address : "127.0.0.1",
		.port = (uint16_t)number,
		.now_ms = ctx->now_ms,
		.now_given = ctx->now_given };
	while (options->host_count < 4 && (host = args_option_at(args, "host", options->host_count)) != NULL) {
		options->hosts[options->host_count++] = host;
	}
	enum status status = read_pem(ctx, args_option(args, "certificate"), &options->certificate, err);
	if (status == OK) {
		status = read_pem(ctx, args_option(args, "key"), &options->key, err);
	}
	if (status == OK && (options->certificate == NULL) != (options->key == NULL)) {
		status = err_set(err, USAGE, "serve: --certificate and --key go together");
	}
	return status;
}

/* ---- partners' homes ------------------------------------------------------------------------------------------------------ */

/* "[TALLY=]ADDRESS:PORT" */
static enum status partner_read(
    struct ctx *ctx, const char *text, const char **tally, struct web_partner *out, struct err *err)
{
	const char *equals = strchr(text, '='), *at = equals ? equals + 1 : text, *colon = strrchr(at, ':');
	char *end = NULL;
	long port = colon ? strtol(colon + 1, &end, 10) : -1;

	if (colon == NULL || colon == at || end == colon + 1 || *end != '\0' || port < 0 || port > 65535) {
		return err_set(
		    err, USAGE, "--sync %s: must be ADDRESS:PORT, such as 0.0.0.0:8459, or TALLY=ADDRESS:PORT", text);
	}
	*tally = equals ? arena_printf(ctx->arena, "%.*s", (int)(equals - text), text) : NULL;
	out->address = arena_printf(ctx->arena, "%.*s", (int)(colon - at), at);
	out->port = (uint16_t)port;
	return OK;
}

/* The home keys are opened now, while there is somebody to ask for their passphrases. */
static enum status partners_open(struct ctx *ctx, const struct args *args, struct web_options *options, struct err *err)
{
	const char *text, *tally = NULL;
	enum status status = OK;

	for (unsigned i = 0; status == OK && (text = args_option_at(args, "sync", i)) != NULL; i++) {
		status = i < WEB_PARTNERS ? partner_read(ctx, text, &tally, &options->partners[i], err)
					  : err_set(err, USAGE, "--sync: at most %d times", WEB_PARTNERS);
		if (status == OK) {
			status = answering_new(app_of(ctx), tally, &options->partners[i].answering, err);
			options->partner_count += status == OK;
		}
	}
	return status;
}

static enum status calls_read(const struct args *args, struct background_options *out, struct err *err)
{
	const char *every = args_option(args, "every"), *rate = args_option(args, "rate");
	long long seconds = every ? strtoll(every, NULL, 10) : 0, bytes = rate ? strtoll(rate, NULL, 10) : 0;

	if (every && (seconds < 1 || seconds > EVERY_MOST_S)) {
		return err_set(err, USAGE, "--every %s: must be seconds, from 1 to %d", every, EVERY_MOST_S);
	}
	if (rate && bytes < 100) {
		return err_set(err, USAGE, "--rate %s: must be bytes a second, 100 or more", rate);
	}
	*out = (struct background_options){ .every_ms = seconds * 1000, .rate_bytes_s = bytes };
	return OK;
}

/* A home that knows no partner's address and answers none is served without its home keys. */
static enum status sync_open_all(struct ctx *ctx, const struct args *args, const struct background_options *calls,
    struct web_options *options, struct err *err)
{
	struct app *app = app_of(ctx);
	struct addresses addresses = { .count = 0 };
	bool answers = args_option_at(args, "sync", 0) != NULL;

	if (app_open(app, options->home_dir, DB_WRITE, answers ? err : NULL) != OK) {
		return answers ? ENVIRONMENT : OK; /* pages say why it cannot be opened */
	}
	enum status status = addresses_get(app, &addresses, err);
	if (status == OK) {
		status = partners_open(ctx, args, options, err);
	}
	if (status == OK && (answers || addresses.count > 0)) {
		status = background_new(app, calls, &options->background, err);
	}
	app_pause(app);
	return status;
}

static void sync_close_all(struct web_options *options)
{
	for (unsigned i = 0; i < options->partner_count; i++) {
		answering_free(options->partners[i].answering);
	}
	background_free(options->background);
}

/* ---- the command ---------------------------------------------------------------------------------------------------------- */

static void print_pages(const struct page *page)
{
	for (; page && page->path; page++) {
		printf("GET %s officer page\n", page->path);
	}
}

/* All that can be asked for, a line each: method, path, what it needs; pages of the tables are marked. */
static void print_routes(void)
{
	static const char *const needs[] = { [ROUTE_OPEN] = "nothing",
		[ROUTE_HOME] = "home",
		[ROUTE_OFFICER] = "officer",
		[ROUTE_MOVE] = "officer",
		[ROUTE_START] = "start",
		[ROUTE_SETUP] = "code",
		[ROUTE_PARTNER] = "partner" };

	for (const struct route *route = web_routes; route->path; route++) {
		printf("%s %s %s\n", route->method, route->path, needs[route->need]);
	}
	for (const struct domain *const *domain = domains; *domain; domain++) {
		print_pages((*domain)->pages);
		for (const struct act *act = (*domain)->acts; act && act->path; act++) {
			if (act->run) {
				printf("POST %s officer page\n", act->path);
			}
		}
	}
	print_pages(web_pages);
}

/* Pages read; tables of another shape, which another version of the program has left, are made anew before. A home that cannot be opened
 * says why on its pages. */
static enum status tables_ready(const struct web_options *options, struct err *err)
{
	struct app app;
	enum status status = OK;

	app_init(&app);
	if (app_open(&app, options->home_dir, DB_WRITE, NULL) == OK) {
		status = app_tables_ready(&app, err);
	}
	app_close(&app);
	return status;
}

enum status web_serve(struct ctx *ctx, const struct args *args, struct err *err)
{
	struct web_options options = { 0 };
	struct background_options calls = { .every_ms = 0 };
	struct web *web = NULL;
	sigset_t ends;
	int signal_number;
	enum status status = read_options(ctx, args, &options, err);

	if (status == OK && args_option(args, "routes") != NULL) {
		print_routes();
		return OK;
	}
	status = status == OK ? calls_read(args, &calls, err) : status;
	sigemptyset(&ends);
	sigaddset(&ends, SIGINT);
	sigaddset(&ends, SIGTERM);
	pthread_sigmask(SIG_BLOCK, &ends, NULL); /* before there are threads: they inherit it */
	if (status == OK) {
		status = tables_ready(&options, err);
	}
	if (status == OK) {
		status = sync_open_all(ctx, args, &calls, &options, err);
	}
	if (status == OK) {
		status = web_start(&options, &web, err);
	}
	if (status == OK && options.background) {
		const struct home_lock lock = web_home_lock(web);
		status = background_start(options.background, &lock, err);
	}
	if (status == OK) {
		printf("http%s://%s:%u/\n", options.certificate ? "s" : "", options.address, web_port(web));
		if (web_setup_code(web) != NULL) {
			printf("setup code: %s\n", web_setup_code(web));
		}
		for (unsigned i = 0; i < options.partner_count; i++) {
			printf("sync https://%s:%u\n", options.partners[i].address, web_partner_port(web, i));
		}
		fflush(stdout);
		sigwait(&ends, &signal_number);
	}
	background_stop(options.background);
	web_stop(web);
	sync_close_all(&options);
	return status;
}
