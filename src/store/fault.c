/* Every call goes straight to the real file system; only writes are counted. A file of ours is a header and, behind it, the real
 * file's own structure. Memory mapping is off (db.c), so all writes but those to the shared index (which is rebuilt at every
 * opening) come through file_write. */
#include "store/fault.h"
#include <stddef.h>
#include <stdio.h>
#include <string.h>

struct file {
	sqlite3_file base;
	struct fault *fault;
	bool is_log; /* the write-ahead log */
	_Alignas(8) unsigned char real[];
};

static sqlite3_file *real_of(sqlite3_file *file)
{
	return (sqlite3_file *)(void *)((struct file *)(void *)file)->real;
}

static bool write_fails(sqlite3_file *file)
{
	struct fault *fault = ((struct file *)(void *)file)->fault;

	if (fault->writes_left > 0 && --fault->writes_left == 0) {
		fault->full = true;
	}
	return fault->full;
}

static int file_close(sqlite3_file *file)
{
	sqlite3_file *real = real_of(file);
	return real->pMethods->xClose(real);
}

static int file_read(sqlite3_file *file, void *data, int len, sqlite3_int64 offset)
{
	sqlite3_file *real = real_of(file);
	return real->pMethods->xRead(real, data, len, offset);
}

static int file_write(sqlite3_file *file, const void *data, int len, sqlite3_int64 offset)
{
	struct file *own = (struct file *)(void *)file;
	sqlite3_file *real = real_of(file);

	if (write_fails(file)) {
		return SQLITE_FULL;
	}
	own->fault->unsynced += own->is_log;
	return real->pMethods->xWrite(real, data, len, offset);
}

static int file_truncate(sqlite3_file *file, sqlite3_int64 size)
{
	sqlite3_file *real = real_of(file);
	return real->pMethods->xTruncate(real, size);
}

static int file_sync(sqlite3_file *file, int flags)
{
	struct file *own = (struct file *)(void *)file;
	sqlite3_file *real = real_of(file);

	if (own->is_log) {
		own->fault->unsynced = 0;
	}
	return real->pMethods->xSync(real, flags);
}

static int file_size(sqlite3_file *file, sqlite3_int64 *size)
{
	sqlite3_file *real = real_of(file);
	return real->pMethods->xFileSize(real, size);
}

static int file_lock(sqlite3_file *file, int level)
{
	sqlite3_file *real = real_of(file);
	return real->pMethods->xLock(real, level);
}

static int file_unlock(sqlite3_file *file, int level)
{
	sqlite3_file *real = real_of(file);
	return real->pMethods->xUnlock(real, level);
}

static int file_reserved(sqlite3_file *file, int *out)
{
	sqlite3_file *real = real_of(file);
	return real->pMethods->xCheckReservedLock(real, out);
}

static int file_control(sqlite3_file *file, int operation, void *argument)
{
	sqlite3_file *real = real_of(file);
	return real->pMethods->xFileControl(real, operation, argument);
}

static int file_sector(sqlite3_file *file)
{
	sqlite3_file *real = real_of(file);
	return real->pMethods->xSectorSize(real);
}

static int file_characteristics(sqlite3_file *file)
{
	sqlite3_file *real = real_of(file);
	return real->pMethods->xDeviceCharacteristics(real);
}

static int file_shm_map(sqlite3_file *file, int page, int size, int extend, void volatile **out)
{
	sqlite3_file *real = real_of(file);
	return real->pMethods->xShmMap(real, page, size, extend, out);
}

static int file_shm_lock(sqlite3_file *file, int offset, int n, int flags)
{
	sqlite3_file *real = real_of(file);
	return real->pMethods->xShmLock(real, offset, n, flags);
}

static void file_shm_barrier(sqlite3_file *file)
{
	sqlite3_file *real = real_of(file);
	real->pMethods->xShmBarrier(real);
}

static int file_shm_unmap(sqlite3_file *file, int remove)
{
	sqlite3_file *real = real_of(file);
	return real->pMethods->xShmUnmap(real, remove);
}

static const sqlite3_io_methods file_methods = {
	.iVersion = 2,
	.xClose = file_close,
	.xRead = file_read,
	.xWrite = file_write,
	.xTruncate = file_truncate,
	.xSync = file_sync,
	.xFileSize = file_size,
	.xLock = file_lock,
	.xUnlock = file_unlock,
	.xCheckReservedLock = file_reserved,
	.xFileControl = file_control,
	.xSectorSize = file_sector,
	.xDeviceCharacteristics = file_characteristics,
	.xShmMap = file_shm_map,
	.xShmLock = file_shm_lock,
	.xShmBarrier = file_shm_barrier,
	.xShmUnmap = file_shm_unmap,
};

static int vfs_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *out, int flags, int *out_flags)
{
	struct fault *fault = vfs->pAppData;
	struct file *file = (struct file *)(void *)out;
	sqlite3_file *real = real_of(out);

	file->base.pMethods = NULL;
	file->fault = fault;
	file->is_log = (flags & SQLITE_OPEN_WAL) != 0;
	real->pMethods = NULL;
	int code = fault->real->xOpen(fault->real, name, real, flags, out_flags);
	if (real->pMethods != NULL) {
		file->base.pMethods = &file_methods;
	}
	return code;
}

int fault_register(struct fault *fault)
{
	int code = sqlite3_initialize();

	if (code != SQLITE_OK) {
		return code;
	}
	fault->real = sqlite3_vfs_find(NULL);
	if (fault->real == NULL) {
		return SQLITE_ERROR;
	}
	fault->vfs = *fault->real;
	snprintf(fault->name, sizeof fault->name, "warifu-%p", (void *)fault);
	fault->vfs.pNext = NULL;
	fault->vfs.zName = fault->name;
	fault->vfs.pAppData = fault;
	fault->vfs.szOsFile = (int)offsetof(struct file, real) + fault->real->szOsFile;
	fault->vfs.xOpen = vfs_open;
	return sqlite3_vfs_register(&fault->vfs, 0);
}

void fault_unregister(struct fault *fault)
{
	if (fault->vfs.zName != NULL) {
		sqlite3_vfs_unregister(&fault->vfs);
	}
}

void fault_arm(struct fault *fault, int64_t n)
{
	fault->writes_left = n;
	fault->full = false;
}
