/* Tables of the domains. Their SQL is kept as text beside them: when a program brings another text, the old tables go and the threads
 * are folded again. Nothing here is lost by that, for rows are made from entries. */
#include "store/rows.h"
#include "base/alloc.h"
#include "base/buf.h"
#include "store/cache.h"
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define SQL_BYTES 4096
#define NAME_BYTES 64

/* --- making ----------------------------------------------------------------------------------------------------------- */

static struct bytes word_take(const char **at)
{
	const char *start = *at;

	while (*start != '\0' && !isalnum((unsigned char)*start) && *start != '_') {
		start++;
	}
	*at = start;
	while (isalnum((unsigned char)**at) || **at == '_') {
		(*at)++;
	}
	return bytes_of(start, (size_t)(*at - start));
}

static bool word_is(struct bytes word, const char *text)
{
	return word.len == strlen(text) && strncasecmp((const char *)word.data, text, word.len) == 0;
}

/* "create virtual table" makes a table too. */
static struct bytes type_take(const char **at)
{
	struct bytes type = word_take(at);

	return word_is(type, "virtual") ? word_take(at) : type;
}

/* Drops what a script of SQL creates: views first, for they stand on tables; indexes and triggers go with their tables. */
static enum status drop_created(struct store *store, const char *sql, const char *type, struct err *err)
{
	char text[NAME_BYTES + 32];
	enum status status = OK;

	for (const char *at = sql; at != NULL && status == OK && *at != '\0';) {
		if (!word_is(word_take(&at), "create") || !word_is(type_take(&at), type)) {
			continue;
		}
		struct bytes name = word_take(&at);
		for (unsigned i = 0; i < 3 && (word_is(name, "if") || word_is(name, "not") || word_is(name, "exists"));
		     i++) {
			name = word_take(&at);
		}
		ASSERT(name.len > 0 && name.len < NAME_BYTES);
		snprintf(text, sizeof text, "drop %s if exists %.*s", type, (int)name.len, (const char *)name.data);
		status = db_script(store->db, text, err);
	}
	return status;
}

static enum status drop_old(struct store *store, const struct domain *domain, struct err *err)
{
	struct arena arena;
	struct statement *s;
	enum status status = db_statement(store->db, "select sql from domain_schema where name = :name", &s, err);

	if (status != OK) {
		return status;
	}
	arena_init(&arena, 1 << 20);
	statement_text(s, "name", bytes_text(domain->name));
	status = statement_step(s, err);
	const char *old = status == OK ? arena_text(&arena, statement_column_text(s, 0)) : "";
	statement_done(s);
	if (old == NULL) {
		status = err_set(err, ENVIRONMENT, "store: out of memory");
	}
	if (status == OK) {
		status = drop_created(store, old, "view", err);
	}
	if (status == OK) {
		status = drop_created(store, old, "table", err);
	}
	arena_clear(&arena);
	return status == NOT_FOUND ? OK : status;
}

static enum status same_already(struct store *store, const struct domain *domain, bool *same, struct err *err)
{
	struct statement *s;
	enum status status =
	    db_statement(store->db, "select 1 from domain_schema where name = :name and sql = :sql", &s, err);

	*same = false;
	if (status != OK) {
		return status;
	}
	statement_text(s, "name", bytes_text(domain->name));
	statement_text(s, "sql", bytes_text(domain->sql));
	status = statement_step(s, err);
	*same = status == OK;
	statement_done(s);
	return status == NOT_FOUND ? OK : status;
}

static enum status indexes_make(struct store *store, const struct domain *domain, struct err *err)
{
	char text[SQL_BYTES];
	enum status status = OK;

	for (const struct table *table = domain->tables; status == OK && table != NULL && table->name != NULL;
	     table++) {
		if (db_has_index(store->db, table->name, "thread")) {
			continue;
		}
		snprintf(text, sizeof text, "create index %s_by_thread on %s (thread)", table->name, table->name);
		status = db_script(store->db, text, err);
	}
	return status;
}

static enum status tables_make(struct store *store, const struct domain *domain, struct err *err)
{
	struct statement *s;
	enum status status = drop_old(store, domain, err);

	if (status == OK) {
		status = db_script(store->db, domain->sql, err);
	}
	if (status == OK) {
		status = indexes_make(store, domain, err);
	}
	if (status == OK) {
		status = db_statement(store->db,
		    "insert into domain_schema (name, sql) values (:name, :sql) on conflict (name) do update set sql = excluded.sql",
		    &s, err);
	}
	if (status != OK) {
		return status;
	}
	statement_text(s, "name", bytes_text(domain->name));
	statement_text(s, "sql", bytes_text(domain->sql));
	return statement_run(s, err);
}

/* The fold asks before every frame; the answer is looked up once. */
static bool is_known(const struct store *store, const struct domain *domain)
{
	for (unsigned i = 0; i < store->cache->domain_count; i++) {
		if (store->cache->domains[i] == domain) {
			return true;
		}
	}
	return false;
}

static void is_known_now(struct store *store, const struct domain *domain)
{
	if (store->cache->domain_count < DOMAINS_KEPT) {
		store->cache->domains[store->cache->domain_count++] = domain;
	}
}

enum status rows_create(struct store *store, const struct domain *domain, bool *made, struct err *err)
{
	bool same = true;
	enum status status;

	*made = false;
	if (domain->sql == NULL || store->mode == DB_READ || is_known(store, domain)) {
		return OK;
	}
	status = same_already(store, domain, &same, err);
	if (status != OK) {
		return status;
	}
	if (same) {
		is_known_now(store, domain);
		return OK;
	}
	store->cache->domain_count = 0; /* another text of this domain may be among them */
	status = store_begin(store, err);
	if (status != OK) {
		return status;
	}
	status = tables_make(store, domain, err);
	if (status != OK) {
		store_rollback(store);
		return status;
	}
	*made = true;
	status = store_commit(store, err);
	if (status == OK) {
		is_known_now(store, domain);
	}
	return status;
}

/* --- emptying --------------------------------------------------------------------------------------------------------- */

/* The texts of the statements about one table, made once: an address that stays is what db_statement finds them by. */
struct rows_text {
	struct rows_text *next;
	const struct table *table;
	const char *put, *clear;
	char data[];
};

static struct rows_text *text_make(const struct table *table)
{
	struct buf buf;
	struct rows_text *text = NULL;

	buf_init(&buf, 2 * SQL_BYTES);
	buf_printf(&buf, "insert into %s (thread", table->name);
	for (const struct column *column = table->columns; column->name != NULL; column++) {
		buf_printf(&buf, ", %s", column->name);
	}
	buf_put_text(&buf, ") values (?");
	for (const struct column *column = table->columns; column->name != NULL; column++) {
		buf_put_text(&buf, ", ?");
	}
	buf_put_text(&buf, ")");
	size_t put_len = buf.len;
	buf_put_byte(&buf, 0);
	buf_printf(&buf, "delete from %s where thread = ?", table->name);
	buf_put_byte(&buf, 0);
	if (!buf.failed) {
		text = base_alloc(sizeof *text + buf.len);
	}
	if (text != NULL) {
		*text = (struct rows_text){ .table = table };
		memcpy(text->data, buf.data, buf.len);
		text->put = text->data;
		text->clear = text->data + put_len + 1;
	}
	buf_clear(&buf);
	return text;
}

static struct rows_text *text_of(struct store *store, const struct table *table)
{
	struct rows_text **slot = &store->cache->rows_texts[((uintptr_t)table >> 4) % ROWS_SLOTS];

	for (struct rows_text *text = *slot; text != NULL; text = text->next) {
		if (text->table == table) {
			return text;
		}
	}
	struct rows_text *text = text_make(table);
	if (text != NULL) {
		text->next = *slot;
		*slot = text;
	}
	return text;
}

void rows_forget(struct store *store)
{
	for (unsigned i = 0; i < ROWS_SLOTS; i++) {
		while (store->cache->rows_texts[i] != NULL) {
			struct rows_text *text = store->cache->rows_texts[i];
			store->cache->rows_texts[i] = text->next;
			base_free(text);
		}
	}
}

/* --- emptying --------------------------------------------------------------------------------------------------------- */

enum status rows_clear(struct store *store, const struct domain *domain, int64_t thread, struct err *err)
{
	enum status status = OK;

	for (const struct table *table = domain->tables; status == OK && table != NULL && table->name != NULL;
	     table++) {
		struct rows_text *text = text_of(store, table);
		struct statement *s = NULL;
		status = text == NULL ? err_set(err, ENVIRONMENT, "store: out of memory")
				      : db_statement(store->db, text->clear, &s, err);
		if (status == OK) {
			statement_int_at(s, 1, thread);
			status = statement_run(s, err);
		}
	}
	return status;
}

enum status rows_clear_tally(struct store *store, const struct domain *domain, int64_t tally, struct err *err)
{
	char text[SQL_BYTES];
	enum status status = OK;

	for (const struct table *table = domain->tables; status == OK && table != NULL && table->name != NULL;
	     table++) {
		snprintf(text, sizeof text,
		    "delete from %s where thread in (select row from thread where tally = %lld)", table->name,
		    (long long)tally);
		status = db_script(store->db, text, err);
	}
	return status;
}

/* --- filling ---------------------------------------------------------------------------------------------------------- */

void rows_open(struct rows *rows, struct store *store, const struct domain *domain, int64_t thread)
{
	*rows = (struct rows){ .store = store, .domain = domain, .thread = thread, .status = OK };
}

static void value_bind(struct statement *s, int index, const struct row_value *value)
{
	/* An empty text or blob is not a missing one. */
	struct bytes bytes = value->bytes.data == NULL ? bytes_of("", 0) : value->bytes;

	switch (value->type) {
	case VALUE_NULL: statement_null_at(s, index); break;
	case VALUE_INT: statement_int_at(s, index, value->integer); break;
	case VALUE_TEXT: statement_text_at(s, index, bytes); break;
	case VALUE_BLOB: statement_blob_at(s, index, bytes); break;
	}
}

void rows_put(struct rows *rows, const struct table *table, const struct row_value *values)
{
	struct rows_text *text;
	struct statement *s = NULL;

	if (rows->status != OK) {
		return;
	}
	text = text_of(rows->store, table);
	rows->status = text == NULL ? err_set(&rows->err, ENVIRONMENT, "store: out of memory")
				    : db_statement(rows->store->db, text->put, &s, &rows->err);
	if (rows->status != OK) {
		return;
	}
	statement_int_at(s, 1, rows->thread);
	for (int i = 0; table->columns[i].name != NULL; i++) {
		value_bind(s, i + 2, &values[i]);
	}
	rows->status = statement_run(s, &rows->err);
}

static enum status pairs_put(struct rows *rows, const struct texts *texts, struct bytes text)
{
	struct db *db = rows->store->db;
	int64_t row = db_last_row(db);
	struct statement *s = NULL;
	enum status status = db_statement(db, texts->put_pairs, &s, &rows->err);

	if (status != OK) {
		return status;
	}
	statement_int_at(s, 1, row);
	statement_text_at(s, 2, text);
	return statement_run(s, &rows->err);
}

void rows_put_text(struct rows *rows, const struct texts *texts, struct bytes text)
{
	struct statement *s = NULL;

	if (rows->status != OK || text.len == 0) {
		return;
	}
	rows->status = db_statement(rows->store->db, texts->put, &s, &rows->err);
	if (rows->status != OK) {
		return;
	}
	statement_text_at(s, 1, text);
	rows->status = statement_run(s, &rows->err);
	if (rows->status == OK && db_changes(rows->store->db) > 0) {
		rows->status = pairs_put(rows, texts, text);
	}
}

enum status rows_close(struct rows *rows, struct err *err)
{
	return rows->status == OK ? OK : err_pass(err, rows->status, &rows->err);
}
