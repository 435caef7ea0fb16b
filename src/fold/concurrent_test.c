/* Standing moves that the domain decides about (format 7, step 2): what it is told of pasts, of logs and of what was taken up. */
#include "fold/test_world.h"

static const char *const asker[] = { "asker" }, *const answerer[] = { "answerer" };
static struct world world;
static struct store store;
static int64_t tally;
static unsigned gb, jp, jp2;

static struct id say(unsigned key, const char *kind, struct id thread, struct id head, int number, int64_t stated_ms)
{
	struct saying saying = { .kind = kind,
		.thread = &thread,
		.part = &thread,
		.answers = { head },
		.answer_count = 1,
		.stated_ms = stated_ms };
	struct buf fields;

	buf_init(&fields, 100);
	if (number > 0) {
		cbor_put_int(&fields, 8);
		cbor_put_int(&fields, number);
		saying.fields = &fields;
		saying.field_count = 1;
	}
	struct id id = world_say(&world, key, &saying);
	buf_clear(&fields);
	return id;
}

static struct id ask(void)
{
	struct saying saying = { .kind = "t.asked", .field_count = 1 };
	struct buf fields;

	buf_init(&fields, 100);
	cbor_put_int(&fields, 8);
	cbor_put_literal(&fields, "JP");
	saying.fields = &fields;
	struct id id = world_say(&world, gb, &saying);
	buf_clear(&fields);
	return id;
}

static void is(struct id id, const char *verdict, const char *title)
{
	tap_is_text(world_verdict(&world, &store, tally, id), verdict, title);
}

static void leads_to(struct id thread, const char *state, const char *title)
{
	tap_is_text(world_state(&world, &store, tally, thread, thread), state, title);
}

/* An answer at a place of its own in the log of jp: for a fork. */
static struct id answer_at(uint64_t seq, struct id prev, struct id thread, int64_t stated_ms)
{
	struct buf fields;

	buf_init(&fields, 100);
	cbor_put_int(&fields, 8);
	cbor_put_int(&fields, 1);
	struct id id = world_say_at(&world, jp, seq, prev,
	    &(struct saying){ .kind = "t.answered",
		.thread = &thread,
		.part = &thread,
		.answers = { thread },
		.answer_count = 1,
		.fields = &fields,
		.field_count = 1,
		.stated_ms = stated_ms });
	buf_clear(&fields);
	return id;
}

int main(void)
{
	struct id asked[6], overruled[6], answered[6];

	world_open(&world, 1);
	gb = world_grant(&world, GB_ROOT, 1, asker, 1);
	jp = world_grant(&world, JP_ROOT, 1, answerer, 1);
	jp2 = world_grant(&world, JP_ROOT, 2, answerer, 1);
	world_grant(&world, GB_ROOT, 0, NULL, 0);
	for (unsigned i = 0; i < 6; i++) {
		asked[i] = ask();
	}
	for (unsigned i = 0; i < 6; i++) {
		overruled[i] = say(gb, "t.overruled", asked[i], asked[i], 0, 0);
	}
	answered[0] = say(jp, "t.answered", asked[0], asked[0], 1, T_DUE - 1);
	answered[1] = say(jp, "t.answered", asked[1], asked[1], 1, T_DUE - 1);
	struct id minded = say(jp2, "t.minded", asked[1], overruled[1], 0, 0);
	/* the log forks here: one branch says the late time, the other does not */
	uint64_t seq = world.keys[jp].seq;
	struct id prev = world.keys[jp].prev;
	answered[2] = say(jp, "t.answered", asked[2], asked[2], 1, T_DUE);
	answered[3] = say(jp, "t.answered", asked[3], asked[3], 1, T_DUE - 1);
	answered[4] = answer_at(seq + 1, prev, asked[4], T_DUE - 1);
	answered[5] = answer_at(seq + 2, answered[4], asked[5], T_DUE - 1);
	world_store(&world, &store, &tally);
	world_deliver_all(&world, &store, tally);

	is(answered[0], "valid", "the domain lets an answer outlast a standing move");
	is(overruled[0], "overtaken", "the standing move is overtaken by it");
	leads_to(asked[0], "answered", "the part goes on from the answer");
	is(answered[1], "overtaken", "a standing move that the partner took up stands");
	is(minded, "valid", "so does what was built on it");
	leads_to(asked[1], "ended", "the part goes on from there");
	is(answered[2], "overtaken", "an answer of its own late time does not outlast it");
	is(overruled[3], "valid", "nor one whose log said a late time before, in another thread");
	is(answered[3], "overtaken", "the answer of that log is overtaken");
	is(answered[4], "valid", "what another branch of the log said is not in its past");
	is(answered[5], "valid", "nor later on that branch");
	store_close(&store);
	world_close(&world);
	return tap_done();
}
