/* SQL in, rows out. Invariants:
 *  D1 depth counts db_begin without their end; SQLite is in a transaction of ours exactly when depth > 0 and not failed.
 *  D2 once failed, nothing is written until the outermost level has ended.
 *  D3 a statement handed out is not handed out again before statement_done.
 * Tried and dropped: SQLite's exclusive locking mode as the writer lock. It shuts readers out, and says nothing about who holds it.
 */
#include "store/db.h"
#include "base/alloc.h"
#include "base/buf.h"
#include "store/fault.h"
#include "store/grams.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define SCHEMA_VERSION 1
#define SLOTS 256           /* of the table of statements */
#define STATEMENTS_KEPT 400 /* above this, those not in use are let go */
#define SCRIPT_BYTES (1 << 20)
#define BUSY_MS 5000 /* readers and recovery; the writer has its own lock */

struct statement {
	struct statement *next;
	struct db *db;
	sqlite3_stmt *stmt;
	const char *sql; /* as given: an address, never followed */
	int bind_code;   /* the first binding that failed */
	bool busy, writes;
};

struct db {
	sqlite3 *sqlite;
	enum db_mode mode;
	int lock_fd;
	unsigned depth;
	bool failed;
	struct statement *slots[SLOTS];
	unsigned statement_count;
	struct db_hooks hooks;
	struct fault fault;
};

/* --- errors ----------------------------------------------------------------------------------------------------------- */

static enum status database_error(struct db *db, int code, struct err *err)
{
	db->failed = db->failed || db->depth > 0;
	switch (code & 0xff) {
	case SQLITE_FULL:
		return err_set(err, ENVIRONMENT,
		    "store: the disk is full; nothing of this step was kept; free some space and do it again");
	case SQLITE_IOERR:
		return err_set(err, ENVIRONMENT,
		    "store: the disk failed (%s, %s); nothing of this step was kept; look at the disk before going on",
		    sqlite3_errstr(code), strerror(sqlite3_system_errno(db->sqlite)));
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return err_set(err, ENVIRONMENT, "store: another program holds the database; end it and do this again");
	case SQLITE_CORRUPT:
		return err_set(err, ENVIRONMENT,
		    "store: the database is damaged (%s); do not write to it; run `warifu doctor`",
		    sqlite3_errmsg(db->sqlite));
	case SQLITE_NOTADB: return err_set(err, ENVIRONMENT, "store: the file is not a database of this program");
	case SQLITE_READONLY:
		return err_set(err, ENVIRONMENT, "store: opened for reading only (%s)", sqlite3_errstr(code));
	case SQLITE_NOMEM: return err_set(err, ENVIRONMENT, "store: out of memory");
	default: return err_set(err, ENVIRONMENT, "store: %s (%d)", sqlite3_errmsg(db->sqlite), code);
	}
}

/* --- opening ---------------------------------------------------------------------------------------------------------- */

static enum status lock_held(int fd, const char *path, struct err *err)
{
	char pid[24] = "";
	ssize_t len = pread(fd, pid, sizeof pid - 1, 0);

	pid[len > 0 ? strspn(pid, "0123456789") : 0] = '\0';
	if (pid[0] == '\0') {
		return err_set(
		    err, ENVIRONMENT, "home %s: in use by another warifu program; end it, or ask it to do this", path);
	}
	return err_set(err, ENVIRONMENT, "home %s: in use by process %s; end it (`kill %s`), or ask it to do this",
	    path, pid, pid);
}

/* Takes DIR/lock. The lock goes when the process ends, however it ends; the number inside is for people. */
static enum status lock_take(struct db *db, const char *path, struct err *err)
{
	char lock[4200], pid[24];
	const char *slash = strrchr(path, '/');
	int dir_len = slash == NULL ? 0 : (int)(slash - path) + 1;

	int len = snprintf(lock, sizeof lock, "%.*slock", dir_len, path);
	if (len < 0 || (size_t)len >= sizeof lock) {
		return err_set(err, ENVIRONMENT, "home: the path is too long");
	}
	db->lock_fd = open(lock, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (db->lock_fd < 0) {
		return err_set(err, ENVIRONMENT, "%s: %s", lock, strerror(errno));
	}
	if (flock(db->lock_fd, LOCK_EX | LOCK_NB) != 0) {
		lock[dir_len > 1 ? dir_len - 1 : 0] = '\0';
		return lock_held(db->lock_fd, lock, err);
	}
	len = snprintf(pid, sizeof pid, "%ld\n", (long)getpid());
	if (ftruncate(db->lock_fd, 0) != 0 || pwrite(db->lock_fd, pid, (size_t)len, 0) != len) {
		return err_set(err, ENVIRONMENT, "%s: %s", lock, strerror(errno));
	}
	return OK;
}

static enum status execute(struct db *db, const char *sql, struct err *err)
{
	int code = sqlite3_exec(db->sqlite, sql, NULL, NULL, NULL);
	return code == SQLITE_OK ? OK : database_error(db, code, err);
}

static enum status pragma_int(struct db *db, const char *sql, int64_t *out, struct err *err)
{
	sqlite3_stmt *stmt = NULL;
	int code = sqlite3_prepare_v2(db->sqlite, sql, -1, &stmt, NULL);

	if (code == SQLITE_OK) {
		code = sqlite3_step(stmt);
	}
	if (code == SQLITE_ROW) {
		*out = sqlite3_column_int64(stmt, 0);
	}
	sqlite3_finalize(stmt);
	return code == SQLITE_ROW || code == SQLITE_DONE ? OK : database_error(db, code, err);
}

/* SQLite would give a new file to everybody; its companions take their rights from it. Only a new file is opened here: closing one
 * that this process has open elsewhere would drop SQLite's locks on it. */
static void file_private(const char *path)
{
	int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd >= 0) {
		close(fd);
	}
}

static enum status connect(struct db *db, const char *path, struct err *err)
{
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | (db->mode == DB_WRITE ? SQLITE_OPEN_CREATE : 0);

	int code = fault_register(&db->fault);
	if (db->mode == DB_WRITE) {
		file_private(path);
	}
	if (code == SQLITE_OK) {
		code = sqlite3_open_v2(path, &db->sqlite, flags, db->fault.name);
	}
	if (code == SQLITE_CANTOPEN) {
		return err_set(
		    err, ENVIRONMENT, "%s: cannot be opened: %s", path, strerror(sqlite3_system_errno(db->sqlite)));
	}
	if (code != SQLITE_OK) {
		return err_set(err, ENVIRONMENT, "%s: %s", path, sqlite3_errstr(code));
	}
	sqlite3_extended_result_codes(db->sqlite, 1);
	sqlite3_busy_timeout(db->sqlite, BUSY_MS);
	sqlite3_limit(db->sqlite, SQLITE_LIMIT_ATTACHED, 0);
	/* Else a question that compares a column of a partial index with a parameter is planned anew with each value. */
	sqlite3_db_config(db->sqlite, SQLITE_DBCONFIG_ENABLE_QPSG, 1, NULL);
	return grams_register(db->sqlite) == SQLITE_OK ? OK : err_set(err, ENVIRONMENT, "store: out of memory");
}

static enum status configure(struct db *db, struct err *err)
{
	int64_t version = 0;
	enum status status = execute(db,
	    "pragma foreign_keys=off; pragma mmap_size=0; pragma cache_size=-16384; pragma temp_store=memory;"
	    "pragma trusted_schema=off; pragma synchronous=full;",
	    err);

	if (status == OK && db->mode == DB_WRITE) {
		status = execute(db,
		    "pragma journal_mode=wal; pragma wal_autocheckpoint=4000; pragma journal_size_limit=33554432;",
		    err);
	}
	if (status == OK && db->mode == DB_READ) {
		status = execute(db, "pragma query_only=on;", err);
	}
	if (status == OK) {
		status = pragma_int(db, "pragma user_version", &version, err);
	}
	if (status == OK && version > SCHEMA_VERSION) {
		status = err_set(err, ENVIRONMENT,
		    "store: written by a newer program (schema %lld, this one knows %d); install the newer version",
		    (long long)version, SCHEMA_VERSION);
	}
	if (status == OK && version == 0 && db->mode == DB_WRITE) {
		char sql[48];
		snprintf(sql, sizeof sql, "pragma user_version=%d", SCHEMA_VERSION);
		status = execute(db, sql, err);
	}
	return status;
}

static enum status open_all(struct db *db, const char *path, struct err *err)
{
	enum status status = db->mode == DB_WRITE ? lock_take(db, path, err) : OK;

	if (status == OK) {
		status = connect(db, path, err);
	}
	return status == OK ? configure(db, err) : status;
}

enum status db_open(const char *path, enum db_mode mode, struct db **db, struct err *err)
{
	struct db *opened = base_alloc(sizeof *opened);

	*db = NULL;
	if (opened == NULL) {
		return err_set(err, ENVIRONMENT, "store: out of memory");
	}
	*opened = (struct db){ .mode = mode, .lock_fd = -1 };
	enum status status = open_all(opened, path, err);
	if (status != OK) {
		db_close(opened);
		return status;
	}
	*db = opened;
	return OK;
}

static void statements_free(struct db *db, bool all)
{
	for (unsigned i = 0; i < SLOTS; i++) {
		struct statement **at = &db->slots[i];
		while (*at != NULL) {
			struct statement *s = *at;
			if (s->busy && !all) {
				at = &s->next;
				continue;
			}
			*at = s->next;
			sqlite3_finalize(s->stmt);
			base_free(s);
			db->statement_count--;
		}
	}
}

void db_close(struct db *db)
{
	if (db == NULL) {
		return;
	}
	statements_free(db, true);
	ASSERT(sqlite3_close(db->sqlite) == SQLITE_OK);
	fault_unregister(&db->fault);
	if (db->lock_fd >= 0) {
		close(db->lock_fd);
	}
	base_free(db);
}

/* --- scripts ---------------------------------------------------------------------------------------------------------- */

static const struct {
	const char *token, *type;
} column_tokens[] = {
	{ "{int}", "integer" },
	{ "{text}", "text" },
	{ "{blob}", "blob" },
	{ "{id}", "blob" },
	{ "{clustered}", "without rowid" },
};

static void expand(const char *sql, struct buf *out)
{
	while (*sql != '\0') {
		size_t known = 0, i;
		for (i = 0; *sql == '{' && i < sizeof column_tokens / sizeof *column_tokens; i++) {
			known = strlen(column_tokens[i].token);
			if (strncmp(sql, column_tokens[i].token, known) == 0) {
				buf_put_text(out, column_tokens[i].type);
				break;
			}
			known = 0;
		}
		if (known == 0) {
			buf_put_byte(out, (uint8_t)*sql);
			known = 1;
		}
		sql += known;
	}
}

enum status db_script(struct db *db, const char *sql, struct err *err)
{
	struct buf expanded;
	enum status status;

	buf_init(&expanded, SCRIPT_BYTES);
	expand(sql, &expanded);
	const char *text = buf_text(&expanded);
	if (expanded.failed || text == NULL) {
		status = err_set(err, ENVIRONMENT, "store: a script of SQL is too long, or memory is out");
	} else if (db->failed) {
		status = err_set(err, ENVIRONMENT, "store: an earlier write of this transaction failed");
	} else {
		status = execute(db, text, err);
	}
	buf_clear(&expanded);
	return status;
}

/* --- transactions ----------------------------------------------------------------------------------------------------- */

void db_hook(struct db *db, const struct db_hooks *hooks)
{
	db->hooks = *hooks;
}

bool db_failed(struct db *db)
{
	return db->failed;
}

bool db_in_transaction(struct db *db)
{
	return db->depth > 0;
}

enum status db_begin(struct db *db, struct err *err)
{
	if (db->depth == 0) {
		enum status status = execute(db, db->mode == DB_WRITE ? "begin immediate" : "begin", err);
		if (status != OK) {
			return status;
		}
		ASSERT(!db->failed); /* D2 */
	}
	db->depth++;
	return OK;
}

/* Ends the outermost level without keeping anything. SQLite may have rolled back by itself already. */
static void transaction_undo(struct db *db)
{
	if (!sqlite3_get_autocommit(db->sqlite)) {
		sqlite3_exec(db->sqlite, "rollback", NULL, NULL, NULL);
	}
	db->depth = 0;
	db->failed = false;
	if (db->hooks.after_rollback != NULL && db->mode == DB_WRITE) {
		db->hooks.after_rollback(db->hooks.context);
	}
}

enum status db_commit(struct db *db, struct err *err)
{
	enum status status = OK;

	ASSERT(db->depth > 0);
	if (db->depth > 1) {
		db->depth--;
		return db->failed ? err_set(err, ENVIRONMENT, "store: an earlier write of this transaction failed")
				  : OK;
	}
	if (!db->failed && db->mode == DB_WRITE && db->hooks.before_commit != NULL) {
		status = db->hooks.before_commit(db->hooks.context, err);
	}
	if (status == OK && db->failed) {
		status = err_set(
		    err, ENVIRONMENT, "store: an earlier write of this transaction failed; nothing of it was kept");
	}
	if (status == OK) {
		status = execute(db, "commit", err);
	}
	if (status != OK) {
		transaction_undo(db);
		return status;
	}
	db->depth = 0;
	if (db->hooks.after_commit != NULL && db->mode == DB_WRITE) {
		db->hooks.after_commit(db->hooks.context);
	}
	return OK;
}

void db_interrupt(struct db *db)
{
	sqlite3_interrupt(db->sqlite);
}

void db_rollback(struct db *db)
{
	if (db->depth > 1) {
		db->depth--;
		db->failed = true;
	} else if (db->depth == 1) {
		transaction_undo(db);
	}
}

/* --- statements ------------------------------------------------------------------------------------------------------- */

static enum status statement_new(struct db *db, const char *sql, struct statement **out, struct err *err)
{
	if (db->statement_count >= STATEMENTS_KEPT) {
		statements_free(db, false);
	}
	struct statement *s = base_alloc(sizeof *s);
	if (s == NULL) {
		return err_set(err, ENVIRONMENT, "store: out of memory");
	}
	*s = (struct statement){ .db = db, .sql = sql };
	int code = sqlite3_prepare_v3(db->sqlite, sql, -1, SQLITE_PREPARE_PERSISTENT, &s->stmt, NULL);
	if (code != SQLITE_OK || s->stmt == NULL) {
		base_free(s);
		return code == SQLITE_OK ? err_set(err, ENVIRONMENT, "store: an empty statement")
					 : database_error(db, code, err);
	}
	s->writes = !sqlite3_stmt_readonly(s->stmt);
	struct statement **slot = &db->slots[((uintptr_t)sql >> 3) % SLOTS];
	s->next = *slot;
	*slot = s;
	db->statement_count++;
	*out = s;
	return OK;
}

enum status db_statement(struct db *db, const char *sql, struct statement **out, struct err *err)
{
	struct statement *s = db->slots[((uintptr_t)sql >> 3) % SLOTS];

	/* The address finds it; the text decides, for an address may hold another text by now. */
	while (s != NULL && (s->busy || s->sql != sql || strcmp(sqlite3_sql(s->stmt), sql) != 0)) {
		s = s->next;
	}
	*out = NULL;
	if (s == NULL) {
		enum status status = statement_new(db, sql, &s, err);
		if (status != OK) {
			return status;
		}
	}
	ASSERT(s != NULL);
	s->busy = true;
	*out = s;
	return OK;
}

static int parameter(struct statement *s, const char *name)
{
	char prefixed[64];

	snprintf(prefixed, sizeof prefixed, ":%s", name);
	return sqlite3_bind_parameter_index(s->stmt, prefixed);
}

static int parameter_get(struct statement *s, const char *name)
{
	int index = parameter(s, name);
	ASSERT(index > 0);
	return index;
}

bool statement_has(struct statement *s, const char *name)
{
	return parameter(s, name) > 0;
}

/* Binding fails when memory is out; the step after it says so. */
static void bound(struct statement *s, int code)
{
	ASSERT(code != SQLITE_RANGE && code != SQLITE_MISUSE);
	if (s->bind_code == SQLITE_OK) {
		s->bind_code = code;
	}
}

void statement_int(struct statement *s, const char *name, int64_t value)
{
	statement_int_at(s, parameter_get(s, name), value);
}

void statement_text(struct statement *s, const char *name, struct bytes text)
{
	bound(s,
	    sqlite3_bind_text64(
		s->stmt, parameter_get(s, name), (const char *)text.data, text.len, SQLITE_TRANSIENT, SQLITE_UTF8));
}

void statement_blob(struct statement *s, const char *name, struct bytes blob)
{
	bound(s, sqlite3_bind_blob64(s->stmt, parameter_get(s, name), blob.data, blob.len, SQLITE_TRANSIENT));
}

void statement_null(struct statement *s, const char *name)
{
	statement_null_at(s, parameter_get(s, name));
}

void statement_int_at(struct statement *s, int index, int64_t value)
{
	bound(s, sqlite3_bind_int64(s->stmt, index, value));
}

void statement_text_at(struct statement *s, int index, struct bytes text)
{
	bound(s, sqlite3_bind_text64(s->stmt, index, (const char *)text.data, text.len, SQLITE_STATIC, SQLITE_UTF8));
}

void statement_blob_at(struct statement *s, int index, struct bytes blob)
{
	bound(s, sqlite3_bind_blob64(s->stmt, index, blob.data, blob.len, SQLITE_STATIC));
}

void statement_null_at(struct statement *s, int index)
{
	bound(s, sqlite3_bind_null(s->stmt, index));
}

enum status statement_step(struct statement *s, struct err *err)
{
	struct db *db = s->db;

	ASSERT(s->busy); /* D3 */
	if (db->failed && s->writes) {
		return err_set(err, ENVIRONMENT, "store: an earlier write of this transaction failed");
	}
	int code = s->bind_code == SQLITE_OK ? sqlite3_step(s->stmt) : s->bind_code;
	if (code == SQLITE_ROW) {
		return OK;
	}
	if (code == SQLITE_DONE) {
		return NOT_FOUND;
	}
	return database_error(db, code, err);
}

enum status statement_run(struct statement *s, struct err *err)
{
	enum status status = OK;

	while (status == OK) {
		status = statement_step(s, err);
	}
	statement_done(s);
	return status == NOT_FOUND ? OK : status;
}

void statement_done(struct statement *s)
{
	if (s == NULL) {
		return;
	}
	sqlite3_reset(s->stmt);
	sqlite3_clear_bindings(s->stmt);
	s->bind_code = SQLITE_OK;
	s->busy = false;
}

int statement_column_count(struct statement *s)
{
	return sqlite3_column_count(s->stmt);
}

int64_t statement_column_int(struct statement *s, int column)
{
	return sqlite3_column_int64(s->stmt, column);
}

bool statement_column_is_null(struct statement *s, int column)
{
	return sqlite3_column_type(s->stmt, column) == SQLITE_NULL;
}

struct bytes statement_column_text(struct statement *s, int column)
{
	const unsigned char *text = sqlite3_column_text(s->stmt, column);
	return bytes_of(text, text == NULL ? 0 : (size_t)sqlite3_column_bytes(s->stmt, column));
}

struct bytes statement_column_blob(struct statement *s, int column)
{
	const void *blob = sqlite3_column_blob(s->stmt, column);
	return bytes_of(blob, blob == NULL ? 0 : (size_t)sqlite3_column_bytes(s->stmt, column));
}

struct id statement_column_id(struct statement *s, int column)
{
	struct bytes blob = statement_column_blob(s, column);
	struct id id = { { 0 } };

	if (blob.len == sizeof id.data) {
		memcpy(id.data, blob.data, sizeof id.data);
	}
	return id;
}

int64_t db_last_row(struct db *db)
{
	return sqlite3_last_insert_rowid(db->sqlite);
}

int64_t db_changes(struct db *db)
{
	return sqlite3_changes64(db->sqlite);
}

/* --- looking at the database itself ----------------------------------------------------------------------------------- */

bool db_has_index(struct db *db, const char *table, const char *column)
{
	static const char sql[] = "select 1 from pragma_index_list(:table) l, pragma_index_info(l.name) i"
				  " where i.seqno = 0 and i.name = :name and l.partial = 0"
				  " union all select 1 from pragma_table_info(:table) where pk = 1 and name = :name";
	struct statement *s;
	bool found = false;

	if (db_statement(db, sql, &s, NULL) == OK) {
		statement_text(s, "table", bytes_text(table));
		statement_text(s, "name", bytes_text(column));
		found = statement_step(s, NULL) == OK;
		statement_done(s);
	}
	return found;
}

enum status db_check(struct db *db, struct err *err)
{
	struct statement *s;
	enum status status = db_statement(db, "select * from pragma_integrity_check(1)", &s, err);

	if (status != OK) {
		return status;
	}
	status = statement_step(s, err);
	if (status == OK) {
		struct bytes text = statement_column_text(s, 0);
		if (!bytes_is(text, "ok")) {
			status =
			    err_set(err, CHECK_FAILED, "store: damaged: %.*s", (int)text.len, (const char *)text.data);
		}
	}
	statement_done(s);
	return status;
}

void db_fail_write(struct db *db, int64_t n)
{
	fault_arm(&db->fault, n);
}

int64_t db_unsynced_writes(struct db *db)
{
	return db->fault.unsynced;
}
