/* When was an entry made? Its stated time is only what the signer says. Not before: the newest foreign entry that it names, or that its
 * `seen` covers. Not after: the first foreign acknowledgement that covers it. Both are the other side's signatures. */
#include "app/describe.h"
#include "app/locate.h"
#include "app/rules.h"
#include "base/cbor.h"
#include "base/limits.h"
#include "fold/folding.h"
#include "store/link.h"
#include <string.h>

/* --- not before --------------------------------------------------------------------------------------------------------- */

struct newest {
	struct app *app;
	struct arena *arena;
	unsigned party;
	int64_t stated_ms;
	struct id id;
	bool found;
};

/* Party of an entry's signer, from its log. */
static bool entry_party(struct app *app, int64_t log, unsigned *party)
{
	struct log_row row;
	if (store_log_get(app->store, log, &row, NULL) != OK) {
		return false;
	}
	*party = row.party;
	return true;
}

static void look_at(struct newest *newest, struct bytes id_of)
{
	struct entry_row row;
	struct body body;
	struct id id;
	unsigned party;
	memcpy(id.data, id_of.data, ID_BYTES);
	if (store_entry_find(newest->app->store, newest->app->ctx.tally, &id, newest->arena, &row, NULL) != OK ||
	    !entry_party(newest->app, row.log, &party) || party == newest->party || body_read(row.body, &body)) {
		return;
	}
	if (!newest->found || body.stated_ms > newest->stated_ms) {
		newest->found = true;
		newest->stated_ms = body.stated_ms;
		newest->id = id;
	}
}

static void look_at_seen(struct newest *newest, const uint8_t *seen)
{
	struct entry_row row;
	struct body body;
	struct id id;
	memcpy(id.data, seen, ID_BYTES);
	if (store_entry_find(newest->app->store, newest->app->ctx.tally, &id, newest->arena, &row, NULL) != OK ||
	    body_read(row.body, &body)) {
		return;
	}
	for (unsigned i = 0; i < body.ref_count; i++) {
		look_at(newest, body_ref(&body, i));
	}
}

static void put_not_before(struct app *app, struct arena *arena, const struct body *body, unsigned party, json_t *row)
{
	struct newest newest = { .app = app, .arena = arena, .party = party };
	for (unsigned i = 0; i < body->answer_count; i++) {
		look_at(&newest, body_answer(body, i));
	}
	for (unsigned i = 0; i < body->ref_count; i++) {
		look_at(&newest, body_ref(body, i));
	}
	if (body->seen) {
		look_at_seen(&newest, body->seen);
	}
	json_object_set_new(row, "not_before", newest.found ? json_time(newest.stated_ms) : json_null());
	json_object_set_new(row, "not_before_entry", newest.found ? json_hex(id_bytes(&newest.id)) : json_null());
}

/* --- not after ---------------------------------------------------------------------------------------------------------- */

struct covered {
	int64_t log;
	uint64_t seq;
	unsigned party;
	json_t *row;
};
struct cover {
	struct app *app;
	struct covered *items;
	unsigned count;
	struct arena arena;    /* of one acknowledgement at a time */
	struct log_row *homes; /* keys that acknowledge */
	unsigned home_count, home_capacity;
};

static enum status home_note(void *context, const struct log_row *log, struct err *err)
{
	struct cover *cover = context;

	if (log->key_class != KEY_HOME) {
		return OK;
	}
	if (cover->home_count == cover->home_capacity) {
		unsigned wider = cover->home_capacity ? cover->home_capacity * 2 : 16;
		struct log_row *homes = arena_take_array(&cover->app->arena, wider, sizeof *homes);
		if (!homes) {
			return err_set(err, ENVIRONMENT, "why: out of memory");
		}
		if (cover->home_count > 0) {
			memcpy(homes, cover->homes, cover->home_count * sizeof *homes);
		}
		cover->homes = homes;
		cover->home_capacity = wider;
	}
	cover->homes[cover->home_count++] = *log;
	return OK;
}

/* The first acknowledgement, in storing order, of another party that names the item's log as far as the item. What a home has named it
 * has named for good, so the first one of each home is found by its links. */
static enum status put_not_after_item(struct cover *cover, const struct covered *item, struct err *err)
{
	struct store *store = cover->app->store;
	enum status status = OK;
	int64_t first = INT64_MAX;

	for (unsigned i = 0; i < cover->home_count && status == OK; i++) {
		struct entry_row ack;
		struct body body;
		uint64_t seq = UINT64_MAX;
		if (cover->homes[i].party == item->party) {
			continue;
		}
		status = store_link_first(store, cover->homes[i].row, item->log, item->seq, &seq, err);
		if (status != OK || seq == UINT64_MAX) {
			continue;
		}
		arena_reset(&cover->arena);
		status = store_entry_at(store, cover->homes[i].row, seq, &cover->arena, &ack, err);
		if (status == OK && ack.row < first && !body_read(ack.body, &body)) {
			first = ack.row;
			json_object_set_new(item->row, "not_after", json_time(body.stated_ms));
			json_object_set_new(item->row, "not_after_entry", json_hex(id_bytes(&ack.id)));
		}
	}
	return status;
}

static enum status put_not_after(struct cover *cover, struct err *err)
{
	struct store *store = cover->app->store;
	enum status status = store_still_begin(store, false, err);

	if (status != OK) {
		return status;
	}
	arena_init(&cover->arena, LIMIT_ARENA_BYTES);
	status = store_log_each(store, cover->app->ctx.tally, home_note, cover, err);
	for (unsigned i = 0; i < cover->count && status == OK; i++) {
		status = put_not_after_item(cover, &cover->items[i], err);
	}
	arena_clear(&cover->arena);
	return store_still_end(store, status, err);
}

/* --- why ---------------------------------------------------------------------------------------------------------------- */

static void put_signer(struct app *app, const struct move *move, json_t *row)
{
	json_object_set_new(row, "party", json_string(app->ctx.view.party_codes[move->signer.party]));
	json_object_set_new(row, "post", json_utf8(move->signer.post));
	json_object_set_new(row, "officer", json_utf8(move->signer.officer));
	json_object_set_new(row, "desk", json_integer(move->signer.desk_number));
}

static json_t *why_row(struct app *app, const struct move *move)
{
	const struct kernel_move *kernel = kernel_of(move);
	const char *words = rule_text(move->rule);
	json_t *row = json_object();
	json_object_set_new(row, "number", json_string(move->part ? move->part->number : ""));
	json_object_set_new(row, "kind", json_stringn((const char *)kernel->own.kind.data, kernel->own.kind.len));
	put_signer(app, move, row);
	json_object_set_new(row, "stated", json_time(move->body.stated_ms));
	json_object_set_new(row, "not_before", json_null());
	json_object_set_new(row, "not_after", json_null());
	json_object_set_new(row, "verdict", json_string(verdict_name(move->verdict)));
	json_object_set_new(row, "rule", move->rule[0] ? json_string(move->rule) : json_null());
	json_object_set_new(row, "reason",
	    fold_reason(move)[0]         ? json_string(fold_reason(move))
		: words && move->rule[0] ? json_string(words)
					 : json_null());
	const char *domain = move->kind ? domain_find(kernel->own.kind)->name : NULL;
	const char *says = move->rule[0] ? rule_sentence(domain, move->rule, app->ctx.lang) : NULL;
	json_object_set_new(row, "says", says ? json_string(says) : json_null());
	json_object_set_new(row, "source", fold_source(move)[0] ? json_string(fold_source(move)) : json_null());
	json_object_set_new(row, "state", move->state ? json_string(move->state->name) : json_null());
	json_object_set_new(row, "head", json_false());
	json_object_set_new(row, "id", json_hex(id_bytes(&move->id)));
	for (unsigned i = 0; move->part && i < move->part->head_count; i++) {
		if (move->part->heads[i] == move) {
			json_object_set_new(row, "head", json_true());
		}
	}
	return row;
}

enum status why_rows(struct app *app, const char *number, json_t **rows, struct err *err)
{
	struct target target;
	struct arena scratch;
	enum status status = locate(app, number, NULL, &app->arena, &target, err);
	if (status != OK) {
		return status;
	}
	bool whole = !strchr(number, '/') && !target.move;
	struct cover cover = { .app = app };
	cover.items = arena_take_array(&app->arena, target.fold->move_count + 1, sizeof *cover.items);
	if (!cover.items) {
		return err_set(err, ENVIRONMENT, "why: out of memory");
	}
	*rows = json_array();
	arena_init(&scratch, LIMIT_ARENA_BYTES);
	for (unsigned i = 0; i < target.fold->move_count; i++) {
		const struct move *move = target.fold->moves[i];
		if (!whole && (target.move ? move != target.move : move->part != target.part)) {
			continue;
		}
		json_t *row = why_row(app, move);
		put_not_before(app, &scratch, &kernel_of(move)->own, move->signer.party, row);
		cover.items[cover.count++] =
		    (struct covered){ kernel_of(move)->log->row.row, kernel_of(move)->seq, move->signer.party, row };
		json_array_append_new(*rows, row);
		arena_reset(&scratch);
	}
	arena_clear(&scratch);
	return put_not_after(&cover, err);
}

/* --- log ---------------------------------------------------------------------------------------------------------------- */

static json_t *log_row_json(struct app *app, const struct key_view *key, struct query *query)
{
	struct body body;
	json_t *row = json_object();
	const char *reason = body_read(query_blob(query, 2), &body);
	json_object_set_new(row, "stated", reason ? json_null() : json_time(body.stated_ms));
	json_object_set_new(
	    row, "party", key ? json_string(app->ctx.view.party_codes[key->signer.party]) : json_null());
	json_object_set_new(row, "signer", key ? json_string(key_class_name(key->key_class)) : json_null());
	json_object_set_new(
	    row, "desk", key && key->key_class == KEY_DESK ? json_integer(key->signer.desk_number) : json_null());
	json_object_set_new(row, "seq", json_integer(query_int(query, 1)));
	json_object_set_new(
	    row, "kind", reason ? json_string(reason) : json_stringn((const char *)body.kind.data, body.kind.len));
	json_object_set_new(row, "number", query_is_null(query, 5) ? json_null() : json_utf8(query_text(query, 5)));
	json_object_set_new(row, "verdict", json_string(verdict_name((enum verdict)query_int(query, 3))));
	json_object_set_new(row, "rule", query_text(query, 4).len ? json_utf8(query_text(query, 4)) : json_null());
	json_object_set_new(row, "id", json_hex(query_blob(query, 0)));
	return row;
}

static const struct key_view *key_of_log(const struct key_view *keys, unsigned count, struct app *app, int64_t log)
{
	struct log_row row;
	if (store_log_get(app->store, log, &row, NULL) != OK) {
		return NULL;
	}
	for (unsigned i = 0; i < count; i++) {
		if (id_equal(&keys[i].key, &row.key)) {
			return &keys[i];
		}
	}
	return NULL;
}

static bool is_of(const struct key_view *key, const char *of)
{
	char hex[ID_BYTES * 2 + 1], number[24];
	if (!of) {
		return true;
	}
	if (!key) {
		return false;
	}
	hex_print(id_bytes(&key->key), hex);
	snprintf(number, sizeof number, "%lld", (long long)key->signer.desk_number);
	return strcmp(of, key_class_name(key->key_class)) == 0 ||
	    (key->key_class == KEY_DESK && strcmp(number, of) == 0) ||
	    (strlen(of) >= 8 && strncmp(hex, of, strlen(of)) == 0);
}

enum status log_rows(struct app *app, const char *of, int64_t count, json_t **rows, struct err *err)
{
	struct key_view *keys;
	unsigned key_count;
	struct query *query;
	enum status status = app_keys(app, &keys, &key_count, err);
	if (status == OK) {
		status = ctx_query(&app->ctx,
		    "select e.id, e.seq, e.body, e.verdict, e.rule, t.number, e.log from entry e"
		    " left join thread t on t.row = e.thread where e.tally = :tally order by e.row desc",
		    &query, err);
	}
	if (status != OK) {
		return status;
	}
	*rows = json_array();
	while ((count == 0 || (int64_t)json_array_size(*rows) < count) && query_next(query)) {
		const struct key_view *key = key_of_log(keys, key_count, app, query_int(query, 6));
		if (is_of(key, of)) {
			json_array_append_new(*rows, log_row_json(app, key, query));
		}
	}
	query_close(query);
	return OK;
}
