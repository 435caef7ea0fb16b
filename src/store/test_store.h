/* A home in a folder of its own and hands to write in it, for tests of the store and of what stands on it. Everything comes from seeds:
 * the same calls make the same entries. */
#ifndef WARIFU_STORE_TEST_STORE_H
#define WARIFU_STORE_TEST_STORE_H
#include "base/cbor.h"
#include "base/limits.h"
#include "base/tap.h"
#include "core/kernel.h"
#include "store/store.h"
#include "wire/entry.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

struct hand {
	struct id key;
	uint8_t secret[SECRET_BYTES];
};
struct draft {
	const char *kind;
	int64_t stated_ms; /* 0: 1000 */
	const struct id *thread, *part, *seen;
	struct id *answers;
	unsigned answer_count;
	const struct id *refs;
	unsigned ref_count;
	struct bytes fields, attachments;
	unsigned field_count;
};
/* An entry and the bytes that it borrows. */
struct made {
	struct entry entry;
	struct buf body;
};

struct bench {
	char dir[64], home[80], state[80];
	struct store store;
	struct tally_row tally;
	struct hand root[2], recovery[2];
	struct made opening;
	int64_t opening_row;
};

static inline struct hand hand_make(unsigned number)
{
	uint8_t seed[32] = { 0 };
	struct hand hand;

	memcpy(seed, &number, sizeof number);
	key_from_seed(seed, &hand.key, hand.secret);
	return hand;
}

static inline void made_sign(struct made *out, const struct place *place, const struct hand *hand)
{
	const char *reason =
	    entry_init(&out->entry, place, buf_bytes(&out->body), (const uint8_t[SIGNATURE_BYTES]){ 0 });
	if (reason != NULL) {
		printf("# the test made a bad entry: %s\n", reason);
		abort();
	}
	entry_sign(&out->entry, hand->secret);
}

/* Signs at a place of the test's choosing. */
static inline void entry_make_at(
    struct made *out, const struct place *place, const struct hand *hand, const struct draft *draft)
{
	struct body_draft body = { .kind = draft->kind,
		.stated_ms = draft->stated_ms ? draft->stated_ms : 1000,
		.thread = draft->thread,
		.part = draft->part,
		.seen = draft->seen,
		.answers = draft->answers,
		.answer_count = draft->answer_count,
		.refs = draft->refs,
		.ref_count = draft->ref_count,
		.attachments = draft->attachments,
		.fields = draft->fields,
		.field_count = draft->field_count };

	buf_init(&out->body, LIMIT_BODY_BYTES);
	body_write(&out->body, &body);
	made_sign(out, place, hand);
}

static inline void made_clear(struct made *made)
{
	buf_clear(&made->body);
}

/* After the last one of the hand's log in this store. */
static inline void entry_make(struct bench *bench, struct made *out, const struct hand *hand, const struct draft *draft)
{
	struct place place;
	struct err err = { .status = OK };

	if (store_next_place(&bench->store, bench->tally.row, &hand->key, &place, &err) != OK) {
		printf("# the test's hand is not known: %s\n", err.text);
		abort();
	}
	entry_make_at(out, &place, hand, draft);
}

static inline enum status bench_accept(
    struct bench *bench, const struct made *made, enum accepted *accepted, int64_t *row, struct err *err)
{
	err_clear(err);
	return store_accept(&bench->store, bench->tally.row, &made->entry, 5000, accepted, row, err);
}

/* Makes and accepts in one go; the id, or zero with a note when it was not accepted. */
static inline struct id bench_enter(struct bench *bench, const struct hand *hand, const struct draft *draft)
{
	struct made made;
	struct err err;
	enum accepted accepted;
	int64_t row;
	struct id id = { { 0 } };

	entry_make(bench, &made, hand, draft);
	if (bench_accept(bench, &made, &accepted, &row, &err) == OK && accepted == ACCEPTED_NEW) {
		id = made.entry.id;
	} else {
		printf("# not accepted as new: %s\n", err.text);
	}
	made_clear(&made);
	return id;
}

static inline void opening_body(struct bench *bench, struct buf *out)
{
	static const char *const codes[] = { "GB", "JP" };
	struct buf fields;

	buf_init(&fields, 4096);
	cbor_put_int(&fields, PROPOSED_MODE);
	cbor_put_literal(&fields, "rehearsal");
	cbor_put_int(&fields, PROPOSED_PARTIES);
	cbor_put_array(&fields, 2);
	for (unsigned i = 0; i < 2; i++) {
		cbor_put_array(&fields, 3);
		cbor_put_literal(&fields, codes[i]);
		cbor_put_bytes(&fields, id_bytes(&bench->root[i].key));
		cbor_put_bytes(&fields, id_bytes(&bench->recovery[i].key));
	}
	cbor_put_int(&fields, PROPOSED_RULES);
	cbor_put_map(&fields, 1);
	cbor_put_literal(&fields, "toy");
	cbor_put_int(&fields, 1);
	cbor_put_int(&fields, PROPOSED_PROFILE);
	cbor_put_map(&fields, 0);
	cbor_put_int(&fields, PROPOSED_NONCE);
	cbor_put_bytes(&fields, bytes_of("0123456789abcdef", 16));
	buf_init(out, LIMIT_BODY_BYTES);
	body_write(out,
	    &(struct body_draft){
		.kind = "tally.proposed", .stated_ms = 1000, .fields = buf_bytes(&fields), .field_count = 5 });
	buf_clear(&fields);
}

/* CBOR pairs of a desk.granted or home.granted. */
static inline void grant_fields(struct buf *out, const struct id *key, bool home)
{
	buf_init(out, 1024);
	cbor_put_int(out, GRANT_KEY);
	cbor_put_bytes(out, id_bytes(key));
	cbor_put_int(out, home ? GRANT_LABEL : GRANT_OFFICER);
	cbor_put_literal(out, home ? "Yokosuka" : "o-17");
	if (!home) {
		cbor_put_int(out, GRANT_POST);
		cbor_put_literal(out, "supply officer");
		cbor_put_int(out, GRANT_ROLES);
		cbor_put_array(out, 1);
		cbor_put_literal(out, "registrar");
	}
	cbor_put_int(out, GRANT_UNTIL);
	cbor_put_int(out, 4000000000000);
	if (!home) {
		cbor_put_int(out, GRANT_NUMBER);
		cbor_put_int(out, 7);
	}
}

static inline struct id bench_grant(struct bench *bench, const struct hand *by, const struct hand *to, bool home)
{
	struct buf fields;

	grant_fields(&fields, &to->key, home);
	struct id id = bench_enter(bench, by,
	    &(struct draft){ .kind = home ? "home.granted" : "desk.granted",
		.fields = buf_bytes(&fields),
		.field_count = home ? 3 : 6 });
	buf_clear(&fields);
	return id;
}

/* Folders, environment, an empty home that is open for writing. */
static inline void bench_home(struct bench *bench)
{
	struct err err = { .status = OK };

	*bench = (struct bench){ .dir = "/tmp/warifu-test-XXXXXX" };
	if (mkdtemp(bench->dir) == NULL) {
		abort();
	}
	snprintf(bench->home, sizeof bench->home, "%s/home", bench->dir);
	snprintf(bench->state, sizeof bench->state, "%s/state", bench->dir);
	setenv("WARIFU_STATE", bench->state, 1);
	setenv("WARIFU_MACHINE", "test machine", 1);
	wire_start();
	if (store_create(bench->home, &err) != OK || store_open(bench->home, DB_WRITE, &bench->store, &err) != OK) {
		printf("# no home: %s\n", err.text);
		abort();
	}
	for (unsigned i = 0; i < 2; i++) {
		bench->root[i] = hand_make(1 + i);
		bench->recovery[i] = hand_make(11 + i);
	}
}

/* And a tally of GB and JP, opened by GB and accepted by JP. */
static inline void bench_open(struct bench *bench)
{
	struct err err = { .status = OK };
	enum accepted accepted;

	bench_home(bench);
	opening_body(bench, &bench->opening.body);
	struct id id = sha256(buf_bytes(&bench->opening.body));
	made_sign(&bench->opening, &(struct place){ .tally = id, .key = bench->root[0].key, .seq = 1, .prev = id },
	    &bench->root[0]);
	if (store_tally_add(&bench->store, &bench->opening.entry, 0, &bench->tally, &err) != OK ||
	    bench_accept(bench, &bench->opening, &accepted, &bench->opening_row, &err) != OK) {
		printf("# no tally: %s\n", err.text);
		abort();
	}
	bench_enter(bench, &bench->root[1], &(struct draft){ .kind = "tally.accepted" });
}

static inline bool bench_reopen(struct bench *bench, enum db_mode mode)
{
	struct err err = { .status = OK };

	store_close(&bench->store);
	if (store_open(bench->home, mode, &bench->store, &err) != OK) {
		printf("# not opened: %s\n", err.text);
		return false;
	}
	return true;
}

static inline void folder_remove(const char *dir)
{
	pid_t child = fork();

	if (child == 0) {
		execlp("rm", "rm", "-rf", dir, (char *)NULL);
		_exit(127);
	}
	waitpid(child, NULL, 0);
}

static inline void bench_close(struct bench *bench)
{
	store_close(&bench->store);
	made_clear(&bench->opening);
	folder_remove(bench->dir);
}
#endif
