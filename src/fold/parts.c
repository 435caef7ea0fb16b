#include "fold/parts.h"
#include "base/cbor.h"
#include "store/link.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct column part_columns[] = {
	{ "part_id", COLUMN_BLOB },
	{ "number", COLUMN_TEXT },
	{ "part_type", COLUMN_TEXT },
	{ "state", COLUMN_TEXT },
	{ "pen", COLUMN_INT },
	{ "heads", COLUMN_INT },
	{ "since_ms", COLUMN_INT },
	{ "opened_ms", COLUMN_INT },
	{ "opened_by", COLUMN_INT },
	{ NULL, COLUMN_INT },
};
static const struct table part_tables[] = { { "part", part_columns }, { NULL, NULL } };

const struct domain parts_domain = {
	.name = "part",
	.tables = part_tables,
	.sql =
	    "CREATE TABLE part ("
	    "thread {int} NOT NULL, part_id {id} NOT NULL, number {text} NOT NULL, part_type {text} NOT NULL,"
	    "state {text}, pen {int}, heads {int} NOT NULL, since_ms {int}, opened_ms {int} NOT NULL, opened_by {int} NOT NULL);"
	    "CREATE INDEX part_thread ON part (thread);",
};

void parts_rows(struct folding *folding, struct rows *rows)
{
	for (unsigned i = 0; i < folding->fold.part_count; i++) {
		const struct part *part = folding->fold.parts[i];
		const struct state *state = part_state(folding, part);
		int64_t since = 0;
		for (unsigned h = 0; h < part->head_count; h++)
			if (part->heads[h]->body.stated_ms > since)
				since = part->heads[h]->body.stated_ms;
		struct row_value values[] = {
			row_blob(id_bytes(&part->id)),
			row_text(bytes_text(part->number)),
			row_text(bytes_text(part->type->name)),
			state ? row_text(bytes_text(state->name)) : row_null(),
			state && state->pen ? row_int(part->sides[state->pen]) : row_null(),
			row_int(part->head_count),
			since ? row_int(since) : row_null(),
			row_int(part->opener->body.stated_ms),
			row_int(part->opener->signer.party),
		};
		rows_put(rows, &part_tables[0], values);
	}
}

/* Is it this number, with or without four digits of an id? */
static bool bears(struct bytes text, const char *number)
{
	size_t length = strlen(number);

	return text.len >= length && memcmp(text.data, number, length) == 0 &&
	    (text.len == length || text.data[length] == '~');
}

/* Does another thread bear this number, with or without four digits of its id? One that bears it plainly gets its digits, too. */
static enum status look_for_double(struct folding *folding, const char *number, bool *found, struct err *err)
{
	struct statement *s;
	char past[80];
	/* By the index of numbers: with `or`, or by the index of the tally, every thread of it would be read. */
	enum status status = db_statement(folding->ring->store->db,
	    "SELECT row, number FROM thread WHERE +tally = ? AND row <> ? AND number >= ? AND number < ?", &s, err);

	*found = false;
	if (status != OK)
		return status;
	snprintf(past, sizeof past, "%s~g", number);
	statement_int_at(s, 1, folding->ring->tally);
	statement_int_at(s, 2, folding->thread_row);
	statement_text_at(s, 3, bytes_text(number));
	statement_text_at(s, 4, bytes_text(past));
	while ((status = statement_step(s, err)) == OK) {
		if (!bears(statement_column_text(s, 1), number))
			continue;
		*found = true;
		if (bytes_is(statement_column_text(s, 1), number) &&
		    (status = store_thread_touch(folding->ring->store, statement_column_int(s, 0), err)) != OK)
			break;
	}
	statement_done(s);
	return status == NOT_FOUND ? OK : status;
}

static void mark_double(char *number, size_t size, const struct id *id)
{
	char hex[2 * ID_BYTES + 1];
	size_t length = strlen(number);

	hex_print(id_bytes(id), hex);
	snprintf(number + length, size - length, "~%.4s", hex);
}

static enum status number_of_thread(
    struct folding *folding, const char *stored, char *number, size_t size, struct err *err)
{
	const struct move *opening = folding->fold.opening;
	bool doubled;
	int64_t ordinal;

	if (strchr(stored, '~')) {
		snprintf(number, size, "%s", stored);
		return OK;
	}
	if (!opening || kernel_of(opening)->log->row.key_class != KEY_DESK)
		return OK;
	enum status status = store_opened_ordinal(
	    folding->ring->store, kernel_of(opening)->log->row.row, kernel_of(opening)->seq, &ordinal, err);
	if (status != OK)
		return status;
	snprintf(number, size, "%s-%02lld-%04lld", folding->fold.tally->party_codes[opening->signer.party],
	    (long long)opening->signer.desk_number, (long long)ordinal);
	status = look_for_double(folding, number, &doubled, err);
	if (doubled)
		mark_double(number, size, &folding->fold.thread);
	return status;
}

void number_of_part(struct folding *folding, struct part *part, const char *thread_number)
{
	if (!part->parent) {
		snprintf(part->number, sizeof part->number, "%s", thread_number);
		return;
	}
	snprintf(part->number, sizeof part->number, "%s/%c%02lld.%u", thread_number, part->type->letter,
	    (long long)part->opener->signer.desk_number, kernel_of(part->opener)->type_ordinal);
	for (unsigned i = 0; i < folding->fold.part_count; i++) {
		struct part *other = folding->fold.parts[i];
		if (other != part && other->parent && other->type == part->type &&
		    other->opener->signer.desk_number == part->opener->signer.desk_number &&
		    kernel_of(other->opener)->type_ordinal == kernel_of(part->opener)->type_ordinal) {
			mark_double(part->number, sizeof part->number, &part->id);
			return;
		}
	}
}

enum status numbers_give(struct folding *folding, const char *stored, char *number, size_t size, struct err *err)
{
	enum status status = number_of_thread(folding, stored, number, size, err);

	for (unsigned i = 0; i < folding->fold.part_count && status == OK; i++)
		number_of_part(folding, folding->fold.parts[i], number);
	return status;
}

static int by_entry_id(const void *a, const void *b)
{
	return id_compare(&(*(struct ring_entry *const *)a)->id, &(*(struct ring_entry *const *)b)->id);
}

static int by_key(const void *a, const void *b)
{
	const struct ring_log *one = *(struct ring_log *const *)a, *two = *(struct ring_log *const *)b;
	int order = id_compare(&one->row.key, &two->row.key);

	return order ? order : id_compare(&one->name, &two->name);
}

/* Of a branch at least the seq before it; of a log that is kept in two, what is said of either. */
static uint64_t printed_limit(const struct keyring *ring, const struct ring_log *log)
{
	uint64_t limit = log->limit < log->stem_seq ? log->stem_seq : log->limit;
	const struct ring_log *before = log->row.parent ? keyring_log(ring, log->row.parent) : NULL;

	for (; before && before->ended; before = before->row.parent ? keyring_log(ring, before->row.parent) : NULL)
		if (before->limit != NO_LIMIT && before->limit > limit)
			limit = before->limit;
	return limit;
}

static void print_keys(const struct keyring *ring, struct buf *out)
{
	struct ring_log **logs = arena_take_array(ring->arena, ring->log_count + 1, sizeof(struct ring_log *));
	unsigned count = 0;

	if (!logs) {
		out->failed = true;
		return;
	}
	for (unsigned i = 0; i < ring->log_count; i++)
		if (ring->logs[i].row.row != CANDIDATE_LOG && ring->logs[i].limit != NO_LIMIT && !ring->logs[i].ended)
			logs[count++] = &ring->logs[i];
	qsort(logs, count, sizeof(struct ring_log *), by_key);
	cbor_put_array(out, count);
	for (unsigned i = 0; i < count; i++) {
		cbor_put_array(out, 4);
		cbor_put_bytes(out, id_bytes(&logs[i]->row.key));
		if (id_is_zero(&logs[i]->name))
			cbor_put_null(out);
		else
			cbor_put_bytes(out, id_bytes(&logs[i]->name));
		cbor_put_int(out, (int64_t)printed_limit(ring, logs[i]));
		cbor_put_int(out, logs[i]->row.party);
	}
}

void kernel_state_print(const struct keyring *ring, struct buf *out)
{
	struct ring_entry **entries = arena_take_array(ring->arena, ring->entry_count + 1, sizeof(struct ring_entry *));

	if (!entries) {
		out->failed = true;
		return;
	}
	for (unsigned i = 0; i < ring->entry_count; i++)
		entries[i] = &ring->entries[i];
	qsort(entries, ring->entry_count, sizeof(struct ring_entry *), by_entry_id);
	cbor_put_array(out, 5);
	cbor_put_bytes(out, id_bytes(&ring->view.id));
	cbor_put_literal(out, "tally");
	cbor_put_int(out, 1);
	cbor_put_array(out, ring->entry_count);
	for (unsigned i = 0; i < ring->entry_count; i++) {
		cbor_put_array(out, 3);
		cbor_put_bytes(out, id_bytes(&entries[i]->id));
		cbor_put_int(out, entries[i]->verdict);
		if (entries[i]->verdict == VERDICT_VOID)
			cbor_put_literal(out, entries[i]->rule);
		else
			cbor_put_null(out);
	}
	print_keys(ring, out);
}
