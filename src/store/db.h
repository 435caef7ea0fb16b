/* The database facade: the only door to SQL. SQLite today; the SQL text keeps to what PostgreSQL also takes (parameters bound by
 * name, no reserved words as names, NULL order and casts written out), column types are the tokens {int} {text} {blob} {id};
 * {clustered} behind a table says that its rows are few words long and lie in the order of its primary key.
 * One writer process per home: db_open takes the writer lock (flock on the file `lock` beside the database) and keeps it. */
#ifndef WARIFU_STORE_DB_H
#define WARIFU_STORE_DB_H
#include "base/bytes.h"
#include "base/err.h"

struct db;
struct statement;
enum db_mode { DB_WRITE, DB_READ };

/* WAL, synchronous=FULL, foreign keys off, memory bounded. DB_WRITE makes an empty database when there is none; DB_READ does not.
 * ENVIRONMENT when locked by another process (says which one to end), not a database, or of a newer schema; *db is NULL then. */
enum status db_open(const char *path, enum db_mode mode, struct db **db, struct err *err);
void db_close(struct db *db); /* NULL-safe; rolls back what is open */
enum status db_script(
    struct db *db, const char *sql, struct err *err); /* several statements; expands the column tokens */

/* Transactions nest: only the outermost begins and commits. A writer's transaction has the write lock from the start; a reader's is
 * one snapshot. After an error of the database, or a rollback, inside a transaction every further write in it is refused
 * (ENVIRONMENT) until the outermost db_rollback or db_commit; that db_commit rolls back and returns ENVIRONMENT. When db_commit
 * returns OK at the outermost level, all of the transaction is on disk. */
enum status db_begin(struct db *db, struct err *err);
enum status db_commit(struct db *db, struct err *err);
void db_interrupt(struct db *db); /* from another thread */
void db_rollback(struct db *db);  /* one level; harmless outside a transaction */
bool db_failed(struct db *db);    /* an error since begin: commit will refuse */
bool db_in_transaction(struct db *db);

/* What the store does around the outermost commit and rollback of a writer; each may be NULL. before_commit may still write, and
 * fail the commit. */
struct db_hooks {
	enum status (*before_commit)(void *context, struct err *err);
	void (*after_commit)(void *context);
	void (*after_rollback)(void *context);
	void *context;
};
void db_hook(struct db *db, const struct db_hooks *hooks);

/* Prepared and kept by SQL text (pointer identity first); reset and unbound. A statement that is still in use is not handed out
 * twice: a nested call gets another one. Close with statement_done; after that it must not be touched. */
enum status db_statement(struct db *db, const char *sql, struct statement **out, struct err *err);
/* By name, without colon; a name that the text does not hold is a bug. Text and blob are copied. */
void statement_int(struct statement *s, const char *name, int64_t value);
void statement_text(struct statement *s, const char *name, struct bytes text); /* NULL data binds NULL */
void statement_blob(struct statement *s, const char *name, struct bytes blob);
void statement_null(struct statement *s, const char *name);
bool statement_has(struct statement *s, const char *name); /* does the text hold this name? */
/* Positional, 1-based, by first appearance in the text: for inner loops. Text and blob are borrowed until statement_done. */
void statement_int_at(struct statement *s, int index, int64_t value);
void statement_text_at(struct statement *s, int index, struct bytes text);
void statement_blob_at(struct statement *s, int index, struct bytes blob);
void statement_null_at(struct statement *s, int index);
/* OK: a row; NOT_FOUND: no more rows (err untouched); ENVIRONMENT: disk full, locked, damaged. */
enum status statement_step(struct statement *s, struct err *err);
enum status statement_run(struct statement *s, struct err *err); /* steps to the end and is done */
int statement_column_count(struct statement *s);
int64_t statement_column_int(struct statement *s, int column);
bool statement_column_is_null(struct statement *s, int column);
struct bytes statement_column_text(struct statement *s, int column); /* until the next step */
struct bytes statement_column_blob(struct statement *s, int column);
struct id statement_column_id(struct statement *s, int column); /* zero when it is not 32 bytes */
void statement_done(struct statement *s);                       /* reset for reuse; NULL-safe */
int64_t db_last_row(struct db *db);
int64_t db_changes(struct db *db);
bool db_has_index(
    struct db *db, const char *table, const char *column); /* an index or key that begins with this column */
enum status db_check(struct db *db, struct err *err);      /* CHECK_FAILED with the first thing that is damaged */
/* Tests: the n-th write to the database's files from now fails as a full disk would, and all after it until this is called again.
 * 0: off. */
void db_fail_write(struct db *db, int64_t n);
/* Tests: writes that a power cut would lose. 0 whenever db_commit has returned OK. */
int64_t db_unsynced_writes(struct db *db);
#endif
