/* Any bytes of a partner whose key is proven: an answer, no crash, and nothing stored that its key did not sign. The home is made once and lives in
 * memory's file system; a case begins with a good greeting, so that the fuzzer need not find one. */
#include "sync/message.h"
#include "sync/test_talk.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct target {
	struct world world;
	struct store store;
	int64_t tally;
	unsigned home[2];
	struct id tls;
	struct secrets secrets;
	struct buf greeting;
	struct id digest;
};

static void target_make(struct target *target)
{
	struct buf content;
	struct err err = { .status = OK };

	world_open(&target->world, 1);
	target->tls.data[0] = 7;
	target->home[0] = home_grant(&target->world, GB_ROOT, &target->tls);
	target->home[1] = home_grant(&target->world, JP_ROOT, &target->tls);
	memcpy(target->secrets.sign, target->world.keys[target->home[1]].secret, SECRET_BYTES);
	world_store_of(&target->world, 1, &target->store, &target->tally);
	world_deliver_all(&target->world, &target->store, target->tally);
	ASSERT(digest_now(&target->store, target->tally, &target->digest, &err) == OK);
	buf_init(&content, 4096);
	buf_init(&target->greeting, 4096);
	cbor_put_array(&content, 6);
	cbor_put_int(&content, 1);
	cbor_put_bytes(&content, id_bytes(&target->world.tally));
	cbor_put_int(&content, 1);
	cbor_put_bytes(&content, id_bytes(&target->world.keys[target->home[0]].key));
	cbor_put_null(&content);
	cbor_put_null(&content);
	message_put(&target->greeting, MESSAGE_GREETING, buf_bytes(&content));
	buf_clear(&content);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct target target;
	struct err err = { .status = OK };
	struct sync *sync;
	struct buf out;
	struct id digest;

	if (target.tally == 0) {
		target_make(&target);
	}
	struct sync_options options = { .store = &target.store,
		.home_key = target.world.keys[target.home[1]].key,
		.secrets = &target.secrets,
		.has_peer_tls = true,
		.peer_tls = target.tls,
		.now_ms = 1400000000000,
		.nonce = (const uint8_t *)"0123456789abcdef" };
	buf_init(&out, 64u << 20);
	ASSERT(sync_open(&options, &sync, &err) == OK);
	enum status status = sync_step(sync, buf_bytes(&target.greeting), &out, &err);
	ASSERT(status == OK);
	status = sync_step(sync, bytes_of(data, size), &out, &err);
	ASSERT(status == OK || status == NOT_FOUND || err.text[0] != '\0');
	for (unsigned i = 0; status == OK && !sync_wants_input(sync) && i < 100; i++) {
		status = sync_step(sync, bytes_of(NULL, 0), &out, &err);
	}
	sync_close(sync);
	buf_clear(&out);
	err_clear(&err);
	ASSERT(digest_now(&target.store, target.tally, &digest, &err) == OK && id_equal(&digest, &target.digest));
	return 0;
}
