/* A breach of each rule is planted, by entries or in the store itself, and the audit names it. An order that went well stands beside, about
 * which every rule is silent. GB receives, JP supplies; the agreement is the rehearsal's, with ceilings in dollars. */
#include "core/kernel.h"
#include "domain/support/support_audit.h"
#include "domain/support/test_face.h"

static struct audit *audit;
static bool check_export;

static void at(const char *time)
{
	ASSERT(time_parse(bytes_text(time), &world.now_ms));
}

/* ---- looking ----------------------------------------------------------------------------------------------------- */

static void audited(void)
{
	struct err err = { 0 };

	audit = arena_take(&world.arena, sizeof *audit);
	audit->ctx = &ctx;
	audit->check_export = check_export;
	ASSERT(day_parse(bytes_text("2014-03-31"), &audit->day));
	audit->end_ms = (audit->day + 1) * DAY_MS;
	if (audit_run(audit, &err) != OK) {
		printf("# %s\n", err.text);
		ASSERT(!"audited");
	}
}

/* The finding of a rule that names this entry, first of those that made it or not. */
static const struct finding *found(const char *rule, const struct id *entry)
{
	for (unsigned i = 0; i < audit->count; i++) {
		const struct finding *finding = &audit->findings[i];
		for (unsigned k = 0; strcmp(finding->rule->number, rule) == 0 && k < finding->entry_count; k++) {
			if (id_equal(&finding->entries[k], entry)) {
				return finding;
			}
		}
	}
	return NULL;
}

static unsigned count_of_rule(const char *rule)
{
	unsigned count = 0;

	for (unsigned i = 0; i < audit->count; i++) {
		count += strcmp(audit->findings[i].rule->number, rule) == 0;
	}
	return count;
}

/* What was planted, to be looked for once all is delivered. */
static struct planted {
	const char *rule, *title, *first;
	struct id entry;
} planted[100];
static unsigned planted_count;

static void plant(const char *rule, struct id entry, const char *first, const char *title)
{
	ASSERT(planted_count < 100);
	planted[planted_count++] = (struct planted){ rule, title, first, entry };
}

static void test_planted(void)
{
	for (unsigned i = 0; i < planted_count; i++) {
		const struct planted *one = &planted[i];
		const struct finding *finding = found(one->rule, &one->entry);
		const char *title = arena_printf(&world.arena, "%s: %s", one->rule, one->title);
		if (!tap_ok(
			finding != NULL && (!one->first || strcmp(print_day(&ctx, finding->first), one->first) == 0),
			title)) {
			printf("# %s %s\n", finding ? print_day(&ctx, finding->first) : "not found",
			    world_verdict(&world, &one->entry));
		}
	}
}

/* ---- what goes well ---------------------------------------------------------------------------------------------- */

static struct story good;

#define DELIVERED(time) "{'delivered_at':'" time "','utc_offset_minutes':480,'place':'Cebu'}"

static struct story order(const char *patch)
{
	at("2013-12-02T00:00:00Z");
	return agreed(&world, "cash", patch);
}

static struct story issued_order(const char *patch)
{
	struct story story = order(patch);

	at("2013-12-03T02:00:00Z");
	open_issue(&world, &story, world.with[JP][ISSUER], "issued", DELIVERED("2013-12-03T01:30:00Z"));
	at("2013-12-04T01:00:00Z");
	return story;
}

static struct story receipted_order(const char *patch)
{
	struct story story = issued_order(patch);

	issue_move(&world, &story, world.with[GB][RECEIVES], "receipted", NULL);
	at("2013-12-05T01:00:00Z");
	return story;
}

static struct story claimed_order(const char *patch)
{
	struct story story = receipted_order(patch);

	open_claim(&world, &story, world.with[JP][CLAIMS], CLAIM_FIELDS);
	at("2013-12-06T01:00:00Z");
	return story;
}

#define REMITTED(minor) "{'currency':'GBP','amount_minor':" minor ",'reference':'B1','value_on':'2013-12-06'}"

static void tell_good(void)
{
	good = claimed_order(NULL);
	claim_move(&world, &good, world.with[GB][PAYER], "approved", NULL);
	claim_move(&world, &good, world.with[GB][PAYER], "remitted", REMITTED("8000"));
	claim_move(&world, &good, world.with[JP][CLAIMS], "confirmed", NULL);
}

static void test_silence(const char *number)
{
	for (const struct audit_rule *rule = audit_rules; rule->number; rule++) {
		unsigned count = 0;
		for (unsigned i = 0; i < audit->count; i++) {
			count += audit->findings[i].rule == rule &&
			    strncmp(audit->findings[i].number, number, strlen(number)) == 0;
		}
		tap_ok(
		    count == 0, arena_printf(&world.arena, "%s is silent about an order that went well", rule->number));
	}
}

/* ---- breaches by entries ----------------------------------------------------------------------------------------- */

static void plant_authority(void)
{
	const char *orderer[] = { "orderer" };
	struct story story = order(NULL);
	struct id id = order_move(&world, &story, world.without[JP][ISSUER], "closed", NULL);

	plant("I7", id, "2013-12-02", "a move by a desk without the role");
	unsigned limited = world_grant(&world, GB, 77, "small", orderer, 1, 1000);
	story = (struct story){ 0 };
	id = world_say(
	    &world, &(struct saying){ .key = limited, .kind = "requested", .object = order_fields(&world, "cash") });
	plant("I7", id, NULL, "a request above the limit of its desk");

	story = requested(&world, "cash", NULL);
	order_move(&world, &story, world.with[JP][ISSUER], "offered", "{'utc_offset_minutes':540}");
	order_move(&world, &story, world.all[GB], "accepted", accept_json(&world, &story.order));
	at("2013-12-03T02:00:00Z");
	open_issue(&world, &story, world.with[JP][ISSUER], "issued", DELIVERED("2013-12-03T01:30:00Z"));
	at("2013-12-04T01:00:00Z");
	id = issue_move(&world, &story, world.all[GB], "receipted", NULL);
	plant("I8", id, "2013-12-04", "one officer ordered and received: counted, for it is below the amount");

	story = requested(&world, "cash", "{'line':{'quantity':'10000'}}");
	order_move(&world, &story, world.with[JP][ISSUER], "offered", "{'utc_offset_minutes':540}");
	order_move(&world, &story, world.all[GB], "accepted", accept_json(&world, &story.order));
	open_issue(&world, &story, world.with[JP][ISSUER], "issued", DELIVERED("2013-12-05T01:30:00Z"));
	id = issue_move(&world, &story, world.all[GB], "receipted", NULL);
	plant("I8", id, "2013-12-04", "one officer would have ordered and received, above the amount");

	story = requested(&world, "cash", NULL);
	id = order_move(&world, &story, world.all[GB], "offered", "{'utc_offset_minutes':540}");
	plant("I3", id, NULL, "the receiver writes the supplier's offer");
}

static void plant_legality(void)
{
	at("2012-12-31T00:00:00Z");
	plant(
	    "I10", requested(&world, "cash", NULL).thread, "2012-12-31", "a request before the agreement is in force");
	at("2013-12-02T00:00:00Z");
	plant("I11", requested(&world, "cash", "{'line':{'category':'weapons'}}").thread, "2013-12-02", "weapons");
	plant("I11", requested(&world, "cash", "{'activity':'9z'}").thread, "2013-12-02",
	    "an activity that is not of the agreement");
	plant("I11", requested(&world, "return_like", "{'line':{'kind':'service','meter':'seats'}}").thread,
	    "2013-12-02", "a service that is to be returned");
	plant("I12", requested(&world, "cash", "{'third_party':'Red Cross'}").thread, "2013-12-02",
	    "a third party without consent");
	plant(
	    "I13", requested(&world, "cash", "{'charter':false}").thread, "2013-12-02", "no statement on the Charter");
	plant("I17", requested(&world, "cash", "{'line':{'quantity':'0'}}").thread, "2013-12-02",
	    "a quantity of nothing");
	plant("I18", requested(&world, "cash", "{'line':{'unit_price_minor':null}}").thread, "2013-12-02",
	    "neither price nor ceiling");
	plant("I18", requested(&world, "cash", "{'line':{'price_basis':'guess'}}").thread, "2013-12-02",
	    "a price without a basis");
	plant("I24", requested(&world, "cash", "{'line':{'kind':'service'}}").thread, "2013-12-02",
	    "a service that nobody counts");

	struct story story = requested(&world, "cash", NULL);
	struct id first = story.order;
	order_move(&world, &story, world.with[JP][ISSUER], "offered", "{'utc_offset_minutes':540}");
	struct id id = order_move(&world, &story, world.with[GB][ORDERER], "accepted", accept_json(&world, &first));
	plant("I16", id, "2013-12-02", "accepted is something else than was offered");

	order("{'line':{'currency':'USD'}}");
	at("2013-12-02T03:00:00Z");
	story = agreed(&world, "cash", "{'line':{'currency':'USD'}}");
	plant("I14", story.order, "2013-12-02", "the second order of the year goes above the ceiling");
}

static void plant_issues(void)
{
	struct story story = order(NULL);
	struct id id = open_issue(&world, &story, world.with[JP][ISSUER], "issued", DELIVERED("2013-12-01T01:30:00Z"));

	plant("I19", id, "2013-12-02", "delivered the day before the order was agreed");
	story = order(NULL);
	open_issue(&world, &story, world.with[JP][ISSUER], "issued", DELIVERED("2013-12-03T01:30:00Z"));
	id = open_issue(&world, &story, world.all[JP], "issued", DELIVERED("2013-12-03T01:30:00Z"));
	plant("I20", id, "2013-12-02", "two desks have each issued the whole");
	story = issued_order(NULL);
	id = issue_move(&world, &story, world.all[JP], "receipted", NULL);
	plant("I21", id, "2013-12-04", "the supplier signs the receipt");
	story = issued_order(NULL);
	id = issue_move(&world, &story, world.with[GB][RECEIVES], "receipted",
	    "{'lines':[{'line':1,'accepted':'90','short':'5','reason':'short'}]}");
	plant("I22", id, "2013-12-04", "ninety accepted and five short of a hundred");
	story = issued_order(NULL);
	issue_move(&world, &story, world.with[GB][RECEIVES], "not_arrived", NULL);
	issue_move(&world, &story, world.with[JP][ISSUER], "contested", "{'remarks':'it did'}");
	issue_move(&world, &story, world.with[GB][DISPUTE], "stood", NULL);
	id = issue_move(
	    &world, &story, world.with[JP][DISPUTE], "resolution_proposed", "{'lines':[{'line':1,'quantity':'101'}]}");
	plant("I23", id, "2013-12-04", "more is to be charged than was issued");
	story = issued_order(NULL);
	id = issue_move(&world, &story, world.with[GB][RECEIVES], "receipted", NULL);
	story.issue_head = story.issue;
	struct id other = issue_move(&world, &story, world.all[GB], "not_arrived", NULL);
	plant("I4", id, "2013-12-04", "two desks of one party answer one state");
	plant("I4", other, "2013-12-04", "both are named");
	at("2013-12-04T05:00:00Z");
	char hex[65];
	hex_print(id_bytes(&id), hex);
	struct id two[] = { id, other };
	struct buf fields;
	buf_init(&fields, 100);
	cbor_put_int(&fields, KEY_STANDS), cbor_put_bytes(&fields, id_bytes(&id));
	struct body_draft draft = { .kind = "support.resolved",
		.thread = &story.thread,
		.part = &story.issue,
		.answers = two,
		.answer_count = 2,
		.fields = buf_bytes(&fields),
		.field_count = 1 };
	id = world_write(&world, world.with[GB][RECEIVES], &draft);
	buf_clear(&fields);
	plant("I4", id, "2013-12-04", "and who ended it");
	plant("I42", other, "2013-12-04", "the one that does not stand is overtaken");
}

static void plant_money(void)
{
	struct story story = receipted_order(NULL);
	open_claim(&world, &story, world.with[JP][CLAIMS], CLAIM_FIELDS);
	struct id id = open_claim(&world, &story, world.all[JP], CLAIM_FIELDS);

	plant("I25", id, "2013-12-05", "two desks have claimed one line");
	plant("I28", story.issue_head, "2013-12-04", "which is then claimed twice over");
	story = receipted_order(NULL);
	id = open_claim(&world, &story, world.with[JP][CLAIMS], "{'currency':'GBP','total_minor':8001}");
	plant("I26", id, "2013-12-05", "a penny more than the lines come to");
	story = claimed_order(NULL);
	claim_move(&world, &story, world.with[GB][PAYER], "approved", NULL);
	id = claim_move(&world, &story, world.with[GB][PAYER], "remitted", REMITTED("8001"));
	plant("I27", id, "2013-12-06", "a penny more is paid than is due");
	story = claimed_order(NULL);
	claim_move(&world, &story, world.with[GB][PAYER], "queried", "{'reason':'price'}");
	id = claim_move(&world, &story, world.with[JP][CLAIMS], "credited",
	    "{'items':[{'item':1,'credit_minor':8001}],'total_minor':1}");
	plant("I28", id, "2013-12-06", "credited above the amount");

	at("2013-12-02T00:00:00Z");
	story = agreed(&world, "return_like", NULL);
	open_issue(&world, &story, world.with[JP][ISSUER], "issued", DELIVERED("2013-12-03T01:30:00Z"));
	issue_move(&world, &story, world.with[GB][RECEIVES], "receipted", NULL);
	id = issue_move(&world, &story, world.with[GB][RECEIVES], "return_issued",
	    "{'lines':[{'line':1,'quantity':'101'}],'returned_at':'2013-12-10T00:00:00Z'}");
	plant("I29", id, "2013-12-02", "more comes back than was lent");

	at("2013-12-02T00:00:00Z");
	story = agreed(&world, "return_like", NULL);
	open_issue(&world, &story, world.with[JP][ISSUER], "issued", DELIVERED("2013-12-03T01:30:00Z"));
	issue_move(&world, &story, world.with[GB][RECEIVES], "receipted", NULL);
	id = issue_move(&world, &story, world.with[JP][CLAIMS], "converted", NULL);
	plant("I30", id, "2013-12-02", "converted before its day");

	story = receipted_order("{'activity':'1a'}");
	open_claim(&world, &story, world.with[JP][CLAIMS], "{'currency':'GBP','total_minor':8000,'invoice':'B-9'}");
	story = receipted_order(NULL);
	id =
	    open_claim(&world, &story, world.with[JP][CLAIMS], "{'currency':'GBP','total_minor':8000,'invoice':'B-9'}");
	plant("I15", id, "2013-12-05", "an exercise and relief on one invoice");
}

static struct id waits_for;

static void plant_log(void)
{
	const char *issuer[] = { "issuer" }, *orderer[] = { "orderer" };
	struct story story = order(NULL);
	unsigned lonely = world_grant(&world, GB, 78, "lonely", orderer, 1, 0);

	at("2013-12-02T05:00:00Z");
	waits_for = world_say(
	    &world, &(struct saying){ .key = lonely, .kind = "requested", .object = order_fields(&world, "cash") });
	story = (struct story){ .thread = waits_for, .order = waits_for };
	struct id id = order_move(&world, &story, world.with[JP][ISSUER], "offered", "{'utc_offset_minutes':540}");
	plant("I5", id, "2013-12-02", "an offer for a request that is not here");
	plant("I32", waits_for, "2013-12-02", "which is listed as missing");
	plant("I34", id, "2013-12-02", "and counted as waiting");

	story = issued_order(NULL);
	at("2013-12-03T01:00:00Z");
	id = issue_move(&world, &story, world.with[GB][RECEIVES], "receipted", NULL);
	plant("I41", id, "2013-12-03", "a receipt that states a time before the issue");
	plant("I6", id, "2013-12-03", "and before what its desk wrote before");
	at("2014-03-30T00:00:00Z");
	plant(
	    "I41", requested(&world, "cash", NULL).thread, "2014-03-30", "a time that had not come when it was stored");
	at("2013-12-06T00:00:00Z");
	id = world_write(&world, world.with[GB][ORDERER], &(struct body_draft){ .kind = "support.unheard_of" });
	plant("I6", id, NULL, "a kind that this program does not know");
	id = world_write(&world, world.with[GB][ORDERER], &(struct body_draft){ .kind = "support.requested" });
	plant("I6", id, NULL, "a request without fields");

	/* a desk that is revoked: what it wrote before stands; what came after does not, but where the partner relied on it */
	unsigned lost = world_grant(&world, JP, 79, "lost", issuer, 1, 0);
	at("2013-12-02T07:00:00Z");
	story = requested(&world, "cash", NULL);
	id = order_move(&world, &story, lost, "offered", "{'utc_offset_minutes':540}");
	plant("I40", id, "2013-12-10", "open, and its last own signer was revoked");
	story = requested(&world, "cash", NULL);
	id = order_move(&world, &story, lost, "offered", "{'utc_offset_minutes':540}");
	plant("I9", id, "2013-12-02", "beyond the last good entry of a revoked key");
	at("2013-12-10T00:00:00Z");
	struct buf fields;
	buf_init(&fields, 200);
	put_key(&fields, REVOKED_KEY), cbor_put_bytes(&fields, id_bytes(&world.keys[lost].key));
	put_key(&fields, REVOKED_SEQ), cbor_put_int(&fields, 1);
	put_key(&fields, REVOKED_REASON), cbor_put_literal(&fields, "lost");
	world_write(&world, JP_ROOT,
	    &(struct body_draft){ .kind = "grant.revoked", .fields = buf_bytes(&fields), .field_count = 3 });
	buf_clear(&fields);

	/* evidence that is erased, long before it may be */
	at("2013-12-20T00:00:00Z");
	buf_init(&fields, 200);
	put_key(&fields, ERASED_HASH), cbor_put_bytes(&fields, id_bytes(&(struct id){ { 0 } }));
	put_key(&fields, ERASED_LAW), cbor_put_literal(&fields, "a law");
	world_write(&world, JP_ROOT,
	    &(struct body_draft){ .kind = "attachment.erased", .fields = buf_bytes(&fields), .field_count = 2 });
	buf_clear(&fields);

	/* a fork */
	at("2013-12-11T00:00:00Z");
	unsigned forked = world_grant(&world, GB, 80, "forked", orderer, 1, 0);
	struct world_key before = world.keys[forked];
	world_say(
	    &world, &(struct saying){ .key = forked, .kind = "requested", .object = order_fields(&world, "cash") });
	world.keys[forked].seq = before.seq;
	world.keys[forked].prev = before.prev;
	at("2013-12-12T00:00:00Z");
	id = world_say(
	    &world, &(struct saying){ .key = forked, .kind = "requested", .object = order_fields(&world, "cash") });
	plant("I4", id, "2013-12-12", "two entries at one place of a log");
}

/* ---- breaches in the store --------------------------------------------------------------------------------------- */

static void sql(const char *text, const struct id *id)
{
	struct statement *statement;
	struct err err = { 0 };

	if (db_statement(world.own.store.db, text, &statement, &err) != OK) {
		printf("# %s\n", err.text);
		ASSERT(!"statement");
	}
	if (id != NULL) {
		statement_blob(statement, "id", id_bytes(id));
	}
	ASSERT(statement_run(statement, &err) == OK);
}

static void test_store(void)
{
	sql("UPDATE entry SET signature = zeroblob(64) WHERE id = :id", &good.order);
	sql("UPDATE entry SET seq = seq + 1000 WHERE id = :id", &good.claim_head);
	sql("UPDATE log SET head_seq = head_seq + 1 WHERE head_id = (SELECT id FROM entry WHERE thread > 0 ORDER BY row LIMIT 1) "
	    "OR row = (SELECT log FROM entry WHERE id = :id)",
	    &good.thread);
	sql("UPDATE thread SET leaf = zeroblob(32) WHERE id = :id", &good.thread);
	sql("INSERT INTO attachment (hash, tally, size, media, entry, here, erased) "
	    "SELECT zeroblob(32), tally, 1, 'text/csv', row, 1, 0 FROM entry WHERE id = :id",
	    &good.issue);
	attachment_word = "damaged";
	audited();
	tap_ok(found("I1", &good.order) != NULL, "I1: a signature that does not verify");
	tap_ok(found("I2", &good.claim_head) != NULL, "I2: a gap in a log");
	tap_ok(found("I31", &good.thread) != NULL, "I31: a state that is not the one the entries give");
	tap_ok(found("I35", &good.issue) != NULL, "I35: evidence that does not match its hash");
	attachment_word = "awaited";
	audited();
	tap_ok(found("I35", &good.issue) != NULL, "I35: or that is not here");
	attachment_word = "erased";
	audited();
	tap_ok(found("I35", &good.issue) == NULL, "I35: what was erased is not meant");
	const struct finding *erased = found("I36", &good.issue);
	tap_ok(erased != NULL && strcmp(print_day(&ctx, erased->first), "2013-12-20") == 0,
	    "I36: but that it was erased before its time is said");
	tap_ok(count_of_rule("I36") == 1, "I36: the export is looked at only when that is asked for");
	check_export = true;
	audited();
	tap_ok(count_of_rule("I36") == 2, "I36: then one that does not verify is found");
}

/* ---- notices of claim -------------------------------------------------------------------------------------------- */

/* Rows as the national domain writes them. */
static void notice(const struct story *story, const char *sent, const char *ledger_on, int64_t minor)
{
	int64_t sent_ms;

	ASSERT(time_parse(bytes_text(sent), &sent_ms));
	char *text = arena_printf(&world.arena,
	    "INSERT INTO national_notice (number, state, shared, issue, amount_minor, estimate, ledger_on, sent_ms) "
	    "SELECT 'JP-01-0001', 'sent', t.id, :id, %lld, 0, %s, %lld FROM tally t WHERE t.mode = 'rehearsal'",
	    (long long)minor, ledger_on, (long long)sent_ms);
	sql(text, &story->issue);
}

static struct story untold, told_late, told_wrong, told;

static void tell_notices(void)
{
	untold = claimed_order(NULL);
	told_late = claimed_order(NULL);
	told_wrong = claimed_order(NULL);
	told = claimed_order(NULL);
}

static const char *notice_finding(const struct story *story)
{
	const char *number = world_part(&world, &story->thread, &story->issue)->number, *text = "";

	for (unsigned i = 0; i < audit->count; i++) {
		const struct finding *finding = &audit->findings[i];
		if (strcmp(finding->rule->number, "I39") == 0 && strcmp(finding->number, number) == 0) {
			text = arena_printf(&world.arena, "%s%s%s%s%s", text, text[0] ? "; " : "",
			    print_day(&ctx, finding->first), finding->until == NO_TIME ? "" : " to ",
			    finding->until == NO_TIME ? "" : print_day(&ctx, finding->until));
		}
	}
	return text;
}

static void test_notices(void)
{
	audited();
	tap_ok(!audit->notices_at_hand && notice_finding(&untold)[0] == '\0',
	    "I39: without the national tally nothing is judged, and the report says so");
	sql("CREATE TABLE national_notice (number TEXT, state TEXT, shared BLOB, issue BLOB, amount_minor INTEGER, "
	    "estimate INTEGER, ledger_on INTEGER, sent_ms INTEGER)",
	    NULL);
	sql("INSERT INTO domain_schema (name, sql) VALUES ('national', '')", NULL);
	sql("INSERT INTO tally (row, id_prefix, id, mode, own_party) VALUES (99, 0, zeroblob(32), 'national', 0)",
	    NULL);
	notice(&told_late, "2013-12-11T02:00:00Z", "16053", 8000); /* 2013-12-14 */
	notice(&told_wrong, "2013-12-04T02:00:00Z", "NULL", 7999);
	notice(&told, "2013-12-04T02:00:00Z", "16046", 8000);
	notice(&good, "2013-12-04T02:00:00Z", "16046", 8000);
	audited();
	tap_ok(audit->notices_at_hand, "I39: with it they are judged");
	tap_is_text(notice_finding(&untold), "2013-12-11",
	    "I39: delivered on Tuesday 3 December, five working days: from Wednesday 11 on");
	tap_is_text(notice_finding(&told_late), "2013-12-11 to 2013-12-11", "I39: until it was sent");
	tap_is_text(notice_finding(&told_wrong), "2013-12-05; 2013-12-12",
	    "I39: another amount than the claim, and not taken up by the office");
	tap_is_text(notice_finding(&told), "", "I39: sent in time, taken up, and of the right amount");
	tap_is_text(notice_finding(&good), "", "I39: an order that went well");
}

/* Everything but the entry that others are to wait for. */
static void deliver(void)
{
	struct err err = { 0 };

	half_open(&world, &world.own);
	ASSERT(store_begin(&world.own.store, &err) == OK);
	for (unsigned i = 0; i < world.entry_count; i++) {
		if (!id_equal(&world.entries[i].id, &waits_for)) {
			half_take(&world, &world.own, &world.entries[i]);
		}
	}
	half_fold(&world.own);
	ASSERT(store_commit(&world.own.store, &err) == OK);
}

int main(void)
{
	world_agreement = json_load_file("data/agreement-gb-jp-rehearsal.json", 0, NULL);
	ASSERT(world_agreement != NULL);
	json_object_set_new(json_object_get(world_agreement, "ceilings"), "value",
	    parse("[{'currency':'USD','fiscal_year':2013,'direction':'JP','minor':10000}]"));
	world_open(&world);
	tell_good();
	plant_authority();
	plant_legality();
	plant_issues();
	plant_money();
	plant_log();
	tell_notices();
	at("2014-02-01T00:00:00Z");
	deliver();
	face_open(JP);
	audited();
	test_planted();
	test_silence(world_part(&world, &good.thread, &good.thread)->number);
	test_notices();
	test_store();
	face_close();
	world_close(&world);
	json_decref(world_agreement);
	return tap_done();
}
