/* Status and error text. Functions that can fail return enum status; the last parameter is struct err *, owned by the
 * caller. The first writer wins: a later err_set on a filled err is ignored, so the innermost reason survives. */
#ifndef WARIFU_BASE_ERR_H
#define WARIFU_BASE_ERR_H
#include <stdarg.h>
#include <stdbool.h>

enum status {
	OK = 0,
	REFUSED,      /* valid bytes, a rule says no: rule and source are filled */
	USAGE,        /* the caller's words are off (command line) */
	BAD_INPUT,    /* bytes of a peer or a file are not what they must be */
	ENVIRONMENT,  /* disk full, locked, missing file, wrong passphrase */
	CHECK_FAILED, /* a check found something wrong */
	INCOMPLETE,   /* a sync ended before all was exchanged */
	NOT_FOUND,    /* what was looked for is not here */
};

/* A message apart from its language: the form of its sentence, "line %lld: quantity %s; must be above 0", and the values in it. Who has the sentence in
 * another language puts them there. */
#define WORDING_BYTES 400
struct wording {
	const char *form; /* as it stands in the source; NULL: what was said is known as text alone */
	unsigned count;
	char values[WORDING_BYTES]; /* one behind the other, '\0' after each */
};
const char *wording_value(const struct wording *said, unsigned index); /* as printed, from 0; "" behind the last */

struct err {
	enum status status;
	char rule[16];        /* of a refusal: "K3", "S12"; else empty */
	char domain[12];      /* of a refusal: who numbers the rule, "support"; else empty, the kernel */
	char source[80];      /* of a refusal: clause of the agreement or document */
	char text[512];       /* lower case, subject first, then value, then rule */
	struct wording said;  /* the same, but for what stands before it and behind it: */
	struct wording about; /* what was aimed at: "GB-07-0013", "file orders.csv: nothing imported; line %u" */
	const char *next;     /* and what to do; NULL: the sentence says it */
};

void err_clear(struct err *err);
/* Fills err (may be NULL) unless already filled; returns status, so that `return err_set(...)` reads well. */
enum status err_set(struct err *err, enum status status, const char *format, ...) __attribute__((format(printf, 3, 4)));
enum status err_refuse(struct err *err, const char *rule, const char *source, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* The message of `inner` behind words on what it is about: "words: message". Rule, domain and source are inner's, the status is given. */
enum status err_within(struct err *err, enum status status, const struct err *inner, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* The message of `inner` under a status of its own; what is no refusal is by no rule. */
enum status err_pass(struct err *err, enum status status, const struct err *inner);
/* Says who numbers the rule of a refusal. */
void err_of_domain(struct err *err, const char *domain);
/* Exit code of a status: the one table of DESIGN section 10 (0 done, 1 refused, 2 usage, 3 bad input, 4 environment,
 * 5 check failed, 6 sync incomplete; NOT_FOUND is 2). */
int status_exit_code(enum status status);
const char *status_name(enum status status);

/* Always on. Prints file, line and the invariant to stderr and aborts: a bug of ours, never of a peer's bytes. */
#define ASSERT(condition) ((condition) ? (void)0 : assert_failed(__FILE__, __LINE__, #condition))
_Noreturn void assert_failed(const char *file, int line, const char *condition);
#endif
