/* Who is logged in at this server: in memory only, gone when it ends. A session holds the officer's desk with its key, unlocked by the
 * passphrase, and a token that every form must bring back. Times are milliseconds of a clock that never goes back. */
#ifndef WARIFU_WEB_SESSION_H
#define WARIFU_WEB_SESSION_H
#include "app/app.h"
#include "web/tries.h"

#define SESSIONS 64                      /* officers at one office's server */
#define SESSION_OWN 8                    /* of one officer: windows, a telephone, and those that he has left open */
#define SESSION_IDLE_MS (30 * 60 * 1000) /* then the passphrase is asked again */
#define SESSION_TOKEN_HEX 64
#define SESSION_FORMS 64 /* forms sent that are remembered */

#define SESSION_DESKS 8 /* tallies in which one officer has a desk at this home */
#define SESSION_SAID 200
#define SESSION_QUICK_MS (10 * 60 * 1000) /* of a telephone at the quay */

struct sent_form {
	char once[SESSION_TOKEN_HEX + 1]; /* what the form bore, another one each time that it was drawn */
	char said[SESSION_SAID];          /* of what it made */
	char to[SESSION_SAID];            /* the page that shows it */
};
/* A desk of the officer in one tally, its key unlocked. In a quick session no key is kept: every signature wants the passphrase. */
struct session_desk {
	struct id tally, key;
	int64_t number;
	char post[201]; /* a post has 200 bytes at most */
	struct secrets secrets;
};
struct session {
	bool open;
	char token[SESSION_TOKEN_HEX + 1]; /* the cookie */
	char form[SESSION_TOKEN_HEX + 1];  /* what forms bring back */
	bool quick;                        /* sees the pages of /quick alone, and holds no key */
	char officer[80];                  /* whose desks these are */
	char tally[2 * ID_BYTES + 1];      /* the tally at hand; empty: the usual one */
	struct session_desk desks[SESSION_DESKS];
	unsigned desk_count;
	int64_t used_ms;
	struct sent_form sent[SESSION_FORMS];
	unsigned sent_count;
	struct {
		char text[SESSION_SAID]; /* to be said on the next page; empty: nothing */
		bool before;             /* it had been sent before */
	} said;
};
/* The first start, before anyone can log in (start.c). */
#define SETUP_CODE_TEXT 20
struct setup {
	bool open;                         /* nobody has logged in yet, and the server is on the loopback */
	bool code_used;                    /* by a browser that brings the token from now on; nobody else can */
	bool compared;                     /* the fingerprints, with the partner */
	char code[SETUP_CODE_TEXT];        /* printed on the terminal of `serve` */
	char token[SESSION_TOKEN_HEX + 1]; /* the cookie */
	char form[SESSION_TOKEN_HEX + 1];
};
/* Sessions that ended by themselves, and what was typed in them (kept.h). */
#define KEPT_FORMS 16
#define KEPT_BYTES (64u << 10)
#define KEPT_MS (60 * 60 * 1000)
struct ended {
	char token[SESSION_TOKEN_HEX + 1], form[SESSION_TOKEN_HEX + 1];
	struct {
		struct id tally, key;
	} desks[SESSION_DESKS];
	unsigned desk_count;
	int64_t at_ms;
};
struct kept {
	struct id desk;
	int64_t at_ms;
	char path[256];
	char *text;
	size_t len;
};
struct sessions {
	struct session items[SESSIONS];
	struct setup setup;
	struct ended ended[SESSIONS];
	struct kept kept[KEPT_FORMS];
	struct tries tries;
};

bool token_equal(const char *a, const char *b); /* in constant time; a has SESSION_TOKEN_HEX letters */
/* A new session of this officer. It takes the place of the one unused for longest: of his own when he has SESSION_OWN, so that nobody can log others
 * out by logging in; else of all. */
struct session *session_new(struct sessions *sessions, struct bytes officer, int64_t now_ms);
/* By the cookie's value; NULL: none, or idle too long (then it is closed). */
struct session *session_find(struct sessions *sessions, const char *token, int64_t now_ms);
bool session_form_fits(const struct session *session, const char *form); /* in constant time */
/* Another text each time, for a form that is being drawn. */
void session_once(char out[SESSION_TOKEN_HEX + 1]);
/* What this form has made already; NULL: it was not sent before. */
const struct sent_form *session_sent(const struct session *session, const char *once);
void session_keep_sent(struct session *session, const char *once, const char *said, const char *to);
/* The officer's desk in this tally; NULL: none is open. */
struct session_desk *session_desk(struct session *session, const struct id *tally);
/* Another desk of the officer, or the same once more; false: no more fit. */
bool session_add_desk(struct session *session, const struct session_desk *desk);
void session_close(struct session *session);
void sessions_close(struct sessions *sessions);

/* Opens the first start with a new code. */
void setup_open(struct setup *setup);
void setup_close(struct setup *setup);
/* The code as typed, in either case, with or without its hyphens: REFUSED when it is wrong or was used, or must wait; OK once. */
enum status setup_enter(struct sessions *sessions, const char *typed, int64_t now_ms, struct err *err);
/* Is this the browser that gave the code? By its cookie; of a form also by what the form bears. */
bool setup_knows(const struct setup *setup, const char *token);
bool setup_form_fits(const struct setup *setup, const char *form);
#endif
