/* The web face: a server of pages for the officers of one home. One home lock: requests are answered one after another, each opening the
 * home as a command does, so that the command line can be used beside it.
 *
 * What a stranger sends is bounded before it is read (web/server.c); what a page writes is escaped (core/html.h); what changes anything is a
 * POST with the session's form token (web/route.c), and goes through ctx_submit() like every move. */
#ifndef WARIFU_WEB_WEB_H
#define WARIFU_WEB_WEB_H
#include "app/exchange.h"
#include "web/kept.h"
#include "web/request.h"
#include "web/session.h"
#include <pthread.h>

#define WEB_FORM_BYTES (256u << 10)  /* a posted form without files */
#define WEB_UPLOAD_BYTES (40u << 20) /* with files: one attachment of the largest size, and room */
#define WEB_REQUEST_SECONDS 60       /* from the first byte of a request to its last; then the connection is closed */
/* Of a body that is not taken so much is read, and not kept, for so long: who sends it hears why, as a connection that is closed on what was
 * not read takes the answer along. */
#define WEB_DROP_BYTES (4u << 20)
#define WEB_DROP_SECONDS 10
#define WEB_IDLE_SECONDS 20
#define WEB_LOG_LINES 600 /* a minute, about those who are not logged in */
#define WEB_CONNECTIONS 64
#define WEB_CONNECTIONS_PER_ADDRESS 16
#define WEB_THREAD_STACK (1u << 20)
#define WEB_PAGE_BYTES (64u << 20)

#define WEB_PARTNERS 4 /* addresses at which partners' homes call, one for each tally */
struct answering;
struct background;
struct web_partner {
	struct answering *answering; /* borrowed */
	const char *address;
	uint16_t port; /* 0: any free one */
};
struct web_options {
	const char *home_dir;
	const char *address;  /* "127.0.0.1"; another only when asked for, and then with TLS */
	uint16_t port;        /* 0: any free one; of a server that runs: the one it has */
	const char *hosts[4]; /* names under which it may be asked, beside the address */
	unsigned host_count;
	const char *certificate, *key; /* PEM, NULL: no TLS */
	const char *tally;             /* first digits; NULL: the usual one */
	int64_t now_ms;                /* with now_given: the day of a rehearsal */
	bool now_given;
	int64_t request_ms; /* 0: WEB_REQUEST_SECONDS */
	struct web_partner partners[WEB_PARTNERS];
	unsigned partner_count;
	struct background *background; /* borrowed; NULL: nobody is called from here */
};
struct web;
/* Starts the server's threads. ENVIRONMENT when the address is taken, or TLS is missing where it must be. */
enum status web_start(const struct web_options *options, struct web **out, struct err *err);
uint16_t web_port(const struct web *web);
/* What must be typed for the first start; NULL when the home has all it needs, or other machines reach the server. */
const char *web_setup_code(const struct web *web);
/* The lock of the home, for who shares it with the server's threads. */
struct home_lock web_home_lock(struct web *web);
uint16_t web_partner_port(const struct web *web, unsigned number);
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
/* A request of a partner's home. */
struct partner_listener;
struct partner_visit {
	struct partner_listener *listener;
	char address[16]; /* whence it came */
	bool has_key;     /* the connection is TLS 1.3 and has proven a key */
	struct id client; /* its hash */
	bool too_large;
	struct bytes body;
	const char *state; /* of the session, for the answer's head; NULL: none */
};
/* What a handler works with: the home opened, the officer if one is logged in. */
struct slow; /* web/slow.h */
struct visit {
	const struct web_options *options;
	pthread_mutex_t *home; /* held during the visit; let go of by what waits */
	struct slow *slow;
	struct sessions *sessions;
	struct session *session;   /* NULL: nobody */
	struct session_desk *desk; /* of the session, in the tally at hand; NULL: one may look, and not sign */
	const char *wrong; /* why what was asked for was not done: above the page that is shown again; NULL: nothing */
	const struct err *refused; /* or the error that says so, with its rule */
	bool ahead;                /* a time lies ahead of now: the form asks whether it is meant */
	const char *details;       /* and what was printed meanwhile, line by line; NULL: nothing */
	struct request *request;
	struct answer *answer;
	struct app *app;
	struct html html;
	int64_t now_ms;   /* of the clock that never goes back */
	uint32_t address; /* of the machine that asks, IPv4 */
	bool secure;
	struct partner_visit *partner; /* NULL: a browser asks, and all of the above is there */
};

/* route.c: everything but transport. The body of the answer is filled; never fails. */
void web_answer(struct visit *visit);
/* Every POST of an officer passes here: logged in, the form's token right. */
bool web_may_post(struct visit *visit);
/* A page of the tables, under layout and with what is wrong. */
void show_page(struct visit *visit, const struct page *page);
/* What must be true before a route's handler is called; web_answer() sees to it for all of them. */
enum route_need {
	ROUTE_OPEN,    /* nothing: no home is opened, nobody need be logged in */
	ROUTE_HOME,    /* the home is open for reading; nobody need be logged in */
	ROUTE_OFFICER, /* and an officer is logged in; a POST brings the form's token */
	ROUTE_MOVE,    /* and the home is open for writing */
	ROUTE_START,   /* the server waits for its first start; the home is open if there is one */
	ROUTE_SETUP, /* and the browser has given the setup code; a POST brings the form's token, and the home is open for writing */
	ROUTE_PARTNER /* web_sync_admit() let it in: a connection of the listener for partners, with a key proven; no home is open */
};
/* Every request of the listener for partners passes here; where it is false, the answer's status says why. */
bool web_sync_admit(struct visit *visit);
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

/* signature.c: a passphrase that is tried, with the waits of tries.h */
/* Opens the key with it. Else the answer's status is set, and what is said to the officer is given back. NULL: *out holds the secrets. */
const char *try_passphrase(struct visit *visit, const struct id *key, const char *passphrase, struct secrets *out);
struct trier visit_trier(const struct visit *visit, const struct id *key);
bool is_wrong_passphrase(const struct err *err); /* and not a key file that cannot be read, or the like */
/* So long, as it is said after a wrong one, and before the next one. */
int64_t wait_seconds(struct visit *visit, const struct trier *trier);

/* cookie.c */
#define COOKIE_NAME 40
enum cookie { COOKIE_SESSION, COOKIE_SETUP };
void cookie_name(const struct web_options *options, enum cookie cookie, char out[COOKIE_NAME]);
/* Its value in the head of a request; false: it is not there, or longer than it may be. */
bool cookie_of(const struct web_options *options, enum cookie cookie, const char *header, char *out, size_t room);
void cookie_set(struct visit *visit, enum cookie cookie, const char *value); /* "": the browser forgets it */

/* marking.c */
const char *layout_agreement(struct visit *visit); /* its title in the page's language; "" when there is none */
void show_marking(struct visit *visit);
const char *marking_path(struct visit *visit); /* its style for paper */
void get_marking_css(struct visit *visit, const char *rest);

/* login.c */
void show_login(struct visit *visit, const char *message);
void post_login(struct visit *visit);
void post_logout(struct visit *visit);

/* tally.c: which tally of the home is at hand. */
/* By ?tally=, by what the session has chosen, by --tally, the usual one; of several without any of these the first that is shared. */
enum status choose_tally(struct visit *visit, struct err *err);
/* ?tally= of whoever is logged in: kept in the session, and the same page again without the parameter. */
bool switch_tally(struct visit *visit);
/* A form was drawn in the tally that is at hand. */
bool form_is_of_tally(struct visit *visit);
/* All tallies of the home, to choose from; nothing when there is one. action: where to go then. */
void tally_switch(struct visit *visit, const char *action);
/* The id of the tally at hand, in hex; from the request's arena. "" when there is none. */
const char *tally_hex(struct visit *visit);

/* act.c: what forms on the pages of the tables do. */
void post_page(struct visit *visit, const char *rest);
bool page_acts(const char *path); /* does a form that comes back to this path do something? */
/* The act that makes moves of this kind in place of a form drawn from its table, and its page; NULL: none. */
const struct act *act_making(const struct domain *domain, const struct kind *kind);
const char *act_path(struct ctx *ctx, const struct act *act, const char *target);
/* What every form brings back: the session's mark, its own, and the tally in which it was drawn. */
void form_marks(struct visit *visit);
/* Says on the next page what was made, remembers it by the form's own mark, and goes there. */
void answer_made(struct visit *visit, const char *said, const char *to);
/* What was signed, in words, and its number: "Receipt, GB-01-0001/I01.1". kind NULL: the number alone. */
const char *words_made(struct visit *visit, const struct kind *kind, const char *number);
/* The form was sent before: goes where it went then. */
bool answer_sent_before(struct visit *visit);

/* thread.c: one thread: its parts, its entries, and what may be done now. */
void show_thread(struct visit *visit, const char *number);
/* life.c: the steps of a part, as a list. */
void show_life(struct visit *visit, const struct domain *domain, const struct fold *fold, const struct part *part);
/* Links to the forms by which this desk may open a thread of the domain. */
void show_openings(struct visit *visit, const struct domain *domain);
/* What the domain says on its page of this path, within another page: "/thread/DOMAIN", "/new/DOMAIN"; nothing when it has none. */
void show_domain_part(struct visit *visit, const struct domain *domain, const char *place);
/* form.c: the form of a move, drawn from the table of its kind; and what comes of it. */
void show_form(
    struct visit *visit, const char *name, const char *target, const struct pairs *typed, const struct err *wrong);
void post_form(struct visit *visit, const char *name, const char *target);
void show_kept(struct visit *visit, const char *rest); /* the form with what was typed when the session had ended */
/* Fields of a posted form as the JSON object that ctx_submit takes; the caller owns it. */
json_t *form_fields(const struct kind *kind, const struct pairs *typed, const char *lang);

/* ask.c: forms beside those of the domains' tables. Labels and helps are words of data/words.json. */
void ask_open(struct visit *visit, const char *action, bool files); /* with the form's token */
void ask_close(struct html *html, const char *button);
void ask_input(struct html *html, const char *label, const char *name, const char *type, const char *value,
    bool required, const char *help);
void ask_passphrase(struct html *html, const char *label, const char *name, bool is_new, const char *help);
void ask_area(struct html *html, const char *label, const char *name, const char *value, const char *help);
void ask_file(struct html *html, const char *label, const char *name, const char *help);
void ask_choice(struct html *html, const char *type, const char *name, const char *value, bool checked, bool required,
    const char *label);
void ask_group_open(struct html *html, const char *legend); /* around choices that belong together */
void ask_group_close(struct html *html);
/* A new one, asked for twice. */
void ask_new_passphrase(struct html *html, const char *label, const char *name, const char *help);
/* From here on keys are opened by the passphrases of the posted form: fields root_passphrase, home_passphrase, new_desk_passphrase... */
void ask_by_form(struct visit *visit);
const char *asked(struct visit *visit, const char *name); /* of the posted form; "" when it is not there */
/* What was uploaded as `file`, else what was pasted into `field`. */
struct bytes asked_file(struct visit *visit, const char *file, const char *field);
void fact(struct html *html, const char *name, const char *value); /* <dt>, <dd>; nothing without a value */
void paragraph(struct html *html, const char *text);
void heading(struct html *html, const char *text);

/* qr.c: nothing is written when the text is too long for a code. */
void html_qr(struct html *html, const char *text, const char *label);

/* desk.c, desk_forms.c: who may sign, and by whose word; for a registrar the forms that grant and revoke. */
void show_desk(struct visit *visit, const char *rest); /* rest: first digits of a key, or "" */
void show_fingerprint(
    struct html *html, const char *title, const char *what, const char *words, const char *hex, const char *id);
bool visit_is_registrar(struct visit *visit);
void show_grant_form(struct visit *visit);
void show_revoke_form(struct visit *visit, const char *key, const char *key_class);
void post_grant(struct visit *visit);
void post_revoke(struct visit *visit);

/* bundle.c: a section of the page /sync. */
void show_bundles(struct visit *visit);
void ask_home_passphrase(struct visit *visit); /* nothing when the server holds the home key */
void post_bundle_write(struct visit *visit, const char *rest);
void post_bundle_read(struct visit *visit, const char *rest);

/* start.c, start_tally.c, start_desk.c: the guided first start. Is one due: no home, no tally, or no desk that may sign here? */
bool start_is_due(const struct web_options *options);
void show_start(struct visit *visit, const struct err *err); /* err: why the last step was not done; NULL */
void show_code_form(struct visit *visit, const char *message);
void post_start_code(struct visit *visit, const char *rest);
void post_start_home(struct visit *visit, const char *rest);
void post_start_keys(struct visit *visit, const char *rest);
void get_start_card(struct visit *visit, const char *rest);
void show_tally_step(struct visit *visit);
void post_start_propose(struct visit *visit, const char *rest);
void post_start_accept(struct visit *visit, const char *rest);
void get_start_opening(struct visit *visit, const char *rest);
void show_desk_step(struct visit *visit);
void post_start_desk(struct visit *visit, const char *rest);
void get_start_request(struct visit *visit, const char *rest);
void post_start_compared(struct visit *visit, const char *rest);
void start_done(
    struct visit *visit, enum status status, const struct err *err); /* the next step, or this one with why not */
bool start_has_desk(struct app *app);                                /* one that may sign here */
bool start_joins(struct app *app);                                   /* the party's root is at another home */
void start_root_folder(struct visit *visit);                         /* looks for the root key where the form says */
void ask_root(struct visit *visit);
void show_fingerprints(struct visit *visit); /* desk.c */

/* help.c */
void show_help(struct visit *visit, const char *rest); /* "", a domain, or a kind */
/* draft.c: a move drafted for approval instead of signed. */
void offer_draft(struct visit *visit, const struct pairs *typed); /* nothing where the officer drafts nothing */
/* OK: the answer leads to the draft. */
enum status make_draft(
    struct visit *visit, const struct kind *kind, const char *target, const char *fields_json, struct err *err);

/* attachments.c */
void show_attachments(struct visit *visit, const char *number); /* of the thread */
void answer_attachment(struct visit *visit, const char *hash);

/* pdf.c */
/* Links to the papers of a part, and to those of a page. */
void link_part_papers(struct visit *visit, const struct domain *domain, const struct part *part);
void link_page_papers(struct visit *visit, const struct page *page);
void answer_pdf(struct visit *visit, const char *rest); /* NAME, or NAME/NUMBER */

/* partner.c */
void get_exchange(struct visit *visit, const char *rest);
void post_exchange(struct visit *visit, const char *rest);

/* pages.c: the kernel's own */
extern const struct page web_pages[]; /* ends with path NULL */
extern const struct act web_acts[];   /* what forms on them do; likewise */
/* page_sync.c */
enum status show_sync(struct ctx *ctx, const struct request *request, struct html *html, struct err *err);
enum status sync_now(struct ctx *ctx, const struct request *request, struct acted *acted, struct err *err);
#endif
