/* Whole small files: written so that after a crash the old one or the new one is there, never a part. */
#ifndef WARIFU_STORE_FILE_H
#define WARIFU_STORE_FILE_H
#include "base/arena.h"
#include "base/err.h"

#define PATH_BYTES 4200

/* Joins as printf does. ENVIRONMENT when the path would be too long. */
enum status path_make(char out[PATH_BYTES], struct err *err, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* What errno says of this file, and what to do where the disk is full or fails: ENVIRONMENT. */
enum status file_failed(const char *path, struct err *err);
/* Makes a folder (0700) and those above it; fine when they exist. */
enum status folder_make(const char *path, struct err *err);
/* Temporary name beside it, synced, renamed, folder synced. Mode 0600. only_new: ENVIRONMENT when there is one already. */
enum status file_write(const char *path, struct bytes content, bool only_new, struct err *err);
/* NOT_FOUND (err untouched) when there is none; BAD_INPUT above max_bytes. */
enum status file_read(const char *path, size_t max_bytes, struct arena *arena, struct bytes *content, struct err *err);
bool file_exists(const char *path);
enum status file_remove(const char *path, struct err *err); /* fine when there is none; folder synced */
#endif
