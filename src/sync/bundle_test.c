/* Bundles between two homes: what arrives, what is refused, and that a refused one leaves no trace. */
#include "fold/test_world.h"
#include "sync/sync.h"
#include <openssl/evp.h>
#include <sys/stat.h>

static const char *const asker[] = { "asker" };
static const char *const answerer[] = { "answerer" };

struct half {
	struct store store;
	int64_t tally;
	unsigned home;
	struct secrets secrets;
};
struct scene {
	struct world world;
	unsigned gb, jp;
	struct half half[2];
};

static void seal_key(struct secrets *secrets)
{
	size_t length = sizeof secrets->seal, public_length = ID_BYTES;
	EVP_PKEY *pair = EVP_PKEY_Q_keygen(NULL, NULL, "X25519");

	ASSERT(pair && EVP_PKEY_get_raw_private_key(pair, secrets->seal, &length) == 1);
	ASSERT(EVP_PKEY_get_raw_public_key(pair, secrets->seal_public.data, &public_length) == 1);
	EVP_PKEY_free(pair);
}

/* Both halves begin with the tally, its keys and grants. */
static void scene_open(struct scene *scene, uint64_t seed)
{
	world_open(&scene->world, seed);
	scene->gb = world_grant(&scene->world, GB_ROOT, 1, asker, 1);
	scene->jp = world_grant(&scene->world, JP_ROOT, 1, answerer, 1);
	for (unsigned i = 0; i < 2; i++) {
		struct half *half = &scene->half[i];
		seal_key(&half->secrets);
		scene->world.sealing = &half->secrets.seal_public;
		half->home = world_grant(&scene->world, i ? JP_ROOT : GB_ROOT, 0, NULL, 0);
		memcpy(half->secrets.sign, scene->world.keys[half->home].secret, SECRET_BYTES);
	}
	for (unsigned i = 0; i < 2; i++) {
		world_store_of(&scene->world, i, &scene->half[i].store, &scene->half[i].tally);
		world_deliver_all(&scene->world, &scene->half[i].store, scene->half[i].tally);
	}
}

static void scene_close(struct scene *scene)
{
	store_close(&scene->half[0].store);
	store_close(&scene->half[1].store);
	world_close(&scene->world);
}

static void deliver_last(struct scene *scene, struct half *half, unsigned count)
{
	enum accepted accepted;
	struct err err = { 0 };

	ASSERT(store_begin(&half->store, &err) == OK);
	for (unsigned i = scene->world.entry_count - count; i < scene->world.entry_count; i++) {
		ASSERT(world_deliver(&scene->world, &half->store, half->tally, i, &accepted, &err) == OK);
	}
	ASSERT(fold_update(&half->store, half->tally, &err) == OK && store_commit(&half->store, &err) == OK);
}

static struct id ask(struct scene *scene)
{
	struct buf fields;

	buf_init(&fields, 100);
	cbor_put_int(&fields, 8);
	cbor_put_literal(&fields, "JP");
	struct id id = world_say(
	    &scene->world, scene->gb, &(struct saying){ .kind = "t.asked", .fields = &fields, .field_count = 1 });
	buf_clear(&fields);
	deliver_last(scene, &scene->half[0], 1);
	return id;
}

static enum status write_bundle(
    struct scene *scene, unsigned from, bool plain, bool everything, struct buf *out, int64_t *entries, struct err *err)
{
	struct half *half = &scene->half[from];
	struct bundle_options options = { &half->store, half->tally, 1 - from, scene->world.keys[half->home].key,
		&half->secrets, everything, plain, true, scene->world.now_ms++ };

	buf_init(out, 64 << 20);
	return bundle_write(&options, out, entries, err);
}

static enum status read_bundle(
    struct scene *scene, unsigned to, struct bytes in, struct bundle_result *result, struct err *err)
{
	struct half *half = &scene->half[to];

	return bundle_read(
	    &half->store, in, &scene->world.keys[half->home].key, &half->secrets, scene->world.now_ms++, result, err);
}

static struct id digest_of(struct half *half)
{
	struct err err = { 0 };
	struct id digest;

	ASSERT(digest_now(&half->store, half->tally, &digest, &err) == OK);
	return digest;
}

static bool same_digest(struct scene *scene)
{
	struct id one = digest_of(&scene->half[0]), two = digest_of(&scene->half[1]);

	return id_equal(&one, &two);
}

static void test_round_trip(bool plain)
{
	struct scene scene;
	struct buf bundle;
	struct bundle_result result;
	struct err err = { 0 };
	int64_t entries;

	scene_open(&scene, 1);
	ask(&scene);
	ask(&scene);
	tap_is_int(write_bundle(&scene, 0, plain, false, &bundle, &entries, &err), OK,
	    plain ? "a plain bundle is written" : "a sealed bundle is written");
	tap_ok(entries >= 2, "it holds what the partner lacks");
	tap_is_int(read_bundle(&scene, 1, buf_bytes(&bundle), &result, &err), OK, "the partner reads it");
	printf("# %s %s\n", err.text, result.why.text);
	tap_is_int(result.new_entries, 3, "two orders and an acknowledgement are new there");
	tap_ok(result.compared && result.matched, "the halves match");
	tap_ok(same_digest(&scene), "both have one digest");
	tap_is_int(read_bundle(&scene, 1, buf_bytes(&bundle), &result, &err), OK, "the same bundle again is no error");
	tap_is_int(result.new_entries, 0, "and brings nothing");
	tap_is_text(result.why.text, "all of it is here already", "and says why");
	buf_clear(&bundle);
	tap_is_int(write_bundle(&scene, 1, plain, false, &bundle, &entries, &err), OK, "the partner writes one back");
	tap_is_int(entries, 1, "it holds the acknowledgement alone");
	tap_is_int(read_bundle(&scene, 0, buf_bytes(&bundle), &result, &err), OK, "which is read");
	buf_clear(&bundle);
	tap_is_int(
	    write_bundle(&scene, 0, plain, false, &bundle, &entries, &err), OK, "then there is nothing more to write");
	tap_is_int(entries, 0, "homes fall silent: an acknowledgement is not acknowledged");
	buf_clear(&bundle);
	scene_close(&scene);
}

static void test_order(void)
{
	struct scene scene;
	struct buf first, second;
	struct bundle_result result;
	struct err err = { 0 };
	int64_t entries;

	scene_open(&scene, 2);
	/* A second half of the partner's, which gets the bundles in the other order. */
	struct half late = scene.half[1], usual = scene.half[1];
	world_store_of(&scene.world, 1, &late.store, &late.tally);
	world_deliver_all(&scene.world, &late.store, late.tally);
	ask(&scene);
	ASSERT(write_bundle(&scene, 0, true, false, &first, &entries, &err) == OK);
	ASSERT(read_bundle(&scene, 1, buf_bytes(&first), &result, &err) == OK);
	struct buf back;
	ASSERT(write_bundle(&scene, 1, true, false, &back, &entries, &err) == OK);
	ASSERT(read_bundle(&scene, 0, buf_bytes(&back), &result, &err) == OK);
	ask(&scene);
	ASSERT(write_bundle(&scene, 0, true, false, &second, &entries, &err) == OK);
	scene.half[1] = late;
	struct id before = digest_of(&late);
	enum status status = read_bundle(&scene, 1, buf_bytes(&second), &result, &err);
	struct id after = digest_of(&late);
	tap_is_int(status, OK, "a bundle that came before the one before it is read");
	tap_ok(result.stopped_logs > 0 && result.why.text[0] && id_equal(&before, &after),
	    "it brings nothing of the log that has a gap, and says so");
	printf("# %s\n", result.why.text);
	tap_is_int(read_bundle(&scene, 1, buf_bytes(&first), &result, &err), OK, "the earlier one comes");
	tap_is_int(read_bundle(&scene, 1, buf_bytes(&second), &result, &err), OK, "and the later one again");
	tap_is_int(result.new_entries > 0, 1, "now it fits");
	tap_ok(same_digest(&scene), "and the halves have one digest");
	late = scene.half[1];
	store_close(&late.store);
	scene.half[1] = usual;
	buf_clear(&first);
	buf_clear(&second);
	buf_clear(&back);
	scene_close(&scene);
}

/* Every cut and every flipped bit. */
static void test_damage(bool plain)
{
	struct scene scene;
	struct buf bundle;
	struct bundle_result result;
	int64_t entries;
	unsigned taken = 0, wrong = 0;
	struct err err = { 0 };

	scene_open(&scene, 3);
	ask(&scene);
	ASSERT(write_bundle(&scene, 0, plain, false, &bundle, &entries, &err) == OK);
	struct id before = digest_of(&scene.half[1]);
	for (size_t cut = 0; cut < bundle.len; cut++) {
		struct err why = { 0 };
		enum status status = read_bundle(&scene, 1, bytes_of(bundle.data, cut), &result, &why);
		taken += status == OK;
		wrong += status != OK && why.text[0] == 0;
	}
	tap_is_int(taken, 0,
	    plain ? "a plain bundle cut at any byte is refused" : "a sealed bundle cut at any byte is refused");
	taken = 0;
	for (size_t bit = 0; bit < bundle.len * 8; bit++) {
		struct err why = { 0 };
		bundle.data[bit / 8] ^= (uint8_t)(1u << bit % 8);
		enum status status = read_bundle(&scene, 1, buf_bytes(&bundle), &result, &why);
		bundle.data[bit / 8] ^= (uint8_t)(1u << bit % 8);
		taken += status == OK;
		wrong += status != OK && why.text[0] == 0;
	}
	tap_is_int(taken, 0, "a bundle with any bit flipped is refused");
	tap_is_int(wrong, 0, "each time with a reason");
	struct id after = digest_of(&scene.half[1]);
	tap_ok(id_equal(&before, &after), "and the half is unchanged");
	tap_is_int(read_bundle(&scene, 1, buf_bytes(&bundle), &result, &err), OK, "the whole one is read");
	buf_clear(&bundle);
	scene_close(&scene);
}

static void test_strangers(void)
{
	struct scene scene, other;
	struct buf bundle;
	struct bundle_result result;
	struct err err = { 0 };
	int64_t entries;
	uint8_t *zeros = calloc(1, 1 << 20);

	scene_open(&scene, 4);
	scene_open(&other, 5);
	ask(&scene);
	ASSERT(write_bundle(&scene, 0, false, false, &bundle, &entries, &err) == OK);
	tap_is_int(read_bundle(&other, 1, buf_bytes(&bundle), &result, &err), REFUSED,
	    "a bundle sealed to other homes is refused");
	tap_ok(strstr(err.text, "sealed to other homes") != NULL, "and says so");
	err = (struct err){ 0 };
	tap_is_int(read_bundle(&scene, 0, buf_bytes(&bundle), &result, &err), REFUSED,
	    "so is one that was meant for the partner");
	buf_clear(&bundle);
	err = (struct err){ 0 };
	ASSERT(write_bundle(&scene, 0, true, false, &bundle, &entries, &err) == OK);
	tap_is_int(
	    read_bundle(&scene, 0, buf_bytes(&bundle), &result, &err), REFUSED, "a plain one for the other party, too");
	err = (struct err){ 0 };
	unsigned stranger = world_key(&scene.world, 0);
	struct half *half = &scene.half[0];
	struct secrets secrets = half->secrets;
	memcpy(secrets.sign, scene.world.keys[stranger].secret, SECRET_BYTES);
	struct bundle_options options = { &half->store, half->tally, 1, scene.world.keys[stranger].key, &secrets, true,
		true, false, 1 };
	half->store.mode = DB_READ; /* a stranger has no acknowledgement to write */
	buf_clear(&bundle);
	buf_init(&bundle, 1 << 20);
	ASSERT(bundle_write(&options, &bundle, &entries, &err) == OK);
	half->store.mode = DB_WRITE;
	tap_is_int(read_bundle(&scene, 1, buf_bytes(&bundle), &result, &err), REFUSED,
	    "a bundle written by a stranger is refused");
	tap_ok(strstr(err.text, "stranger") != NULL, "and says so");
	err = (struct err){ 0 };
	tap_is_int(read_bundle(&scene, 1, bytes_of(zeros, 1 << 20), &result, &err), BAD_INPUT, "zeros are no bundle");
	err = (struct err){ 0 };
	tap_is_int(read_bundle(&scene, 1, bytes_of(zeros, 0), &result, &err), BAD_INPUT, "nothing is no bundle");
	free(zeros);
	buf_clear(&bundle);
	scene_close(&other);
	scene_close(&scene);
}

static void test_text(void)
{
	struct buf text, back, mail;
	struct err err = { 0 };
	uint8_t bytes[1000];

	for (unsigned i = 0; i < sizeof bytes; i++) {
		bytes[i] = (uint8_t)(i * 7);
	}
	buf_init(&text, 1 << 20);
	buf_init(&back, 1 << 20);
	buf_init(&mail, 1 << 20);
	bundle_text_print(bytes_of(bytes, sizeof bytes), &text);
	tap_ok(bundle_text_parse(buf_bytes(&text), &back, &err) == OK &&
		bytes_equal(buf_bytes(&back), bytes_of(bytes, sizeof bytes)),
	    "a file travels as lines of text");
	/* Quoted, in lower case, doubled, backwards, with the line ends of mail. */
	char *lines[64];
	unsigned count = 0;
	char *rest = (char *)(uintptr_t)buf_text(&text);
	for (char *line; (line = strsep(&rest, "\n")) != NULL && *line;) {
		lines[count++] = line;
	}
	for (unsigned i = count; i > 0; i--) {
		buf_printf(&mail, "> %s\r\n%s  \r\n", lines[i - 1], lines[i - 1]);
	}
	buf_reset(&back);
	tap_ok(bundle_text_parse(buf_bytes(&mail), &back, &err) == OK &&
		bytes_equal(buf_bytes(&back), bytes_of(bytes, sizeof bytes)),
	    "quoted, doubled and in any order");
	buf_reset(&mail);
	buf_reset(&back);
	for (unsigned i = 0; i < count; i++) {
		if (i == 5) {
			lines[i][10] = lines[i][10] == 'A' ? 'B' : 'A';
		}
		buf_printf(&mail, "%s\n", lines[i]);
	}
	tap_is_int(bundle_text_parse(buf_bytes(&mail), &back, &err), BAD_INPUT, "a damaged line is not taken");
	tap_ok(strstr(err.text, "line 5 of 25") != NULL, "and is named");
	buf_clear(&text);
	buf_clear(&back);
	buf_clear(&mail);
}

int main(void)
{
	test_round_trip(true);
	test_round_trip(false);
	test_order();
	test_damage(true);
	test_damage(false);
	test_strangers();
	test_text();
	return tap_done();
}
