/* The audit: the table of its rules, and how they are brought to threads, entries and the whole. */
#include "domain/support/support_audit.h"
#include "base/time.h"
#include <stdlib.h>
#include <string.h>

#define RULES "docs/audit-rules.md"

/* clang-format off */
const struct audit_rule audit_rules[] = {
	/* number, name, source, void entries, looks at: each thread, each entry, the whole */
	{ "I1", "signature and key", "署名及び鍵", "format 2, 5", "K1 K4 K5", NULL, audit_signature, NULL },
	{ "I2", "log without gaps", "記録簿の連続", "format 2", NULL, NULL, audit_chain, audit_logs },
	{ "I3", "nobody writes for the other", "他国分の記入禁止", "life cycle 1", NULL, audit_other_half, NULL, NULL },
	{ "I4", "no two moves on one state", "同一状態への二重の手", "format 5.3, 7", "K9", audit_rivals, audit_branch, NULL },
	{ "I5", "what is named is here", "引用先の存在", "format 4", NULL, audit_waiting, NULL, NULL },
	{ "I6", "order of times, readable records", "時刻の順序及び判読", "format 2, 5.5", "F1", audit_unknown, audit_times, NULL },
	{ "I7", "role and limit of the signer", "署名者の権限及び限度額", "US DoD FMR 11A-8", "K11 S27 S71 S72 S212 S230", audit_roles, NULL, NULL },
	{ "I8", "separation of duties", "職務の分離", "US DoD FMR 11A-8; agreement, approval", "S49 S73 S106", audit_separation, NULL, NULL },
	{ "I9", "revoked keys sign nothing", "取消後の署名", "format 5.2", NULL, NULL, audit_revoked, NULL },
	{ "I10", "agreement in force", "協定の効力", "agreement, in_force_on", "S3", audit_in_force, NULL, NULL },
	{ "I11", "activity, category and method allowed", "活動・区分・決済方法の適否", "agreement, activities, categories, settlement", "S4 S8 S9 S10 S11", audit_allowed, NULL, NULL },
	{ "I12", "third party with consent", "第三者移転の同意", "agreement, third_party_transfer", "S20", audit_consent, NULL, NULL },
	{ "I13", "Charter statement", "国際連合憲章の陳述", "agreement, charter_statement", "S5 S102", audit_charter, NULL, NULL },
	{ "I14", "ceilings of the agreement", "協定の上限額", "10 USC 2347; agreement, ceilings", NULL, audit_totals, NULL, audit_ceilings },
	{ "I15", "exercise and real apart", "訓練と実任務の区別", RULES, NULL, audit_invoices, NULL, audit_exercise },
	{ "I16", "both signed the same terms", "同一条件への双方署名", "support-rules S25, S26", "S25 S26", audit_same_terms, NULL, NULL },
	{ "I17", "unit and quantity", "単位及び数量", "support-rules S7, S12", "S7 S12 S15", audit_quantities, NULL, NULL },
	{ "I18", "price or ceiling, with basis", "単価又は限度額及びその根拠", "10 USC 2344(b)", "S14 S17 S104", audit_prices, NULL, NULL },
	{ "I19", "no issue before agreement", "合意前の引渡し", "US DoD IG 2021-062", "S31", audit_agreed_first, NULL, NULL },
	{ "I20", "not more than agreed", "合意数量の超過", "agreement, issue_tolerance_percent", "S40", audit_exceeded, NULL, NULL },
	{ "I21", "receipt and issue both signed", "引渡しと受領の双方署名", "life cycle 3, 8", NULL, audit_both_signed, NULL, NULL },
	{ "I22", "figures of a receipt add up", "受領数量の内訳", "support-rules 5.2", "S46 S47", audit_receipt_sums, NULL, NULL },
	{ "I23", "not more charged than issued", "引渡数量を超える請求数量", "support-rules 5.2", "S53", audit_charged, NULL, NULL },
	{ "I24", "services are metered", "役務の使用実績", "US DoD IG 2021-062", "S16 S39 S103", audit_meters, NULL, NULL },
	{ "I25", "each line in one place", "明細の帰属の一意性", "support-rules 5.3", "S60 S118", audit_one_place, NULL, NULL },
	{ "I26", "claim is the sum of its lines", "請求額と明細の一致", "support-rules 4.1, 5.3", "S61 S62 S63 S67 S117 S227 S228", audit_claim_sums, NULL, NULL },
	{ "I27", "paid and open are the claim", "支払済額と残額の一致", "support-rules 5.3", "S69 S70 S231 S232", audit_paid_sums, NULL, NULL },
	{ "I28", "nothing settled twice", "二重決済", "support-rules 5.3", "S66 S208", audit_twice, NULL, NULL },
	{ "I29", "debts in kind are never negative", "現物債務の残高", "support-rules 5.2", "S55 S57", audit_negative, NULL, NULL },
	{ "I30", "no conversion before its day", "通貨償還への切替の時期", "life cycle 5", "S201", audit_converted, NULL, NULL },
	{ "I31", "the same entries give the same state", "集約結果の一致", "format 8", NULL, audit_state, NULL, NULL },
	{ "I32", "what is missing is listed", "欠落記録の明示", "format 4", NULL, NULL, NULL, audit_missing },
	{ "I33", "what one is owed the other owes", "双方の残高の一致", "GAO-06-834", NULL, NULL, NULL, audit_balances },
	{ "I34", "as-of date, last seen, waiting", "基準日・最終記録・待機数", "GAO-20-309", NULL, NULL, NULL, audit_seen },
	{ "I35", "evidence matches its hash", "証憑の照合", "format 2.1", NULL, NULL, NULL, audit_evidence },
	{ "I36", "kept, and verifies alone", "保存及び独立検証", "agreement, retention_months", NULL, NULL, NULL, audit_kept },
	{ "I37", "claimed without acknowledgement", "相手方未確認の請求", "life cycle 3", "S120 S121", audit_unacknowledged, NULL, NULL },
	{ "I38", "taken, and no issue", "引渡記録のない受領", "life cycle 3", NULL, audit_taken, NULL, NULL },
	{ "I39", "notice of claim", "債権発生通知", "Board of Audit of Japan, October 2023", NULL, audit_notice, NULL, audit_notices },
	{ "I40", "open threads have a signer", "署名権限者のいない案件", "life cycle 8", NULL, audit_last_word, audit_signer, NULL },
	{ "I41", "figures of time", "時刻の整合", "life cycle 8", NULL, audit_named_times, audit_home_times, NULL },
	{ "I42", "overtaken and restated", "優先により失効・再記録", "format 7", NULL, audit_overtaken, NULL, NULL },
	{ "I43", "answered in time", "回答期限", "agreement, clocks", NULL, audit_answered, NULL, NULL },
	{ "I44", "receipted in time", "受領期限", "agreement, clocks", NULL, audit_receipted, NULL, NULL },
	{ "I45", "claimed in time", "請求期限", "agreement, clocks", NULL, audit_claimed, NULL, NULL },
	{ "I46", "paid in time", "支払期限", "agreement, clocks", NULL, audit_paid, NULL, NULL },
	{ "I47", "settled in twelve months", "12か月以内の決済", "procedural arrangement; Board of Audit of Japan", NULL, audit_settled, NULL, NULL },
	{ "I48", "returned or exchanged in time", "返還・同種役務の期限", "agreement, clocks; terms", NULL, audit_returned, NULL, NULL },
	{ "I49", "may be converted", "通貨償還への切替可能", "life cycle 5", NULL, audit_convertible, NULL, NULL },
	{ "I50", "near lapse", "時効接近", "agreement, clocks", NULL, audit_lapse, NULL, NULL },
	{ 0 },
};
/* clang-format on */

/* ---- what a rule says -------------------------------------------------------------------------------------------- */

void *listed_add(struct audit *audit, struct listed *list, size_t size)
{
	if (list->count == list->capacity) {
		unsigned wider = list->capacity ? list->capacity * 2 : 64;
		void *items = arena_take_array(audit->ctx->arena, wider, size);
		if (items == NULL) {
			audit->out_of_memory = true;
			return NULL;
		}
		if (list->count > 0) {
			memcpy(items, list->items, list->count * size);
		}
		list->items = items;
		list->capacity = wider;
	}
	return (char *)list->items + size * list->count++;
}

static struct finding *finding_new(struct audit *audit)
{
	struct listed list = { audit->findings, audit->count, audit->capacity };
	struct finding *finding = listed_add(audit, &list, sizeof *finding);

	audit->findings = list.items;
	audit->count = list.count;
	audit->capacity = list.capacity;
	return finding;
}

static const char *sentence(struct audit *audit, const char *format, va_list arguments, const char *more)
{
	struct buf text;
	char line[1024];

	buf_init(&text, sizeof line * 2);
	vsnprintf(line, sizeof line, format, arguments);
	buf_put_text(&text, line);
	buf_put_text(&text, more);
	const char *copy = arena_text(audit->ctx->arena, buf_bytes(&text));
	buf_clear(&text);
	audit->out_of_memory |= copy == NULL;
	return copy ? copy : "";
}

void audit_find_text(struct audit *audit, const char *number, int64_t first, int64_t until, const struct id *entries,
    unsigned count, const char *en, const char *ja)
{
	struct finding *finding = finding_new(audit);

	if (finding == NULL) {
		return;
	}
	*finding = (struct finding){ .rule = audit->rule,
		.number = arena_text(audit->ctx->arena, bytes_text(number)),
		.first = first,
		.until = until,
		.entry_count = count < FINDING_ENTRIES ? count : FINDING_ENTRIES,
		.en = en,
		.ja = ja };
	memcpy(finding->entries, entries, finding->entry_count * sizeof *entries);
	audit->out_of_memory |= finding->number == NULL;
}

void audit_find(struct audit *audit, const char *number, int64_t first, int64_t until, const struct id *entries,
    unsigned count, const char *en, const char *ja, ...)
{
	va_list arguments, again;

	va_start(arguments, ja);
	va_copy(again, arguments);
	const char *english = sentence(audit, en, arguments, ""), *japanese = sentence(audit, ja, again, "");
	va_end(again);
	va_end(arguments);
	audit_find_text(audit, number, first, until, entries, count, english, japanese);
}

const struct look_part *audit_part(const struct look *look, const struct move *move)
{
	for (unsigned i = 0; i < look->part_count; i++) {
		const struct part *part = look->parts[i].part;
		if (part == move->part || (move->body.part && memcmp(part->id.data, move->body.part, ID_BYTES) == 0)) {
			return &look->parts[i];
		}
	}
	return NULL;
}

const char *audit_number(const struct look *look, const struct move *move)
{
	const struct look_part *part = audit_part(look, move);

	return part ? part->part->number : look->number;
}

void audit_find_move(struct audit *audit, const struct move *move, const char *en, const char *ja, ...)
{
	const struct look_part *part = audit_part(audit->look, move);
	const char *more_en = "", *more_ja = "";
	va_list arguments, again;

	if (move->verdict == VERDICT_VOID) {
		more_en = arena_printf(audit->ctx->arena, " (void by %s)", move->rule);
		more_ja = arena_printf(audit->ctx->arena, "(%sにより無効)", move->rule);
	} else if (move->verdict == VERDICT_OVERTAKEN) {
		more_en = " (overtaken)";
		more_ja = "(優先により失効)";
	}
	va_start(arguments, ja);
	va_copy(again, arguments);
	const char *english = sentence(audit, en, arguments, more_en ? more_en : "");
	const char *japanese = sentence(audit, ja, again, more_ja ? more_ja : "");
	va_end(again);
	va_end(arguments);
	audit_find_text(audit, audit_number(audit->look, move), stated_day(move, part ? part->offset : 0), NO_TIME,
	    &move->id, 1, english, japanese);
}

void audit_find_late(struct audit *audit, const struct look_part *part, const struct stretch *stretch,
    const struct clock_end *clock, const char *en, const char *ja, ...)
{
	int64_t begin = stretch->begin_ms > clock->overdue_ms ? stretch->begin_ms : clock->overdue_ms;
	bool ended = stretch->end_ms != NO_TIME;
	int64_t first = day_of_ms(begin, part->offset);
	struct id entries[2] = { stretch->by->id };
	va_list arguments, again;

	if ((ended && stretch->end_ms <= begin) || first > audit->day) {
		return;
	}
	if (stretch->ended_by != NULL) {
		entries[1] = stretch->ended_by->id;
	}
	va_start(arguments, ja);
	va_copy(again, arguments);
	const char *english = sentence(audit, en, arguments, ""), *japanese = sentence(audit, ja, again, "");
	va_end(again);
	va_end(arguments);
	audit_find_text(audit, part->part->number, first, ended ? day_of_ms(stretch->end_ms, part->offset) : NO_TIME,
	    entries, stretch->ended_by ? 2 : 1, english, japanese);
}

/* ---- running ----------------------------------------------------------------------------------------------------- */

/* Is the name of a guard one of the words? */
static bool names_guard(const char *words, const char *rule)
{
	size_t len = strlen(rule);

	for (const char *at = words; at != NULL && (at = strstr(at, rule)) != NULL; at += len) {
		if ((at == words || at[-1] == ' ') && (at[len] == ' ' || at[len] == '\0')) {
			return true;
		}
	}
	return false;
}

static bool found_before(const struct audit *audit, unsigned from, const struct move *move)
{
	for (unsigned i = from; i < audit->count; i++) {
		if (audit->findings[i].rule == audit->rule && id_equal(&audit->findings[i].entries[0], &move->id)) {
			return true;
		}
	}
	return false;
}

/* What a guard has stopped is a finding, unless the rule has seen it for itself. */
static void look_at_voids(struct audit *audit, const struct look *look, unsigned from)
{
	for (unsigned i = 0; audit->rule->voids != NULL && i < look->fold->move_count; i++) {
		const struct move *move = look->fold->moves[i];
		if (move->verdict == VERDICT_VOID && names_guard(audit->rule->voids, move->rule) &&
		    !found_before(audit, from, move)) {
			audit_find_move(audit, move, "%.*s was entered against the rule and does not stand",
			    "%.*s は規則に反し、効力を有しない", (int)move->body.kind.len,
			    (const char *)move->body.kind.data);
		}
	}
}

static enum status look_at_thread(void *context, struct fold *fold, const struct thread_fact *fact, struct err *err)
{
	struct audit *audit = context;
	struct look look;

	if (!look_at(audit->ctx->arena, &audit->agreements, fold, fact->number, &look)) {
		return err_set(err, ENVIRONMENT, "audit: out of memory");
	}
	look.differs = fact->differs;
	audit->look = &look;
	audit->threads++;
	audit->left_out += fact->left_out;
	for (const struct audit_rule *rule = audit_rules; rule->number != NULL; rule++) {
		unsigned from = audit->count;
		audit->rule = rule;
		if (rule->thread != NULL) {
			rule->thread(audit, &look);
		}
		look_at_voids(audit, &look, from);
	}
	audit->look = NULL;
	return audit->out_of_memory ? err_set(err, ENVIRONMENT, "audit: out of memory") : OK;
}

static void note_seen(struct audit *audit, const struct entry_fact *fact)
{
	struct party_seen *seen = &audit->parties[fact->party < LIMIT_PARTIES ? fact->party : 0];

	audit->entries++;
	seen->entries++;
	if (fact->thread < 0 && fact->stated_ms > seen->last_acknowledged_ms) {
		seen->last_acknowledged_ms = fact->stated_ms;
	}
	if (fact->thread >= 0 && fact->stated_ms > seen->last_ms) {
		seen->last_ms = fact->stated_ms;
	}
}

static enum status look_at_entry(void *context, const struct entry_fact *fact, struct err *err)
{
	struct audit *audit = context;

	note_seen(audit, fact);
	for (const struct audit_rule *rule = audit_rules; rule->number != NULL; rule++) {
		audit->rule = rule;
		if (rule->entry != NULL) {
			rule->entry(audit, fact);
		}
	}
	return audit->out_of_memory ? err_set(err, ENVIRONMENT, "audit: out of memory") : OK;
}

static int by_rule(const void *a, const void *b)
{
	const struct finding *one = a, *two = b;

	if (one->rule != two->rule) {
		return one->rule < two->rule ? -1 : 1;
	}
	if (one->first != two->first) {
		return one->first < two->first ? -1 : 1;
	}
	int order = strcmp(one->number, two->number);
	return order != 0 ? order : id_compare(&one->entries[0], &two->entries[0]);
}

enum status audit_run(struct audit *audit, struct err *err)
{
	struct ctx *ctx = audit->ctx;

	audit->err = err;
	for (unsigned i = 0; i < LIMIT_PARTIES; i++) {
		audit->parties[i].last_ms = audit->parties[i].last_acknowledged_ms =
		    audit->parties[i].first_waiting_ms = -1;
	}
	enum status status = ctx_fold_each(ctx, "support", audit->end_ms, look_at_thread, audit, err);
	if (status == OK) {
		status = ctx_entry_each(ctx, audit->end_ms, true, look_at_entry, audit, err);
	}
	for (const struct audit_rule *rule = audit_rules; status == OK && rule->number != NULL; rule++) {
		audit->rule = rule;
		if (rule->whole != NULL) {
			rule->whole(audit);
			status = audit->status;
		}
	}
	if (status == OK && audit->out_of_memory) {
		status = err_set(err, ENVIRONMENT, "audit: out of memory");
	}
	if (status == OK && audit->count > 0) {
		qsort(audit->findings, audit->count, sizeof *audit->findings, by_rule);
	}
	return status;
}
