/* Lines of text, so that a person can see what a file is without opening it:
 *
 *     warifu-key 1
 *     role desk
 *     label stores desk 7, laptop
 *     key HEX                      the public key; also the file's name
 *     argon2id MEMORY PASSES       KiB, passes
 *     salt HEX
 *     box HEX                      nonce, then the secretbox of the secrets
 *     check HEX                    CRC-32 of everything above: damage is told apart from a wrong passphrase
 *
 * The box's key is the BLAKE2b of all lines above `box`, keyed with what argon2id makes of the passphrase: nobody can move a box under
 * another label or key. */
#include "store/keyfile.h"
#include "base/text.h"
#include "store/file.h"
#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILE_BYTES 2048
#define PLAIN_BYTES (SECRET_BYTES + 32 + ID_BYTES)
#define BOX_BYTES (crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES + PLAIN_BYTES)
#define SALT_BYTES crypto_pwhash_argon2id_SALTBYTES
#define MEMORY_MOST_KIB (1u << 20) /* of a file that somebody else may have written */
#define PASSES_MOST 16u
#define STANDARD_KIB 65536u
#define KEYS_MOST 4096u /* files of one folder */

struct keyfile {
	struct keyfile_info info;
	uint32_t memory_kib, passes;
	uint8_t salt[SALT_BYTES];
	uint8_t box[BOX_BYTES];
	struct bytes head; /* the lines above `box` */
};

void secrets_clear(struct secrets *secrets)
{
	sodium_memzero(secrets, sizeof *secrets);
}

static enum status keyfile_path(const char *dir, const struct id *key, char out[PATH_BYTES], struct err *err)
{
	char hex[2 * ID_BYTES + 1];

	hex_print(id_bytes(key), hex);
	return path_make(out, err, "%s/keys/%s.key", dir, hex);
}

/* --- text ------------------------------------------------------------------------------------------------------------- */

static void head_print(const struct keyfile *file, struct buf *out)
{
	char hex[2 * ID_BYTES + 1];

	buf_printf(out, "warifu-key 1\nrole %s\nlabel %s\n", file->info.role, file->info.label);
	hex_print(id_bytes(&file->info.key), hex);
	buf_printf(out, "key %s\nargon2id %" PRIu32 " %" PRIu32 "\n", hex, file->memory_kib, file->passes);
	hex_print(bytes_of(file->salt, SALT_BYTES), hex);
	buf_printf(out, "salt %s\n", hex);
}

static void tail_print(const struct keyfile *file, struct buf *out)
{
	char hex[2 * BOX_BYTES + 1];

	hex_print(bytes_of(file->box, BOX_BYTES), hex);
	buf_printf(out, "box %s\n", hex);
	uint32_t check = crc32_of(buf_bytes(out));
	buf_printf(out, "check %08" PRIx32 "\n", check);
}

/* Takes one line "name value"; the value without its newline. */
static bool line_take(struct bytes *at, const char *name, struct bytes *value)
{
	const uint8_t *end = at->len == 0 ? NULL : memchr(at->data, '\n', at->len);
	size_t name_len = strlen(name);

	if (end == NULL || (size_t)(end - at->data) < name_len + 1 || memcmp(at->data, name, name_len) != 0 ||
	    at->data[name_len] != ' ') {
		return false;
	}
	*value = bytes_of(at->data + name_len + 1, (size_t)(end - at->data) - name_len - 1);
	at->len -= (size_t)(end + 1 - at->data);
	at->data = end + 1;
	return true;
}

static bool hex_take(struct bytes *at, const char *name, uint8_t *out, size_t len)
{
	struct bytes value;

	return line_take(at, name, &value) && hex_parse((const char *)value.data, value.len, out, len);
}

static bool text_take_line(struct bytes *at, const char *name, char *out, size_t size)
{
	struct bytes value;

	if (!line_take(at, name, &value) || value.len >= size) {
		return false;
	}
	memcpy(out, value.data, value.len);
	out[value.len] = '\0';
	return true;
}

static bool number_take(const char **text, uint32_t most, uint32_t *out)
{
	char *end;
	unsigned long value = **text >= '1' && **text <= '9' ? strtoul(*text, &end, 10) : 0;

	if (value == 0 || value > most) {
		return false;
	}
	*text = end;
	*out = (uint32_t)value;
	return true;
}

static bool cost_take(struct bytes *at, struct keyfile *out)
{
	char text[32];
	const char *next = text;

	return text_take_line(at, "argon2id", text, sizeof text) &&
	    number_take(&next, MEMORY_MOST_KIB, &out->memory_kib) && out->memory_kib >= 8 && *next++ == ' ' &&
	    number_take(&next, PASSES_MOST, &out->passes) && *next == '\0';
}

static bool keyfile_parse(struct bytes text, struct keyfile *out)
{
	struct bytes at = text, value;
	char check[16];

	*out = (struct keyfile){ .info.strength = STRENGTH_STANDARD };
	if (!line_take(&at, "warifu-key", &value) || !bytes_is(value, "1") ||
	    !text_take_line(&at, "role", out->info.role, sizeof out->info.role) ||
	    !text_take_line(&at, "label", out->info.label, sizeof out->info.label) ||
	    !hex_take(&at, "key", out->info.key.data, ID_BYTES) || !cost_take(&at, out) ||
	    !hex_take(&at, "salt", out->salt, SALT_BYTES)) {
		return false;
	}
	out->head = bytes_of(text.data, (size_t)(at.data - text.data));
	if (!hex_take(&at, "box", out->box, BOX_BYTES)) {
		return false;
	}
	snprintf(check, sizeof check, "%08" PRIx32, crc32_of(bytes_of(text.data, (size_t)(at.data - text.data))));
	if (!line_take(&at, "check", &value) || !bytes_is(value, check) || at.len != 0) {
		return false;
	}
	out->info.strength = out->memory_kib >= STANDARD_KIB ? STRENGTH_STANDARD : STRENGTH_LIGHT;
	return true;
}

/* --- the box ---------------------------------------------------------------------------------------------------------- */

static enum status box_key(const struct keyfile *file, struct bytes head, struct bytes passphrase,
    uint8_t out[crypto_secretbox_KEYBYTES], struct err *err)
{
	uint8_t stretched[32];
	const char *phrase = passphrase.len == 0 ? "" : (const char *)passphrase.data;

	if (sodium_init() < 0 ||
	    crypto_pwhash_argon2id(stretched, sizeof stretched, phrase, passphrase.len, file->salt, file->passes,
		(size_t)file->memory_kib * 1024, crypto_pwhash_argon2id_ALG_ARGON2ID13) != 0) {
		return err_set(
		    err, ENVIRONMENT, "key: not enough memory to open it (%u MiB are needed)", file->memory_kib / 1024);
	}
	crypto_generichash(out, crypto_secretbox_KEYBYTES, head.data, head.len, stretched, sizeof stretched);
	sodium_memzero(stretched, sizeof stretched);
	return OK;
}

static void secrets_print(const struct secrets *secrets, uint8_t out[PLAIN_BYTES])
{
	memcpy(out, secrets->sign, SECRET_BYTES);
	memcpy(out + SECRET_BYTES, secrets->seal, 32);
	memcpy(out + SECRET_BYTES + 32, secrets->seal_public.data, ID_BYTES);
}

static void secrets_parse(const uint8_t in[PLAIN_BYTES], struct secrets *out)
{
	memcpy(out->sign, in, SECRET_BYTES);
	memcpy(out->seal, in + SECRET_BYTES, 32);
	memcpy(out->seal_public.data, in + SECRET_BYTES + 32, ID_BYTES);
}

static enum status box_close(
    struct keyfile *file, struct bytes head, struct bytes passphrase, const struct secrets *secrets, struct err *err)
{
	uint8_t key[crypto_secretbox_KEYBYTES], plain[PLAIN_BYTES];
	enum status status = box_key(file, head, passphrase, key, err);

	if (status == OK) {
		secrets_print(secrets, plain);
		random_bytes(file->box, crypto_secretbox_NONCEBYTES);
		crypto_secretbox_easy(file->box + crypto_secretbox_NONCEBYTES, plain, PLAIN_BYTES, file->box, key);
	}
	sodium_memzero(key, sizeof key);
	sodium_memzero(plain, sizeof plain);
	return status;
}

static enum status box_open(const struct keyfile *file, struct bytes passphrase, struct secrets *out, struct err *err)
{
	uint8_t key[crypto_secretbox_KEYBYTES], plain[PLAIN_BYTES];
	enum status status = box_key(file, file->head, passphrase, key, err);

	if (status == OK &&
	    crypto_secretbox_open_easy(plain, file->box + crypto_secretbox_NONCEBYTES,
		BOX_BYTES - crypto_secretbox_NONCEBYTES, file->box, key) != 0) {
		status = err_set(err, ENVIRONMENT, "key %s: wrong passphrase", file->info.label);
	}
	if (status == OK) {
		secrets_parse(plain, out);
	}
	sodium_memzero(key, sizeof key);
	sodium_memzero(plain, sizeof plain);
	return status;
}

/* --- files ------------------------------------------------------------------------------------------------------------ */

static enum status label_check(const char *what, const char *text, size_t most, struct err *err)
{
	const char *reason = text_check(bytes_text(text));

	if (reason != NULL || strchr(text, '\n') != NULL || strlen(text) >= most) {
		return err_set(err, USAGE, "key: %s: one line of at most %zu bytes of text", what, most - 1);
	}
	return OK;
}

enum status keyfile_create(const char *dir, const char *role, const char *label, struct bytes passphrase,
    enum key_strength strength, const struct secrets *secrets, const struct id *key, struct err *err)
{
	struct keyfile file = { .info.key = *key };
	char path[PATH_BYTES], folder[PATH_BYTES];
	struct buf text;
	enum status status = label_check("role", role, sizeof file.info.role, err);

	if (status == OK) {
		status = label_check("label", label, sizeof file.info.label, err);
	}
	if (status == OK) {
		status = keyfile_path(dir, key, path, err);
	}
	if (status == OK && file_exists(path)) {
		status = err_set(err, ENVIRONMENT, "%s: there is one already", path);
	}
	if (status != OK) {
		return status;
	}
	snprintf(file.info.role, sizeof file.info.role, "%s", role);
	snprintf(file.info.label, sizeof file.info.label, "%s", label);
	file.memory_kib = strength == STRENGTH_STANDARD ? STANDARD_KIB : 8192;
	file.passes = strength == STRENGTH_STANDARD ? 2 : 1;
	random_bytes(file.salt, SALT_BYTES);
	buf_init(&text, FILE_BYTES);
	head_print(&file, &text);
	status = box_close(&file, buf_bytes(&text), passphrase, secrets, err);
	tail_print(&file, &text);
	if (status == OK && text.failed) {
		status = err_set(err, ENVIRONMENT, "key: out of memory");
	}
	if (status == OK) {
		status = path_make(folder, err, "%s/keys", dir);
	}
	if (status == OK) {
		status = folder_make(folder, err);
	}
	if (status == OK) {
		status = file_write(path, buf_bytes(&text), true, err);
	}
	buf_clear(&text);
	return status;
}

static enum status keyfile_load(const char *path, struct arena *arena, struct keyfile *out, struct err *err)
{
	struct bytes text;
	enum status status = file_read(path, FILE_BYTES, arena, &text, err);

	if (status == NOT_FOUND) {
		return err_set(err, ENVIRONMENT, "%s: there is no such key file", path);
	}
	if (status == OK && !keyfile_parse(text, out)) {
		return err_set(err, ENVIRONMENT, "%s: the key file is damaged; use its backup", path);
	}
	return status == BAD_INPUT ? ENVIRONMENT : status;
}

enum status keyfile_open(
    const char *dir, const struct id *key, struct bytes passphrase, struct secrets *out, struct err *err)
{
	char path[PATH_BYTES];
	struct keyfile file = { .memory_kib = 0 };
	struct arena arena;
	enum status status = keyfile_path(dir, key, path, err);

	sodium_memzero(out, sizeof *out);
	if (status != OK) {
		return status;
	}
	arena_init(&arena, 4 * FILE_BYTES);
	status = keyfile_load(path, &arena, &file, err);
	if (status == OK && !id_equal(&file.info.key, key)) {
		status = err_set(err, ENVIRONMENT, "%s: it holds another key than its name says", path);
	}
	if (status == OK) {
		status = box_open(&file, passphrase, out, err);
	}
	/* The second half of an Ed25519 secret is the public key. */
	if (status == OK && memcmp(out->sign + 32, key->data, ID_BYTES) != 0) {
		status = err_set(err, ENVIRONMENT, "%s: the secret in it is not of this key", path);
	}
	if (status != OK) {
		secrets_clear(out);
	}
	arena_clear(&arena);
	return status;
}

bool keyfile_exists(const char *dir, const struct id *key)
{
	char path[PATH_BYTES];

	return keyfile_path(dir, key, path, NULL) == OK && file_exists(path);
}

/* --- all of a folder -------------------------------------------------------------------------------------------------- */

static int by_name(const void *a, const void *b)
{
	return id_compare(a, b);
}

static struct id *keys_list(const char *folder, struct arena *arena, size_t *count)
{
	struct id *keys = NULL;
	DIR *listing = opendir(folder);
	struct dirent *item;

	*count = 0;
	while (listing != NULL && *count < KEYS_MOST && (item = readdir(listing)) != NULL) {
		struct id key;
		if (strlen(item->d_name) != 2 * ID_BYTES + 4 || strcmp(item->d_name + 2 * ID_BYTES, ".key") != 0 ||
		    !hex_parse(item->d_name, 2 * ID_BYTES, key.data, ID_BYTES)) {
			continue;
		}
		struct id *grown = arena_grow(arena, keys, *count, *count + 1, sizeof *keys);
		if (grown == NULL) {
			break;
		}
		keys = grown;
		keys[(*count)++] = key;
	}
	if (listing != NULL) {
		closedir(listing);
	}
	if (keys != NULL) {
		qsort(keys, *count, sizeof *keys, by_name);
	}
	return keys;
}

enum status keyfile_each(const char *dir, enum status (*each)(void *, const struct keyfile_info *, struct err *),
    void *context, struct err *err)
{
	char path[PATH_BYTES];
	struct arena arena;
	size_t count = 0;
	enum status status = path_make(path, err, "%s/keys", dir);

	if (status != OK) {
		return status;
	}
	arena_init(&arena, 16u << 20);
	struct id *keys = keys_list(path, &arena, &count);
	for (size_t i = 0; status == OK && i < count; i++) {
		struct keyfile file;
		status = keyfile_path(dir, &keys[i], path, err);
		if (status == OK) {
			/* One damaged file must not hide the others. */
			if (keyfile_load(path, &arena, &file, NULL) != OK) {
				file = (struct keyfile){ .info = { .key = keys[i], .role = "damaged" } };
			}
			status = each(context, &file.info, err);
		}
	}
	arena_clear(&arena);
	return status;
}
