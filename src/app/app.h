/* What every face calls: open a home, choose a tally and a desk, submit, sync, query. A face parses and prints; it decides
 * nothing. Lists for people and programs leave here as JSON rows; the face chooses the columns. */
#ifndef WARIFU_APP_APP_H
#define WARIFU_APP_APP_H
#include "app/json.h"
#include "core/ctx.h"
#include "fold/fold.h"
#include "store/keyfile.h"
#include "sync/sync.h"

#define APP_KEY_DIRS 4 /* --keys given at most so often: root, recovery, and two to spare */
#define APP_SECRETS 16 /* keys opened in one command */
#define PARTY_TEXT 16

struct background;
struct app {
	struct store *store;   /* the one in use */
	struct store slots[2]; /* a command that began by reading and now writes holds both */
	bool is_open, was_reading;
	bool is_still; /* what is read does not change: app_still() */
	struct arena arena;
	struct buf out;
	struct ctx ctx;
	char home_dir[4096];
	char party[PARTY_TEXT]; /* the home's party */
	struct tally_row tally;
	const char *desk_wanted; /* --desk NUMBER or a key's first hex digits; NULL: the only one */
	struct bytes
	    officer_wanted; /* in another tally than the chosen one: the desk of this officer, instead (ctx_within) */
	struct bytes
	    officer_usual; /* whose desk signs in other tallies where nobody else is named; empty: any that is the only one */
	const char *key_dirs[APP_KEY_DIRS];
	unsigned key_dir_count; /* where else key files may lie */
	struct key_view desk;
	bool has_desk;
	struct id home_key;
	bool has_home_key;
	struct {
		struct id key;
		struct secrets *secrets;
	} opened[APP_SECRETS];
	unsigned opened_count;
	struct {
		bool known; /* the agreement of this tally on this day, looked up while nothing changes */
		int64_t tally, day;
		struct bytes profile;
		struct id hash;
	} agreement;
	/* Asks for the passphrase of a key; `again` when a new one is to be typed twice. */
	enum status (*passphrase)(
	    void *context, const char *what, bool again, struct arena *arena, struct bytes *out, struct err *err);
	void *passphrase_context;
	struct background *background; /* of a server that calls partners by itself, for its pages; else NULL */
	void (*progress)(void *context, const char *what, int64_t done, int64_t all); /* may be NULL */
	void *progress_context;
};
static inline struct app *app_of(struct ctx *ctx)
{
	return ctx->app;
}

/* Makes ctx usable without a home (verify, help). Cannot fail; app_close frees. */
void app_init(struct app *app);
/* Opens the home. ENVIRONMENT when there is none, or another process holds it. */
enum status app_open(struct app *app, const char *home_dir, enum db_mode mode, struct err *err);
/* Tables of another shape, which another version of the program has left, are made anew and filled: of a writer, for all tallies. */
enum status app_tables_ready(struct app *app, struct err *err);
void app_close(struct app *app);
/* From another thread: the question that the home is being asked now fails. */
void app_interrupt(struct app *app);
/* Lets go of the home for a while, with all its locks: the store is closed, all else stays. Nothing of the store may be asked for before
 * app_resume, which opens it for writing. ENVIRONMENT: another process holds it; try again. */
void app_pause(struct app *app);
enum status app_resume(struct app *app, struct err *err);
/* From here on the home may be written: a reader becomes a writer. ENVIRONMENT when the home is a copy and read-only. */
enum status app_write(struct app *app, struct err *err);
/* What a reader sees from here on is one state of the store, until app_close(). */
enum status app_still(struct app *app, struct err *err);
/* By the first hex digits of its id; NULL: the one set by `tally use`, else the only one. NOT_FOUND when there is none. */
enum status app_choose_tally(struct app *app, const char *id_prefix, struct err *err);
/* Refuses --now where an entry would be signed in a real tally. Every signing passes here. */
enum status app_may_sign(struct app *app, struct err *err);

/* A setting of this home that holds JSON: an empty object when it is not set. The caller owns *out. */
enum status app_setting_get(struct app *app, const char *name, json_t **out, struct err *err);
enum status app_setting_set(struct app *app, const char *name, const json_t *value, struct err *err);

/* --- keys (secrets.c) --- */
/* Keys of the chosen tally, from the arena. */
enum status app_keys(struct app *app, struct key_view **keys, unsigned *count, struct err *err);
/* Is the key's file within reach: in the home, in --keys, or where it was made? dir is filled when it is. */
bool app_key_here(struct app *app, const struct id *key, char dir[4096]);
/* Opens a key file, once per command. REFUSED for a light key in a real tally. Borrowed until app_close. */
enum status app_secrets(
    struct app *app, const struct id *key, const char *what, const struct secrets **out, struct err *err);
/* A key that is open already, from an officer's session: copied, and cleared with the app. */
enum status app_lend(struct app *app, const struct id *key, const struct secrets *secrets, struct err *err);
/* Opens the file of a key of this home by its passphrase: for logging in. REFUSED for a light key in a real tally; ENVIRONMENT "wrong
 * passphrase". The caller clears *out. */
enum status app_unlock(struct app *app, const struct id *key, const char *what, struct bytes passphrase,
    struct secrets *out, struct err *err);
void app_random(void *out, size_t len);
/* Makes a key and its file. role and label stand in the file. dir NULL: the home. sealing and tls, NULL or what the grant of a home names:
 * its sealing key, the hash of its certificate's key. */
enum status app_key_make(struct app *app, const char *dir, const char *role, const char *label,
    enum key_strength strength, struct id *key, struct id *sealing, struct id *tls, struct err *err);
/* The desk that signs: --desk, or the only usable one here. USAGE lists them when there are several. */
enum status app_choose_desk(struct app *app, struct err *err);
/* The root or recovery key of the home's party, when its file is within reach; ENVIRONMENT otherwise. */
enum status app_own_key(struct app *app, enum key_class key_class, struct key_view *out, struct err *err);
/* This home's key in the tally. NOT_FOUND when it has none. */
enum status app_choose_home_key(struct app *app, struct err *err);
enum status app_key_strength(struct app *app, const struct id *key, enum key_strength *strength, struct err *err);

const char *key_class_name(enum key_class key_class); /* "root", "recovery", "desk", "home" */

/* --- signing (signing.c) --- */
/* Judges an entry as the last one of its key's log, signs it, stores it with all that it changes, in one transaction. The verdict void
 * is REFUSED with rule and source, and nothing is stored. */
enum status app_sign(
    struct app *app, const struct id *key, const char *what, struct body_draft *draft, struct id *out, struct err *err);
/* The same for a kernel entry of a root, recovery, registrar or home key: fields by name as the kernel's table has them; `fields` is
 * consumed, NULL: none. */
enum status app_kernel_entry(struct app *app, const struct id *key, const char *what, const char *kind, json_t *fields,
    const struct id *refs, unsigned ref_count, struct id *out, struct err *err);
#endif
