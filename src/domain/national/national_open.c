/* What is open for an officer in the shared tallies: which parts a hand-over of his would hold, and whose roles can go on with them. */
#include "domain/national/national_open.h"
#include "base/limits.h"
#include "base/time.h"
#include "core/domain.h"
#include "core/print.h"
#include "domain/national/national_commands.h"
#include "domain/national/national_print.h"
#include "domain/support/support.h"
#include <string.h>

/* A tally while it is looked at. */
struct opening {
	struct ctx *ctx;
	struct bytes officer;
	struct opened *opened;
	json_t *lacking;         /* NULL: items are gathered */
	const json_t *named;     /* numbers of parts that are gathered though they are idle; may be NULL */
	struct desk_view *desks; /* all of the tally; `own` first those of the officer */
	unsigned desk_count;
	struct desk_view *own;
	unsigned own_count;
	const struct support_open *open; /* the thread at hand; without a clock where it is no order */
	/* of the thread at hand */
	const struct fold *fold;
	const struct domain *domain;
	bool acted, has_contact;
	int64_t contact_ms;
};

static bool holds(const json_t *texts, const char *text)
{
	size_t index;
	json_t *at;

	json_array_foreach((json_t *)texts, index, at)
	{
		if (strcmp(json_string_value(at), text) == 0) {
			return true;
		}
	}
	return false;
}

void opened_add(json_t *texts, const char *text)
{
	if (!holds(texts, text)) {
		json_array_append_new(texts, json_string(text));
	}
}

static bool has_any(const struct signer *signer, const json_t *roles)
{
	size_t index;
	json_t *role;

	json_array_foreach((json_t *)roles, index, role)
	{
		if (signer_has_role(signer, json_string_value(role))) {
			return true;
		}
	}
	return false;
}

static bool own_has_any(const struct opening *opening, const json_t *roles)
{
	for (unsigned i = 0; i < opening->own_count; i++) {
		if (has_any(&opening->own[i].signer, roles)) {
			return true;
		}
	}
	return false;
}

/* ---- the next own move of a part ------------------------------------------------------------------------------------- */

static const struct state *state_of(const struct opening *opening, const struct part *part)
{
	const struct state *derived =
	    opening->domain->part_state ? opening->domain->part_state(opening->fold, part) : NULL;

	return part->head_count != 1 ? NULL : derived ? derived : part->heads[0]->state;
}

/* A part that nobody has the pen of may be followed up by one that is opened for it: what was receipted is claimed. */
static bool is_followed(const struct opening *opening, const struct part *part, const struct transition *row)
{
	const struct domain *domain = opening->domain;
	const struct kind *kind = domain_kind(domain, bytes_text(row->kind));
	struct move draft = { .kind = kind, .signer = { .party = opening->ctx->own_party } };
	struct fold *fold = (struct fold *)opening->fold;
	unsigned sides[SIDES];
	struct err none = { 0 };

	if (row->from != NULL || kind == NULL || kind->opens != OPENS_PART || domain->relies == NULL ||
	    domain->relies(fold, kind, part, opening->ctx->now_ms) != RELIES_USUALLY) {
		return false;
	}
	memcpy(sides, part->sides, sizeof sides);
	return domain->sides(fold, &draft, sides, &none) == OK && sides[row->side] == opening->ctx->own_party;
}

/* Roles of which the next own move needs one; empty: the part waits for nobody here. Rivals are for whoever signs for the party. */
static json_t *roles_of(const struct opening *opening, const struct part *part, const struct state *state)
{
	json_t *roles = json_array();
	bool ours = state && state->pen && part->sides[state->pen] == opening->ctx->own_party;

	for (const struct transition *row = opening->domain->transitions; state && row->kind; row++) {
		bool moves = ours && row->from && row->side == state->pen &&
		    strcmp(row->part_type, part->type->name) == 0 && strcmp(row->from, state->name) == 0;
		if (moves || (state->pen == 0 && is_followed(opening, part, row))) {
			opened_add(roles, row->role);
		}
	}
	return roles;
}

/* ---- one thread ------------------------------------------------------------------------------------------------------ */

static void look_at_moves(struct opening *opening)
{
	const struct fold *fold = opening->fold;
	unsigned own = opening->ctx->own_party;

	opening->acted = opening->has_contact = false;
	for (unsigned i = 0; i < fold->move_count; i++) {
		const struct move *move = fold->moves[i];
		if (move->verdict != VERDICT_VALID) {
			continue;
		}
		if (move->signer.party == own) {
			opening->acted |= bytes_equal(move->signer.officer, opening->officer);
		} else if (!opening->has_contact || move->body.stated_ms > opening->contact_ms) {
			opening->has_contact = true;
			opening->contact_ms = move->body.stated_ms;
		}
	}
}

/* The latest hand-over of the thread that was taken over, in the own national tally. */
static enum status answers(const struct opening *opening, bool *he, bool *another, struct err *err)
{
	struct query *row = NULL;
	enum status status = ctx_query(opening->ctx,
	    "SELECT d.officer FROM national_duty d WHERE d.subject = :subject ORDER BY d.since_ms DESC LIMIT 1", &row,
	    err);

	*he = *another = false;
	if (status == OK) {
		query_bind_blob(row, "subject", id_bytes(&opening->fold->thread));
	}
	if (status == OK && query_next(row)) {
		*he = bytes_equal(query_text(row, 0), opening->officer);
		*another = !*he;
	}
	query_close(row);
	return status;
}

/* Officers of the own party with one of the roles, each with those that he has. */
static json_t *able(const struct opening *opening, const json_t *roles)
{
	json_t *officers = json_object(), *held, *role;
	size_t index;

	for (unsigned i = 0; i < opening->desk_count; i++) {
		const struct desk_view *desk = &opening->desks[i];
		const char *officer = print_text(opening->ctx, desk->signer.officer);
		if (!desk->counts || desk->signer.party != opening->ctx->own_party || !has_any(&desk->signer, roles)) {
			continue;
		}
		held = json_object_get(officers, officer);
		if (held == NULL) {
			json_object_set_new(officers, officer, held = json_array());
		}
		json_array_foreach((json_t *)roles, index, role)
		{
			if (signer_has_role(&desk->signer, json_string_value(role))) {
				opened_add(held, json_string_value(role));
			}
		}
	}
	return officers;
}

static void add_item(struct opening *opening, const struct part *part, const struct state *state, json_t *roles)
{
	struct ctx *ctx = opening->ctx;
	const struct domain *domain = opening->domain;
	const char *hint = domain->hint ? domain->hint(opening->fold, part) : NULL;
	int64_t since_ms = 0;

	for (unsigned i = 0; i < part->head_count; i++) {
		int64_t stated = part->heads[i]->body.stated_ms;
		since_ms = stated > since_ms ? stated : since_ms;
	}
	json_t *item = json_pack("{s:o, s:o, s:s, s:s, s:o}", "shared", json_id(&ctx->view.id), "thread",
	    json_id(&opening->fold->thread), "number", part->number, "state", state ? state->name : "rivals", "since",
	    json_time_of(since_ms));
	if (state && state->pen) {
		json_object_set_new(item, "pen", json_string(print_party(ctx, part->sides[state->pen])));
	}
	if (opening->has_contact) {
		json_object_set_new(item, "last_contact", json_time_of(opening->contact_ms));
	}
	json_array_append_new(opening->opened->items, item);
	json_t *about = json_pack("{s:O, s:o}", "roles", roles, "able", able(opening, roles));
	if (hint) {
		json_object_set_new(about, "hint", json_string(hint));
	}
	if (opening->open->has_clock) {
		json_object_set_new(about, "days_left", json_integer(opening->open->days_left));
	}
	json_array_append_new(opening->opened->about, about);
}

static void add_part(struct opening *opening, const struct part *part, bool his)
{
	const struct state *state = state_of(opening, part);
	json_t *roles = roles_of(opening, part, state);
	bool is_open = part->head_count > 1 || (state && state->pen) || json_array_size(roles) > 0;

	if (opening->lacking != NULL) {
		if (json_array_size(roles) > 0 && !own_has_any(opening, roles)) {
			opened_add(opening->lacking, json_string_value(json_array_get(roles, 0)));
		}
	} else if (is_open && (his || own_has_any(opening, roles))) {
		if (json_array_size(opening->opened->items) < LIMIT_ITEMS) {
			add_item(opening, part, state, roles);
		} else {
			opening->opened->more = true;
		}
	}
	json_decref(roles);
}

static bool is_idle(const struct opening *opening, const struct part *part)
{
	return opening->domain->idle && opening->domain->idle(opening->fold, part);
}

/* What waits for other parts of its thread is held where something is said of it; and where it is his and none of the others is: what was
 * receipted and is for the partner to claim is nobody's turn here, and yet somebody must answer for it. */
static void add_parts(struct opening *opening, bool his)
{
	const struct fold *fold = opening->fold;
	size_t before = opening->lacking ? 0 : json_array_size(opening->opened->items);

	for (unsigned i = 0; i < fold->part_count; i++) {
		if (!is_idle(opening, fold->parts[i]) || holds(opening->named, fold->parts[i]->number)) {
			add_part(opening, fold->parts[i], his);
		}
	}
	if (opening->lacking == NULL && his && fold->part_count > 1 &&
	    json_array_size(opening->opened->items) == before && is_idle(opening, fold->parts[0])) {
		add_part(opening, fold->parts[0], true);
	}
}

static enum status look_at_thread(void *context, struct fold *fold, const struct thread_fact *fact, struct err *err)
{
	struct opening *opening = context;
	bool he = false, another = false;
	enum status status = OK;

	(void)fact;
	opening->fold = fold;
	opening->domain = fold->opening ? domain_find(fold->opening->body.kind) : NULL;
	if (opening->domain == NULL) {
		return OK;
	}
	look_at_moves(opening);
	status = answers(opening, &he, &another, err);
	if (status == OK && (opening->lacking || !another)) {
		add_parts(opening, opening->acted || he);
	}
	return status;
}

/* ---- which threads --------------------------------------------------------------------------------------------------- */

/* Threads for which he answers, and those of other domains that one of his desks has signed. */
static const char others_sql[] =
    "SELECT t.number FROM national_duty d JOIN thread t ON t.id = d.subject AND t.tally = :tally WHERE d.officer = :officer AND"
    " t.number IS NOT NULL UNION SELECT t.number FROM thread t JOIN entry e ON e.thread = t.row AND e.thread > 0 JOIN log l ON l.row = e.log"
    " WHERE t.tally = :tally AND t.domain <> 'support' AND t.number IS NOT NULL AND l.party = :own AND l.public_key = :key LIMIT :most";

static bool is_listed(const struct support_open *open, unsigned count, struct bytes number)
{
	for (unsigned i = 0; i < count; i++) {
		if (bytes_is(number, open[i].number)) {
			return true;
		}
	}
	return false;
}

/* `open` has room for LIMIT_OPEN_THREADS. */
static enum status add_others(
    struct opening *opening, const struct id *key, struct support_open *open, unsigned *count, struct err *err)
{
	struct query *row = NULL;
	enum status status = ctx_query(opening->ctx, others_sql, &row, err);

	if (status == OK) {
		query_bind_text(row, "officer", opening->officer);
		query_bind_int(row, "own", opening->ctx->own_party);
		query_bind_blob(row, "key", id_bytes(key));
		query_bind_int(row, "most", LIMIT_OPEN_THREADS);
	}
	while (status == OK && *count < LIMIT_OPEN_THREADS && query_next(row)) {
		if (!is_listed(open, *count, query_text(row, 0))) {
			open[(*count)++] =
			    (struct support_open){ .number = arena_text(opening->ctx->arena, query_text(row, 0)) };
		}
	}
	query_close(row);
	return status;
}

/* His desks stand in `own`; those that no longer count have signed too, but their roles are none. */
static enum status find_desks(struct opening *opening, struct err *err)
{
	struct ctx *ctx = opening->ctx;
	enum status status = ctx_desks(ctx, &opening->desks, &opening->desk_count, err);

	opening->own_count = 0;
	opening->own =
	    status == OK ? arena_take_array(ctx->arena, (size_t)opening->desk_count + 1, sizeof *opening->own) : NULL;
	if (status == OK && opening->own == NULL) {
		return err_set(err, ENVIRONMENT, "hand-over: out of memory");
	}
	for (unsigned i = 0; status == OK && i < opening->desk_count; i++) {
		const struct desk_view *desk = &opening->desks[i];
		if (desk->signer.party == ctx->own_party && bytes_equal(desk->signer.officer, opening->officer)) {
			struct desk_view *own = &opening->own[opening->own_count++];
			*own = *desk;
			own->signer.roles = desk->counts ? desk->signer.roles : bytes_of(NULL, 0);
		}
	}
	return status;
}

/* In a shared tally. */
static enum status gather_threads(struct ctx *ctx, void *context, struct err *err)
{
	struct opening *opening = context;
	struct support_open *open = NULL;
	unsigned count = 0;
	enum status status = find_desks(opening, err);

	if (status == OK) {
		status = support_open_for(ctx, opening->own, opening->own_count, &open, &count, err);
	}
	for (unsigned i = 0; status == OK && i < opening->own_count; i++) {
		status = add_others(opening, &opening->own[i].key, open, &count, err);
	}
	opening->opened->more |= count == LIMIT_OPEN_THREADS;
	for (unsigned i = 0; status == OK && i < count; i++) {
		opening->open = &open[i];
		status = ctx_fold_one(ctx, open[i].number, look_at_thread, opening, err);
	}
	return status;
}

enum status opened_gather(struct ctx *ctx, struct bytes officer, const struct id *only, const json_t *named,
    struct opened *opened, struct err *err)
{
	struct opening opening = { .ctx = ctx, .officer = officer, .opened = opened, .named = named };
	struct query *row = NULL;
	struct id *tallies = NULL;
	unsigned count = 0;

	*opened = (struct opened){ .items = json_array(), .about = json_array() };
	enum status status = ctx_query(ctx, "SELECT id FROM tally WHERE mode <> 'national' ORDER BY row", &row, err);
	while (status == OK && query_next(row)) {
		if (only != NULL && !bytes_equal(query_blob(row, 0), id_bytes(only))) {
			continue;
		}
		tallies = arena_grow(ctx->arena, tallies, count, (size_t)count + 1, sizeof *tallies);
		if (tallies == NULL) {
			status = err_set(err, ENVIRONMENT, "hand-over: out of memory");
			break;
		}
		memcpy(tallies[count++].data, query_blob(row, 0).data, ID_BYTES);
	}
	query_close(row);
	for (unsigned i = 0; status == OK && tallies != NULL && i < count; i++) {
		status = ctx_within(ctx, &tallies[i], (struct bytes){ 0 }, gather_threads, &opening, err);
	}
	return status;
}

/* ---- what one who takes over lacks ----------------------------------------------------------------------------------- */

struct lack {
	struct opening opening;
	const char *number;
};

static enum status find_lack(struct ctx *ctx, void *context, struct err *err)
{
	struct lack *lack = context;
	enum status status = find_desks(&lack->opening, err);

	return status == OK ? ctx_fold_one(ctx, lack->number, look_at_thread, &lack->opening, err) : status;
}

enum status opened_lacking(struct ctx *ctx, struct bytes officer, const struct id *shared, const char *number,
    json_t *lacking, struct err *err)
{
	static const struct support_open no_clock;
	struct lack lack = { .opening = { .ctx = ctx, .officer = officer, .lacking = lacking, .open = &no_clock },
		.number = number };

	return ctx_within(ctx, shared, (struct bytes){ 0 }, find_lack, &lack, err);
}
