/* The table of the domain: every row of its transitions made in the real fold, refused to the wrong party and to the wrong role; the
 * table against docs/support-rules.md and data/words.json. */
#include "base/nato.h"
#include "base/unit.h"
#include "domain/support/test_settle.h"

/* ---- every transition -------------------------------------------------------------------------------------------- */

/* How a state is reached: the state before, and the move from there; NULL: the move opens the part. */
struct way {
	const char *part, *state, *before, *kind, *json;
};

#define SHORT_BY_TEN "{'lines':[{'line':1,'accepted':'90','reason':'short'}]}"
#define PROPOSED "{'lines':[{'line':1,'quantity':'95'}]}"
#define SAID "{'remarks':'so it is'}"
#define RIGHT "{'line':1,'quantity':'90','reason':'price'}"
#define REMIT "{'currency':'GBP','amount_minor':8000,'reference':'B1','value_on':'2014-01-20'}"

static const struct way ways[] = {
	{ "order", "requested", NULL, "requested", NULL },
	{ "order", "clarify", "requested", "asked", SAID },
	{ "order", "offered", "requested", "offered", "{'utc_offset_minutes':540}" },
	{ "order", "agreed", "offered", "accepted", NULL },
	{ "order", "amendment offered", "agreed", "amended", "{}" },
	{ "issue", "issued", NULL, "issued", "{" ISSUE_FIELDS METERED "}" },
	{ "issue", "unordered", NULL, "issued_unordered", NULL },
	{ "issue", "repudiated", "unordered", "repudiated", "{'reason':'not_ordered'}" },
	{ "issue", "taken", NULL, "taken", "{" TAKEN_FIELDS "}" },
	{ "issue", "denied", "taken", "denied", SAID },
	{ "issue", "difference", "issued", "receipted", SHORT_BY_TEN },
	{ "issue", "contested", "difference", "contested", SAID },
	{ "issue", "disputed", "contested", "stood", "{}" },
	{ "issue", "resolution", "disputed", "resolution_proposed", PROPOSED },
	{ "issue", "return due", "issued", "receipted", "{}" },
	{ "issue", "exchange due", "issued", "receipted", "{}" },
	{ "issue", "returning", "return due", "return_issued", "{'returned_at':'2013-12-01'}" },
	{ "issue", "receipted", "issued", "receipted", "{}" },
	{ "issue", "exchanging", "exchange due", "exchange_linked", LINKED("8000") },
	{ "netting", "proposed", NULL, "netting_proposed", NETTING_OF("5000", "3000", "2000") },
	{ "netting", "agreed", "proposed", "netting_agreed", "{}" },
	{ "netting", "remitted", "agreed", "netting_remitted", NET_REMITTED("2000") },
	{ "claim", "claimed", NULL, "claimed", CLAIM_FIELDS },
	{ "claim", "queried", "claimed", "queried", "{'reason':'price'}" },
	{ "claim", "upheld", "queried", "upheld", SAID },
	{ "claim", "escalated", "upheld", "escalated", SAID },
	{ "claim", "figured", "escalated", "figured", "{'total_minor':7000,'remarks':'half way'}" },
	{ "claim", "payable", "claimed", "approved", "{}" },
	{ "claim", "remitted", "payable", "remitted", REMIT },
	{ "adjustment", "proposed by receiver", NULL, "adjustment_proposed", RIGHT },
	{ "adjustment", "proposed by supplier", NULL, "adjustment_proposed", RIGHT },
	{ 0 },
};

/* What a move says, where it is not the way into a state above. to: NULL for any. */
struct words {
	const char *kind, *to, *json;
};

#define CERTIFIED_CLAIM "{'currency':'GBP','amount_minor':8000}"
static const struct words words[] = {
	{ "declined", NULL, "{'reason':'operational'}" },
	{ "receipted", "difference", SHORT_BY_TEN },
	{ "receipted", NULL, "{}" },
	{ "taken_issued", "difference", "{" ISSUE_FIELDS ",'lines':[{'line':1,'quantity':'90'}]}" },
	{ "taken_issued", NULL, "{" ISSUE_FIELDS METERED "}" },
	{ "ratified", "difference", "{'charter':true,'lines':[{'line':1,'accepted':'90','reason':'short'}]}" },
	{ "ratified", NULL, "{'charter':true}" },
	{ "oral_denied", NULL, SAID },
	{ "taken_up", NULL, SAID },
	{ "claimed_unacknowledged", NULL, CLAIM_FIELDS },
	{ "refund_claimed", NULL, "{'currency':'GBP','total_minor':800}" },
	{ "figures_restated", NULL, "{'lines':[{'line':1,'accepted':'95','reason':'short'}]}" },
	{ "resolution_countered", NULL, "{'lines':[{'line':1,'quantity':'91'}],'remarks':'no'}" },
	{ "return_accepted", "return due", "{'lines':[{'line':1,'quantity':'40'}]}" },
	{ "return_refused", NULL, "{'reason':'class'}" },
	{ "credited", NULL, "{'items':[{'item':1,'credit_minor':1000}],'total_minor':7000}" },
	{ "reclaimed", NULL, "{'total_minor':8000}" },
	{ "figure_countered", NULL, SAID },
	{ "not_found", NULL, "{}" },
	{ "exchange_certified", "exchange due", CERTIFIED("3000") },
	{ "exchange_certified", NULL, CERTIFIED("8000") },
	{ "certify_refused", NULL, SAID },
	{ "waived", NULL, WAIVED },
	{ "netted", NULL, CERTIFIED_CLAIM },
	{ "netting_reproposed", NULL, "{'total_minor':5000,'claims':[" OWED(HEX_B, "GB", "5000") "]}" },
	{ 0 },
};

/* Moves that leave a part in a state other than the plain one need another way there. */
static const struct way detours[] = {
	{ "issue", "annulled", "difference", "not_arrived", "{}" },
	{ "resolution", "annulled", "disputed", "resolution_proposed", "{'lines':[{'line':1,'quantity':'0'}]}" },
	{ "claim", "payable", "payable", "remitted",
	    "{'currency':'GBP','amount_minor':3000,'reference':'B1','value_on':'2014-01-20'}" },
	{ "issue", "exchanging", "exchange due", "exchange_linked", LINKED("3000") },
	{ "netting", "settled", NULL, "netting_proposed", NETTING_OF("3000", "3000", "0") },
	{ "netting", "agreed", "agreed", "netting_remitted", NET_REMITTED("500") },
	{ 0 },
};

static const struct way *way_to(const char *part, const char *state)
{
	for (const struct way *way = ways; way->part; way++) {
		if (strcmp(way->part, part) == 0 && strcmp(way->state, state) == 0) {
			return way;
		}
	}
	printf("# no way to %s %s\n", part, state);
	ASSERT(!"a way to every state");
	return NULL;
}

static unsigned role_number(const char *name)
{
	for (unsigned i = 0; i < ROLES; i++) {
		if (strcmp(role_names[i], name) == 0) {
			return i;
		}
	}
	ASSERT(!"a role of the tests");
	return 0;
}

static bool same(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static const char *plain(const char *kind)
{
	return strchr(kind, '.') + 1;
}

/* A row of the table for this kind from this state, to the state where there is one. */
static const struct transition *row_of(const char *part, const char *from, const char *kind, const char *to)
{
	const struct transition *found = NULL;

	for (const struct transition *row = support_domain.transitions; row->kind; row++) {
		if (same(row->part_type, part) && same(row->from, from) && same(plain(row->kind), kind) &&
		    (found == NULL || same(row->to, to))) {
			found = row;
		}
	}
	ASSERT(found != NULL);
	return found;
}

static unsigned desk_for(struct world *world, const struct transition *row)
{
	return world->with[row->side == 1 ? GB : JP][role_number(row->role)];
}

#define ORAL "{'oral_at':'2013-11-20','oral_with':'watch officer'}"

/* Who will win against `detours` is decided by what the row is to reach. */
struct aim {
	const char *method, *kind, *to;
};

static struct id make_order(
    struct world *world, struct story *story, unsigned key, const char *kind, const char *method)
{
	json_t *object =
	    same(kind, "requested") ? patched(order_fields(world, method), ORAL) : supplier_fields(world, method, ORAL);

	story->thread = story->order = world_say(world, &(struct saying){ .key = key, .kind = kind, .object = object });
	return story->thread;
}

static struct id make_issue(
    struct world *world, struct story *story, bool opens, unsigned key, const char *kind, const char *json)
{
	int64_t stated_ms = strcmp(kind, "converted") == 0 ? CONVERTIBLE_MS : 0;

	return opens ? open_issue(world, story, key, kind, json)
		     : issue_move_at(world, story, key, kind, json, stated_ms);
}

static struct id make(struct world *world, struct story *story, const char *part, bool opens, unsigned key,
    const char *kind, const char *json, const char *method)
{
	if (strcmp(part, "order") == 0 && opens) {
		return make_order(world, story, key, kind, method);
	}
	if (same(kind, "issued_unordered")) {
		story->thread = story->issue = story->issue_head = world_say(world,
		    &(struct saying){ .key = key, .kind = kind, .object = unordered_fields(world, method, NULL) });
		return story->thread;
	}
	if (strcmp(part, "adjustment") == 0) {
		return opens ? open_adjustment(world, story, key, json) : adjustment_move(world, story, key, kind);
	}
	if (same(kind, "refund_claimed")) {
		return open_claim_of(world, story, key, kind, story->adjustment_head, (struct id){ { 0 } }, json);
	}
	if (same(kind, "claimed_unacknowledged")) {
		return open_claim_of(world, story, key, kind, story->issue_head, (struct id){ { 0 } }, json);
	}
	if (strcmp(part, "order") == 0) {
		return order_move(
		    world, story, key, kind, strcmp(kind, "accepted") == 0 ? accept_json(world, &story->order) : json);
	}
	if (strcmp(part, "netting") == 0) {
		return opens ? open_netting(world, story, key, json) : netting_move(world, story, key, kind, json);
	}
	if (strcmp(kind, "netted") == 0) {
		return set_off(world, story, key, json);
	}
	if (strcmp(part, "issue") == 0) {
		return make_issue(world, story, opens, key, kind, json);
	}
	return opens ? open_claim(world, story, key, json) : claim_move(world, story, key, kind, json);
}

static const struct way *detour_of(const char *part, const char *state, const struct aim *aim)
{
	if (same(aim->to, "annulled") && same(part, "issue") &&
	    same(state, same(aim->kind, "annulled") ? "difference" : "resolution")) {
		return same(aim->kind, "annulled") ? &detours[0] : &detours[1];
	}
	if (same(aim->kind, "exchange_certified") && same(aim->to, "exchange due") && same(state, "exchanging")) {
		return &detours[3];
	}
	if (same(aim->kind, "netting_agreed") && same(aim->to, "settled") && same(state, "proposed")) {
		return &detours[4];
	}
	if (same(aim->kind, "netting_confirmed") && same(aim->to, "agreed") && same(state, "remitted")) {
		return &detours[5];
	}
	return same(aim->kind, "confirmed") && same(aim->to, "payable") && same(state, "remitted") ? &detours[2] : NULL;
}

static void reach(struct world *world, struct story *story, const char *part, const char *state, const struct aim *aim)
{
	static const struct way unasked = { "order", "offered", NULL, "offered_unasked", NULL };
	bool nobody_asked = same(part, "order") && same(state, "offered") && same(aim->to, "withdrawn");
	const struct way *path[16] = { &unasked };
	unsigned length = nobody_asked;

	for (const char *at = nobody_asked ? NULL : state; at != NULL; at = path[length - 1]->before) {
		ASSERT(length < 16);
		path[length++] = way_to(part, at);
	}
	while (length-- > 0) {
		const struct way *way = path[length];
		const struct transition *row = row_of(part, way->before, way->kind, way->state);
		const struct way *detour = detour_of(part, way->state, aim);
		const char *kind = detour && same(detour->kind, "not_arrived") ? "not_arrived" : way->kind;
		make(world, story, part, way->before == NULL, desk_for(world, row), kind,
		    detour ? detour->json : way->json, aim->method);
	}
}

/* A proposal that follows an agreement: refused or withdrawn, it leads back there. */
static void propose_anew(struct world *world, struct story *story, const struct aim *aim)
{
	bool leads_back =
	    same(aim->to, "agreed") && (same(aim->kind, "netting_refused") || same(aim->kind, "netting_withdrawn"));

	if (leads_back) {
		netting_move(world, story, world->with[GB][NETTING], "netting_agreed", "{}");
		netting_move(world, story, world->with[JP][NETTING], "netting_reproposed", "{'total_minor':0}");
	}
}

static const char *method_for(const struct transition *row)
{
	const char *states[] = { row->from, row->to };

	for (unsigned i = 0; i < 2; i++) {
		if (same(states[i], "return due") || same(states[i], "returning")) {
			return "return_like";
		}
		if (same(states[i], "exchange due") || same(states[i], "exchanging")) {
			return "service_like";
		}
	}
	return "cash";
}

static const char *words_for(const struct transition *row)
{
	for (const struct words *w = words; w->kind; w++) {
		if (same(w->kind, plain(row->kind)) && (w->to == NULL || same(w->to, row->to))) {
			return w->json;
		}
	}
	for (const struct way *way = ways; way->part; way++) {
		if (same(way->part, row->part_type) && same(way->kind, plain(row->kind))) {
			return way->json;
		}
	}
	return "{}";
}

/* The story so far: the part that the row's part stands on. */
static struct story ground(struct world *world, const struct transition *row, const char *method)
{
	const char *kind = plain(row->kind);
	bool without = same(kind, "issued_unordered") || same(row->from, "unordered") || same(row->from, "repudiated");
	struct story story = { 0 };

	if (same(row->part_type, "order") || same(row->part_type, "netting") || without) {
		return story;
	}
	if (same(row->part_type, "issue")) {
		return agreed(world, method, NULL);
	}
	if (same(kind, "claimed_unacknowledged")) {
		return issued_long_ago(world, method, NULL);
	}
	story = receipted(world, method, NULL);
	if (same(kind, "refund_claimed")) {
		open_adjustment(world, &story, world->with[GB][RECEIVES], RIGHT);
		adjustment_move(world, &story, world->with[JP][ISSUER], "adjustment_agreed");
	}
	return story;
}

/* Whoever makes such an opening is the side that makes it: there is no wrong party. */
static bool sides_follow(const char *kind)
{
	return same(kind, "requested") || same(kind, "offered_unasked") || same(kind, "issued_unordered") ||
	    same(kind, "adjustment_proposed") || same(kind, "netting_proposed");
}

/* Makes the move thrice on one head: by the other party and without the role, which is void and changes nothing, then rightly. */
static void try_row(struct world *world, const struct transition *row)
{
	struct story story = { 0 }, before;
	struct aim aim = { method_for(row), plain(row->kind), row->to };
	const char *json = words_for(row), *kind = plain(row->kind), *name;
	enum party party = (row->side == 1) != same(kind, "refund_claimed") ? GB : JP; /* its sides are exchanged */
	bool opens = row->from == NULL;
	struct id id;

	story = ground(world, row, aim.method);
	if (!opens) {
		reach(world, &story, row->part_type, row->from, &aim);
		propose_anew(world, &story, &aim);
	}
	if (strcmp(kind, "netted") == 0) { /* names an entry of another thread */
		open_netting(world, &story, world->with[JP][NETTING], NETTING_OF("5000", "3000", "2000"));
		netting_move(world, &story, world->with[GB][NETTING], "netting_agreed", "{}");
	}
	name = arena_printf(
	    &world->arena, "%s, %s: %s leads to %s", row->part_type, opens ? "nothing" : row->from, kind, row->to);
	before = story;
	if (!sides_follow(kind)) {
		id = make(world, &story, row->part_type, opens, world->all[1 - party], kind, json, aim.method);
		expect(world, id, NULL, NULL, "void K10", NULL,
		    arena_printf(&world->arena, "%s; not made by the other party", name));
		story = before;
	}
	id = make(world, &story, row->part_type, opens, world->without[party][role_number(row->role)], kind, json,
	    aim.method);
	expect(world, id, NULL, NULL, "void K11", NULL,
	    arena_printf(&world->arena, "%s; not without the role %s", name, row->role));
	story = before;
	id = make(
	    world, &story, row->part_type, opens, world->with[party][role_number(row->role)], kind, json, aim.method);
	const struct id *part = same(row->part_type, "order") ? &story.thread
	    : same(row->part_type, "issue")                   ? &story.issue
	    : same(row->part_type, "claim")                   ? &story.claim
	    : same(row->part_type, "netting")                 ? &story.netting
							      : &story.adjustment;
	expect(
	    world, id, same(row->part_type, "netting") ? &story.netting : &story.thread, part, "valid", row->to, name);
}

static void test_transitions(void)
{
	struct world world;

	world_open(&world);
	for (const struct transition *row = support_domain.transitions; row->kind; row++) {
		try_row(&world, row);
	}
	world_deliver(&world);
	world_check(&world);
	world_export(&world, "support-moves");
	world_close(&world);
}

/* ---- the table in itself ----------------------------------------------------------------------------------------- */

static const struct transition *leaving(const struct state *state, uint8_t side)
{
	for (const struct transition *row = support_domain.transitions; row->kind; row++) {
		if (row->standing == PEN_MOVE && same(row->part_type, state->part_type) &&
		    same(row->from, state->name) && (side == 0 || row->side == side)) {
			return row;
		}
	}
	return NULL;
}

static bool pens_fit(void)
{
	for (const struct state *state = support_domain.states; state->name; state++) {
		bool fits = state->pen == 0 ? !leaving(state, 0)
					    : leaving(state, state->pen) && !leaving(state, 3 - state->pen);
		if (!fits) {
			printf("# %s %s\n", state->part_type, state->name);
			return false;
		}
	}
	return true;
}

static bool rows_know_their_words(void)
{
	for (const struct transition *row = support_domain.transitions; row->kind; row++) {
		if (!domain_kind(&support_domain, bytes_text(row->kind)) ||
		    !domain_state(&support_domain, row->part_type, row->to) ||
		    (row->from && !domain_state(&support_domain, row->part_type, row->from))) {
			printf("# %s\n", row->kind);
			return false;
		}
	}
	return true;
}

/* NOLINTNEXTLINE(misc-no-recursion): as deep as the tables of fields */
static bool fields_ascend(const struct field *fields)
{
	for (int last = -1; fields && fields->name; fields++) {
		if (fields->key <= last || !fields->en || !fields->ja || !fields->help || !fields->source ||
		    (fields->type == FIELD_LIST && !fields_ascend(fields->fields))) {
			printf("# field %s\n", fields->name);
			return false;
		}
		last = fields->key;
	}
	return true;
}

static bool kinds_are_whole(void)
{
	for (const struct kind *kind = support_domain.kinds; kind->name; kind++) {
		if (!fields_ascend(kind->fields)) {
			printf("# in %s\n", kind->name);
			return false;
		}
		for (const struct kind *other = support_domain.kinds; other < kind; other++) {
			if (same(other->name, kind->name) || same(other->verb, kind->verb)) {
				printf("# %s twice\n", kind->verb);
				return false;
			}
		}
	}
	return true;
}

static void test_table(void)
{
	tap_ok(pens_fit(),
	    "at every state the moves are those of the party that holds the pen, and a final state has none");
	tap_ok(rows_know_their_words(), "every row names a kind and states that exist");
	tap_ok(kinds_are_whole(),
	    "every kind has its own name and verb, and fields in order with labels in both languages");
}

/* ---- the table and its text -------------------------------------------------------------------------------------- */

static char *read_whole(const char *path)
{
	FILE *file = fopen(path, "rb");
	char *text = calloc(1, 1 << 20);

	ASSERT(file != NULL && text != NULL);
	ASSERT(fread(text, 1, (1 << 20) - 1, file) > 0);
	fclose(file);
	return text;
}

static bool has_row(const char *text, const char *row)
{
	if (strstr(text, row) == NULL) {
		printf("# docs/support-rules.md lacks: %s\n", row);
		return false;
	}
	return true;
}

static bool goes_with(const struct transition *row, const struct transition *next)
{
	return same(next->part_type, row->part_type) && same(next->kind, row->kind) && same(next->from, row->from) &&
	    next->side == row->side;
}

/* One line of section 3: all rows of a (part, from, kind) with their states. */
static bool transitions_are_written(const char *text, struct arena *arena)
{
	bool all = true;
	unsigned written = 0, rows = 0;

	for (const struct transition *row = support_domain.transitions; row->kind; row++) {
		const char *to = row->to;
		rows++;
		if (row != support_domain.transitions && goes_with(&row[-1], row)) {
			continue;
		}
		for (const struct transition *next = row + 1; next->kind && goes_with(row, next); next++) {
			to = arena_printf(arena, "%s, %s", to, next->to);
		}
		written++;
		all &= has_row(text,
		    arena_printf(arena, "| %s | %s | `%s` | %s | %s | %s |", row->part_type,
			row->from ? row->from : "(opens)", plain(row->kind), to, row->side == 1 ? "R" : "S",
			row->role));
	}
	unsigned lines = 0;
	const char *at = strstr(text, "| part | from | kind | to |"), *end = strstr(text, "**Refs** by kind");
	while (at && end && (at = strstr(at + 1, "\n| ")) && at < end) {
		lines++;
	}
	return all && rows > 0 && lines == written + 1; /* the rule beneath the heading is a row too */
}

static bool pens_are_written(const char *text, struct arena *arena)
{
	static const char *const pens[] = { "none", "R", "S" };
	bool all = true;

	for (const struct state *state = support_domain.states; state->name; state++) {
		const char *from = strstr(text, arena_printf(arena, "\n| %s | `", state->part_type));
		const char *found = from ? strstr(from, arena_printf(arena, "`%s`", state->name)) : NULL;
		const char *colon = found ? strstr(found, "`: ") : NULL;
		bool fits = colon && strncmp(colon + 3, pens[state->pen], strlen(pens[state->pen])) == 0;
		if (!fits) {
			printf("# docs/support-rules.md: pen of %s %s\n", state->part_type, state->name);
		}
		all &= fits;
	}
	return all;
}

static bool annex_is_written(const char *text, struct arena *arena)
{
	bool all = true;

	for (size_t i = 0; i < unit_count(); i++) {
		const struct unit *unit = unit_at(i);
		all &= has_row(text,
		    arena_printf(arena, "\n| %s | %s | %s | %lld | %lld |", unit->code, unit->name_en,
			dimension_name(unit->dimension), (long long)unit->numerator, (long long)unit->denominator));
	}
	for (size_t i = 0; i < nato_fuel_count(); i++) {
		all &=
		    has_row(strstr(text, "NATO codes of fuels:"), arena_printf(arena, "`%s`", nato_fuel_at(i)->code));
	}
	return all;
}

static bool kinds_are_written(const char *text, struct arena *arena)
{
	bool all = true;

	for (const struct kind *kind = support_domain.kinds; kind->name; kind++) {
		bool plain_kind =
		    !kind->note && strcmp(kind->verb, "resolve") != 0 && strcmp(kind->verb, "restate") != 0;
		all &= has_row(text,
		    plain_kind ? arena_printf(arena, "\n| `%s` | %s |", plain(kind->name), kind->verb)
			       : arena_printf(arena, "`%s` (", plain(kind->name)));
	}
	return all;
}

static void test_text(void)
{
	struct arena arena;
	char *text = read_whole("docs/support-rules.md");

	arena_init(&arena, 8 << 20);
	tap_ok(transitions_are_written(text, &arena), "the rules list every move of the table, and no other");
	tap_ok(pens_are_written(text, &arena), "the rules name the pen of every state");
	tap_ok(kinds_are_written(text, &arena), "the rules list every kind with its verb");
	tap_ok(annex_is_written(text, &arena), "the annex lists every unit with its factor, and every fuel");
	arena_clear(&arena);
	free(text);
}

static bool word_is(json_t *support, const char *en, const char *ja)
{
	const char *found = json_string_value(json_object_get(support, en));

	if (found == NULL || (ja && strcmp(found, ja) != 0)) {
		printf("# data/words.json: \"%s\": \"%s\"; found %s\n", en, ja ? ja : "...", found ? found : "nothing");
		return false;
	}
	return true;
}

static void test_words(void)
{
	json_error_t error;
	json_t *json = json_load_file("data/words.json", 0, &error), *support = json_object_get(json, "support");
	bool states = true, parts = true, verbs = true, sides = true;

	for (const struct state *state = support_domain.states; state->name; state++) {
		states &= word_is(support, state->name, state->ja);
	}
	for (const struct part_type *type = support_domain.part_types; type->name; type++) {
		parts &= word_is(support, type->en, type->ja);
	}
	for (const struct kind *kind = support_domain.kinds; kind->name; kind++) {
		verbs &= word_is(support, kind->en, kind->ja);
	}
	for (unsigned side = 1; side < SIDES; side++) {
		sides &= word_is(support, support_domain.side_names[side], NULL);
	}
	tap_ok(states, "every state has its Japanese word, the same in the table and in the list of words");
	tap_ok(parts, "so has every part");
	tap_ok(verbs, "so has every move");
	tap_ok(sides, "so have both sides");
	json_decref(json);
}

int main(void)
{
	test_table();
	test_text();
	test_words();
	test_transitions();
	return tap_done();
}
