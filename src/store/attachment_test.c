#include "store/file.h"
#include "store/partial.h"
#include "store/test_store.h"
#include <signal.h>
#include <sys/resource.h>

static struct bench bench;
static struct hand desk;
static struct err err;
static struct arena arena;

static struct id announce(const struct id *hash, int64_t size)
{
	struct buf list;

	buf_init(&list, 200);
	cbor_put_array(&list, 1);
	cbor_put_array(&list, 3);
	cbor_put_bytes(&list, id_bytes(hash));
	cbor_put_int(&list, size);
	cbor_put_literal(&list, "image/png");
	struct id id =
	    bench_enter(&bench, &desk, &(struct draft){ .kind = "toy.opened", .attachments = buf_bytes(&list) });
	buf_clear(&list);
	return id;
}

static enum status count_awaited(void *context, const struct id *hash, uint64_t size, struct err *error)
{
	(void)hash;
	(void)error;
	*(uint64_t *)context += size;
	return OK;
}

static uint64_t awaited(void)
{
	uint64_t bytes = 0;

	store_attachment_awaited(&bench.store, bench.tally.row, count_awaited, &bytes, &err);
	return bytes;
}

static bool is_in(const struct id *hash, enum attachment_state expected)
{
	enum attachment_state state;

	return store_attachment_state(&bench.store, hash, &state, &err) == OK && state == expected;
}

static void file_of(const struct id *hash, char path[PATH_BYTES])
{
	char hex[2 * ID_BYTES + 1];

	hex_print(id_bytes(hash), hex);
	path_make(path, NULL, "%s/attachments/%s", bench.home, hex);
}

static void test_coming_and_going(void)
{
	struct bytes receipt = bytes_text("a receipt"), content;
	struct id hash = sha256(receipt), put;
	enum attachment_state state;
	char path[PATH_BYTES];

	tap_ok(store_attachment_state(&bench.store, &hash, &state, &err) == NOT_FOUND,
	    "what nobody announced is not known");
	announce(&hash, 9);
	tap_ok(is_in(&hash, ATTACHMENT_AWAITED) && awaited() == 9, "an announced attachment is awaited, with its size");
	tap_ok(store_attachment_get(&bench.store, &hash, &arena, &content, &err) == NOT_FOUND, "and not to be had yet");
	tap_ok(
	    store_attachment_put(&bench.store, receipt, &put, &err) == OK && id_equal(&put, &hash), "its bytes come");
	tap_ok(is_in(&hash, ATTACHMENT_HERE) && awaited() == 0, "then it is here");
	tap_ok(store_attachment_get(&bench.store, &hash, &arena, &content, &err) == OK && bytes_equal(content, receipt),
	    "and to be had");
	announce(&hash, 9);
	tap_is_int(awaited(), 0, "announced once more it is not awaited again");
	file_of(&hash, path);
	file_write(path, bytes_text("a rec3ipt"), false, &err);
	tap_ok(
	    store_attachment_get(&bench.store, &hash, &arena, &content, &err) == CHECK_FAILED && content.data == NULL,
	    "bytes that changed on the disk are not handed out");
	err_clear(&err);
	unlink(path);
	tap_ok(is_in(&hash, ATTACHMENT_AWAITED), "a file that is gone is awaited");
	tap_ok(store_attachment_put(&bench.store, receipt, &put, &err) == OK && is_in(&hash, ATTACHMENT_HERE),
	    "and can come again");
}

static void test_put_before_announced(void)
{
	struct bytes scan = bytes_text("a scan");
	struct id hash;

	store_attachment_put(&bench.store, scan, &hash, &err);
	announce(&hash, 6);
	tap_ok(is_in(&hash, ATTACHMENT_HERE) && awaited() == 0, "an attachment of our own is here before its entry");
}

static void test_erasing(void)
{
	struct bytes card = bytes_text("names of persons"), content;
	struct id hash, again, never = { { 5 } };
	char path[PATH_BYTES];

	store_attachment_put(&bench.store, card, &hash, &err);
	announce(&hash, 16);
	file_of(&hash, path);
	store_begin(&bench.store, &err);
	store_attachment_erase(&bench.store, &hash, &err);
	tap_ok(file_exists(path), "the file is there until the transaction is committed");
	store_rollback(&bench.store);
	tap_ok(file_exists(path) && is_in(&hash, ATTACHMENT_HERE), "and stays when it is not");
	tap_ok(store_attachment_erase(&bench.store, &hash, &err) == OK && !file_exists(path) &&
		is_in(&hash, ATTACHMENT_ERASED),
	    "an erased attachment is gone from the disk");
	tap_ok(store_attachment_get(&bench.store, &hash, &arena, &content, &err) == NOT_FOUND, "it is not handed out");
	tap_ok(store_attachment_put(&bench.store, card, &again, &err) == REFUSED && !file_exists(path),
	    "and does not come back");
	err_clear(&err);
	struct id half = { { 6 } };
	uint64_t length = 0;
	announce(&half, 100);
	partial_append(&bench.store, &half, 0, card, &err);
	tap_ok(store_attachment_erase(&bench.store, &half, &err) == OK &&
		partial_length(&bench.store, &half, &length, &err) == OK && length == 0,
	    "of one that is erased while it comes nothing stays");
	const struct bytes sheet = bytes_text("the same one, by file");
	struct id whole = sha256(sheet);
	announce(&whole, (int64_t)sheet.len);
	partial_append(&bench.store, &whole, 0, bytes_of(sheet.data, 7), &err);
	tap_ok(store_attachment_put(&bench.store, sheet, &again, &err) == OK && is_in(&whole, ATTACHMENT_HERE) &&
		partial_length(&bench.store, &whole, &length, &err) == OK && length == 0,
	    "nor of one that came in part, and then whole by another way");
	store_attachment_erase(&bench.store, &never, &err);
	announce(&never, 77);
	tap_ok(is_in(&never, ATTACHMENT_ERASED) && awaited() == 0,
	    "one erased before it was announced is never asked for");
}

static void test_bounds(void)
{
	static uint8_t large[LIMIT_ATTACHMENT_BYTES + 1];
	struct id hash;

	tap_ok(store_attachment_put(&bench.store, bytes_of(large, sizeof large), &hash, &err) == BAD_INPUT,
	    "too large a one is not taken");
	err_clear(&err);
	tap_ok(store_attachment_put(&bench.store, bytes_of(large, 0), &hash, &err) == BAD_INPUT, "nor an empty one");
	err_clear(&err);
	store_setting_set(&bench.store, "attachment_bytes", bytes_text("1000"), &err);
	tap_ok(store_attachment_put(&bench.store, bytes_of(large, 900), &hash, &err) == OK,
	    "up to what the owner allows they are taken");
	tap_ok(store_attachment_put(&bench.store, bytes_of(large, 901), &hash, &err) == ENVIRONMENT &&
		strstr(err.text, "attachment_bytes") != NULL,
	    "beyond it the refusal names the setting");
	bench_reopen(&bench, DB_READ);
	tap_ok(store_attachment_put(&bench.store, bytes_text("x"), &hash, &err) == ENVIRONMENT, "a reader puts none");
}

/* No file may grow: as on a full disk. */
static void test_full_disk(void)
{
	static const uint8_t large[65536] = { 9 };
	struct rlimit before, none;
	struct id hash = { { 9 } };

	ASSERT(getrlimit(RLIMIT_FSIZE, &before) == 0);
	none = before;
	none.rlim_cur = 4096;
	signal(SIGXFSZ, SIG_IGN);
	ASSERT(setrlimit(RLIMIT_FSIZE, &none) == 0);
	err_clear(&err);
	bool whole = store_attachment_put(&bench.store, bytes_of(large, sizeof large), &hash, &err) == ENVIRONMENT &&
	    strstr(err.text, "the disk is full") != NULL;
	err_clear(&err);
	bool part = partial_append(&bench.store, &hash, 0, bytes_of(large, sizeof large), &err) == ENVIRONMENT &&
	    strstr(err.text, "the disk is full") != NULL && strstr(err.text, "free some space") != NULL;
	ASSERT(setrlimit(RLIMIT_FSIZE, &before) == 0);
	signal(SIGXFSZ, SIG_DFL);
	tap_ok(whole && part, "where the disk is full that is said, and what to do");
	err_clear(&err);
}

int main(void)
{
	arena_init(&arena, 64u << 20);
	bench_open(&bench);
	desk = hand_make(50);
	bench_grant(&bench, &bench.root[0], &desk, false);
	test_full_disk();
	test_coming_and_going();
	test_put_before_announced();
	test_erasing();
	test_bounds();
	bench_close(&bench);
	arena_clear(&arena);
	return tap_done();
}
