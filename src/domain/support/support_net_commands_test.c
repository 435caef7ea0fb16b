/* What `support net` and `support set-off` refuse before they submit, each beside a neighbour that they let pass. The face submits nothing,
 * so what passes ends with its words. GB receives, JP supplies and claims; we are JP unless the test says otherwise. */
#include "domain/support/test_settle.h"

/* After it: the face has a world of this name for the whole file. */
#include "domain/support/test_face.h"

#define PASSES "nothing is submitted here"

static struct story fresh, payable, second, proposed, agreed_on;

static struct story approved(void)
{
	struct story story = claimed(&world, NULL);

	claim_move(&world, &story, world.with[GB][PAYER], "approved", NULL);
	return story;
}

/* JP proposes to set this claim off against one that stands in no tally. */
static void propose(struct story *story)
{
	char thread[2 * ID_BYTES + 1], claim[2 * ID_BYTES + 1];

	hex_print(id_bytes(&story->thread), thread);
	hex_print(id_bytes(&story->claim), claim);
	/* claims stand in the order of their ids */
	open_netting(&world, story, world.with[JP][NETTING],
	    arena_printf(&world.arena,
		"{'partner':'GB','currency':'GBP','total_minor':7000,'rule_set':1,'claims':["
		"{'thread':'%s','claim':'%s','owed_by':'GB','currency':'GBP','amount_minor':8000,'value_minor':8000},"
		"{'thread':'" HEX_A "','claim':'ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',"
		"'owed_by':'JP','currency':'GBP','amount_minor':1000,'value_minor':1000}]}",
		thread, claim));
}

static void tell(void)
{
	fresh = claimed(&world, NULL);
	payable = approved();
	second = approved();
	proposed = approved();
	propose(&proposed);
	agreed_on = approved();
	propose(&agreed_on);
	netting_move(&world, &agreed_on, world.with[GB][NETTING], "netting_agreed", NULL);
}

static const char *number_of(const struct story *story)
{
	const struct part *found = world_part(&world, &story->thread, &story->claim);

	return found ? found->number : "(none)";
}

/* Changes the rows of this story's order or claim, as another half might show them. */
static void change(const char *sql, const struct story *story)
{
	struct statement *statement;
	struct err err = { 0 };

	ASSERT(db_statement(world.own.store.db, sql, &statement, &err) == OK);
	statement_blob(statement, "thread", id_bytes(&story->thread));
	statement_step(statement, &err);
	statement_done(statement);
}

/* Does the command end with these words? */
static void ends(const char *text, const char *words, const char *title)
{
	tap_ok(strstr(text, words) != NULL, title);
	if (strstr(text, words) == NULL) {
		printf("# %s\n", text);
	}
}

#define NET(...) face_says("net", NULL, (const char *const[][2]){ __VA_ARGS__, { NULL, NULL } })

static void test_claims(void)
{
	const char *one = number_of(&payable), *other = number_of(&second);

	ends(NET({ "claim", one }), PASSES, "a claim that is payable may be set off");
	ends(NET({ "claim", number_of(&fresh) }), "must be approved and unpaid", "one that is only claimed may not");
	ends(NET({ "claim", number_of(&proposed) }), ": stands in netting ", "nor one of a netting that is proposed");
	ctx.own_party = 2;
	ends(NET({ "claim", one }), "is not between us and another party", "nor one between two others");
	ctx.own_party = JP;
	ends(NET({ "claim", one }, { "claim", other }), PASSES, "two of one partner may be");
	change("UPDATE support_order SET receiver = 2 WHERE thread = (SELECT row FROM thread WHERE id = :thread)",
	    &second);
	ends(NET({ "claim", one }, { "claim", other }), "is with US; the claims before it are with GB",
	    "of two partners they may not");
	change("UPDATE support_order SET receiver = 0 WHERE thread = (SELECT row FROM thread WHERE id = :thread)",
	    &second);
}

static void test_values(void)
{
	const char *one = number_of(&payable);

	ends(NET({ "claim", one }, { "currency", "JPY" }), "a claim in GBP without a rate",
	    "another currency needs a rate");
	ends(NET({ "claim", one }, { "currency", "JPY" }, { "rate", "GBP=165" }), "needs --source and --on",
	    "and a rate its source");
	ends(NET({ "claim", one }, { "rate", "GBP=165" }), PASSES, "the netting's own currency needs neither");
	ctx.own_party = GB;
	ends(NET({ "claim", one }), "we would owe", "the net creditor proposes");
	ctx.own_party = JP;
}

static void test_time(void)
{
	const char *one = number_of(&payable);

	ends(NET({ "claim", one }, { "at", "2099-01-01T00:00:00Z" }), PASSES, "a rehearsal may be ahead of the clock");
	ctx.view.rehearsal = false;
	ends(
	    NET({ "claim", one }, { "at", "2099-01-01T00:00:00Z" }), "lies ahead of the clock", "a real tally may not");
	ends(NET({ "claim", one }, { "at", "2000-01-01T00:00:00Z" }), PASSES, "what is past may be stated there");
	ctx.view.rehearsal = true;
}

static void test_set_off(void)
{
	const char *number = number_of(&agreed_on);

	ends(face_says("set-off", number, NULL), PASSES, "what was agreed is set off");
	change("UPDATE support_claim SET open_minor = 7999 WHERE thread = (SELECT row FROM thread WHERE id = :thread)",
	    &agreed_on);
	ends(face_says("set-off", number, NULL), "its residue is to be proposed anew",
	    "but not when something else is open by now");
}

int main(void)
{
	world_open(&world);
	tell();
	world_deliver(&world);
	face_open(JP);
	ctx.view.party_count = 3;
	ctx.view.party_codes[2] = "US";
	test_claims();
	test_values();
	test_time();
	test_set_off();
	face_close();
	world_close(&world);
	return tap_done();
}
