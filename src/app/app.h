/* What every face calls: open a home, choose a tally, submit, sync, query. A face parses and prints; it decides nothing. */
#ifndef WARIFU_APP_APP_H
#define WARIFU_APP_APP_H
#include "core/ctx.h"
#include "fold/fold.h"
#include "store/keyfile.h"
#include "sync/sync.h"

struct app {
	struct store store;
	struct arena arena;
	struct buf out;
	struct ctx ctx;
	char home_dir[4096];
	struct tally_row tally;
	struct id desk; bool has_desk;       /* chosen by --desk NUMBER or the only one */
	struct id home_key; bool has_home_key;
	enum status (*passphrase)(void *context, const char *what, struct arena *arena, struct bytes *out, struct err *err);
	void *passphrase_context;
	char *words; /* loaded translations */
};
enum status app_open(struct app *app, const char *home_dir, enum db_mode mode, struct err *err);
void app_close(struct app *app);
enum status app_choose_tally(struct app *app, const char *id_prefix_or_null, struct err *err);
/* Signs one kernel entry with a key of this home (root, recovery, registrar desk, home); judged first: REFUSED with its rule. */
enum status app_kernel_entry(struct app *app, const struct id *key, const char *kind, struct bytes fields, unsigned field_count,
    const struct id *refs, unsigned ref_count, struct id *out, struct err *err);
#endif
