/* Desks and homes: asked for by a card, granted by a root or a registrar, revoked. */
#ifndef WARIFU_APP_GRANTS_H
#define WARIFU_APP_GRANTS_H
#include "app/app.h"
#include "app/cards.h"

struct desk_request {
	const char *officer, *post;
	const char *roles; /* "orderer,receiver" */
	const char *const *limits;
	unsigned limit_count; /* "GBP=500000" in minor units, or "GBP=5,000.00" */
	enum key_strength strength;
};
/* Makes the desk's key in this home and writes the request. REFUSED: a light key for a tally that is not a rehearsal. */
enum status desk_request(
    struct app *app, const struct desk_request *request, struct buf *card, struct id *key, struct err *err);
/* The same for a home: signing key and sealing key. */
enum status home_request(
    struct app *app, const char *label, enum key_strength strength, struct buf *card, struct id *key, struct err *err);

struct grant_terms {
	int64_t until_ms;                /* 0: as long as may be (five years, or the registrar's own end) */
	int64_t number;                  /* desks; 0: the next free one */
	int64_t range_first, range_last; /* registrars; 0: none */
	bool by_registrar;               /* sign with the desk chosen, not with the root */
};
/* As people write them; NULL or "": not said. until: a day, to its end, or a time; range: "100-199". USAGE says what is wrong. */
enum status grant_terms_read(
    const char *until, const char *number, const char *range, struct grant_terms *out, struct err *err);
struct granted {
	struct id id, key;
	int64_t number, until_ms;
	char officer[40];
};
/* Enters desk.granted or home.granted as the card asks. */
enum status grant_enter(
    struct app *app, const struct card *card, const struct grant_terms *terms, struct granted *out, struct err *err);
/* Key for this home, granted at once by our root. */
enum status home_grant_own(struct app *app, const char *label, struct id *key, struct err *err);
/* last_good < 0: all that is here now stands. `which`: a desk's number or the first digits of a key. */
enum status grant_revoke(struct app *app, const char *which, enum key_class key_class, int64_t last_good,
    const char *reason, bool by_registrar, struct id *out, struct err *err);
/* Goes on from a restored or copied home: its key files are put aside (keys/given-up), then it may write again. */
enum status home_adopt(struct app *app, struct err *err);
/* Rows of desks, homes or roots: class 0: all. */
enum status grant_rows(struct app *app, enum key_class key_class, json_t **rows, struct err *err);
#endif
