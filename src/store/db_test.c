#include "store/db.h"
#include "store/test_store.h"
#include <sys/stat.h>

static char dir[] = "/tmp/warifu-db-XXXXXX";
static char path[64];

static struct db *opened(enum db_mode mode)
{
	struct db *db;
	struct err err = { .status = OK };

	if (db_open(path, mode, &db, &err) != OK) {
		printf("# %s\n", err.text);
	}
	return db;
}

static int64_t count_rows(struct db *db)
{
	struct statement *s;
	int64_t count = -1;

	if (db_statement(db, "select count(*) from thing", &s, NULL) == OK) {
		count = statement_step(s, NULL) == OK ? statement_column_int(s, 0) : -1;
		statement_done(s);
	}
	return count;
}

static enum status put(struct db *db, int64_t number, struct err *err)
{
	struct statement *s;
	enum status status =
	    db_statement(db, "insert into thing (number, word, bulk) values (:number, :word, :bulk)", &s, err);

	if (status != OK) {
		return status;
	}
	statement_int(s, "number", number);
	statement_text(s, "word", bytes_text("issue"));
	statement_blob(s, "bulk", bytes_of("\0\1\2", 3));
	return statement_run(s, err);
}

static void test_columns(struct db *db)
{
	struct statement *s;
	struct err err = { .status = OK };

	tap_ok(db_script(db, "create table thing (number {int} primary key, word {text}, bulk {blob}, other {id});",
		   &err) == OK,
	    "a script makes a table, its column types expanded");
	tap_ok(put(db, -7, &err) == OK && put(db, INT64_MAX, &err) == OK, "rows go in");
	tap_ok(db_statement(db, "select number, word, bulk, other from thing order by number", &s, &err) == OK &&
		statement_step(s, &err) == OK,
	    "a row comes out");
	tap_is_int(statement_column_count(s), 4, "it has the columns that were asked for");
	tap_is_int(statement_column_int(s, 0), -7, "an integer comes back");
	tap_ok(bytes_is(statement_column_text(s, 1), "issue"), "a text comes back");
	tap_ok(bytes_equal(statement_column_blob(s, 2), bytes_of("\0\1\2", 3)), "a blob with a zero byte comes back");
	tap_ok(statement_column_is_null(s, 3), "what was not given is null");
	struct id id = statement_column_id(s, 2);
	tap_ok(id_is_zero(&id), "a blob of another length is no id");
	tap_ok(
	    statement_step(s, &err) == OK && statement_column_int(s, 0) == INT64_MAX, "the largest integer comes back");
	tap_ok(statement_step(s, &err) == NOT_FOUND && err.status == OK,
	    "after the last row there is no more, and that is no error");
	statement_done(s);
	tap_ok(db_has_index(db, "thing", "number") && !db_has_index(db, "thing", "word"), "keys and indexes are seen");
	tap_ok(db_check(db, &err) == OK, "the check of the whole finds nothing wrong");
}

static void test_nested_statements(struct db *db)
{
	static const char sql[] = "select number from thing order by number";
	struct statement *outer, *inner;

	db_statement(db, sql, &outer, NULL);
	statement_step(outer, NULL);
	db_statement(db, sql, &inner, NULL);
	tap_ok(inner != outer, "a statement in use is not handed out a second time");
	statement_step(inner, NULL);
	statement_step(inner, NULL);
	tap_is_int(statement_column_int(outer, 0), -7, "the outer walk stands where it stood");
	statement_done(inner);
	statement_done(outer);
	char same[sizeof sql];
	snprintf(same, sizeof same, "%s", sql);
	db_statement(db, same, &inner, NULL);
	statement_done(inner);
	snprintf(same, sizeof same, "select 5 as number, 6");
	db_statement(db, same, &inner, NULL);
	statement_step(inner, NULL);
	tap_is_int(statement_column_int(inner, 0), 5, "another text at the same address is another statement");
	statement_done(inner);
	char texts[600][24];
	bool all = true;
	for (int i = 0; i < 600; i++) {
		snprintf(texts[i], sizeof texts[i], "select %d", i);
		all = db_statement(db, texts[i], &inner, NULL) == OK && statement_step(inner, NULL) == OK &&
		    statement_column_int(inner, 0) == i && all;
		statement_done(inner);
	}
	tap_ok(all, "more texts than are kept still work");
}

static void test_transactions(struct db *db)
{
	struct err err = { .status = OK };

	db_rollback(db);
	tap_ok(!db_in_transaction(db) && !db_failed(db), "a rollback outside a transaction does nothing");
	db_begin(db, &err);
	db_begin(db, &err);
	put(db, 1, &err);
	tap_ok(
	    db_commit(db, &err) == OK && db_in_transaction(db), "the end of an inner transaction commits nothing yet");
	db_rollback(db);
	tap_is_int(count_rows(db), 2, "what the outer one rolls back is gone, the inner one's too");
	db_begin(db, &err);
	put(db, 1, &err);
	db_begin(db, &err);
	put(db, 2, &err);
	db_rollback(db);
	tap_ok(db_failed(db), "an inner rollback dooms the outer transaction");
	tap_ok(put(db, 3, &err) == ENVIRONMENT, "nothing more is written in it");
	err_clear(&err);
	tap_ok(db_commit(db, &err) == ENVIRONMENT && count_rows(db) == 2, "its commit refuses and keeps nothing");
	tap_ok(!db_failed(db) && !db_in_transaction(db), "afterwards the database is ready again");
	err_clear(&err);
	db_begin(db, &err);
	tap_ok(put(db, -7, &err) == ENVIRONMENT && db_failed(db), "a row that cannot be dooms it as well");
	err_clear(&err);
	tap_ok(db_commit(db, &err) == ENVIRONMENT, "and it cannot be committed");
	err_clear(&err);
	db_begin(db, &err);
	tap_ok(put(db, 4, &err) == OK && db_commit(db, &err) == OK && count_rows(db) == 3, "a good one is kept");
	tap_is_int(db_unsynced_writes(db), 0, "and forced to the disk before the commit returns");
}

static enum status hook_fails(void *context, struct err *err)
{
	(void)context;
	return err_set(err, ENVIRONMENT, "no");
}

static void hook_counts(void *context)
{
	++*(int *)context;
}

static void test_hooks(struct db *db)
{
	struct err err = { .status = OK };
	int count = 0;

	db_hook(db, &(struct db_hooks){ .after_commit = hook_counts, .context = &count });
	db_begin(db, &err);
	db_begin(db, &err);
	db_commit(db, &err);
	tap_is_int(count, 0, "an inner commit calls nobody");
	db_commit(db, &err);
	tap_is_int(count, 1, "the outermost commit tells the store");
	db_hook(
	    db, &(struct db_hooks){ .before_commit = hook_fails, .after_rollback = hook_counts, .context = &count });
	db_begin(db, &err);
	put(db, 9, &err);
	tap_ok(db_commit(db, &err) == ENVIRONMENT && count == 2 && count_rows(db) == 3,
	    "the store can refuse a commit; it is told of the rollback");
	db_hook(db, &(struct db_hooks){ 0 });
}

/* Fails at every write in turn until none is left to fail. */
static void test_full_disk(struct db *db)
{
	struct err err = { .status = OK };
	int64_t before = count_rows(db), n = 0;
	bool kept_nothing = true, said_so = true;
	enum status status = ENVIRONMENT;

	while (status != OK && n < 100) {
		err_clear(&err);
		db_fail_write(db, ++n);
		db_begin(db, &err);
		for (int64_t i = 0; i < 2000; i++) {
			put(db, 10000 + i, &err);
		}
		status = db_commit(db, &err);
		db_fail_write(db, 0);
		kept_nothing = kept_nothing && (status == OK || count_rows(db) == before);
		said_so = said_so && (status == OK || strstr(err.text, "disk is full") != NULL);
	}
	tap_ok(n > 3, "a commit writes several times, and each was made to fail");
	tap_ok(kept_nothing, "a commit that meets a full disk keeps nothing of its transaction");
	tap_ok(said_so, "the message says that the disk is full");
	tap_is_int(count_rows(db), before + 2000, "with room again the same transaction goes through");
	tap_ok(db_check(db, &err) == OK, "and the database is sound");
}

static void test_readers(struct db *writer)
{
	struct err err = { .status = OK };
	struct db *reader = opened(DB_READ), *second;
	int64_t before = count_rows(writer);

	db_begin(writer, &err);
	put(writer, 5000, &err);
	tap_is_int(count_rows(reader), before, "a reader sees nothing of a transaction under way");
	db_commit(writer, &err);
	tap_is_int(count_rows(reader), before + 1, "and all of it after the commit");
	db_begin(reader, &err);
	count_rows(reader);
	put(writer, 5001, &err);
	tap_is_int(count_rows(reader), before + 1, "a reader's transaction stays at one point in time");
	db_commit(reader, &err);
	tap_ok(put(reader, 6000, &err) == ENVIRONMENT, "a reader cannot write");
	db_close(reader);
	err_clear(&err);
	tap_ok(db_open(path, DB_WRITE, &second, &err) == ENVIRONMENT && second == NULL, "a second writer is refused");
	char pid[32];
	snprintf(pid, sizeof pid, "process %ld", (long)getpid());
	tap_ok(strstr(err.text, pid) != NULL && strstr(err.text, "end it") != NULL,
	    "the refusal says which process holds it, and what to do");
}

static void test_other_files(void)
{
	struct err err = { .status = OK };
	struct stat info;
	struct db *db;
	char other[80];

	tap_ok(stat(path, &info) == 0 && (info.st_mode & 077) == 0, "nobody else may read the file");
	db = opened(DB_WRITE);
	db_script(db, "pragma user_version=99", &err);
	db_close(db);
	tap_ok(db_open(path, DB_READ, &db, &err) == ENVIRONMENT && strstr(err.text, "newer") != NULL,
	    "a store of a newer program is refused");
	err_clear(&err);
	snprintf(other, sizeof other, "%s/none.db", dir);
	tap_ok(db_open(other, DB_READ, &db, &err) == ENVIRONMENT && access(other, F_OK) != 0,
	    "reading makes no database where there is none");
	snprintf(other, sizeof other, "%s/text.db", dir);
	FILE *file = fopen(other, "w");
	for (int i = 0; i < 2000; i++) {
		fputs("this is no database\n", file);
	}
	fclose(file);
	err_clear(&err);
	tap_ok(db_open(other, DB_WRITE, &db, &err) == ENVIRONMENT && strstr(err.text, "not a database") != NULL,
	    "a file of something else is refused");
}

int main(void)
{
	if (mkdtemp(dir) == NULL) {
		return 1;
	}
	snprintf(path, sizeof path, "%s/a.db", dir);
	struct db *db = opened(DB_WRITE);
	test_columns(db);
	test_nested_statements(db);
	test_transactions(db);
	test_hooks(db);
	test_full_disk(db);
	test_readers(db);
	db_close(db);
	test_other_files();
	folder_remove(dir);
	return tap_done();
}
