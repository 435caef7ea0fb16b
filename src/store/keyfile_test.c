#include "store/file.h"
#include "store/keyfile.h"
#include "store/test_store.h"
#include <sys/stat.h>

static char dir[] = "/tmp/warifu-keys-XXXXXX";
static struct err err;
static struct hand hand;
static struct secrets secrets;

static enum status open_with(const char *passphrase, struct secrets *out)
{
	err_clear(&err);
	return keyfile_open(dir, &hand.key, bytes_text(passphrase), out, &err);
}

static void path_of(const struct id *key, char path[PATH_BYTES])
{
	char hex[2 * ID_BYTES + 1];

	hex_print(id_bytes(key), hex);
	path_make(path, NULL, "%s/keys/%s.key", dir, hex);
}

static void test_round_trip(void)
{
	struct secrets out;
	struct stat info;
	char path[PATH_BYTES];

	tap_ok(!keyfile_exists(dir, &hand.key), "there is no key file at first");
	tap_ok(keyfile_create(
		   dir, "home", "横須賀 1", bytes_text("tide table"), STRENGTH_LIGHT, &secrets, &hand.key, &err) == OK,
	    "a key file is made");
	path_of(&hand.key, path);
	tap_ok(keyfile_exists(dir, &hand.key) && stat(path, &info) == 0 && (info.st_mode & 0777) == 0600,
	    "only its owner can read it");
	tap_ok(
	    open_with("tide table", &out) == OK && memcmp(&out, &secrets, sizeof out) == 0, "the passphrase opens it");
	tap_ok(open_with("Tide table", &out) == ENVIRONMENT && strstr(err.text, "wrong passphrase") != NULL,
	    "another does not, and that is said");
	struct secrets zero = { .sign = { 0 } };
	tap_ok(memcmp(&out, &zero, sizeof out) == 0, "then nothing secret is handed out");
	err_clear(&err);
	tap_ok(keyfile_create(dir, "home", "x", bytes_text("y"), STRENGTH_LIGHT, &secrets, &hand.key, &err) ==
		    ENVIRONMENT &&
		open_with("tide table", &out) == OK,
	    "a key file is never written over");
	secrets_clear(&out);
	tap_ok(memcmp(&out, &zero, sizeof out) == 0, "secrets can be wiped");
}

/* Every byte of the file in turn is changed. */
static void test_damage(void)
{
	char path[PATH_BYTES];
	struct arena arena;
	struct bytes text;
	struct secrets out;
	unsigned opened = 0, unsaid = 0;

	path_of(&hand.key, path);
	arena_init(&arena, 1 << 20);
	file_read(path, 4096, &arena, &text, &err);
	uint8_t *changed = arena_take(&arena, text.len);
	for (size_t i = 0; i < text.len; i++) {
		memcpy(changed, text.data, text.len);
		changed[i] ^= (uint8_t)(1 << i % 8);
		file_write(path, bytes_of(changed, text.len), false, &err);
		opened += open_with("tide table", &out) == OK;
		unsaid += strstr(err.text, "damaged") == NULL;
	}
	tap_is_int(opened, 0, "a file with one byte flipped never opens");
	tap_is_int(unsaid, 0, "and is called damaged, not the passphrase wrong");
	file_write(path, bytes_of(text.data, text.len / 2), false, &err);
	tap_ok(open_with("tide table", &out) == ENVIRONMENT, "half a file does not open");
	file_write(path, text, false, &err);
	tap_ok(open_with("tide table", &out) == OK, "put back as it was it opens");
	arena_clear(&arena);
}

/* A label or another key's name over the same box, with a checksum that fits. */
static void test_tampering(void)
{
	char path[PATH_BYTES], other_path[PATH_BYTES];
	struct hand other = hand_make(9);
	struct arena arena;
	struct bytes text;
	struct secrets out;

	arena_init(&arena, 1 << 20);
	path_of(&hand.key, path);
	path_of(&other.key, other_path);
	file_read(path, 4096, &arena, &text, &err);
	char *changed = arena_text(&arena, text), *label = strstr(changed, " 1\nkey"),
	     *check = strstr(changed, "check ");
	label[1] = '2';
	snprintf(check, 16, "check %08x\n", crc32_of(bytes_of(changed, (size_t)(check - changed))));
	file_write(path, bytes_text(changed), false, &err);
	tap_ok(
	    open_with("tide table", &out) == ENVIRONMENT, "a changed label, with a checksum to match, does not open");
	file_write(other_path, text, false, &err);
	err_clear(&err);
	tap_ok(keyfile_open(dir, &other.key, bytes_text("tide table"), &out, &err) == ENVIRONMENT &&
		strstr(err.text, "another key") != NULL,
	    "a file under another key's name does not open");
	unlink(other_path);
	err_clear(&err);
	keyfile_create(dir, "desk", "mixed up", bytes_text("a"), STRENGTH_LIGHT, &secrets, &other.key, &err);
	tap_ok(keyfile_open(dir, &other.key, bytes_text("a"), &out, &err) == ENVIRONMENT &&
		strstr(err.text, "not of this key") != NULL,
	    "a secret that is not the key's is not handed out");
	file_write(path, text, false, &err);
	unlink(other_path);
	arena_clear(&arena);
}

static enum status note_info(void *context, const struct keyfile_info *info, struct err *error)
{
	char *text = context;

	(void)error;
	snprintf(text + strlen(text), 200, "%s,%s,%d;", info->role, info->label, info->strength == STRENGTH_STANDARD);
	return OK;
}

static void test_listing(void)
{
	struct hand strong = hand_make(3);
	char text[800] = "", path[PATH_BYTES];
	struct secrets own = { .sign = { 0 } }, out;

	memcpy(own.sign, strong.secret, SECRET_BYTES);
	tap_ok(keyfile_create(
		   dir, "root", "GB root", bytes_text("two words"), STRENGTH_STANDARD, &own, &strong.key, &err) == OK &&
		keyfile_open(dir, &strong.key, bytes_text("two words"), &out, &err) == OK &&
		memcmp(&own, &out, sizeof own) == 0,
	    "a key of standard strength opens, too");
	path_make(path, NULL, "%s/keys/note.txt", dir);
	file_write(path, bytes_text("not a key"), false, &err);
	keyfile_each(dir, note_info, text, &err);
	bool strong_first = id_compare(&strong.key, &hand.key) < 0;
	tap_is_text(text, strong_first ? "root,GB root,1;home,横須賀 1,0;" : "home,横須賀 1,0;root,GB root,1;",
	    "key files are listed with role, label and strength");
	path_of(&hand.key, path);
	file_write(path, bytes_text("warifu-key 1\n"), false, &err);
	text[0] = '\0';
	keyfile_each(dir, note_info, text, &err);
	tap_ok(strstr(text, "damaged,,") != NULL && strstr(text, "GB root") != NULL,
	    "a damaged one does not hide the others");
	text[0] = '\0';
	tap_ok(keyfile_each("/dev/null", note_info, text, &err) == OK && text[0] == '\0',
	    "a folder without keys has none");
	err_clear(&err);
	tap_ok(
	    keyfile_create(dir, "desk", "two\nlines", bytes_text("a"), STRENGTH_LIGHT, &own, &hand.key, &err) == USAGE,
	    "a label is one line");
	struct hand none = hand_make(44);
	err_clear(&err);
	tap_ok(keyfile_open(dir, &none.key, bytes_text("a"), &out, &err) == ENVIRONMENT &&
		strstr(err.text, "no such") != NULL,
	    "a key that is not here is not opened");
}

int main(void)
{
	wire_start();
	if (mkdtemp(dir) == NULL) {
		return 1;
	}
	hand = hand_make(1);
	memcpy(secrets.sign, hand.secret, SECRET_BYTES);
	memset(secrets.seal, 7, sizeof secrets.seal);
	memset(secrets.seal_public.data, 8, ID_BYTES);
	test_round_trip();
	test_damage();
	test_tampering();
	test_listing();
	folder_remove(dir);
	return tap_done();
}
