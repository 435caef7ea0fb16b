/* Checks of a home. Numbers S1 to S4 are the store's invariants (store/store.h). */
#include "app/doctor.h"
#include "base/time.h"
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#define DISK_LOW_MIB 256

struct doctor {
	struct app *app;
	json_t *rows;
	bool bad;
	int64_t count, wrong;
};

static void tell(struct doctor *doctor, const char *check, const char *result, const char *detail)
{
	json_t *row = json_object();
	json_object_set_new(row, "check", json_string(check));
	json_object_set_new(row, "result", json_string(result));
	json_object_set_new(row, "detail", json_string(detail));
	json_array_append_new(doctor->rows, row);
	doctor->bad |= strcmp(result, "bad") == 0;
}

static void tell_err(struct doctor *doctor, const char *check, const struct err *err)
{
	tell(doctor, check, "bad", err->text);
}

/* --- the store ---------------------------------------------------------------------------------------------------------- */

/* A query of one integer: how many rows are wrong. */
static void count_wrong(struct doctor *doctor, const char *check, const char *sql, const char *what)
{
	struct query *query;
	struct err err;
	char detail[200];
	err_clear(&err);
	if (ctx_query(&doctor->app->ctx, sql, &query, &err) != OK) {
		tell_err(doctor, check, &err);
		return;
	}
	int64_t wrong = query_next(query) ? query_int(query, 0) : -1;
	query_close(query);
	snprintf(detail, sizeof detail, "%lld %s", (long long)wrong, what);
	tell(doctor, check, wrong == 0 ? "good" : "bad", detail);
}

static void check_database(struct doctor *doctor)
{
	struct query *query;
	struct err err;
	err_clear(&err);
	if (ctx_query(&doctor->app->ctx, "pragma integrity_check", &query, &err) != OK || !query_next(query)) {
		tell(doctor, "database", "bad", err.text[0] ? err.text : "cannot be checked");
		return;
	}
	bool good = bytes_is(query_text(query, 0), "ok");
	const char *detail = arena_text(&doctor->app->arena, query_text(query, 0));
	tell(doctor, "database", good ? "good" : "bad",
	    good ? "its pages and indexes are sound"
		 : arena_printf(&doctor->app->arena, "%s; restore a backup and read the partner's bundle", detail));
	query_close(query);
}

static void check_invariants(struct doctor *doctor)
{
	count_wrong(doctor, "logs without gaps (S1)",
	    "select count(*) from log l where l.head_seq - l.first_seq + 1 <>"
	    " (select count(*) from entry e where e.log = l.row)",
	    "logs with a gap");
	count_wrong(doctor, "heads of logs (S2)",
	    "select count(*) from log l join entry e on e.log = l.row and e.seq = l.head_seq"
	    " where e.id <> l.head_id",
	    "heads that are not the last entry");
	count_wrong(doctor, "missing entries (S3)",
	    "select count(*) from missing m join entry e on e.id_prefix = m.target_prefix and"
	    " e.id = m.target and e.tally = m.tally",
	    "entries that count as missing and are here");
	count_wrong(doctor, "verdicts are whole (S4)", "select count(*) from thread where touched <> 0",
	    "threads that wait to be folded");
}

static enum status check_signature(void *context, const struct entry_row *row, struct err *err)
{
	struct doctor *doctor = context;
	struct entry entry;
	struct place place;
	enum status status = store_entry_place(doctor->app->store, row, &place, err);
	if (status != OK) {
		return status;
	}
	doctor->count++;
	bool good = !entry_init(&entry, &place, row->body, row->signature) && id_equal(&entry.id, &row->id) &&
	    !entry_verify(&entry);
	doctor->wrong += !good;
	return OK;
}

static enum status check_tally_signatures(void *context, const struct tally_row *tally, struct err *err)
{
	return store_entries(((struct doctor *)context)->app->store, tally->row, 0, check_signature, context, err);
}

static void check_signatures(struct doctor *doctor)
{
	struct err err;
	char detail[120];
	err_clear(&err);
	if (store_tally_each(doctor->app->store, check_tally_signatures, doctor, &err) != OK) {
		tell_err(doctor, "signatures", &err);
		return;
	}
	snprintf(detail, sizeof detail, "%lld entries, %lld with another id or signature", (long long)doctor->count,
	    (long long)doctor->wrong);
	tell(doctor, "signatures", doctor->wrong ? "bad" : "good", detail);
}

static void check_stopped(struct doctor *doctor)
{
	struct query *query;
	unsigned count = 0;
	if (ctx_query(&doctor->app->ctx, "select stopped from log where stopped <> ''", &query, NULL) != OK) {
		return;
	}
	const char *first = "";
	while (query_next(query)) {
		first = count++ ? first : arena_text(&doctor->app->arena, query_text(query, 0));
	}
	query_close(query);
	tell(doctor, "logs that go on", count ? "warning" : "good",
	    count ? arena_printf(&doctor->app->arena, "%u stopped: %s", count, first) : "none stopped");
}

/* --- folding anew ------------------------------------------------------------------------------------------------------- */

struct rebuild {
	struct app *app;
	json_t *rows;
	bool changed;
	int64_t tally;
};

static void rebuild_progress(void *context, int64_t done, int64_t all)
{
	struct app *app = context;
	if (app->progress) {
		app->progress(app->progress_context, "rebuild", done, all);
	}
}

static enum status rebuild_tally(void *context, const struct tally_row *tally, struct err *err)
{
	struct rebuild *rebuild = context;
	struct store *store = rebuild->app->store;
	struct id before = { { 0 } }, after = { { 0 } };
	enum status status = digest_now(store, tally->row, &before, err);
	if (status == OK) {
		status = fold_rebuild(store, tally->row, rebuild_progress, rebuild->app, err);
	}
	if (status == OK) {
		status = digest_now(store, tally->row, &after, err);
	}
	if (status != OK) {
		return status;
	}
	bool same = id_equal(&before, &after);
	json_t *row = json_object();
	json_object_set_new(row, "tally", json_hex(id_bytes(&tally->id)));
	json_object_set_new(row, "digest", json_hex(id_bytes(&after)));
	json_object_set_new(row, "same", json_boolean(same));
	json_array_append_new(rebuild->rows, row);
	rebuild->changed |= !same;
	return OK;
}

enum status rebuild_rows(struct app *app, bool keep, json_t **rows, struct err *err)
{
	struct rebuild rebuild = { .app = app, .rows = json_array() };
	*rows = rebuild.rows;
	enum status status = app_write(app, err);
	if (status == OK) {
		status = store_begin(app->store, err);
	}
	if (status != OK) {
		return status;
	}
	status = store_tally_each(app->store, rebuild_tally, &rebuild, err);
	if (status != OK || !keep) {
		store_rollback(app->store);
	} else {
		status = store_commit(app->store, err);
	}
	return status == OK && rebuild.changed
	    ? err_set(err, CHECK_FAILED, "rebuild: a digest changed; the stored one was wrong")
	    : status;
}

static void check_rebuild(struct doctor *doctor)
{
	struct err err;
	json_t *rows = NULL;
	err_clear(&err);
	enum status status = rebuild_rows(doctor->app, false, &rows, &err);
	if (status == OK) {
		tell(doctor, "folded anew", "good",
		    arena_printf(&doctor->app->arena, "%zu tallies, the same digests", json_array_size(rows)));
	} else if (status == ENVIRONMENT) {
		tell(doctor, "folded anew", "warning", err.text);
	} else {
		tell_err(doctor, "folded anew", &err);
	}
	json_decref(rows);
}

/* --- keys, disk, clock -------------------------------------------------------------------------------------------------- */

static enum status check_key_file(void *context, const struct keyfile_info *info, struct err *err)
{
	struct doctor *doctor = context;
	char path[4300], hex[ID_BYTES * 2 + 1];
	struct stat stat_of;
	(void)err;
	hex_print(id_bytes(&info->key), hex);
	snprintf(path, sizeof path, "%s/keys/%s.key", doctor->app->home_dir, hex);
	bool open_to_others = stat(path, &stat_of) == 0 && (stat_of.st_mode & 077) != 0;
	doctor->count++;
	doctor->wrong += open_to_others || strcmp(info->role, "damaged") == 0;
	return OK;
}

static void check_keys(struct doctor *doctor)
{
	struct err err;
	err_clear(&err);
	doctor->count = doctor->wrong = 0;
	if (keyfile_each(doctor->app->home_dir, check_key_file, doctor, &err) != OK) {
		tell_err(doctor, "key files", &err);
		return;
	}
	tell(doctor, "key files", doctor->wrong ? "bad" : "good",
	    arena_printf(&doctor->app->arena,
		doctor->wrong ? "%lld here, %lld damaged or readable by others" : "%lld here", (long long)doctor->count,
		(long long)doctor->wrong));
}

static void check_disk(struct doctor *doctor)
{
	struct statvfs disk;
	if (statvfs(doctor->app->home_dir, &disk) != 0) {
		tell(doctor, "disk", "bad", strerror(errno));
		return;
	}
	unsigned long long free_mib = (unsigned long long)disk.f_bavail * disk.f_frsize >> 20;
	tell(doctor, "disk", free_mib < DISK_LOW_MIB ? "warning" : "good",
	    arena_printf(&doctor->app->arena, "%llu MiB free", free_mib));
}

static void check_clock(struct doctor *doctor)
{
	struct query *query;
	int64_t newest = 0, now = clock_now_ms();
	char text[TIME_TEXT];
	if (ctx_query(&doctor->app->ctx, "select max(stored_ms) from entry", &query, NULL) == OK && query_next(query)) {
		newest = query_int(query, 0);
	}
	query_close(query);
	time_print(newest > now ? newest : now, text);
	tell(doctor, "clock", newest > now ? "bad" : "good",
	    arena_printf(&doctor->app->arena,
		newest > now ? "is behind an entry that this home stored at %s; set it" : "%s", text));
}

static void check_copy(struct doctor *doctor)
{
	const struct store *store = doctor->app->store;
	tell(doctor, "not a copy", store->read_only ? "bad" : "good",
	    store->read_only ? store->read_only_why.text : "this machine's own home");
}

enum status doctor_rows(struct app *app, bool quick, json_t **rows, struct err *err)
{
	struct doctor doctor = { .app = app, .rows = json_array() };
	*rows = doctor.rows;
	app_write(app, NULL); /* whether it may be written shows as a check below */
	check_copy(&doctor);
	check_database(&doctor);
	check_invariants(&doctor);
	check_stopped(&doctor);
	if (!quick) {
		check_signatures(&doctor);
		check_rebuild(&doctor);
	}
	check_keys(&doctor);
	check_disk(&doctor);
	check_clock(&doctor);
	return doctor.bad ? err_set(err, CHECK_FAILED, "home %s: a check failed", app->home_dir) : OK;
}
