/* What one party may make this home keep. A bound never voids anything: the entry that goes beyond it is refused with the bound's name,
 * so that its log stops there, visibly, until the owner raises the setting of that name; the logs of all other parties go on.
 *
 * Counting costs next to nothing: logs, kernel entries and names that are missing are counted once for each party and kept; entries of a
 * thread once for each thread that was looked at lately, all parties together, and by party only when that sum has reached the bound. */
#include "core/kernel.h"
#include "store/cache.h"
#include <stdlib.h>
#include <string.h>

static int64_t bound(struct store *store, const char *setting, int64_t standard)
{
	struct arena arena;
	struct bytes value;
	int64_t raised = 0;

	arena_init(&arena, 4096);
	if (store_setting_get(store, setting, &arena, &value, NULL) == OK && value.len > 0) {
		const char *text = arena_text(&arena, value);
		raised = text == NULL ? 0 : strtoll(text, NULL, 10);
	}
	arena_clear(&arena);
	return raised > standard ? raised : standard;
}

static enum status count_parties(
    struct store *store, const char *sql, int64_t tally, int64_t counts[LIMIT_PARTIES], struct err *err)
{
	struct statement *s;
	enum status status = db_statement(store->db, sql, &s, err);

	if (status != OK) {
		return status;
	}
	statement_int_at(s, 1, tally);
	while ((status = statement_step(s, err)) == OK) {
		uint64_t party = (uint64_t)statement_column_int(s, 0);
		if (party < LIMIT_PARTIES) {
			counts[party] = statement_column_int(s, 1);
		}
	}
	statement_done(s);
	return status == NOT_FOUND ? OK : status;
}

static enum status kept_load(struct store *store, struct tally_item *item, struct err *err)
{
	enum status status = logs_flush(store, err);

	item->kept = (struct kept){ .counted = false };
	if (status == OK) {
		status = count_parties(store, "select party, count(*) from log where tally = :tally group by party",
		    item->tally.row, item->kept.logs, err);
	}
	if (status == OK) {
		status = count_parties(store, "select party, sum(waiting) from log where tally = :tally group by party",
		    item->tally.row, item->kept.waiting, err);
	}
	if (status == OK) {
		status = count_parties(store,
		    "select l.party, count(*) from entry e join log l on l.row = e.log"
		    " where e.tally = :tally and e.thread = 0 group by l.party",
		    item->tally.row, item->kept.kernel, err);
	}
	item->kept.counted = status == OK;
	return status;
}

static enum status thread_of_party(struct store *store, int64_t thread, unsigned party, int64_t *count, struct err *err)
{
	struct statement *s;
	enum status status = db_statement(store->db,
	    "select count(*) from entry e join log l on l.row = e.log where e.thread = :thread and l.party = :party",
	    &s, err);

	if (status != OK) {
		return status;
	}
	statement_int_at(s, 1, thread);
	statement_int_at(s, 2, party);
	status = statement_step(s, err);
	*count = status == OK ? statement_column_int(s, 0) : 0;
	statement_done(s);
	return status;
}

static enum status thread_look(struct store *store, const struct bounded *entry, const char **reason, struct err *err)
{
	struct id id;
	int64_t thread, count = 0;

	if (entry->body->thread == NULL) {
		return OK;
	}
	memcpy(id.data, entry->body->thread, sizeof id.data);
	enum status status = thread_row_find(store, entry->tally, &id, &thread, err);
	if (status == OK) {
		status = thread_count(store, entry->tally, &id, thread, &count, err);
	}
	if (status == OK && count >= LIMIT_THREAD_ENTRIES) {
		status = thread_of_party(store, thread, entry->party, &count, err);
		if (status == OK && count >= LIMIT_THREAD_ENTRIES &&
		    count >= bound(store, "thread-full", LIMIT_THREAD_ENTRIES)) {
			*reason = "thread-full";
		}
	}
	return status == NOT_FOUND ? OK : status;
}

enum status bounds_look(struct store *store, const struct bounded *entry, const char **reason, struct err *err)
{
	struct tally_item *item = tally_item_find(store, entry->tally);
	enum status status = OK;

	ASSERT(item != NULL && entry->party < LIMIT_PARTIES);
	*reason = NULL;
	if (!item->kept.counted) {
		status = kept_load(store, item, err);
	}
	const struct kept *kept = &item->kept;
	if (status != OK) {
		return status;
	}
	if (entry->begins && kept->logs[entry->party] >= LIMIT_PARTY_LOGS &&
	    kept->logs[entry->party] >= bound(store, "logs", LIMIT_PARTY_LOGS)) {
		*reason = "logs";
	} else if (entry->kernel && !entry->acknowledges && kept->kernel[entry->party] >= LIMIT_KERNEL_ENTRIES &&
	    kept->kernel[entry->party] >= bound(store, "kernel-entries", LIMIT_KERNEL_ENTRIES)) {
		*reason = "kernel-entries";
	} else if (entry->missing > 0 && kept->waiting[entry->party] + entry->missing > LIMIT_WAITING_NAMES &&
	    kept->waiting[entry->party] + entry->missing > bound(store, "waiting", LIMIT_WAITING_NAMES)) {
		*reason = "waiting";
	}
	return *reason != NULL || entry->kernel ? OK : thread_look(store, entry, reason, err);
}

void bounds_kept(struct store *store, const struct bounded *entry)
{
	struct tally_item *item = tally_item_find(store, entry->tally);

	item->kept.logs[entry->party] += entry->begins;
	item->kept.kernel[entry->party] += entry->kernel && !entry->acknowledges;
	item->kept.waiting[entry->party] += entry->missing;
}
