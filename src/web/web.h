/* The web face: a server of pages for the officers of one home. One home lock: requests are answered one after another, each opening the
 * home as a command does, so that the command line can be used beside it.
 *
 * What a stranger sends is bounded before it is read (web/server.c); what a page writes is escaped (core/html.h); what changes anything is a
 * POST with the session's form token (web/route.c), and goes through ctx_submit() like every move. */
#ifndef WARIFU_WEB_WEB_H
#define WARIFU_WEB_WEB_H
#include "web/request.h"
#include "web/session.h"
#include <pthread.h>

#define WEB_FORM_BYTES (256u << 10)  /* a posted form without files */
#define WEB_UPLOAD_BYTES (40u << 20) /* with files: one attachment of the largest size, and room */
#define WEB_REQUEST_SECONDS 60       /* from the first byte of a request to its last; then the connection is closed */
#define WEB_IDLE_SECONDS 20
#define WEB_CONNECTIONS 64
#define WEB_CONNECTIONS_PER_ADDRESS 16
#define WEB_THREAD_STACK (1u << 20)
#define WEB_PAGE_BYTES (64u << 20)

struct web_options {
	const char *home_dir;
	const char *address;  /* "127.0.0.1"; another only when asked for, and then with TLS */
	uint16_t port;        /* 0: any free one */
	const char *hosts[4]; /* names under which it may be asked, beside the address */
	unsigned host_count;
	const char *certificate, *key; /* PEM, NULL: no TLS */
	const char *tally;             /* first digits; NULL: the usual one */
	int64_t now_ms;                /* with now_given: the day of a rehearsal */
	bool now_given;
	int64_t request_ms; /* 0: WEB_REQUEST_SECONDS */
};
struct web;
/* Starts the server's threads. ENVIRONMENT when the address is taken, or TLS is missing where it must be. */
enum status web_start(const struct web_options *options, struct web **out, struct err *err);
uint16_t web_port(const struct web *web);
void web_stop(struct web *web); /* NULL-safe; ends what is under way */

/* --- inside --- */
struct answer {
	unsigned status;
	const char *type, *location; /* location: of a redirection */
	char cookie[200];            /* a Set-Cookie value, or empty */
	const char *download;        /* file name, NULL: shown */
	struct buf body;
	bool cache;         /* an asset: may be kept */
	unsigned refresh_s; /* not 0: the browser asks again after so many seconds */
	int64_t desk;       /* of whoever asked; 0: nobody is logged in */
};
/* What a handler works with: the home opened, the officer if one is logged in. */
struct kept; /* web/kept.h */
struct visit {
	const struct web_options *options;
	pthread_mutex_t *home; /* held during the visit; let go of by what waits */
	struct kept *kept;
	struct sessions *sessions;
	struct session *session; /* NULL: nobody */
	struct request *request;
	struct answer *answer;
	struct app *app;
	struct html html;
	int64_t now_ms; /* of the clock that never goes back */
	bool secure;
};

/* route.c: everything but transport. The body of the answer is filled; never fails. */
void web_answer(struct visit *visit);
/* Every POST of an officer passes here: logged in, the form's token right. */
bool web_may_post(struct visit *visit);
/* What must be true before a route's handler is called; web_answer() sees to it for all of them. */
enum route_need {
	ROUTE_OPEN,    /* nothing: no home is opened, nobody need be logged in */
	ROUTE_HOME,    /* the home is open for reading; nobody need be logged in */
	ROUTE_OFFICER, /* and an officer is logged in; a POST brings the form's token */
	ROUTE_MOVE     /* and the home is open for writing */
};
struct route {
	const char *method, *path;
	enum route_need need;
	void (*answer)(struct visit *visit, const char *rest); /* rest: what stands behind the path */
};
extern const struct route web_routes[];                                  /* ends with path NULL */
const struct route *web_route_for(const char *method, const char *path); /* NULL: none */
const struct page *web_page_for(const char *path);                       /* the longest one that fits; NULL: none */

/* layout.c */
void layout_open(struct visit *visit, const char *title);
void layout_close(struct visit *visit);
void answer_page(struct visit *visit, unsigned status, const char *title, const char *text); /* a short page */
void layout_alert(struct visit *visit, const char *text);
/* What was refused, or went wrong: first what that means, in the language of the page. */
void layout_error(struct visit *visit, const struct err *err);
void answer_redirect(struct visit *visit, const char *to);
void answer_error(struct visit *visit, const struct err *err);
void answer_data(struct visit *visit); /* ?as=csv or json: type and name of the file */

/* login.c */
void show_login(struct visit *visit, const char *message);
void post_login(struct visit *visit);
void post_logout(struct visit *visit);

/* thread.c: one thread: its parts, its entries, and what may be done now. */
void show_thread(struct visit *visit, const char *number);
/* Links to the forms by which this desk may open a thread of the domain. */
void show_openings(struct visit *visit, const struct domain *domain);
/* form.c: the form of a move, drawn from the table of its kind; and what comes of it. */
void show_form(
    struct visit *visit, const char *name, const char *target, const struct pairs *typed, const struct err *wrong);
void post_form(struct visit *visit, const char *name, const char *target);
/* Fields of a posted form as the JSON object that ctx_submit takes; the caller owns it. */
json_t *form_fields(const struct kind *kind, const struct pairs *typed, const char *lang);

/* paper.c */
void show_papers(struct visit *visit, const char *number); /* of the thread */
void answer_paper(struct visit *visit, const char *hash);

/* pages.c: the kernel's own */
extern const struct page web_pages[]; /* ends with path NULL */
#endif
