/* Files that travel with an entry: PDF, JPEG, PNG, CSV, told by their bytes. */
#ifndef WARIFU_APP_ATTACH_H
#define WARIFU_APP_ATTACH_H
#include "app/app.h"
#include "core/input.h"

struct attached {
	struct bytes content;
	struct id hash;
	const char *media;
};
/* Writes a file for a person: whole or not at all; the mode is what the umask leaves of 0666. */
enum status output_file(const char *path, struct bytes content, struct err *err);
/* Reads and classifies a file for an entry. BAD_INPUT when it is none of the four media. */
enum status attach_read(struct arena *arena, const char *path, struct attached *out, struct err *err);
/* The same for bytes that came otherwise; name tells a .csv. The content is borrowed. */
enum status attach_take(
    struct arena *arena, const char *name, struct bytes content, struct attached *out, struct err *err);
/* The array item for a body: [hash, size, media type] each. */
void attach_print(const struct attached *files, unsigned count, struct buf *out);
/* Rows {"hash","media","size","state","number","entry"} of the chosen tally; state "here", "awaited" or "erased". */
enum status attachment_rows(struct app *app, json_t **rows, struct err *err);
/* By the first digits of its hash. */
enum status attachment_find(struct app *app, const char *hex, struct id *out, struct err *err);
/* Erases the bytes here that are to be erased (docs/format.md 3): those of which every party has said so, and those of which ours has and
 * that no other party's entry names. Call it after a sync, and after an erasing. */
enum status attachments_settle(struct app *app, struct err *err);
/* Enters attachment.erased, by the desk chosen or else the root, and settles. */
enum status attachment_erase(struct app *app, const struct id *hash, const char *law, struct id *out, struct err *err);
#endif
