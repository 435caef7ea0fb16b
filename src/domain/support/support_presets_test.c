/* What a form holds before anyone has typed: the sum of a claim is the one that its guards ask for, a payment is what is open, a place the one
 * agreed; and where it cannot be known, nothing. GB receives, JP supplies. */
#include "domain/support/support_state.h"
#include "domain/support/test_face.h"

#define PART_LINES(quantity) "{" ISSUE_FIELDS ",'lines':[{'line':1,'quantity':'" quantity "'}]}"
#define LINES_OF(currency, price) \
	"{'lines':[" ORDER_LINE ",{'line':2,'category':'fuel','kind':'supply','description_en':'x','quantity':'5'," \
	"'unit':'LTR','unit_price_minor':" price ",'price_basis':'list','currency':'" currency \
	"','settlement':'cash'}]}"
#define REMIT(minor) "{'currency':'GBP','amount_minor':" minor ",'reference':'B1','value_on':'2014-01-20'}"

/* Two issues of one order, the second of which is claimed only later. */
static struct story both, second, one_claimed, in_part, two_currencies, half_claimed, owed, all_owed, contradicted,
    queried, huge;

static struct id claim_of(struct story *story, const char *json)
{
	return open_claim(&world, story, world.with[JP][CLAIMS], json);
}

static struct story two_issues(void)
{
	struct story story = agreed(&world, "cash", NULL);

	open_issue(&world, &story, world.with[JP][ISSUER], "issued", PART_LINES("40"));
	issue_move(&world, &story, world.with[GB][RECEIVES], "receipted", NULL);
	second = story;
	open_issue(&world, &second, world.with[JP][ISSUER], "issued", PART_LINES("60"));
	issue_move(&world, &second, world.with[GB][RECEIVES], "receipted", NULL);
	return story;
}

static struct story approved(void)
{
	struct story story = claimed(&world, NULL);

	claim_move(&world, &story, world.with[GB][PAYER], "approved", NULL);
	return story;
}

static void tell(void)
{
	both = two_issues();
	one_claimed = two_issues();
	claim_of(&one_claimed, "{'currency':'GBP','total_minor':3200}");
	/* What the form then holds is what the guards let pass. */
	in_part = two_issues();
	claim_of(&in_part, "{'currency':'GBP','total_minor':3200}");
	claim_of(&second, "{'currency':'GBP','total_minor':4800}");
	expect(&world, second.claim, NULL, NULL, "valid", NULL, "the rest is claimed by the sum that the form holds");
	two_currencies = receipted(&world, "cash", LINES_OF("JPY", "3"));
	half_claimed = receipted(&world, "cash", LINES_OF("GBP", "3"));
	claim_of(
	    &half_claimed, "{'currency':'GBP','total_minor':8000,'lines':[{'issue':1,'line':1,'amount_minor':8000}]}");
	owed = approved();
	claim_move(&world, &owed, world.with[GB][PAYER], "remitted", REMIT("3000"));
	claim_move(&world, &owed, world.with[JP][CLAIMS], "confirmed", NULL);
	all_owed = approved();
	contradicted = approved();
	claim_move(&world, &contradicted, world.with[GB][PAYER], "remitted", REMIT("3000"));
	claim_move(&world, &contradicted, world.with[JP][CLAIMS], "not_found", "{'remarks':'x'}");
	queried = claimed(&world, NULL);
	claim_move(&world, &queried, world.with[GB][PAYER], "queried", "{'reason':'price'}");
	huge = receipted(&world, "cash", "{'line':{'unit_price_minor':1234567890123}}");
}

struct asking {
	enum support_kind kind;
	const struct id *part;
	char text[200];
};

static enum status ask(void *context, struct fold *fold, const struct thread_fact *fact, struct err *err)
{
	struct asking *asking = context;
	struct preset presets[PRESETS];

	(void)fact, (void)err;
	asking->text[0] = '\0';
	for (unsigned i = 0; i < fold->part_count; i++) {
		if (!id_equal(&fold->parts[i]->id, asking->part)) {
			continue;
		}
		unsigned count =
		    support_presets(fold, fold->parts[i], &support_kinds[asking->kind], world.now_ms, presets);
		for (unsigned k = 0; k < count; k++) {
			size_t len = strlen(asking->text);
			snprintf(asking->text + len, sizeof asking->text - len, "%s%s=%s", k ? " " : "",
			    presets[k].name, presets[k].value);
		}
	}
	return OK;
}

static void holds(
    const struct story *story, const struct id *part, enum support_kind kind, const char *expected, const char *title)
{
	const struct part *first = world_part(&world, &story->thread, &story->thread);
	struct asking asking = { .kind = kind, .part = part, .text = "?" };
	char number[64];
	struct err err = { 0 };

	ASSERT(first != NULL);
	snprintf(number, sizeof number, "%s", first->number);
	ASSERT(ctx_fold_one(&ctx, number, ask, &asking, &err) == OK);
	tap_is_text(asking.text, expected, title);
}

static void test_claims(void)
{
	holds(&both, &both.thread, KIND_CLAIMED, "currency=GBP total_minor=80.00", "a claim of all that was receipted");
	holds(&one_claimed, &one_claimed.thread, KIND_CLAIMED, "currency=GBP total_minor=48.00",
	    "less the issue that is claimed");
	holds(&in_part, &in_part.thread, KIND_CLAIMED, "", "nothing once all is claimed");
	holds(&two_currencies, &two_currencies.thread, KIND_CLAIMED, "", "nor where no one sum can be claimed");
	holds(
	    &half_claimed, &half_claimed.thread, KIND_CLAIMED, "", "nor where a claim of every line would be refused");
	holds(&both, &both.thread, KIND_REFUND_CLAIMED, "", "there is nothing to claim back");
	holds(&both, &both.issue, KIND_CLAIMED, "", "a claim is aimed at the order");
	holds(&queried, &queried.claim, KIND_RECLAIMED, "total_minor=80.00", "claimed anew it is what it was");
	holds(
	    &huge, &huge.thread, KIND_CLAIMED, "currency=GBP total_minor=1,234,567,890,123.00", "a large sum is exact");
}

static void test_others(void)
{
	holds(&all_owed, &all_owed.claim, KIND_REMITTED, "currency=GBP amount_minor=80.00",
	    "all that is owed is remitted");
	holds(&owed, &owed.claim, KIND_REMITTED, "currency=GBP amount_minor=50.00", "less what was confirmed");
	holds(&contradicted, &contradicted.claim, KIND_REMITTED, "currency=GBP amount_minor=80.00",
	    "what was not found is owed still");
	holds(&queried, &queried.claim, KIND_REMITTED, "", "nothing is owed before it is approved");
	holds(&owed, &owed.thread, KIND_REMITTED, "", "a payment is aimed at a claim");
	holds(&both, &both.thread, KIND_ISSUED, "place=Cebu", "an issue is made at the place agreed");
	holds(&both, &both.thread, KIND_TAKEN, "place=Cebu", "so is what is taken");
	holds(&both, &both.thread, KIND_NOTED, "", "other moves hold nothing");
}

int main(void)
{
	world_open(&world);
	tell();
	world_deliver(&world);
	world_check(&world);
	face_open(JP);
	test_claims();
	test_others();
	face_close();
	world_close(&world);
	return tap_done();
}
