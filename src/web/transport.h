/* What the two listeners share: the pages' (server.c) and that for partners' homes (partner.c). */
#ifndef WARIFU_WEB_TRANSPORT_H
#define WARIFU_WEB_TRANSPORT_H
#include "web/web.h"
#include <microhttpd.h>
#include <pthread.h>

/* A connection, from its opening to its end. */
struct link {
	struct link *next, **before;
	int fd;
	int64_t deadline_ms;
};
/* The body of a request while it comes. */
struct pending {
	struct buf body;
	size_t most, dropped;   /* dropped: read and not kept, as it is too large */
	bool too_large, unread; /* unread: answered before the body came */
};
/* Lines about strangers in this minute: whoever asks without end must not fill the disk on which the log lies. */
struct log_measure {
	pthread_mutex_t lock;
	int64_t minute_ms; /* it began */
	unsigned written, left_out;
};
struct partner_listener;
struct web {
	struct web_options options;
	struct MHD_Daemon *daemon;
	struct partner_listener *partners[WEB_PARTNERS];
	unsigned partner_count;
	struct sessions sessions;
	struct slow *slow;
	struct log_measure log;
	pthread_mutex_t home;    /* one request at a time works in the home */
	pthread_mutex_t reading; /* guards `links` and `stopping` */
	pthread_cond_t wake;
	pthread_t reaper;
	struct link *links;
	bool stopping;
};

/* server.c. Callbacks of a listener whose context is its struct web. */
void web_connected(
    void *context, struct MHD_Connection *connection, void **own, enum MHD_ConnectionNotificationCode code);
void web_completed(void *context, struct MHD_Connection *connection, void **own, enum MHD_RequestTerminationCode code);
/* This connection has so long for what it does now. */
void web_link_wait(struct web *web, struct MHD_Connection *connection, int64_t wait_ms);
const char *web_header(struct MHD_Connection *connection, const char *name);
/* A piece of a body came; more than pending->most: too_large, and nothing is kept. False: the connection is to be cut, it has sent WEB_DROP_BYTES
 * of what is not taken. */
bool pending_take(
    struct web *web, struct MHD_Connection *connection, struct pending *pending, const char *data, size_t len);
/* log.c. One line per request on standard error: when, who, what, how it ended, how large, how long. What was looked for is not in it. Of those who are
 * not logged in WEB_LOG_LINES a minute; how many were left out is said then, or at the end. */
void web_log(struct web *web, const struct answer *answer, const char *who, const char *method, const char *url,
    int64_t begun_ms);
/* What the library says of connections; within the same measure. */
void web_library_log(void *context, const char *format, va_list arguments) __attribute__((format(printf, 2, 0)));
void web_log_end(struct web *web);

/* partner.c */
enum status partners_start(struct web *web, struct err *err);
void partners_stop(struct web *web);
/* Closes sessions that nobody has asked for in a while, unless the home is busy just now. */
void partners_expire(struct web *web, int64_t now_ms);
#endif
