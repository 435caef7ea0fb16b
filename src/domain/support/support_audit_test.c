/* The rules of the audit: each finds the breach that is planted, says when it arose and when it ended, and is silent about an order that
 * went well. The agreement is the rehearsal's, so clocks and holidays are real. GB receives, JP supplies. */
#include "domain/support/support_audit.h"
#include "domain/support/test_face.h"

static struct audit *audit;

/* ---- saying and looking ------------------------------------------------------------------------------------------ */

static void at(const char *time)
{
	ASSERT(time_parse(bytes_text(time), &world.now_ms));
}

/* Delivered in the offset of Japan, whatever the clock of the place says. */
static const char *delivery(const char *time)
{
	return arena_printf(&world.arena, "{'delivered_at':'%s','utc_offset_minutes':480,'place':'Cebu'}", time);
}

/* Requested, offered, agreed on one morning. */
static struct story order(const char *day, const char *method, const char *patch)
{
	at(arena_printf(&world.arena, "%sT00:00:00Z", day));
	return agreed(&world, method, patch);
}

static void issue(struct story *story, const char *time)
{
	at(time);
	open_issue(&world, story, world.with[JP][ISSUER], "issued", delivery(time));
}

static void receipt(struct story *story, const char *time)
{
	at(time);
	issue_move(&world, story, world.with[GB][RECEIVES], "receipted", NULL);
}

static void claim(struct story *story, const char *time)
{
	at(time);
	open_claim(&world, story, world.with[JP][CLAIMS], CLAIM_FIELDS);
}

static void pay(struct story *story, const char *time)
{
	at(time);
	claim_move(&world, story, world.with[GB][PAYER], "approved", NULL);
	claim_move(&world, story, world.with[GB][PAYER], "remitted",
	    "{'currency':'GBP','amount_minor':8000,'reference':'B1','value_on':'2014-01-20'}");
	claim_move(&world, story, world.with[JP][CLAIMS], "confirmed", NULL);
}

/* A whole order that goes as it should. */
static struct story good_order(void)
{
	struct story story = order("2013-11-21", "cash", NULL);

	issue(&story, "2013-11-21T09:30:00Z");
	receipt(&story, "2013-11-22T09:00:00Z");
	claim(&story, "2013-12-02T01:00:00Z");
	pay(&story, "2013-12-20T01:00:00Z");
	return story;
}

static int64_t day(const char *text)
{
	int64_t value = -1;

	ASSERT(day_parse(bytes_text(text), &value));
	return value;
}

static void audited(const char *as_of)
{
	struct err err = { 0 };

	audit = arena_take(&world.arena, sizeof *audit);
	audit->ctx = &ctx;
	audit->day = day(as_of);
	audit->end_ms = (audit->day + 1) * DAY_MS;
	if (audit_run(audit, &err) != OK) {
		printf("# %s\n", err.text);
		ASSERT(!"audited");
	}
}

static const char *number_of(const struct id *thread, const struct id *part)
{
	const struct part *found = world_part(&world, thread, part ? part : thread);

	return found ? found->number : "";
}

/* Findings of a rule about a number, as "first until"; NULL number: all. */
static const char *findings(const char *rule, const char *number)
{
	const char *text = "";

	for (unsigned i = 0; i < audit->count; i++) {
		const struct finding *finding = &audit->findings[i];
		if (strcmp(finding->rule->number, rule) == 0 &&
		    (number == NULL || strcmp(finding->number, number) == 0)) {
			text = arena_printf(&world.arena, "%s%s%s%s%s", text, text[0] ? "; " : "",
			    print_day(&ctx, finding->first), finding->until == NO_TIME ? "" : " to ",
			    finding->until == NO_TIME ? "" : print_day(&ctx, finding->until));
		}
	}
	return text;
}

static void finds(const char *rule, const char *number, const char *wanted, const char *title)
{
	tap_is_text(findings(rule, number), wanted, arena_printf(&world.arena, "%s: %s", rule, title));
}

/* All findings but those of the rules named, for a number and its parts. */
static unsigned findings_of(const char *number)
{
	unsigned count = 0;

	for (unsigned i = 0; i < audit->count; i++) {
		if (strncmp(audit->findings[i].number, number, strlen(number)) == 0) {
			printf("# %s %s: %s\n", audit->findings[i].rule->number, number, audit->findings[i].en);
			count++;
		}
	}
	return count;
}

/* ---- clocks ------------------------------------------------------------------------------------------------------ */

static struct story early, good, unclaimed, lodging, converted, late_return, late_receipt, unpaid, unanswered, slow,
    was_taken;

static void tell_clocks(void)
{
	good = good_order();
	unclaimed = order("2013-11-25", "cash", NULL);
	issue(&unclaimed, "2013-11-26T01:30:00Z");
	receipt(&unclaimed, "2013-11-26T05:00:00Z");
	lodging = order("2013-12-08", "cash", NULL);
	issue(&lodging, "2013-12-09T01:30:00Z");
	receipt(&lodging, "2013-12-09T05:00:00Z");
	claim(&lodging, "2014-01-20T01:00:00Z");
	converted = order("2013-12-09", "return_like", "{'line':{'return_by':'2014-12-10'}}");
	issue(&converted, "2013-12-10T01:30:00Z");
	receipt(&converted, "2013-12-10T05:00:00Z");
	at("2015-01-12T01:00:00Z");
	issue_move(&world, &converted, world.with[JP][CLAIMS], "converted", NULL);
	claim(&converted, "2015-01-12T02:00:00Z");
	late_return = order("2013-11-24", "return_like", "{'line':{'return_by':'2014-02-28'}}");
	issue(&late_return, "2013-11-25T01:30:00Z");
	receipt(&late_return, "2013-11-25T05:00:00Z");
	at("2014-03-20T01:00:00Z");
	issue_move(
	    &world, &late_return, world.with[GB][RECEIVES], "return_issued", "{'returned_at':'2014-03-20T00:30:00Z'}");
	issue_move(&world, &late_return, world.with[JP][ISSUER], "return_accepted", NULL);
	late_receipt = order("2013-12-08", "cash", NULL);
	issue(&late_receipt, "2013-12-09T01:30:00Z");
	receipt(&late_receipt, "2013-12-14T05:00:00Z");
	unpaid = order("2013-12-08", "cash", NULL);
	issue(&unpaid, "2013-12-09T01:30:00Z");
	receipt(&unpaid, "2013-12-09T05:00:00Z");
	claim(&unpaid, "2013-12-10T01:00:00Z");
	early = order("2013-12-08", "cash", NULL);
	issue(&early, "2013-12-12T01:30:00Z");
	receipt(&early, "2013-12-10T05:00:00Z"); /* by a clock that is two days slow */
	at("2013-12-01T01:00:00Z");
	unanswered = requested(&world, "cash", "{'urgency':'relief'}");
	at("2013-12-01T01:00:00Z");
	slow = requested(&world, "cash", NULL);
	at("2013-12-09T16:00:00Z");
	order_move(&world, &slow, world.with[JP][ISSUER], "declined", "{'reason':'other'}");
	was_taken = order("2013-12-08", "cash", NULL);
	at("2013-12-09T01:30:00Z");
	open_issue(&world, &was_taken, world.with[GB][RECEIVES], "taken",
	    "{'delivered_at':'2013-12-09T01:30:00Z','utc_offset_minutes':480,'place':'Cebu','handed_over_by':'JS Towada'}");
}

static void test_clocks(void)
{
	const char *issue_of_unclaimed = number_of(&unclaimed.thread, &unclaimed.issue);

	audited("2014-03-31");
	tap_is_int(findings_of(number_of(&good.thread, NULL)), 0, "an order that went well gives no finding at all");
	finds("I45", issue_of_unclaimed, "2013-12-27", "delivered on 26 November, not claimed: from 27 December on");
	finds("I45", number_of(&lodging.thread, &lodging.issue), "2014-01-09 to 2014-01-20",
	    "claimed late: until it was claimed");
	finds("I48", number_of(&late_return.thread, &late_return.issue), "2014-03-01 to 2014-03-20",
	    "to be returned by 28 February, returned on 20 March");
	finds("I44", number_of(&late_receipt.thread, &late_receipt.issue), "2013-12-13 to 2013-12-14",
	    "three days for a receipt, given on the fifth");
	finds("I45", number_of(&late_receipt.thread, &late_receipt.issue), "2014-01-09",
	    "the clock of the claim runs from the delivery all the same");
	finds("I46", number_of(&unpaid.thread, &unpaid.claim), "2014-01-10", "thirty days from the claim");
	finds("I46", number_of(&lodging.thread, &lodging.claim), "2014-02-20", "and from a late one too");
	finds("I43", number_of(&unanswered.thread, NULL), "2013-12-02",
	    "a request for relief is to be answered in 24 hours");
	finds("I43", number_of(&slow.thread, NULL), "2013-12-07 to 2013-12-09", "another in five days");
	finds("I38", number_of(&was_taken.thread, &was_taken.issue), "2013-12-13",
	    "taken, and no issue after the receipt clock");
	finds("I47", NULL, "", "nothing is beyond twelve months yet");
	finds("I41", number_of(&early.thread, &early.issue), "2013-12-10",
	    "a receipt that states a time before the issue");
	finds("I5", NULL, "", "nothing waits");
	audited("2013-12-10");
	finds("I5", number_of(&early.thread, NULL), "2013-12-10",
	    "as of a day before the issue was stated, the receipt waits for it");
	audited("2013-12-26");
	finds("I45", issue_of_unclaimed, "", "on the last day of a clock nothing is overdue");
	audited("2013-12-27");
	finds("I45", issue_of_unclaimed, "2013-12-27", "on the day after it is");
	audited("2014-02-28");
	finds("I48", NULL, "", "what is to come back by a day may come back on that day");
	audited("2014-03-10");
	finds("I48", number_of(&late_return.thread, &late_return.issue), "2014-03-01",
	    "as of a day before it came back it is open");
	audited("2015-01-10");
	finds("I47", issue_of_unclaimed, "2014-11-27", "delivered on 26 November 2013: from 27 November 2014 on");
	finds("I47", number_of(&lodging.thread, &lodging.issue), "2014-12-10", "claimed, but not paid");
	finds("I48", number_of(&converted.thread, &converted.issue), "2014-12-11", "never returned");
	finds("I47", number_of(&converted.thread, &converted.issue), "2014-12-11", "nor settled");
	finds("I49", number_of(&converted.thread, &converted.issue), "2015-01-10",
	    "after twelve months and thirty days it may be converted");
	finds("I50", NULL, "", "far from the end of the time for claims");
	audited("2015-01-09");
	finds("I49", NULL, "", "not before");
	audited("2015-02-10");
	finds("I49", number_of(&converted.thread, &converted.issue), "2015-01-10 to 2015-01-12",
	    "until it was converted");
	finds("I48", number_of(&converted.thread, &converted.issue), "2014-12-11",
	    "what was due in kind never came, converted or not");
	finds("I47", number_of(&converted.thread, &converted.issue), "2014-12-11", "and the claim is not paid");
	finds("I45", number_of(&converted.thread, &converted.issue), "",
	    "the clock of the claim began with the conversion");
	finds("I30", NULL, "", "converted on a day on which it could be");
	audited("2017-12-31");
	finds("I50", issue_of_unclaimed, "2017-11-27", "48 months after delivery");
}

int main(void)
{
	world_agreement = json_load_file("data/agreement-gb-jp-rehearsal.json", 0, NULL);
	ASSERT(world_agreement != NULL);
	world_open(&world);
	tell_clocks();
	at("2018-01-01T00:00:00Z");
	world_deliver(&world);
	face_open(JP);
	test_clocks();
	face_close();
	world_close(&world);
	json_decref(world_agreement);
	return tap_done();
}
