/* A party's keys before they speak in a tally, what it shows of them to a partner, and the names of officers, which stay at home. */
#ifndef WARIFU_APP_PARTIES_H
#define WARIFU_APP_PARTIES_H
#include "app/app.h"
#include "app/cards.h"

/* Makes a home of a party. ENVIRONMENT when dir holds one. */
enum status home_create(const char *dir, const char *party, struct err *err);

/* Root and recovery key of the home's party for the next tally. A pair speaks in one tally only; making another puts the one that has
 * not been used aside. NULL folders: the home. */
struct party_pair {
	char code[PARTY_TEXT];
	struct id root, recovery;
	enum key_strength strength;
};
enum status party_new(struct app *app, const char *root_dir, const char *recovery_dir, enum key_strength strength,
    struct party_pair *out, struct err *err);
/* NOT_FOUND when there is none yet. */
enum status party_pair_get(struct app *app, struct party_pair *out, struct err *err);
/* Has the pair spoken in a tally of this home? */
bool party_pair_used(struct app *app, const struct party_pair *pair);
/* What is compared on the telephone: a hash of both keys. */
struct id party_fingerprint(const struct party_pair *pair);
void party_card_print(const struct party_pair *pair, struct buf *out);
enum status party_card_read(struct arena *arena, struct bytes text, struct party_pair *out, struct err *err);

/* The recovery key names a new root (root lost or stolen): makes a new pair and enters root.replaced. stand: grants by the old root
 * beyond last_good that stand all the same. */
enum status party_recover(struct app *app, const char *root_dir, const char *recovery_dir, uint64_t last_good,
    const json_t *stand, struct id *out, struct err *err);
/* Our root says that it has seen another party's successor. */
enum status party_successor_seen(struct app *app, const struct id *replaced, struct id *out, struct err *err);

/* Officers' names: {"code": {"name": "...", "name_ja": "..."}}; local, never in an entry. NULL name removes. */
enum status officer_set(struct app *app, const char *code, const char *name, const char *name_ja, struct err *err);
enum status officer_all(struct app *app, json_t **out, struct err *err);
/* "cpo.tanaka (Tanaka Ichiro)", or the code alone. From the arena. */
const char *officer_name(struct app *app, struct bytes code);
#endif
