/* The carrier over HTTPS, calling side (docs/sync.md 9). The other end answers with answers.h. */
#ifndef WARIFU_SYNC_HTTPS_H
#define WARIFU_SYNC_HTTPS_H
#include "sync/certificate.h"
#include "sync/sync.h"

/* What a session cost beside its own bytes. */
struct https_count {
	int64_t requests, again;     /* again: that had to be said once more, after a cut or a refusal for now */
	int64_t out_bytes, in_bytes; /* of HTTP, heads included; not of TLS */
	bool busy; /* it ended as the other home was in use all the time: it is there, and may be called again soon */
};
struct https_options {
	const char *url; /* as https_url_check took it */
	const struct certificate *certificate;
	const struct id *pin; /* hash of the key that the other end must show; NULL: any, for https_key only */
	int64_t rate_bytes_s; /* most that is sent, and most that is fetched, in a second; 0: no measure */
	int64_t patience_ms;  /* how long nothing may get through before it is given up */
	/* Around each step of the session; NULL: the home stays open all the time. enter: ENVIRONMENT when it cannot be entered now. */
	enum status (*enter)(void *context, struct err *err);
	void (*leave)(void *context);
	/* Waits; false: stop. Asked with 0 while a request is on its way. NULL: waits by itself. */
	bool (*wait)(void *context, int64_t wait_ms);
	void *context;
	struct https_count *count; /* may be NULL */
};
/* USAGE unless it is https://HOST, with a port if need be, and nothing behind it but a stroke. */
enum status https_url_check(const char *url, struct err *err);
/* Which key does the other end show? INCOMPLETE when it cannot be reached, BAD_INPUT when it is no home. */
enum status https_key(const struct https_options *options, struct id *out, struct err *err);
/* Runs a session to its end. INCOMPLETE: the link was gone for longer than patience_ms, or the other end has lost the session: call again with a
 * new session, what was stored stays. CHECK_FAILED: it shows another key than the pin. BAD_INPUT: it is no home, or breaks the
 * protocol; REFUSED: one of the two refuses the other. */
enum status https_sync(struct sync *sync, const struct https_options *options, struct err *err);
#endif
