/* Who is logged in at this server: in memory only, gone when it ends. A session holds the officer's desk with its key, unlocked by the
 * passphrase, and a token that every form must bring back. Times are milliseconds of a clock that never goes back. */
#ifndef WARIFU_WEB_SESSION_H
#define WARIFU_WEB_SESSION_H
#include "app/app.h"

#define SESSIONS 64                      /* officers at one office's server */
#define SESSION_IDLE_MS (30 * 60 * 1000) /* then the passphrase is asked again */
#define SESSION_TOKEN_HEX 64
#define SESSION_FORMS 64     /* forms sent that are remembered */
#define SESSION_TRIES 64     /* desks whose wrong passphrases are remembered */
#define SESSION_WAIT_MS 1000 /* after the first wrong passphrase; doubled by each further one */
#define SESSION_WAIT_MOST_MS (15 * 60 * 1000)

struct sent_form {
	char once[SESSION_TOKEN_HEX + 1]; /* what the form bore, another one each time that it was drawn */
	char number[64];                  /* of what it made */
};
struct session {
	bool open;
	char token[SESSION_TOKEN_HEX + 1]; /* the cookie */
	char form[SESSION_TOKEN_HEX + 1];  /* what forms bring back */
	struct id desk;
	int64_t desk_number;
	char post[200];
	struct secrets secrets;
	int64_t used_ms;
	struct sent_form sent[SESSION_FORMS];
	unsigned sent_count;
	struct {
		char number[64]; /* to be said on the next page; empty: nothing */
		bool before;     /* it had been sent before */
	} said;
};
struct tries {
	struct id desk;
	unsigned wrong;
	int64_t until_ms; /* no passphrase is looked at before */
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
	struct id desk;
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
	struct tries tries[SESSION_TRIES];
};

bool token_equal(const char *a, const char *b); /* in constant time; a has SESSION_TOKEN_HEX letters */
/* A new session takes the place of the one unused for longest. */
struct session *session_new(struct sessions *sessions, int64_t now_ms);
/* By the cookie's value; NULL: none, or idle too long (then it is closed). */
struct session *session_find(struct sessions *sessions, const char *token, int64_t now_ms);
bool session_form_fits(const struct session *session, const char *form); /* in constant time */
/* Another text each time, for a form that is being drawn. */
void session_once(char out[SESSION_TOKEN_HEX + 1]);
/* What this form has made already; NULL: it was not sent before. */
const char *session_sent(const struct session *session, const char *once);
void session_keep_sent(struct session *session, const char *once, const char *number);
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

/* May a passphrase of this desk be tried now? Else *wait_ms is how long not. */
bool tries_may(struct sessions *sessions, const struct id *desk, int64_t now_ms, int64_t *wait_ms);
void tries_wrong(struct sessions *sessions, const struct id *desk, int64_t now_ms);
void tries_right(struct sessions *sessions, const struct id *desk);
#endif
