/* A file system between SQLite and the real one that can make writes fail as a full disk would. Always in place, so that tests and
 * production run the same code. Each open database has one of its own: nothing is shared. */
#ifndef WARIFU_STORE_FAULT_H
#define WARIFU_STORE_FAULT_H
#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

struct fault {
	sqlite3_vfs vfs; /* a copy of the real one, but for opening */
	sqlite3_vfs *real;
	char name[40];
	int64_t writes_left; /* 0: off; n: the n-th write from now fails, and all after it */
	bool full;
	int64_t unsynced; /* writes to the write-ahead log since it was last forced to disk */
};
int fault_register(struct fault *fault);        /* an SQLite result code; fault->name is then the name of the VFS */
void fault_unregister(struct fault *fault);     /* after the database is closed */
void fault_arm(struct fault *fault, int64_t n); /* n 0: off */
#endif
