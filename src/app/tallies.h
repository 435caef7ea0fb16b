/* Opening a tally: proposed by one root, accepted by the others; amended by all. */
#ifndef WARIFU_APP_TALLIES_H
#define WARIFU_APP_TALLIES_H
#include "app/parties.h"

struct tally_proposal {
	struct bytes agreement; /* JSON */
	const char *mode;       /* "real", "rehearsal", "national" */
	bool rehearsal;         /* nothing in it is owed; a national one may be a rehearsal too */
	const struct party_pair *partners;
	unsigned partner_count;
	const char *home_label; /* grant this home a key at once; NULL: do not */
};
/* Enters tally.proposed with the party's pair and chooses the new tally. REFUSED for light keys in a tally that is not a rehearsal. */
enum status tally_propose(struct app *app, const struct tally_proposal *proposal, struct err *err);

/* What an opening file says, checked (signatures, chain, form); borrowed from the arena. */
struct opening {
	struct entry *entries;
	unsigned count;
	struct id id;
	struct tally_view view;
	const char *mode, *agreement;
	unsigned own_party;
};
enum status opening_read(struct app *app, struct bytes file, struct opening *out, struct err *err);
/* As rows for the face: parties with fingerprints. */
json_t *opening_rows(struct app *app, const struct opening *opening);
/* What two officers compare on the telephone: of the chosen tally, then of each party's keys as the opening names them.
 * {"party" (absent: the tally), "id","words","hex"}... */
enum status tally_fingerprints(struct app *app, json_t **rows, struct err *err);
/* Adds the tally; with `accept` also enters tally.accepted by our root, and grants this home a key when a label is given. Without, this
 * home joins a tally that its party's root has entered already. */
enum status tally_accept(
    struct app *app, const struct opening *opening, bool accept, const char *home_label, struct err *err);

enum status tally_amend(struct app *app, struct bytes agreement, int64_t from_day, struct id *out, struct err *err);
/* Agrees to what another root has entered: the same day and hash. */
enum status tally_amend_agree(
    struct app *app, int64_t from_day, const struct id *hash, struct id *out, struct err *err);
enum status tally_accept_rules(struct app *app, const char *domain, struct id *out, struct err *err);
/* {"id","mode","agreement","parties","open","chosen","entries","heard"}... */
enum status tally_rows(struct app *app, json_t **rows, struct err *err);
#endif
