/* The kernel with the toy domain alone: this program is linked with the kernel's layers and nothing else, so that it would not link if
 * they knew a domain. The keys and stores are those of the fold's tests; their own domain steps aside. */
#define domains world_domains
#include "fold/test_world.h"
#undef domains

extern const struct domain toy_domain;
const struct domain *const domains[] = { &toy_domain, NULL };

enum { KEY_BORROWER = 8, KEY_BOOK = 9, KEY_COPIES = 10 };

static const char *const librarian[] = { "librarian" };
static const char *const reader[] = { "reader" };

struct library {
	struct world world;
	unsigned gb, jp;
	struct id loan, returned;
};

static struct id lend(struct library *library, unsigned key, const char *borrower, int64_t copies)
{
	struct buf fields;

	buf_init(&fields, 200);
	cbor_put_int(&fields, KEY_BORROWER);
	cbor_put_literal(&fields, borrower);
	cbor_put_int(&fields, KEY_BOOK);
	cbor_put_literal(&fields, "Kojien");
	cbor_put_int(&fields, KEY_COPIES);
	cbor_put_int(&fields, copies);
	struct id id = world_say(
	    &library->world, key, &(struct saying){ .kind = "toy.lent", .fields = &fields, .field_count = 3 });
	buf_clear(&fields);
	return id;
}

static struct id answer(struct library *library, unsigned key, const char *kind, struct id head, int64_t copies)
{
	struct saying saying = {
		.kind = kind, .thread = &library->loan, .part = &library->loan, .answers = { head }, .answer_count = 1
	};
	struct buf fields;

	buf_init(&fields, 200);
	if (copies >= 0) {
		cbor_put_int(&fields, KEY_COPIES);
		cbor_put_int(&fields, copies);
		saying.fields = &fields;
		saying.field_count = 1;
	}
	struct id id = world_say(&library->world, key, &saying);
	buf_clear(&fields);
	return id;
}

static void library_open(struct library *library)
{
	world_open(&library->world, 7);
	library->gb = world_grant(&library->world, GB_ROOT, 1, librarian, 1);
	library->jp = world_grant(&library->world, JP_ROOT, 2, reader, 1);
	library->loan = lend(library, library->gb, "JP", 3);
	library->returned = answer(library, library->jp, "toy.returned", library->loan, 2);
}

static void test_story(void)
{
	struct library library;
	struct store store;
	int64_t tally;

	library_open(&library);
	struct id received = answer(&library, library.gb, "toy.received", library.returned, -1);
	struct id too_many = answer(&library, library.jp, "toy.returned", received, 2);
	struct id rest = answer(&library, library.jp, "toy.returned", received, 1);
	struct id ended = answer(&library, library.gb, "toy.received", rest, -1);
	world_store(&library.world, &store, &tally);
	world_deliver_all(&library.world, &store, tally);
	tap_is_text(world_verdict(&library.world, &store, tally, library.returned), "valid", "copies are sent back");
	tap_is_text(world_verdict(&library.world, &store, tally, too_many), "void S3",
	    "more copies than are out are refused by the domain's rule");
	tap_is_text(world_verdict(&library.world, &store, tally, ended), "valid", "the last copy is confirmed");
	tap_is_text(world_state(&library.world, &store, tally, library.loan, library.loan), "back", "the loan is back");
	store_close(&store);
	world_close(&library.world);
}

static void test_refusals(void)
{
	struct library library;
	struct store store;
	int64_t tally;

	library_open(&library);
	struct id own = lend(&library, library.gb, "GB", 1);
	struct id none = lend(&library, library.gb, "JP", 0);
	struct id by_reader = lend(&library, library.jp, "GB", 1);
	struct id twice = answer(&library, library.jp, "toy.returned", library.loan, 1);
	struct id by_borrower = answer(&library, library.jp, "toy.received", library.returned, -1);
	world_store(&library.world, &store, &tally);
	world_deliver_all(&library.world, &store, tally);
	tap_is_text(world_verdict(&library.world, &store, tally, own), "void S1", "nobody lends to himself");
	tap_is_text(world_verdict(&library.world, &store, tally, none), "void S2", "no copies are no loan");
	tap_is_text(world_verdict(&library.world, &store, tally, by_reader), "void K11", "a reader does not lend");
	tap_is_text(world_verdict(&library.world, &store, tally, twice), "void K9", "a double click does no harm");
	tap_is_text(world_verdict(&library.world, &store, tally, by_borrower), "void K10",
	    "the borrower does not confirm for the lender");
	store_close(&store);
	world_close(&library.world);
}

static void test_order(void)
{
	struct library library;
	struct store stores[2];
	int64_t tallies[2];
	struct id digests[2];
	struct err err = { 0 };

	library_open(&library);
	answer(&library, library.gb, "toy.received", library.returned, -1);
	for (unsigned i = 0; i < 2; i++) {
		world_store(&library.world, &stores[i], &tallies[i]);
	}
	world_deliver_all(&library.world, &stores[0], tallies[0]);
	for (unsigned i = 0; i < library.world.entry_count; i++) {
		enum accepted accepted;
		tap_ok(store_begin(&stores[1], &err) == OK &&
			world_deliver(&library.world, &stores[1], tallies[1], i, &accepted, &err) == OK &&
			fold_update(&stores[1], tallies[1], &err) == OK && store_commit(&stores[1], &err) == OK,
		    "one entry at a time is taken in");
	}
	for (unsigned i = 0; i < 2; i++) {
		tap_ok(digest_now(&stores[i], tallies[i], &digests[i], &err) == OK, "a half has a digest");
	}
	tap_ok(id_equal(&digests[0], &digests[1]), "all at once or one by one, the digest is the same");
	tap_ok(fold_rebuild(&stores[0], tallies[0], NULL, NULL, &err) == OK &&
		digest_now(&stores[0], tallies[0], &digests[0], &err) == OK,
	    "it is folded anew");
	tap_ok(id_equal(&digests[0], &digests[1]), "folded anew, the digest is the same");
	store_close(&stores[0]);
	store_close(&stores[1]);
	world_close(&library.world);
}

int main(void)
{
	test_story();
	test_refusals();
	test_order();
	return tap_done();
}
