#include "store/file.h"
#include "store/test_store.h"
#include <sys/stat.h>

static struct bench bench;
static struct err err;

static void run(const char *program, const char *a, const char *b, const char *c)
{
	pid_t child = fork();

	if (child == 0) {
		execlp(program, program, a, b, c, (char *)NULL);
		_exit(127);
	}
	waitpid(child, NULL, 0);
}

static bool write_something(struct store *store)
{
	if (store_begin(store, &err) != OK) {
		return false;
	}
	return store_setting_set(store, "note", bytes_text("x"), &err) == OK && store_commit(store, &err) == OK;
}

/* Opens a folder for writing, tells how that went, closes it. */
static bool opens_writable(const char *dir, char reason[512])
{
	struct store store;
	bool writable;

	err_clear(&err);
	reason[0] = '\0';
	if (store_open(dir, DB_WRITE, &store, &err) != OK) {
		snprintf(reason, 512, "%s", err.text);
		return false;
	}
	writable = !store.read_only && write_something(&store);
	snprintf(reason, 512, "%s", store.read_only_why.text);
	store_close(&store);
	return writable;
}

static void test_making(void)
{
	struct stat info;
	char path[PATH_BYTES];
	struct store store;

	tap_ok(stat(bench.home, &info) == 0 && (info.st_mode & 0777) == 0700, "a home is its owner's alone");
	path_make(path, NULL, "%s/store.db", bench.home);
	tap_ok(stat(path, &info) == 0 && (info.st_mode & 0777) == 0600, "and so is its store");
	tap_ok(store_create(bench.home, &err) == ENVIRONMENT && strstr(err.text, "in use") != NULL,
	    "no home is made over one in use");
	store_close(&bench.store);
	err_clear(&err);
	tap_ok(store_create(bench.home, &err) == ENVIRONMENT && strstr(err.text, "one already") != NULL,
	    "nor over one that is there");
	err_clear(&err);
	path_make(path, NULL, "%s/nothing", bench.dir);
	tap_ok(store_open(path, DB_WRITE, &store, &err) == ENVIRONMENT && strstr(err.text, "there is none") != NULL &&
		!file_exists(path),
	    "opening makes no home");
	err_clear(&err);
	tap_ok(store_create("/dev/null/home", &err) == ENVIRONMENT, "a home needs a folder that can be made");
	err_clear(&err);
	path_make(path, NULL, "%s/begun", bench.dir);
	folder_make(path, &err);
	path_make(path, NULL, "%s/begun/store.db", bench.dir);
	file_write(path, bytes_text(""), false, &err);
	path_make(path, NULL, "%s/begun/", bench.dir);
	tap_ok(store_create(path, &err) == OK, "a home whose making was cut short is made anew");
}

static void test_going_on(void)
{
	char reason[512];
	bool all = true;

	for (unsigned i = 0; i < 4; i++) {
		all = all && opens_writable(bench.home, reason);
	}
	tap_ok(all, "a home opens and writes time after time");
	struct store store;
	store_open(bench.home, DB_READ, &store, &err);
	tap_ok(!store.read_only && store_begin(&store, &err) == OK && store_commit(&store, &err) == OK,
	    "reading needs no incarnation");
	tap_ok(store_setting_set(&store, "note", bytes_text("y"), &err) == ENVIRONMENT, "and writes nothing");
	store_close(&store);
}

static void test_copies(void)
{
	char copy[PATH_BYTES], marker[PATH_BYTES], state[PATH_BYTES], reason[512];
	struct store store;

	path_make(copy, NULL, "%s/copy", bench.dir);
	path_make(marker, NULL, "%s/copy/backup", bench.dir);
	path_make(state, NULL, "%s/state2", bench.dir);

	run("cp", "-a", bench.home, copy);
	file_write(marker, bytes_text(""), false, &err);
	tap_ok(!opens_writable(copy, reason) && strstr(reason, "backup") != NULL && strstr(reason, "new desk") != NULL,
	    "a marked backup is read-only, and says the way out");
	unlink(marker);
	opens_writable(bench.home, reason);
	tap_ok(!opens_writable(copy, reason) && strstr(reason, "older copy") != NULL,
	    "a copy is read-only once the home has gone on");
	tap_ok(opens_writable(bench.home, reason), "the home itself goes on");

	setenv("WARIFU_MACHINE", "another machine", 1);
	tap_ok(!opens_writable(bench.home, reason) && strstr(reason, "another machine") != NULL,
	    "on another machine it is read-only");
	setenv("WARIFU_MACHINE", "test machine", 1);
	setenv("WARIFU_STATE", state, 1);
	tap_ok(!opens_writable(bench.home, reason) && strstr(reason, "missing") != NULL,
	    "without its incarnation file it is read-only");
	setenv("WARIFU_STATE", bench.state, 1);

	store_open(bench.home, DB_WRITE, &store, &err);
	write_something(&store);
	folder_remove(copy);
	run("cp", "-a", bench.home, copy);
	tap_ok(!opens_writable(copy, reason) && strstr(reason, "another copy") != NULL,
	    "a copy made while the home is at work cannot write beside it");
	store_close(&store);
}

static void test_adopting(void)
{
	char copy[PATH_BYTES], reason[512];
	struct store store;
	struct arena arena;
	struct bytes value;

	arena_init(&arena, 4096);
	path_make(copy, NULL, "%s/copy", bench.dir);
	opens_writable(bench.home, reason);
	store_open(bench.home, DB_WRITE, &store, &err);
	tap_ok(store_adopt(&store, &err) == ENVIRONMENT, "a home that may write has nothing to adopt");
	store_close(&store);
	err_clear(&err);
	tap_ok(store_open(copy, DB_WRITE, &store, &err) == OK && store.read_only &&
		store_writable(&store, &err) == ENVIRONMENT,
	    "an old copy is read-only");
	err_clear(&err);
	tap_ok(store_adopt(&store, &err) == OK && !store.read_only && write_something(&store),
	    "it can be adopted, and then writes");
	tap_ok(store_setting_get(&store, "adopted", &arena, &value, &err) == OK && bytes_is(value, "1"),
	    "it keeps in mind that it was");
	store_close(&store);
	tap_ok(
	    opens_writable(copy, reason) && opens_writable(bench.home, reason), "both go on, each under its own name");
	arena_clear(&arena);
}

/* The store is one step ahead of the file when a process dies between the two. */
static void test_crash_between(void)
{
	char path[PATH_BYTES], old[PATH_BYTES], reason[512], command[2 * PATH_BYTES];
	struct store store;

	path_make(path, NULL, "%s/state", bench.dir);
	path_make(old, NULL, "%s/state-before", bench.dir);
	run("cp", "-a", path, old);
	opens_writable(bench.home, reason);
	folder_remove(path);
	run("mv", old, path, NULL);
	tap_ok(opens_writable(bench.home, reason), "a file one step behind, as a crash leaves it, is accepted");
	snprintf(command, sizeof command, "%s/moved", bench.dir);
	run("mv", bench.home, command, NULL);
	tap_ok(opens_writable(command, reason), "a home can be moved on its machine");
	run("mv", command, bench.home, NULL);
	setenv("WARIFU_STATE", "/dev/null/state", 1);
	tap_ok(store_open(bench.home, DB_WRITE, &store, &err) == OK && store.read_only,
	    "where no incarnation can be kept, nothing is written");
	store_close(&store);
	setenv("WARIFU_STATE", bench.state, 1);
}

static void test_state_folder(void)
{
	char path[PATH_BYTES], reason[512], home[PATH_BYTES];

	unsetenv("WARIFU_STATE");
	path_make(path, NULL, "%s/xdg", bench.dir);
	setenv("XDG_STATE_HOME", path, 1);
	path_make(home, NULL, "%s/home2", bench.dir);
	err_clear(&err);
	store_create(home, &err);
	path_make(path, NULL, "%s/xdg/warifu", bench.dir);
	tap_ok(file_exists(path) && opens_writable(home, reason),
	    "the incarnation lies where the desktop keeps such things");
	unsetenv("XDG_STATE_HOME");
	setenv("HOME", bench.dir, 1);
	path_make(home, NULL, "%s/home3", bench.dir);
	store_create(home, &err);
	path_make(path, NULL, "%s/.local/state/warifu", bench.dir);
	tap_ok(file_exists(path) && opens_writable(home, reason), "or below the person's own folder");
	unsetenv("HOME");
	path_make(home, NULL, "%s/home4", bench.dir);
	tap_ok(store_create(home, &err) == ENVIRONMENT && strstr(err.text, "WARIFU_STATE") != NULL,
	    "without either it says what to set");
}

int main(void)
{
	bench_home(&bench);
	test_making();
	test_going_on();
	test_copies();
	test_adopting();
	test_crash_between();
	test_state_folder();
	folder_remove(bench.dir);
	return tap_done();
}
