/* Any bytes as a bundle, plain or sealed or as lines of text: a reason, no crash, and nothing is stored. The hash of a plain one is put right, so
 * that the fuzzer gets behind it; the writer's signature it cannot make. */
#include "fold/test_world.h"
#include "sync/sync.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct target {
	struct world world;
	struct store store;
	int64_t tally;
	unsigned home;
	struct secrets secrets;
	struct id digest;
};

static void target_make(struct target *target)
{
	struct err err = { .status = OK };

	world_open(&target->world, 1);
	target->home = world_grant(&target->world, JP_ROOT, 0, NULL, 0);
	memcpy(target->secrets.sign, target->world.keys[target->home].secret, SECRET_BYTES);
	world_store_of(&target->world, 1, &target->store, &target->tally);
	world_deliver_all(&target->world, &target->store, target->tally);
	ASSERT(digest_now(&target->store, target->tally, &target->digest, &err) == OK);
}

static void read_one(struct target *target, struct bytes in)
{
	struct bundle_result result;
	struct err err = { .status = OK };
	struct id digest;

	enum status status = bundle_read(
	    &target->store, in, &target->world.keys[target->home].key, &target->secrets, 1400000000000, &result, &err);
	ASSERT(status != OK && err.text[0] != '\0');
	err_clear(&err);
	ASSERT(digest_now(&target->store, target->tally, &digest, &err) == OK && id_equal(&digest, &target->digest));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct target target;
	struct err err = { .status = OK };
	struct buf bytes;

	if (target.tally == 0) {
		target_make(&target);
	}
	buf_init(&bytes, size + 64);
	if (bundle_text_parse(bytes_of(data, size), &bytes, &err) == OK) {
		read_one(&target, buf_bytes(&bytes));
	}
	read_one(&target, bytes_of(data, size));
	buf_reset(&bytes);
	buf_put_text(&bytes, "WARIFUB1");
	buf_put(&bytes, data, size);
	struct id hash = sha256(buf_bytes(&bytes));
	buf_put_bytes(&bytes, id_bytes(&hash));
	read_one(&target, buf_bytes(&bytes));
	buf_clear(&bytes);
	return 0;
}
