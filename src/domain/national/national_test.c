/* The table of the domain: every row of its transitions made in the real fold and refused without the role, every move from a state that has no
 * row refused, the table against docs/national-rules.md and data/words.json. */
#include "domain/national/test_world.h"
#include <jansson.h>

static bool same(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static const char *plain(const char *kind)
{
	return strchr(kind, '.') + 1;
}

/* ---- every transition -------------------------------------------------------------------------------------------- */

/* How a state is reached: the state before, and the move from there; NULL: the move opens the thread. */
struct way {
	const char *part, *state, *before, *kind;
};
static const struct way ways[] = {
	{ "draft", "written", NULL, "draft_written" },
	{ "draft", "checked", "written", "draft_checked" },
	{ "draft", "funds certified", "checked", "draft_certified" },
	{ "draft", "approved", "funds certified", "draft_approved" },
	{ "draft", "sent back", "written", "draft_sent_back" },
	{ "draft", "entered", "approved", "draft_entered" },
	{ "draft", "withdrawn", "written", "withdrawn" },
	{ "notice", "sent", NULL, "notice_sent" },
	{ "notice", "taken up", "sent", "notice_taken_up" },
	{ "notice", "demand issued", "taken up", "notice_demanded" },
	{ "notice", "paid in", "demand issued", "notice_paid" },
	{ "notice", "withdrawn", "sent", "withdrawn" },
	{ "handover", "handed over", NULL, "handed_over" },
	{ "handover", "taken over", "handed over", "taken_over" },
	{ "handover", "withdrawn", "handed over", "withdrawn" },
	{ 0 },
};

/* What a move says; to: NULL for any. */
static const struct words {
	const char *kind, *to, *text;
} words[] = {
	{ "draft_written", NULL, DRAFT_TEXT },
	{ "draft_rewritten", NULL, DRAFT_TEXT },
	{ "draft_certified", NULL, "reference=Vote A" },
	{ "draft_approved", NULL, "authority=OP/1" },
	{ "draft_sent_back", NULL, "remarks=no" },
	{ "draft_entered", NULL, "shared=s;thread=t;entry=e;number=GB-01-0001" },
	{ "notice_sent", NULL, NOTICE_TEXT },
	{ "notice_taken_up", NULL, "ledger=L1;ledger_on=2013-12-01" },
	{ "notice_demanded", NULL, "demand=D1;demand_due_on=2014-01-31" },
	{ "notice_paid", "demand issued", "amount_minor=4000;paid_on=2014-01-10" },
	{ "notice_paid", NULL, "amount_minor=10000;paid_on=2014-01-10" },
	{ "notice_corrected", NULL, "amount_minor=9000;remarks=weighed anew" },
	{ "handed_over", NULL, "items=GB-01-0001" },
	{ 0 },
};

static const char *text_of(struct world *world, const char *kind, const char *to, unsigned taker)
{
	for (const struct words *w = words; w->kind; w++) {
		if (same(w->kind, kind) && (w->to == NULL || same(w->to, to))) {
			return same(kind, "handed_over") ? arena_printf(&world->arena, "%s;to=%s", w->text,
							       taker == world->with[DUTY] ? "one-duty" : "not-duty")
							 : w->text;
		}
	}
	return "";
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

static const struct transition *row_of(const char *part, const char *from, const char *kind)
{
	for (const struct transition *row = national_domain.transitions; row->kind; row++) {
		if (same(row->part_type, part) && same(row->from, from) && same(plain(row->kind), kind)) {
			return row;
		}
	}
	return NULL;
}

static const struct way *way_to(const char *part, const char *state)
{
	for (const struct way *way = ways; way->part; way++) {
		if (same(way->part, part) && same(way->state, state)) {
			return way;
		}
	}
	ASSERT(!"a way to every state");
	return NULL;
}

/* taker: the desk that will take a hand-over; who writes it is another. */
static unsigned desk_for(struct world *world, const struct transition *row, unsigned taker)
{
	if (!same(row->role, "duty")) {
		return world->with[role_number(row->role)];
	}
	return same(plain(row->kind), "taken_over") ? taker : world->other;
}

static struct story reach(struct world *world, const char *part, const char *state, unsigned taker)
{
	const struct way *path[8];
	unsigned length = 0;
	struct story story = { 0 };

	for (const char *at = state; at != NULL; at = path[length - 1]->before) {
		ASSERT(length < 8);
		path[length++] = way_to(part, at);
	}
	while (length-- > 0) {
		const struct transition *row = row_of(part, path[length]->before, path[length]->kind);
		ASSERT(row != NULL);
		world_say(world, &story, desk_for(world, row, taker), path[length]->kind,
		    text_of(world, path[length]->kind, path[length]->state, taker));
	}
	return story;
}

/* Makes the move twice on one head: without the role, which is void and changes nothing, then rightly. */
static void try_row(struct world *world, const struct transition *row)
{
	const char *kind = plain(row->kind), *name;
	unsigned role = role_number(row->role);
	struct story story = { 0 }, before;

	if (row->from != NULL) {
		story = reach(world, row->part_type, row->from, world->with[DUTY]);
	}
	before = story;
	name = arena_printf(
	    &world->arena, "%s, %s: %s leads to %s", row->part_type, row->from ? row->from : "nothing", kind, row->to);
	struct id id =
	    world_say(world, &story, world->without[role], kind, text_of(world, kind, row->to, world->with[DUTY]));
	expect(world, id, NULL, "void K11", NULL,
	    arena_printf(&world->arena, "%s; not without the role %s", name, row->role));
	story = before;
	id = world_say(world, &story, desk_for(world, row, world->with[DUTY]), kind,
	    text_of(world, kind, row->to, world->with[DUTY]));
	expect(world, id, &story.thread, "valid", row->to, name);
}

/* A move that has no row from this state is void, whoever makes it. */
static void try_absent(struct world *world, const struct state *state, const struct kind *kind)
{
	const char *name = plain(kind->name);

	if (kind->opens != OPENS_NOTHING || kind->note || same(name, "resolved") ||
	    row_of(state->part_type, state->name, name)) {
		return;
	}
	struct story story = reach(world, state->part_type, state->name, world->with[DUTY]);
	struct id id = world_say(world, &story, world->all, name, text_of(world, name, NULL, world->with[DUTY]));
	expect(world, id, &story.thread, "void K10", state->name,
	    arena_printf(&world->arena, "%s, %s: no %s", state->part_type, state->name, name));
}

static void test_transitions(void)
{
	struct world world;

	world_open(&world, "national");
	for (const struct transition *row = national_domain.transitions; row->kind; row++) {
		try_row(&world, row);
	}
	for (const struct state *state = national_domain.states; state->name; state++) {
		for (const struct kind *kind = national_domain.kinds; kind->name; kind++) {
			try_absent(&world, state, kind);
		}
	}
	world_deliver(&world);
	world_check(&world);
	tap_ok(world_delivers_alike(&world), "the same entries in another order come to one digest");
	world_close(&world);
}

/* ---- the table in itself ----------------------------------------------------------------------------------------- */

static bool pens_fit(void)
{
	for (const struct state *state = national_domain.states; state->name; state++) {
		bool leaves = false;
		for (const struct transition *row = national_domain.transitions; row->kind; row++) {
			leaves |= same(row->part_type, state->part_type) && same(row->from, state->name);
		}
		if (leaves != (state->pen == OWN)) {
			printf("# %s %s\n", state->part_type, state->name);
			return false;
		}
	}
	return true;
}

static bool rows_know_their_words(void)
{
	for (const struct transition *row = national_domain.transitions; row->kind; row++) {
		if (row->side != OWN || !domain_kind(&national_domain, bytes_text(row->kind)) ||
		    !domain_state(&national_domain, row->part_type, row->to) ||
		    (row->from && !domain_state(&national_domain, row->part_type, row->from))) {
			printf("# %s\n", row->kind);
			return false;
		}
	}
	return true;
}

/* NOLINTNEXTLINE(misc-no-recursion): as deep as the tables */
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
	unsigned count = 0;

	for (const struct kind *kind = national_domain.kinds; kind->name; kind++, count++) {
		if (!fields_ascend(kind->fields)) {
			printf("# in %s\n", kind->name);
			return false;
		}
		for (const struct kind *other = national_domain.kinds; other < kind; other++) {
			if (same(other->name, kind->name) || same(other->verb, kind->verb)) {
				printf("# %s twice\n", kind->verb);
				return false;
			}
		}
	}
	return count == KINDS && same(national_kinds[KIND_WITHDRAWN].name, "national.withdrawn");
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

static bool has_line(const char *text, const char *line)
{
	if (strstr(text, line) == NULL) {
		printf("# docs/national-rules.md lacks: %s\n", line);
		return false;
	}
	return true;
}

static bool moves_are_written(const char *text, struct arena *arena)
{
	bool all = true;
	unsigned rows = 0, lines = 0;

	for (const struct transition *row = national_domain.transitions; row->kind; row++, rows++) {
		all &= has_line(text,
		    arena_printf(arena, "\n| %s | %s | `%s` | %s | %s |", row->part_type,
			row->from ? row->from : "(opens)", plain(row->kind), row->to, row->role));
	}
	const char *at = strstr(text, "| part | from | kind | to | role |"), *end = strstr(text, "## 4.");
	while (at && end && (at = strstr(at + 1, "\n| ")) && at < end) {
		lines++;
	}
	return all && lines == rows + 1; /* the rule beneath the heading is a row too */
}

static bool kinds_are_written(const char *text, struct arena *arena)
{
	bool all = true;

	for (const struct kind *kind = national_domain.kinds; kind->name; kind++) {
		all &= has_line(text, arena_printf(arena, "\n| `%s` | %s |", plain(kind->name), kind->verb));
	}
	return all;
}

static bool fields_are_written(const char *text, struct arena *arena)
{
	bool all = true;

	for (const struct kind *kind = national_domain.kinds; kind->name; kind++) {
		const char *line = strstr(text, arena_printf(arena, "\n| `%s` | %s |", plain(kind->name), kind->verb));
		for (const struct field *field = kind->fields; line && field && field->name; field++) {
			const char *end = strchr(line + 1, '\n');
			const char *said = strstr(
			    line, arena_printf(arena, "%d %s%s", field->key, field->name, field->required ? "" : "?"));
			if (said == NULL || said > end) {
				printf("# docs/national-rules.md: %s, %d %s\n", kind->name, field->key, field->name);
				all = false;
			}
		}
	}
	return all;
}

static void test_text(void)
{
	struct arena arena;
	char *text = read_whole("docs/national-rules.md");

	arena_init(&arena, 8 << 20);
	tap_ok(moves_are_written(text, &arena), "the rules list every move of the table, and no other");
	tap_ok(kinds_are_written(text, &arena), "the rules list every kind with its verb");
	tap_ok(fields_are_written(text, &arena), "and with its fields, and which of them may be left out");
	arena_clear(&arena);
	free(text);
}

static bool word_is(json_t *words_json, const char *en, const char *ja)
{
	const char *section;
	json_t *list;

	json_object_foreach(words_json, section, list)
	{
		const char *found = json_string_value(json_object_get(list, en));
		if (found != NULL && strcmp(found, ja) == 0) {
			return true;
		}
	}
	printf("# data/words.json: \"%s\": \"%s\"\n", en, ja);
	return false;
}

static void test_words(void)
{
	json_error_t error;
	json_t *json = json_load_file("data/words.json", 0, &error);
	bool states = true, parts = true, verbs = true;

	for (const struct state *state = national_domain.states; state->name; state++) {
		states &= word_is(json, state->name, state->ja);
	}
	for (const struct part_type *type = national_domain.part_types; type->name; type++) {
		parts &= word_is(json, type->en, type->ja);
	}
	for (const struct kind *kind = national_domain.kinds; kind->name; kind++) {
		verbs &= word_is(json, kind->en, kind->ja);
	}
	tap_ok(states, "every state has its Japanese word, the same in the table and in the list of words");
	tap_ok(parts, "so has every part");
	tap_ok(verbs, "so has every move");
	json_decref(json);
}

/* A draft keeps the numbers of what its move relies on under that name (docs/national-rules.md 2). */
static bool no_field_is_named_also(void)
{
	for (const struct domain *const *domain = domains; *domain; domain++) {
		for (const struct kind *kind = (*domain)->kinds; kind->name; kind++) {
			if (kind->fields != NULL && field_find(kind->fields, "also") != NULL) {
				return false;
			}
		}
	}
	return true;
}

int main(void)
{
	tap_ok(
	    no_field_is_named_also(), "no kind of any domain has a field where a draft keeps what its move relies on");
	tap_ok(pens_fit(), "a state has the pen as long as a move leaves it");
	tap_ok(rows_know_their_words(), "every row names a kind and states that exist");
	tap_ok(kinds_are_whole(),
	    "every kind has its own name and verb, and fields in order with labels in both languages");
	test_text();
	test_words();
	test_transitions();
	return tap_done();
}
