/* The database facade: the only door to SQL. SQLite today; the SQL text keeps to what PostgreSQL also takes (parameters bound by
 * name, no reserved words as names, NULL order and casts written out), column types are the tokens {int} {text} {blob} {id}.
 * One writer process per home: db_open takes the writer lock and keeps it. */
#ifndef WARIFU_STORE_DB_H
#define WARIFU_STORE_DB_H
#include "base/bytes.h"
#include "base/err.h"

struct db;
struct statement;
enum db_mode { DB_WRITE, DB_READ };
/* WAL, synchronous=FULL, foreign keys off, memory bounded. ENVIRONMENT when locked by another process (says which command to
 * end), not a database, or of a newer schema. */
enum status db_open(const char *path, enum db_mode mode, struct db **db, struct err *err);
void db_close(struct db *db);
enum status db_script(struct db *db, const char *sql, struct err *err);      /* several statements; expands the column tokens */
enum status db_begin(struct db *db, struct err *err);                        /* nests: only the outermost begins and commits */
enum status db_commit(struct db *db, struct err *err);
void db_rollback(struct db *db);                                             /* harmless outside a transaction */
bool db_failed(struct db *db);                                               /* an error since begin: commit will refuse */

/* Prepared and kept by SQL text (pointer identity first); reset and unbound. Close with statement_done. */
enum status db_statement(struct db *db, const char *sql, struct statement **statement, struct err *err);
void statement_int(struct statement *s, const char *name, int64_t value);     /* name without colon */
void statement_text(struct statement *s, const char *name, struct bytes text);/* NULL data binds NULL */
void statement_blob(struct statement *s, const char *name, struct bytes blob);
void statement_null(struct statement *s, const char *name);
/* Positional, 1-based: for inner loops. */
void statement_int_at(struct statement *s, int index, int64_t value);
void statement_text_at(struct statement *s, int index, struct bytes text);
void statement_blob_at(struct statement *s, int index, struct bytes blob);
/* OK: a row; NOT_FOUND: no more rows (err untouched); ENVIRONMENT: disk full, locked, damaged. */
enum status statement_step(struct statement *s, struct err *err);
enum status statement_run(struct statement *s, struct err *err);              /* steps to the end and is done */
int64_t statement_column_int(struct statement *s, int column);
bool statement_column_is_null(struct statement *s, int column);
struct bytes statement_column_text(struct statement *s, int column);          /* until the next step */
struct bytes statement_column_blob(struct statement *s, int column);
void statement_done(struct statement *s);                                     /* reset for reuse */
int64_t db_last_row(struct db *db);
int64_t db_changes(struct db *db);
/* Tests: the n-th write from now fails as a full disk would. 0: off. */
void db_fail_write(struct db *db, int64_t n);
#endif
