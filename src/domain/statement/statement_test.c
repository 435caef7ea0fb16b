/* The statement domain: every row of its table, made and refused to the wrong party and the wrong role; every guard; a story whose rows and
 * digest are looked at. Keys and stores are those of the fold's tests; their own domain steps aside. */
#define domains world_domains
#include "fold/test_world.h"
#undef domains
#include "core/test_json.h"
#include "domain/statement/statement.h"
#include "domain/statement/statement_state.h"

const struct domain *const domains[] = { &statement_domain, NULL };

static const char *const liaison[] = { "liaison" };
static const char *const reader[] = { "reader" };

/* ---- saying things -------------------------------------------------------------------------------------------------- */

enum { GB, JP };
enum { LIAISON, READER, DESKS };
struct scene {
	struct world world;
	unsigned desk[2][DESKS]; /* GB's and JP's */
};
/* A part under way: what the next move names. */
struct at {
	struct id thread, part, head;
};
#define CHECKS 400
static struct {
	struct id entry, thread, part;
	const char *verdict, *state;
	char title[160];
} checks[CHECKS];
static unsigned check_count;

static void scene_open(struct scene *scene)
{
	world_open(&scene->world, 11);
	for (unsigned party = 0; party < 2; party++) {
		scene->desk[party][LIAISON] = world_grant(&scene->world, party ? JP_ROOT : GB_ROOT, 1, liaison, 1);
		scene->desk[party][READER] = world_grant(&scene->world, party ? JP_ROOT : GB_ROOT, 2, reader, 1);
	}
	check_count = 0;
}

static const struct kind *kind_named(const char *name)
{
	const struct kind *kind = domain_kind(&statement_domain, bytes_text(name));

	ASSERT(kind != NULL);
	return kind;
}

/* Opens a thread (at: zero), a part in it (ref given), or answers the head, with a ref if it is not zero; returns the entry. */
static struct id say(
    struct scene *scene, unsigned key, const char *name, const char *json, const struct at *at, const struct id *ref)
{
	const struct kind *kind = kind_named(name);
	struct saying saying = { .kind = name };
	json_t *object = parse(json);
	struct buf fields;

	buf_init(&fields, LIMIT_BODY_BYTES);
	put_pairs(&fields, kind->fields, object, &saying.field_count);
	saying.fields = &fields;
	if (kind->opens != OPENS_THREAD) {
		saying.thread = &at->thread;
	}
	if (kind->opens == OPENS_PART) {
		saying.refs[0] = *ref;
		saying.ref_count = 1;
	} else if (kind->opens == OPENS_NOTHING && !kind->note) {
		saying.part = &at->part;
		saying.answers[0] = at->head;
		saying.answer_count = 1;
		saying.refs[0] = *ref;
		saying.ref_count = id_equal(ref, &(struct id){ { 0 } }) ? 0 : 1;
	}
	struct id id = world_say(&scene->world, key, &saying);
	buf_clear(&fields);
	json_decref(object);
	return id;
}

static void expect(struct id entry, const struct at *at, const char *verdict, const char *state, const char *title)
{
	ASSERT(check_count < CHECKS);
	checks[check_count].entry = entry;
	checks[check_count].verdict = verdict;
	checks[check_count].state = state;
	snprintf(checks[check_count].title, sizeof checks[0].title, "%s", title);
	if (at) {
		checks[check_count].thread = at->thread;
		checks[check_count].part = at->part;
	}
	check_count++;
}

static void scene_check(struct scene *scene)
{
	struct store store;
	int64_t tally;

	world_store(&scene->world, &store, &tally);
	world_deliver_all(&scene->world, &store, tally);
	for (unsigned i = 0; i < check_count; i++) {
		tap_is_text(
		    world_verdict(&scene->world, &store, tally, checks[i].entry), checks[i].verdict, checks[i].title);
		if (checks[i].state) {
			tap_is_text(world_state(&scene->world, &store, tally, checks[i].thread, checks[i].part),
			    checks[i].state, checks[i].title);
		}
	}
	store_close(&store);
	world_close(&scene->world);
}

/* ---- every row of the table ------------------------------------------------------------------------------------------- */

#define PLEDGE "{'partner':'JP','no':5,'en':'Press ahead with the agreement','ja':'協定','rule_set':1}"
#define MEETING \
	"{'partner':'JP','no':1,'en':'Ministers','series':'ministers','starts_at':'2015-01-21T09:00:00Z'," \
	"'ends_at':'2015-01-21T12:00:00Z','agenda':[{'item':1,'en':'Agreement'},{'item':2,'ja':'サイバー'}],'rule_set':1}"
#define MINUTES \
	"{'outcomes':[{'item':1,'outcome':'agreed','en':'go on'},{'item':2,'outcome':'deferred_to','en':'later','to':'cyber 3'}]}"
#define EVIDENCE \
	"{'mention':'1111111111111111111111111111111111111111111111111111111111111111','en':'An order','rehearsal':true}"
#define CONTEXT "{'partner':'JP','en':'A question under study','carried_out_by':'study','locator':'press','rule_set':1}"
#define ACTION "{'owner':'GB','en':'Draft the text','due_on':'2015-06-30'}"

/* Fields with which a kind of this name fits, for the state that it shall lead to. */
static const char *fields_of(const char *name, const char *to)
{
	static const char *const fields[][2] = {
		{ "statement.pledge_entered", PLEDGE },
		{ "statement.pledge_reworded", "{'en':'Better words'}" },
		{ "statement.evidence_linked", EVIDENCE },
		{ "statement.meeting_called", MEETING },
		{ "statement.meeting_held", MINUTES },
		{ "statement.minutes_restated", MINUTES },
		{ "statement.action_set", ACTION },
		{ "statement.context_stated", CONTEXT },
	};
	static const char *const views[][2] = { { "not started", "{'view':'not_started'}" },
		{ "under way", "{'view':'under_way'}" }, { "done", "{'view':'done','since':'2015-02-01'}" },
		{ "stopped", "{'view':'stopped'}" } };

	for (size_t i = 0; i < sizeof views / sizeof *views && strstr(name, ".view_"); i++) {
		if (strcmp(to, views[i][0]) == 0) {
			return views[i][1];
		}
	}
	for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
		if (strcmp(name, fields[i][0]) == 0) {
			return fields[i][1];
		}
	}
	return "{'remarks':'because'}";
}

static const struct transition *row_to(const char *part_type, const char *state)
{
	for (const struct transition *row = statement_domain.transitions; row->kind; row++) {
		if (strcmp(row->part_type, part_type) == 0 && strcmp(row->to, state) == 0 &&
		    (row->from == NULL || strcmp(row->from, state) != 0)) {
			return row;
		}
	}
	return NULL;
}

static void reach(struct scene *scene, const char *part_type, const char *state, struct at *at);

/* The thread that a part of this type lies in, and the head it stands on. */
/* NOLINTNEXTLINE(misc-no-recursion): as deep as the longest way in the table */
static struct id parent_of(struct scene *scene, const char *part_type, struct at *at)
{
	if (strcmp(part_type, "action") == 0) {
		reach(scene, "meeting", "date agreed", at);
	} else {
		reach(scene, "pledge", "recorded", at);
	}
	return at->head;
}

/* Makes this row's move by a desk; an opening row makes what it lies in first. */
/* NOLINTNEXTLINE(misc-no-recursion): see parent_of */
static struct id make(struct scene *scene, const struct transition *row, unsigned desk, struct at *at)
{
	const struct kind *kind = kind_named(row->kind);
	struct id ref = { { 0 } };

	if (row->from == NULL && kind->opens == OPENS_PART) {
		ref = parent_of(scene, row->part_type, at);
	}
	struct id id = say(scene, desk, row->kind, fields_of(row->kind, row->to), at, &ref);
	if (kind->opens == OPENS_THREAD) {
		at->thread = id;
	}
	if (row->from == NULL) {
		at->part = id;
	}
	at->head = id;
	return id;
}

/* NOLINTNEXTLINE(misc-no-recursion): see parent_of */
static void reach(struct scene *scene, const char *part_type, const char *state, struct at *at)
{
	const struct transition *row = row_to(part_type, state);

	ASSERT(row != NULL);
	if (row->from) {
		reach(scene, part_type, row->from, at);
	}
	make(scene, row, scene->desk[row->side == FIRST ? GB : JP][LIAISON], at);
}

static void one_row(struct scene *scene, const struct transition *row)
{
	unsigned party = row->side == FIRST ? GB : JP;
	bool either = strcmp(row->kind, "statement.action_set") == 0 || row->from == NULL;
	struct at at = { 0 };
	char title[160];

	if (row->from) {
		reach(scene, row->part_type, row->from, &at);
	}
	struct at before = at;
	struct id id = make(scene, row, scene->desk[party][LIAISON], &at);
	snprintf(title, sizeof title, "%s: %s by the %s side leads to %s", row->from ? row->from : "new", row->kind,
	    statement_domain.side_names[row->side], row->to);
	expect(id, &at, "valid", row->to, title);
	if (row->from) {
		at = before;
		reach(scene, row->part_type, row->from, &at);
		id = make(scene, row, scene->desk[1 - party][LIAISON], &at);
		snprintf(title, sizeof title, "%s: %s is not the other party's", row->from, row->kind);
		expect(id, NULL, either ? "valid" : "void K10", NULL, title);
	}
	at = (struct at){ 0 };
	if (row->from) {
		reach(scene, row->part_type, row->from, &at);
	}
	id = make(scene, row, scene->desk[party][READER], &at);
	snprintf(title, sizeof title, "%s: %s needs its role", row->from ? row->from : "new", row->kind);
	expect(id, NULL, "void K11", NULL, title);
}

static void test_table(void)
{
	struct scene scene;

	scene_open(&scene);
	for (const struct transition *row = statement_domain.transitions; row->kind; row++) {
		one_row(&scene, row);
	}
	scene_check(&scene);
}

/* ---- whose every state and move is (docs/statement-rules.md 1 and 3, written down once more) --------------------------- */

static unsigned letter_side(char letter)
{
	return letter == '1' ? FIRST : letter == '2' ? SECOND : 0;
}

static void test_pens(void)
{
	/* 1: the first side holds the pen, 2: the second, 0: none */
	static const char *const pens[] = { "2 pledge recorded", "1 pledge contested", "0 pledge confirmed",
		"1 view not started", "1 view under way", "1 view done", "1 view stopped", "1 evidence linked",
		"0 evidence withdrawn", "2 meeting called", "1 meeting date asked", "1 meeting date agreed",
		"2 meeting minutes offered", "1 meeting minutes contested", "0 meeting minutes agreed",
		"0 meeting cancelled", "1 action to do", "2 action reported done", "2 action reported dropped",
		"0 action done", "0 action dropped", "1 context recorded", "0 context withdrawn" };
	const struct state *state = statement_domain.states;
	char name[160];

	for (size_t i = 0; i < sizeof pens / sizeof *pens; i++, state++) {
		ASSERT(state->name != NULL);
		snprintf(name, sizeof name, "%s %s", state->part_type, state->name);
		tap_is_text(name, pens[i] + 2, "the states are these");
		tap_is_int(state->pen, letter_side(pens[i][0]), name);
	}
	tap_ok(state->name == NULL, "and no other");
}

static void test_sides(void)
{
	/* all others are moves of the first side */
	static const char *const seconds[] = { "statement.pledge_confirmed", "statement.pledge_contested",
		"statement.meeting_agreed", "statement.meeting_date_asked", "statement.minutes_agreed",
		"statement.minutes_contested", "statement.action_accepted", "statement.action_reopened", NULL };
	unsigned setters = 0;
	char title[160];

	for (const struct transition *row = statement_domain.transitions; row->kind; row++) {
		bool second = false;
		for (unsigned i = 0; seconds[i]; i++) {
			second |= strcmp(row->kind, seconds[i]) == 0;
		}
		if (strcmp(row->kind, "statement.action_set") == 0) {
			setters = setters * 10 + row->side;
			continue;
		}
		snprintf(title, sizeof title, "%s: %s is of the %s side", row->from ? row->from : "new", row->kind,
		    second ? "second" : "first");
		tap_is_int(row->side, second ? SECOND : FIRST, title);
	}
	tap_is_int(setters, FIRST * 10 + SECOND, "an action is set by either side");
}

/* ---- guards --------------------------------------------------------------------------------------------------------- */

static void refuse(struct scene *scene, const char *part_type, const char *state, const char *kind, unsigned party,
    const char *json, const char *verdict, const char *title)
{
	struct at at = { 0 };
	struct id ref = { { 0 } };

	if (part_type && kind_named(kind)->opens == OPENS_PART) {
		reach(scene, part_type, state, &at);
		ref = at.head;
	} else if (part_type) {
		reach(scene, part_type, state, &at);
	}
	expect(say(scene, scene->desk[party][LIAISON], kind, json, &at, &ref), NULL, verdict, NULL, title);
}

static void test_guards(void)
{
	struct scene scene;

	scene_open(&scene);
	refuse(&scene, NULL, NULL, "statement.pledge_entered", GB, "{'partner':'GB','no':1,'en':'x','rule_set':1}",
	    "void S1", "nobody pledges to himself");
	refuse(&scene, NULL, NULL, "statement.meeting_called", GB,
	    "{'partner':'FR','no':1,'en':'x','series':'s','rule_set':1}", "void S1",
	    "a meeting is with a party of the tally");
	refuse(&scene, NULL, NULL, "statement.pledge_entered", GB, "{'partner':'JP','no':1,'en':'x','rule_set':0}",
	    "void S2", "a rule set that nobody knows");
	refuse(&scene, NULL, NULL, "statement.pledge_entered", GB, "{'partner':'JP','no':1,'rule_set':1}", "void S3",
	    "a pledge has words");
	refuse(&scene, NULL, NULL, "statement.pledge_entered", GB, "{'partner':'JP','no':1,'ja':'約束','rule_set':1}",
	    "valid", "in one language at least");
	refuse(&scene, "pledge", "recorded", "statement.view_stated", GB, "{'view':'well'}", "void S4",
	    "a view is one of four");
	refuse(&scene, "view", "done", "statement.view_changed", GB, "{'view':'done'}", "void S4",
	    "a view that is changed is another");
	refuse(&scene, "meeting", "called", "statement.view_stated", GB, "{'view':'done'}", "void S6",
	    "a view is of a pledge");
	refuse(&scene, "meeting", "called", "statement.action_set", GB, ACTION, "void S6",
	    "an action waits until the meeting's date is agreed");
	refuse(&scene, "pledge", "recorded", "statement.evidence_linked", GB, "{'en':'x','rehearsal':true}", "void S7",
	    "evidence names something");
	refuse(&scene, "pledge", "recorded", "statement.evidence_linked", GB,
	    "{'mention':'1111111111111111111111111111111111111111111111111111111111111111','en':'x','rehearsal':false}",
	    "void S8", "in a rehearsal, evidence from this tally is of a rehearsal");
	refuse(&scene, "pledge", "recorded", "statement.evidence_linked", GB,
	    "{'of_tally':'2222222222222222222222222222222222222222222222222222222222222222',"
	    "'mention':'1111111111111111111111111111111111111111111111111111111111111111','en':'x','rehearsal':false}",
	    "valid", "from another tally it need not be");
	refuse(&scene, "meeting", "date asked", "statement.meeting_moved", GB, "{'ends_at':'2015-01-21T12:00:00Z'}",
	    "void S9", "an end without a start");
	refuse(&scene, "meeting", "date asked", "statement.meeting_moved", GB,
	    "{'starts_at':'2015-01-21T12:00:00Z','ends_at':'2015-01-21T12:00:00Z'}", "void S9",
	    "a meeting that takes no time");
	refuse(&scene, "meeting", "date asked", "statement.meeting_moved", GB,
	    "{'agenda':[{'item':2,'en':'b'},{'item':1,'en':'a'}]}", "void S10", "items in order");
	refuse(&scene, "meeting", "date asked", "statement.meeting_moved", GB, "{'agenda':[{'item':1}]}", "void S10",
	    "items have words");
	refuse(&scene, "meeting", "date agreed", "statement.meeting_held", GB,
	    "{'outcomes':[{'item':1,'outcome':'agreed','en':'x'}]}", "void S12",
	    "each item of the agenda has its outcome");
	refuse(&scene, "meeting", "date agreed", "statement.meeting_held", GB,
	    "{'outcomes':[{'item':1,'outcome':'agreed','en':'x'},{'item':2,'outcome':'noted','en':'y'},{'item':3,'outcome':'noted','en':'z'}]}",
	    "void S12", "and nothing else has");
	refuse(&scene, "meeting", "date agreed", "statement.meeting_held", GB,
	    "{'outcomes':[{'item':1,'outcome':'fine','en':'x'},{'item':2,'outcome':'noted','en':'y'}]}", "void S13",
	    "an outcome is one of four");
	refuse(&scene, "meeting", "date agreed", "statement.meeting_held", GB,
	    "{'outcomes':[{'item':1,'outcome':'referred_to','en':'x'},{'item':2,'outcome':'noted','en':'y'}]}",
	    "void S13", "what is referred goes somewhere");
	refuse(&scene, "meeting", "date agreed", "statement.action_set", GB,
	    "{'owner':'FR','en':'x','due_on':'2015-06-30'}", "void S14", "an owner is one of the two parties");
	scene_check(&scene);
}

static void test_context(void)
{
	struct scene scene;

	scene_open(&scene);
	refuse(&scene, NULL, NULL, "statement.context_stated", GB, "{'partner':'GB','en':'x','rule_set':1}", "void S1",
	    "context has another party too");
	refuse(&scene, NULL, NULL, "statement.context_stated", GB, "{'partner':'JP','en':'x','rule_set':0}", "void S2",
	    "and a rule set that is known");
	refuse(&scene, NULL, NULL, "statement.context_stated", GB, "{'partner':'JP','rule_set':1}", "void S3",
	    "and words");
	refuse(&scene, "context", "recorded", "statement.view_stated", GB, "{'view':'done'}", "void S6",
	    "it is no pledge: nobody has a view of it");
	refuse(&scene, "context", "recorded", "statement.evidence_linked", GB, EVIDENCE, "void S6", "nor evidence");
	scene_check(&scene);
}

static void test_dates_and_views(void)
{
	struct scene scene;
	struct at at = { 0 }, view;
	struct id ref = { { 0 } };

	scene_open(&scene);
	unsigned gb = scene.desk[GB][LIAISON], jp = scene.desk[JP][LIAISON];
	at.thread = at.part = at.head = say(&scene, gb, "statement.meeting_called",
	    "{'partner':'JP','no':3,'en':'Third','series':'cyber','rule_set':1}", &at, &ref);
	expect(say(&scene, jp, "statement.meeting_agreed", "{}", &at, &ref), NULL, "void S11", NULL,
	    "a meeting without a date cannot be agreed to");
	reach(&scene, "pledge", "confirmed", &at);
	view = at;
	view.part = view.head = say(&scene, jp, "statement.view_stated", "{'view':'under_way'}", &at, &at.head);
	expect(view.head, &view, "valid", "under way", "the partner has a view of its own");
	expect(say(&scene, jp, "statement.view_stated", "{'view':'done'}", &at, &at.head), NULL, "void S5", NULL,
	    "a second view of one party is a change of the first");
	expect(say(&scene, gb, "statement.view_stated", "{'view':'done'}", &at, &at.head), NULL, "valid", NULL,
	    "the other party states its own");
	reach(&scene, "pledge", "recorded", &at);
	expect(say(&scene, jp, "statement.pledge_confirmed", "{}", &at, &at.head), NULL, "void S6", NULL,
	    "what only answers has no ref");
	scene_check(&scene);
}

static void test_idle(void)
{
	struct part part = { .head_count = 1 };

	for (const struct part_type *type = statement_domain.part_types; type->name; type++) {
		part.type = type;
		tap_is_int(statement_idle(NULL, &part), strchr("PMA", type->letter) == NULL,
		    "what may be changed at any time waits for nobody; a pledge, a meeting and an action do");
	}
	part = (struct part){ .type = &statement_domain.part_types[1], .head_count = 2 };
	tap_ok(!statement_idle(NULL, &part), "a view of which two rivals stand waits to be resolved");
}

/* ---- rows and digest -------------------------------------------------------------------------------------------------- */

static int64_t number_of(struct store *store, const char *sql)
{
	struct statement *statement;
	struct err err = { 0 };

	ASSERT(db_statement(store->db, sql, &statement, &err) == OK && statement_step(statement, &err) == OK);
	int64_t value = statement_column_int(statement, 0);
	statement_done(statement);
	return value;
}

static void test_rows(void)
{
	struct scene scene;
	struct store stores[2];
	int64_t tallies[2];
	struct id digests[2];
	struct at pledge = { 0 }, meeting = { 0 };
	struct id none = { { 0 } };
	struct err err = { 0 };

	scene_open(&scene);
	unsigned gb = scene.desk[GB][LIAISON], jp = scene.desk[JP][LIAISON];
	reach(&scene, "pledge", "confirmed", &pledge);
	say(&scene, gb, "statement.view_stated", "{'view':'done'}", &pledge, &pledge.head);
	say(&scene, jp, "statement.view_stated", "{'view':'under_way'}", &pledge, &pledge.head);
	say(&scene, gb, "statement.evidence_linked", EVIDENCE, &pledge, &pledge.head);
	say(&scene, gb, "statement.evidence_linked",
	    "{'of_tally':'2222222222222222222222222222222222222222222222222222222222222222',"
	    "'mention':'1111111111111111111111111111111111111111111111111111111111111111','en':'x','rehearsal':false}",
	    &pledge, &pledge.head);
	reach(&scene, "meeting", "date agreed", &meeting);
	say(&scene, jp, "statement.action_set", ACTION, &meeting, &meeting.head);
	say(&scene, gb, "statement.meeting_held", MINUTES, &meeting, &none);
	for (unsigned i = 0; i < 2; i++) {
		world_store(&scene.world, &stores[i], &tallies[i]);
	}
	world_deliver_all(&scene.world, &stores[0], tallies[0]);
	for (unsigned i = 0; i < scene.world.entry_count; i++) {
		enum accepted accepted;
		ASSERT(store_begin(&stores[1], &err) == OK &&
		    world_deliver(&scene.world, &stores[1], tallies[1], i, &accepted, &err) == OK &&
		    fold_update(&stores[1], tallies[1], &err) == OK && store_commit(&stores[1], &err) == OK);
	}
	ASSERT(digest_now(&stores[0], tallies[0], &digests[0], &err) == OK &&
	    digest_now(&stores[1], tallies[1], &digests[1], &err) == OK);
	tap_ok(id_equal(&digests[0], &digests[1]), "all at once or one by one, the digest is the same");
	tap_is_int(
	    number_of(&stores[0], "SELECT differs FROM statement_pledge"), 1, "two views that are not the same differ");
	tap_is_int(
	    number_of(&stores[0], "SELECT evidence FROM statement_pledge"), 1, "what a rehearsal shows is not counted");
	tap_is_int(number_of(&stores[0], "SELECT count(*) FROM statement_evidence"), 2, "but shown");
	tap_is_int(number_of(&stores[0], "SELECT count(*) FROM statement_item WHERE outcome IS NOT NULL"), 2,
	    "each item of the agenda has its outcome");
	tap_is_int(number_of(&stores[0], "SELECT count(*) FROM statement_action WHERE owner = 0 AND state = 'to do'"),
	    1, "an action may be set for the other party's doing");
	tap_is_int(number_of(&stores[0], "SELECT version FROM statement_meeting"), 1,
	    "a meeting that was not moved has its first version");
	store_close(&stores[0]);
	store_close(&stores[1]);
	world_close(&scene.world);
}

int main(void)
{
	test_pens();
	test_sides();
	test_table();
	test_guards();
	test_context();
	test_dates_and_views();
	test_idle();
	test_rows();
	return tap_done();
}
