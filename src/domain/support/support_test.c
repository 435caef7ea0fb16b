/* The table of the domain: every row of its transitions made in the real fold, refused to the wrong party and to the wrong role; the
 * table against docs/support-rules.md and data/words.json. */
#include "base/nato.h"
#include "base/unit.h"
#include "domain/support/test_world.h"

/* ---- every transition -------------------------------------------------------------------------------------------- */

/* How a state is reached: the state before, and the move from there; NULL: the move opens the part. */
struct way {
	const char *part, *state, *before, *kind, *json;
};

#define SHORT_BY_TEN "{'lines':[{'line':1,'accepted':'90','reason':'short'}]}"
#define PROPOSED "{'lines':[{'line':1,'quantity':'95'}]}"
#define SAID "{'remarks':'so it is'}"
#define REMIT "{'currency':'GBP','amount_minor':8000,'reference':'B1','value_on':'2014-01-20'}"

static const struct way ways[] = {
	{ "order", "requested", NULL, "requested", NULL },
	{ "order", "clarify", "requested", "asked", SAID },
	{ "order", "offered", "requested", "offered", "{'utc_offset_minutes':540}" },
	{ "order", "agreed", "offered", "accepted", NULL },
	{ "order", "amendment offered", "agreed", "amended", "{}" },
	{ "issue", "issued", NULL, "issued", "{" ISSUE_FIELDS "}" },
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
	{ "taken_issued", NULL, "{" ISSUE_FIELDS "}" },
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

/* A row of the table for this kind from this state. */
static const struct transition *row_of(const char *part, const char *from, const char *kind)
{
	for (const struct transition *row = support_domain.transitions; row->kind; row++) {
		if (same(row->part_type, part) && same(row->from, from) && same(plain(row->kind), kind)) {
			return row;
		}
	}
	ASSERT(!"a row for every way");
	return NULL;
}

static unsigned desk_for(struct world *world, const struct transition *row)
{
	return world->with[row->side == 1 ? GB : JP][role_number(row->role)];
}

/* Who will win against `detours` is decided by what the row is to reach. */
struct aim {
	const char *method, *kind, *to;
};

static struct id make(struct world *world, struct story *story, const char *part, bool opens, unsigned key,
    const char *kind, const char *json, const char *method)
{
	if (strcmp(part, "order") == 0 && opens) {
		story->thread = story->order = world_say(
		    world, &(struct saying){ .key = key, .kind = kind, .object = order_fields(world, method) });
		return story->thread;
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
		int64_t stated_ms = strcmp(kind, "converted") == 0 ? CONVERTIBLE_MS : 0;
		return opens ? open_issue(world, story, key, kind, json)
			     : issue_move_at(world, story, key, kind, json, stated_ms);
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
	const struct way *path[16];
	unsigned length = 0;

	for (const char *at = state; at != NULL; at = path[length - 1]->before) {
		ASSERT(length < 16);
		path[length++] = way_to(part, at);
	}
	while (length-- > 0) {
		const struct way *way = path[length];
		const struct transition *row = row_of(part, way->before, way->kind);
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

/* Makes the move thrice on one head: by the other party and without the role, which is void and changes nothing, then rightly. */
static void try_row(struct world *world, const struct transition *row)
{
	struct story story = { 0 }, before;
	struct aim aim = { method_for(row), plain(row->kind), row->to };
	enum party party = row->side == 1 ? GB : JP;
	const char *json = words_for(row), *kind = plain(row->kind), *name;
	bool opens = row->from == NULL;
	struct id id;

	if (strcmp(row->part_type, "issue") == 0 || strcmp(row->part_type, "claim") == 0) {
		story = strcmp(row->part_type, "issue") == 0 ? agreed(world, aim.method, NULL)
							     : receipted(world, aim.method, NULL);
	}
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
	/* whoever requests receives, and whoever proposes a netting is its creditor: there is no wrong party */
	if (strcmp(kind, "requested") != 0 && strcmp(kind, "netting_proposed") != 0) {
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
	bool is_netting = strcmp(row->part_type, "netting") == 0;
	const struct id *part = strcmp(row->part_type, "order") == 0 ? &story.thread
	    : strcmp(row->part_type, "issue") == 0                   ? &story.issue
	    : is_netting                                             ? &story.netting
								     : &story.claim;
	expect(world, id, is_netting ? &story.netting : &story.thread, part, "valid", row->to, name);
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

/* One line of section 3: all rows of a (part, from, kind) with their states. */
static bool transitions_are_written(const char *text, struct arena *arena)
{
	bool all = true;
	unsigned written = 0, rows = 0;

	for (const struct transition *row = support_domain.transitions; row->kind; row++) {
		const char *to = row->to;
		rows++;
		if (row != support_domain.transitions && same(row[-1].kind, row->kind) &&
		    same(row[-1].from, row->from)) {
			continue;
		}
		for (const struct transition *next = row + 1;
		     next->kind && same(next->kind, row->kind) && same(next->from, row->from); next++) {
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
