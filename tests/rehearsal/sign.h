/* Signs what the rehearsal's generator wrote (tests/rehearsal/sign.c): two homes, their tallies, desks out of seeds, labels of entries. */
#ifndef WARIFU_TESTS_REHEARSAL_SIGN_H
#define WARIFU_TESTS_REHEARSAL_SIGN_H
#include "app/fields_json.h"
#include "base/cbor.h"
#include "base/limits.h"
#include "core/kernel.h"
#include "fold/fold.h"
#include "store/keyfile.h"

#define SIDE_COUNT 2  /* homes: gb, jp */
#define TALLY_COUNT 2 /* of one home: the shared one, and its party's national one */
#define DESK_NUMBERS 10000

struct desk {
	struct id key;
	uint8_t secret[SECRET_BYTES];
	bool known;
};

struct tally {
	bool is_here;
	struct tally_row row;
	struct id profile_hash;
	struct id root;
	uint8_t root_secret[SECRET_BYTES];
	bool has_root;
	struct desk *desks; /* by number */
};

struct side {
	const char *dir;
	struct store store;
	struct tally tallies[TALLY_COUNT];
	unsigned pending; /* entries of the open transaction */
};

/* What lines call an entry, and its id. */
struct label {
	char *name;
	struct id id;
};
struct labels {
	struct label *slots;
	size_t count, capacity; /* a power of two */
};
void labels_put(
    struct labels *labels, const char *name, const struct id *id); /* ends the program when the name is taken */
const struct id *labels_find(const struct labels *labels, const char *name);
void labels_clear(struct labels *labels);
/* One a line: name, blank, id in hex. A file that is not there holds none. save writes all. */
enum status labels_load(struct labels *labels, const char *path, struct err *err);
enum status labels_save(const struct labels *labels, const char *path, struct err *err);

struct signing {
	struct side sides[SIDE_COUNT];
	struct labels labels;
	struct tally *tally; /* of the line at hand: "profile" is its agreement's hash */
	unsigned entries, grants;
};

/* Opens the home in dir with what it holds: each tally, its root key file, the hash of its agreement. */
enum status side_open(struct side *side, const char *dir, struct bytes passphrase, struct err *err);
/* Commits what is open. */
enum status side_flush(struct side *side, struct err *err);
void side_close(struct side *side);
/* Signs at the end of the key's log, and stores. */
enum status side_enter(struct side *side, struct tally *tally, const struct id *key, const uint8_t *secret,
    struct body_draft *draft, struct id *out, struct err *err);
/* The desk's key and secret, out of a seed; NULL: no such number. Whether it is granted, the store knows. */
const struct desk *desk_of(struct tally *tally, int64_t number);
/* Grants desk `number`, out of a seed: fields as the table of `desk.granted` has them, without the key. */
enum status side_grant(struct side *side, struct tally *tally, int64_t stated_ms, json_t *fields, struct err *err);
/* Revokes desk `number`: fields as the table of `grant.revoked` has them, and the number in place of the key. */
enum status side_revoke(struct side *side, struct tally *tally, int64_t stated_ms, json_t *fields, struct err *err);
#endif
