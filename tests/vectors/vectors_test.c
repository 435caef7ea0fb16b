/* vectors write DIR: makes good/ and bad/ anew. vectors check DIR: the files are those that are made, and each gets the
 * verdict that it asks for from the program's own code, read from the file alone. */
#include "base/limits.h"
#include "base/tap.h"
#include "core/kernel.h"
#include "vectors.h"
#include <dirent.h>
#include <jansson.h>
#include <stdlib.h>

#define PATH_BYTES 512

/* Everything a reader does with a lone entry, in its order. */
static const char *judge(const struct place *place, struct bytes cose, struct entry *entry)
{
	struct bytes body;
	const uint8_t *signature;
	const char *reason = cose_parse(cose, &body, &signature);

	if (reason == NULL) {
		reason = entry_init(entry, place, body, signature);
	}
	return reason != NULL ? reason : entry_verify(entry);
}

static void all_make(struct maker *good, struct maker *bad)
{
	good_make(good);
	good_signature_make(good);
	bad_form_make(bad);
	bad_signature_make(bad);
	bad_cose_make(bad);
}

/* ---- writing and comparing ----------------------------------------------------------------------------------------- */

struct folder {
	const char *root, *name;
	unsigned count, different;
};

static void path_make(const struct folder *folder, const char *name, char path[PATH_BYTES])
{
	int len = snprintf(path, PATH_BYTES, "%s/%s/%s.json", folder->root, folder->name, name);

	ASSERT(len > 0 && len < PATH_BYTES);
}

static void file_write(void *context, const struct vector *vector)
{
	struct folder *folder = context;
	char path[PATH_BYTES];
	struct buf text;

	buf_init(&text, 2 << 20);
	vector_print(vector, &text);
	path_make(folder, vector->name, path);
	FILE *file = fopen(path, "wb");
	if (text.failed || file == NULL || fwrite(text.data, 1, text.len, file) != text.len || fclose(file) != 0) {
		perror(path);
		exit(4);
	}
	folder->count++;
	buf_clear(&text);
}

static void file_compare(void *context, const struct vector *vector)
{
	static char found[2 << 20];
	struct folder *folder = context;
	char path[PATH_BYTES];
	struct buf text;

	buf_init(&text, sizeof found);
	vector_print(vector, &text);
	path_make(folder, vector->name, path);
	FILE *file = fopen(path, "rb");
	size_t len = file != NULL ? fread(found, 1, sizeof found, file) : 0;
	if (file != NULL) {
		fclose(file);
	}
	if (!bytes_equal(bytes_of(found, len), buf_bytes(&text))) {
		printf("# %s is not what is made\n", path);
		folder->different++;
	}
	folder->count++;
	buf_clear(&text);
}

static void makers_run(
    const char *root, void (*take)(void *context, const struct vector *vector), struct folder folders[2])
{
	folders[0] = (struct folder){ .root = root, .name = "good" };
	folders[1] = (struct folder){ .root = root, .name = "bad" };
	struct maker good = { .take = take, .context = &folders[0] };
	struct maker bad = { .take = take, .context = &folders[1] };
	all_make(&good, &bad);
}

/* ---- reading ------------------------------------------------------------------------------------------------------- */

static uint8_t cose_bytes[LIMIT_BODY_BYTES + 1024];

static bool hex_member(const json_t *file, const char *name, uint8_t *out, size_t len)
{
	const char *text = json_string_value(json_object_get(file, name));

	return text != NULL && hex_parse(text, strlen(text), out, len);
}

static bool place_read(const json_t *file, struct place *place)
{
	const char *seq = json_string_value(json_object_get(file, "seq"));

	if (seq == NULL) {
		return false;
	}
	place->seq = strtoull(seq, NULL, 10);
	return hex_member(file, "tally", place->tally.data, ID_BYTES) &&
	    hex_member(file, "key", place->key.data, ID_BYTES) && hex_member(file, "prev", place->prev.data, ID_BYTES);
}

/* What stands in the file beside `cose` must be what is in it. */
static bool members_agree(const json_t *file, const struct entry *entry)
{
	uint8_t body[LIMIT_BODY_BYTES + 1], signature[SIGNATURE_BYTES];
	struct id id = { { 0 } };
	const char *text = json_string_value(json_object_get(file, "body"));

	if (!hex_member(file, "id", id.data, ID_BYTES) || !id_equal(&id, &entry->id)) {
		return false;
	}
	if (text == NULL) {
		return entry->body.bytes.len > 4096;
	}
	return hex_member(file, "body", body, entry->body.bytes.len) &&
	    bytes_equal(entry->body.bytes, bytes_of(body, entry->body.bytes.len)) &&
	    hex_member(file, "signature", signature, SIGNATURE_BYTES) &&
	    memcmp(signature, entry->signature, SIGNATURE_BYTES) == 0;
}

/* A good entry is no entry when it is cut anywhere, nor with a bit of its body or signature changed. */
static bool survives_nothing(const struct place *place, struct bytes cose)
{
	struct entry entry;
	size_t step = cose.len > 400 ? cose.len / 97 : 1;

	for (size_t len = 0; len < cose.len; len += step) {
		if (judge(place, bytes_of(cose.data, len), &entry) == NULL) {
			return false;
		}
	}
	for (size_t at = 0; at < cose.len; at += step) {
		cose_bytes[at] ^= (uint8_t)(1 << at % 8);
		bool good = judge(place, cose, &entry) == NULL;
		cose_bytes[at] ^= (uint8_t)(1 << at % 8);
		if (good) {
			return false;
		}
	}
	return true;
}

/* The kernel's kinds among the good ones have the fields of their tables too. */
static bool fields_fit(const struct body *body)
{
	const struct kind *kind = kernel_kind(body->kind);

	return kind == NULL || record_check(kind, body, NULL) == OK;
}

static void file_judge(const struct folder *folder, const char *name)
{
	char path[PATH_BYTES], title[400];
	bool good = strcmp(folder->name, "good") == 0;
	struct place place;
	struct entry entry;

	path_make(folder, name, path);
	json_t *file = json_load_file(path, 0, NULL);
	const char *cose = json_string_value(json_object_get(file, "cose"));
	const char *expected = json_string_value(json_object_get(file, "reason"));
	size_t len = cose != NULL ? strlen(cose) / 2 : 0;
	snprintf(title, sizeof title, "%s: %s is %s", name, json_string_value(json_object_get(file, "title")),
	    expected != NULL ? expected : "good");
	if (cose == NULL || len > sizeof cose_bytes || !place_read(file, &place) || good != (expected == NULL) ||
	    !hex_parse(cose, strlen(cose), cose_bytes, len)) {
		tap_ok(false, title);
	} else {
		const char *reason = judge(&place, bytes_of(cose_bytes, len), &entry);
		tap_is_text(reason != NULL ? reason : "good", expected != NULL ? expected : "good", title);
		if (good) {
			snprintf(
			    title, sizeof title, "%s: what stands beside it agrees, and no part of it is good", name);
			tap_ok(reason == NULL && members_agree(file, &entry) && fields_fit(&entry.body) &&
				survives_nothing(&place, bytes_of(cose_bytes, len)),
			    title);
		}
	}
	json_decref(file);
}

static int is_json(const struct dirent *file)
{
	const char *dot = strrchr(file->d_name, '.');

	return dot != NULL && strcmp(dot, ".json") == 0;
}

static void folder_judge(struct folder *folder)
{
	char path[PATH_BYTES], title[100];
	struct dirent **files;

	snprintf(path, sizeof path, "%s/%s", folder->root, folder->name);
	int count = scandir(path, &files, is_json, alphasort);
	snprintf(title, sizeof title, "%s/ holds the files that are made, and no others", folder->name);
	tap_ok(count >= 0 && (unsigned)count == folder->count && folder->different == 0, title);
	for (int i = 0; i < count; i++) {
		*strrchr(files[i]->d_name, '.') = '\0';
		file_judge(folder, files[i]->d_name);
		free(files[i]);
	}
	if (count >= 0) {
		free(files);
	}
}

int main(int argc, char **argv)
{
	struct folder folders[2];

	wire_start();
	if (argc == 3 && strcmp(argv[1], "write") == 0) {
		makers_run(argv[2], file_write, folders);
		printf("%u good, %u bad\n", folders[0].count, folders[1].count);
		return 0;
	}
	if (argc != 3 || strcmp(argv[1], "check") != 0) {
		fprintf(stderr, "usage: vectors write|check DIR\n");
		return 2;
	}
	makers_run(argv[2], file_compare, folders);
	folder_judge(&folders[0]);
	folder_judge(&folders[1]);
	return tap_done();
}
