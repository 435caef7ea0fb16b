/* A home on disk, and the care that no copy of it goes on writing: two homes with one set of keys would fork every log.
 *
 *     DIR/store.db        the store; settings home, machine, incarnation, incarnation_before
 *     DIR/lock            held by the one writer (db.c)
 *     DIR/keys/           key files (keyfile.c)
 *     DIR/attachments/    files by hash (attachment.c)
 *     DIR/backup          marks a copy that is to stay one
 *     STATE/HOME          outside the home: the incarnation, a random value, renewed by every process that writes
 *     STATE/HOME.lock     held while a process writes, so that a copy made meanwhile cannot write beside it
 *
 * The incarnation goes to the store first, which keeps the one before as well, then to the file. A crash between the two leaves the
 * file one step behind, and that is accepted (H1). A store that is behind the file is an old copy and opens read-only (H2).
 * Not caught here: a whole machine set back. The first sync catches that: a peer knows later entries of ours. */
#include "core/assets.h"
#include "store/cache.h"
#include "store/file.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#define INCARNATION_BYTES 16
#define STATE_BYTES 128

struct home {
	char name[33]; /* hex */
	struct id machine;
	uint8_t incarnation[INCARNATION_BYTES], before[INCARNATION_BYTES];
};

/* --- outside the home ------------------------------------------------------------------------------------------------- */

static enum status state_folder(char out[PATH_BYTES], struct err *err)
{
	const char *own = getenv("WARIFU_STATE"), *state = getenv("XDG_STATE_HOME"), *user = getenv("HOME");

	if (own != NULL && own[0] != '\0') {
		return path_make(out, err, "%s", own);
	}
	if (state != NULL && state[0] == '/') {
		return path_make(out, err, "%s/warifu", state);
	}
	if (user != NULL && user[0] == '/') {
		return path_make(out, err, "%s/.local/state/warifu", user);
	}
	return err_set(err, ENVIRONMENT, "home: no place for its incarnation; set HOME or WARIFU_STATE");
}

static enum status state_path(char out[PATH_BYTES], const char *name, const char *suffix, struct err *err)
{
	char folder[PATH_BYTES];
	enum status status = state_folder(folder, err);

	return status == OK ? path_make(out, err, "%s/%s%s", folder, name, suffix) : status;
}

/* "warifu-incarnation 1 HEX\n" */
static enum status state_write(const struct home *home, struct err *err)
{
	char path[PATH_BYTES], text[STATE_BYTES], hex[2 * INCARNATION_BYTES + 1];
	enum status status = state_folder(path, err);

	if (status == OK) {
		status = folder_make(path, err);
	}
	if (status == OK) {
		status = state_path(path, home->name, "", err);
	}
	if (status != OK) {
		return status;
	}
	hex_print(bytes_of(home->incarnation, INCARNATION_BYTES), hex);
	int len = snprintf(text, sizeof text, "warifu-incarnation 1 %s\n", hex);
	return file_write(path, bytes_of(text, (size_t)len), false, err);
}

static enum status state_read(const struct home *home, uint8_t out[INCARNATION_BYTES], struct err *err)
{
	static const char head[] = "warifu-incarnation 1 ";
	char path[PATH_BYTES];
	struct arena arena;
	struct bytes text;
	enum status status = state_path(path, home->name, "", err);

	if (status != OK) {
		return status;
	}
	arena_init(&arena, 4096);
	status = file_read(path, STATE_BYTES, &arena, &text, err);
	size_t head_len = sizeof head - 1;
	if (status == OK &&
	    (text.len < head_len + 2 * INCARNATION_BYTES || memcmp(text.data, head, head_len) != 0 ||
		!hex_parse((const char *)text.data + head_len, 2 * INCARNATION_BYTES, out, INCARNATION_BYTES))) {
		status = NOT_FOUND;
	}
	arena_clear(&arena);
	return status;
}

static enum status state_lock(struct store *store, const struct home *home, struct err *err)
{
	char path[PATH_BYTES];
	enum status status = state_path(path, home->name, ".lock", err);

	if (status != OK) {
		return status;
	}
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0) {
		return err_set(err, ENVIRONMENT, "%s: %s", path, strerror(errno));
	}
	if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
		close(fd);
		return err_set(err, ENVIRONMENT,
		    "home %s: another copy of this home is open for writing; end that program first", store->path);
	}
	store->cache->lock_fd = fd;
	return OK;
}

/* --- what the store says of itself ------------------------------------------------------------------------------------ */

/* Which machine this is, mixed with the home's name so that the value says nothing elsewhere. */
static struct id machine_id(const char *home_name)
{
	const char *given = getenv("WARIFU_MACHINE");
	struct arena arena;
	struct bytes text = bytes_text("");

	arena_init(&arena, 8192);
	if (given != NULL && given[0] != '\0') {
		text = bytes_text(given);
	} else if (file_read("/etc/machine-id", 4096, &arena, &text, NULL) != OK) {
		text = bytes_text("");
	}
	struct id machine = sha256_two(bytes_text(home_name), text);
	arena_clear(&arena);
	return machine;
}

static enum status setting_fixed(struct store *store, const char *name, void *out, size_t len, struct err *err)
{
	struct arena arena;
	struct bytes value;

	arena_init(&arena, 4096);
	enum status status = store_setting_get(store, name, &arena, &value, err);
	if (status == OK && value.len == len) {
		memcpy(out, value.data, len);
	} else if (status == OK || status == NOT_FOUND) {
		status =
		    err_set(err, ENVIRONMENT, "home %s: setting %s is broken; run `warifu doctor`", store->path, name);
	}
	arena_clear(&arena);
	return status;
}

static enum status home_read(struct store *store, struct home *home, struct err *err)
{
	uint8_t name[16];
	enum status status = setting_fixed(store, "home", name, sizeof name, err);

	if (status == OK) {
		status = setting_fixed(store, "machine", home->machine.data, sizeof home->machine.data, err);
	}
	if (status == OK) {
		status = setting_fixed(store, "incarnation", home->incarnation, INCARNATION_BYTES, err);
	}
	if (status == OK) {
		status = setting_fixed(store, "incarnation_before", home->before, INCARNATION_BYTES, err);
	}
	hex_print(bytes_of(name, sizeof name), home->name);
	return status;
}

static enum status home_write(struct store *store, const struct home *home, struct err *err)
{
	uint8_t name[16];
	enum status status;

	ASSERT(hex_parse(home->name, 2 * sizeof name, name, sizeof name));
	status = store_setting_set(store, "home", bytes_of(name, sizeof name), err);
	if (status == OK) {
		status = store_setting_set(store, "machine", id_bytes(&home->machine), err);
	}
	if (status == OK) {
		status = store_setting_set(store, "incarnation", bytes_of(home->incarnation, INCARNATION_BYTES), err);
	}
	if (status == OK) {
		status = store_setting_set(store, "incarnation_before", bytes_of(home->before, INCARNATION_BYTES), err);
	}
	return status;
}

static void home_new(struct home *home)
{
	uint8_t name[16];

	random_bytes(name, sizeof name);
	hex_print(bytes_of(name, sizeof name), home->name);
	home->machine = machine_id(home->name);
	random_bytes(home->incarnation, INCARNATION_BYTES);
	memcpy(home->before, home->incarnation, INCARNATION_BYTES);
}

enum status incarnation_renew(struct store *store, struct err *err)
{
	struct home home;
	enum status status = home_read(store, &home, err);

	if (status != OK) {
		return status;
	}
	if (state_read(&home, home.before, err) != OK) {
		return err_set(err, ENVIRONMENT, "home %s: its incarnation has gone; open it anew", store->path);
	}
	random_bytes(home.incarnation, INCARNATION_BYTES);
	status = db_begin(store->db, err);
	if (status != OK) {
		return status;
	}
	status = home_write(store, &home, err);
	if (status != OK) {
		db_rollback(store->db);
		return status;
	}
	status = db_commit(store->db, err);
	if (status == OK) {
		status = state_write(&home, err); /* H1 */
	}
	store->cache->renewed = status == OK;
	return status;
}

/* --- making ----------------------------------------------------------------------------------------------------------- */

static bool home_is_there(struct db *db)
{
	struct statement *s;

	if (db_statement(db, "select 1 from setting where name = 'home'", &s, NULL) != OK) {
		return false;
	}
	bool there = statement_step(s, NULL) == OK;
	statement_done(s);
	return there;
}

static enum status home_fill(struct store *store, struct err *err)
{
	struct home home;
	enum status status;

	if (home_is_there(store->db)) {
		return err_set(err, ENVIRONMENT, "home %s: there is one already", store->path);
	}
	home_new(&home);
	status = state_write(&home, err);
	if (status == OK) {
		status = db_begin(store->db, err);
	}
	if (status != OK) {
		return status;
	}
	status = db_script(store->db, asset_schema_start, err);
	if (status == OK) {
		status = home_write(store, &home, err);
	}
	if (status != OK) {
		db_rollback(store->db);
		return status;
	}
	return db_commit(store->db, err);
}

static enum status store_path(struct store *store, const char *dir, char database[PATH_BYTES], struct err *err)
{
	size_t len = strlen(dir);

	while (len > 1 && dir[len - 1] == '/') {
		len--;
	}
	*store = (struct store){ .mode = DB_WRITE };
	if (len == 0 || len >= sizeof store->path) {
		return err_set(err, ENVIRONMENT, "home: the path is empty or too long");
	}
	memcpy(store->path, dir, len);
	return path_make(database, err, "%s/store.db", store->path);
}

enum status store_create(const char *dir, struct err *err)
{
	char database[PATH_BYTES], folder[PATH_BYTES];
	struct store store;
	enum status status = store_path(&store, dir, database, err);

	if (status == OK) {
		status = folder_make(store.path, err);
	}
	static const char *const folders[] = { "keys", "attachments" };
	for (unsigned i = 0; status == OK && i < sizeof folders / sizeof *folders; i++) {
		status = path_make(folder, err, "%s/%s", store.path, folders[i]);
		if (status == OK) {
			status = folder_make(folder, err);
		}
	}
	if (status == OK) {
		status = db_open(database, DB_WRITE, &store.db, err);
	}
	if (status == OK) {
		status = home_fill(&store, err);
	}
	db_close(store.db);
	return status;
}

/* --- opening ---------------------------------------------------------------------------------------------------------- */

/* Why this home may not be written to; NULL when it may. */
static const char *doubt(const struct store *store, const struct home *home, struct err *err)
{
	char backup[PATH_BYTES];
	uint8_t outside[INCARNATION_BYTES];
	struct id machine = machine_id(home->name);

	if (path_make(backup, err, "%s/backup", store->path) != OK || file_exists(backup)) {
		return "marked as a backup (a file `backup` lies in it)";
	}
	if (!id_equal(&machine, &home->machine)) {
		return "made on another machine";
	}
	if (state_read(home, outside, err) != OK) {
		return "its incarnation file is missing on this machine, so it may be a copy";
	}
	if (memcmp(outside, home->incarnation, INCARNATION_BYTES) != 0 &&
	    memcmp(outside, home->before, INCARNATION_BYTES) != 0) {
		return "an older copy: the home has gone on elsewhere since"; /* H2 */
	}
	return NULL;
}

static void store_drop(struct store *store)
{
	int lock_fd = store->cache == NULL ? -1 : store->cache->lock_fd;

	db_close(store->db);
	store->db = NULL;
	cache_close(store);
	if (lock_fd >= 0) {
		close(lock_fd);
	}
}

static enum status store_attach(
    struct store *store, const char *database, enum db_mode mode, struct home *home, struct err *err)
{
	enum status status = db_open(database, mode, &store->db, err);

	store->mode = mode;
	if (status == OK && !home_is_there(store->db)) {
		status = err_set(err, ENVIRONMENT, "home %s: store.db is not a home's", store->path);
	}
	if (status == OK) {
		status = cache_open(store, err);
	}
	return status == OK ? home_read(store, home, err) : status;
}

enum status store_open(const char *dir, enum db_mode mode, struct store *store, struct err *err)
{
	char database[PATH_BYTES];
	struct home home;
	const char *reason = NULL;
	struct err ignored = { .status = OK };
	enum status status = store_path(store, dir, database, err);

	if (status == OK && !file_exists(database)) {
		status = err_set(err, ENVIRONMENT, "home %s: there is none; make one first", store->path);
	}
	if (status == OK) {
		status = store_attach(store, database, mode, &home, err);
	}
	if (status == OK && mode == DB_WRITE) {
		reason = doubt(store, &home, &ignored);
		if (reason == NULL) {
			status = state_lock(store, &home, err);
		}
	}
	if (status == OK && reason != NULL) {
		store_drop(store);
		status = store_attach(store, database, DB_READ, &home, err);
		store->read_only = true;
		err_set(&store->read_only_why, ENVIRONMENT,
		    "home %.150s: read-only: %s; to go on from here, give up its keys: "
		    "have a new desk and a new home key granted, then adopt this copy",
		    store->path, reason);
	}
	if (status != OK) {
		store_drop(store);
	}
	return status;
}

void store_close(struct store *store)
{
	store_drop(store);
}

/* --- going on from a copy --------------------------------------------------------------------------------------------- */

static enum status adopted_count(struct store *store, struct err *err)
{
	struct arena arena;
	struct bytes value;
	char text[24];
	unsigned long count = 0;

	arena_init(&arena, 4096);
	enum status status = store_setting_get(store, "adopted", &arena, &value, err);
	if (status == OK) {
		count = strtoul(arena_text(&arena, value), NULL, 10);
	}
	arena_clear(&arena);
	if (status != OK && status != NOT_FOUND) {
		return status;
	}
	int len = snprintf(text, sizeof text, "%lu", count + 1);
	return store_setting_set(store, "adopted", bytes_of(text, (size_t)len), err);
}

/* A new name, so that the home that this was copied from, if it lives, goes on undisturbed. */
static enum status adopt(struct store *store, struct err *err)
{
	struct home home;
	enum status status;

	home_new(&home);
	status = state_write(&home, err);
	if (status == OK) {
		status = db_begin(store->db, err);
	}
	if (status != OK) {
		return status;
	}
	status = home_write(store, &home, err);
	if (status == OK) {
		status = adopted_count(store, err);
	}
	if (status != OK) {
		db_rollback(store->db);
		return status;
	}
	status = db_commit(store->db, err);
	return status == OK ? state_lock(store, &home, err) : status;
}

enum status store_adopt(struct store *store, struct err *err)
{
	char database[PATH_BYTES], backup[PATH_BYTES];
	struct home home;
	struct err ignored = { .status = OK };
	enum status status = path_make(database, err, "%s/store.db", store->path);

	if (!store->read_only) {
		return err_set(err, ENVIRONMENT, "home %s: it is not a copy; nothing to adopt", store->path);
	}
	if (status == OK) {
		status = path_make(backup, err, "%s/backup", store->path);
	}
	if (status == OK) {
		store_drop(store);
		status = store_attach(store, database, DB_WRITE, &home, err);
	}
	if (status == OK) {
		status = adopt(store, err);
	}
	if (status == OK) {
		status = file_remove(backup, err);
	}
	if (status != OK) {
		store_drop(store);
		if (store_attach(store, database, DB_READ, &home, &ignored) != OK) {
			store_drop(store);
		}
		return status;
	}
	store->read_only = false;
	err_clear(&store->read_only_why);
	return OK;
}
