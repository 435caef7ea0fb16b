#include "store/restored.h"
#include "store/file.h"
#include <stdio.h>

enum status store_mark_restored(struct store *store, struct err *err)
{
	static const char text[] = "This home is an older copy: another home knows later entries of its keys.\n";
	char path[PATH_BYTES];
	enum status status = path_make(path, err, "%s/backup", store->path);

	if (status == OK) {
		status = file_write(path, bytes_text(text), false, err);
	}
	store->read_only = true;
	err_set(&store->read_only_why, ENVIRONMENT,
	    "an older copy: another home knows later entries of its keys; "
	    "its keys must be given up, and new ones granted");
	return status;
}
