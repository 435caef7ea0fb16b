/* Rules of the audit about logs, entries and the two books: I1 to I6, I9, I31 to I36, I40 to I42 (docs/audit-rules.md 3). */
#include "base/cbor.h"
#include "core/kernel.h"
#include "domain/support/support.h"
#include "domain/support/support_audit.h"
#include <stdlib.h>
#include <string.h>

#define TOLERANCE_MS 600000 /* of clocks: 10 minutes */

static void find_entry(struct audit *audit, const struct entry_fact *fact, const char *en, const char *ja)
{
	const char *number =
	    fact->number.len > 0 ? arena_text(audit->ctx->arena, fact->number) : print_party(audit->ctx, fact->party);

	audit_find_text(audit, number ? number : "", day_of_ms(fact->stated_ms, 0), NO_TIME, &fact->id, 1, en, ja);
}

static const char *kind_text(struct audit *audit, struct bytes kind)
{
	const char *text = arena_text(audit->ctx->arena, kind);

	return text ? text : "";
}

/* ---- I1, I2: signatures and chains ------------------------------------------------------------------------------- */

/* Entries of the domain that a guard has voided are found with their threads; here are those of the kernel. */
void audit_signature(struct audit *audit, const struct entry_fact *fact)
{
	static const char *const rules[] = { "K1", "K4", "K5" };

	if (!fact->signature_good) {
		find_entry(audit, fact, "the signature does not verify", "署名が検証できない");
		return;
	}
	for (size_t i = 0; fact->thread <= 0 && fact->verdict == VERDICT_VOID && i < sizeof rules / sizeof *rules;
	     i++) {
		if (strcmp(fact->rule, rules[i]) == 0) {
			find_entry(audit, fact, "its key may not write it; it does not stand",
			    "当該鍵には記入権限がなく、効力を有しない");
		}
	}
}

void audit_chain(struct audit *audit, const struct entry_fact *fact)
{
	if (!fact->chain_good) {
		find_entry(audit, fact, "it does not follow the entry before it in its log",
		    "記録簿の直前の記録に続いていない");
	}
}

void audit_logs(struct audit *audit)
{
	struct query *rows = NULL;

	audit->status = ctx_query(audit->ctx,
	    "SELECT l.party, l.head_seq, (SELECT COUNT(*) FROM entry e WHERE e.log = l.row), l.first_seq, l.head_id FROM log l "
	    "WHERE l.tally = :tally",
	    &rows, audit->err);
	while (audit->status == OK && query_next(rows)) {
		int64_t missing = query_int(rows, 1) - query_int(rows, 3) + 1 - query_int(rows, 2);
		struct bytes head = query_blob(rows, 4);
		struct id id = { { 0 } };
		memcpy(id.data, head.data, head.len == ID_BYTES ? ID_BYTES : 0);
		if (missing != 0) {
			audit_find(audit, print_party(audit->ctx, query_int(rows, 0)), audit->day, NO_TIME, &id, 1,
			    "%lld entries of a log are not here", "記録簿の記録 %lld 件が欠けている",
			    (long long)missing);
		}
	}
	query_close(rows);
}

/* ---- I3, I4 ------------------------------------------------------------------------------------------------------ */

static bool is_receipt(const struct move *move)
{
	return kind_is(move, "support.receipted") || kind_is(move, "support.not_arrived") ||
	    kind_is(move, "support.taken") || kind_is(move, "support.figures_taken") ||
	    kind_is(move, "support.figures_restated");
}

/* Is there a row for its kind, and one for the side of its signer? */
static void sides_of(const struct look *look, const struct move *move, bool *known, bool *own)
{
	const struct look_part *part = audit_part(look, move);
	const unsigned *sides = part ? part->part->sides : look->part_count > 0 ? look->parts[0].part->sides : NULL;

	*known = *own = false;
	for (const struct transition *row = support_domain.transitions; sides != NULL && row->kind != NULL; row++) {
		if (strcmp(row->kind, move->kind->name) == 0) {
			*known = true;
			*own |= sides[row->side] == move->signer.party;
		}
	}
}

void audit_other_half(struct audit *audit, const struct look *look)
{
	const struct part *first = look->part_count > 0 ? look->parts[0].part : NULL;

	for (unsigned i = 0; first != NULL && i < look->fold->move_count; i++) {
		const struct move *move = look->fold->moves[i];
		bool known, own;
		if (move->kind == NULL || move->verdict == VERDICT_WAITING ||
		    kind_is(move, "support.refund_claimed")) { /* its sides are exchanged */
			continue;
		}
		sides_of(look, move, &known, &own);
		if (first->sides[RECEIVER] != move->signer.party && first->sides[SUPPLIER] != move->signer.party) {
			audit_find_move(audit, move, "%s by a party that is on neither side",
			    "%s:当事国でない国による記入", kind_text(audit, move->body.kind));
		} else if (known && !own && !is_receipt(move)) {
			audit_find_move(audit, move, "%s is the other side's to enter", "%s は相手方が記入すべきもの",
			    kind_text(audit, move->body.kind));
		}
	}
}

/* The view shows the kind of the entry that it stands for; its own is in its bytes. */
static bool is_restated(const struct move *move)
{
	struct bytes item = cbor_map_uint(move->body.bytes, 0), kind;

	return item.len > 0 && cbor_text(item, &kind) && bytes_is(kind, "support.restated");
}

static bool may_rival(const struct move *move)
{
	return move->kind != NULL && move->part != NULL && move->body.answer_count == 1 &&
	    (move->verdict == VERDICT_VALID || move->verdict == VERDICT_OVERTAKEN) &&
	    !kind_is(move, "support.resolved") && !is_restated(move) && !move->kind->note;
}

/* The first `resolved` that knew both; NULL: none. */
static const struct move *resolution_of(const struct look *look, const struct move *one, const struct move *two)
{
	const struct move *first = NULL;

	for (unsigned i = 0; i < look->fold->move_count; i++) {
		const struct move *move = look->fold->moves[i];
		if (move->verdict == VERDICT_VALID && kind_is(move, "support.resolved") && move->part == one->part &&
		    fold_past_holds(look->fold, move, one) && fold_past_holds(look->fold, move, two) &&
		    (first == NULL || move->body.stated_ms < first->body.stated_ms)) {
			first = move;
		}
	}
	return first;
}

static void find_rivals(struct audit *audit, const struct look *look, const struct move *one, const struct move *two)
{
	const struct look_part *part = audit_part(look, one);
	int64_t a = one->body.stated_ms, b = two->body.stated_ms;
	bool one_later = a > b || (a == b && id_compare(&one->id, &two->id) < 0);
	const struct move *later = one_later ? one : two;
	const struct move *resolved = one->part->head_count == 1 ? resolution_of(look, one, two) : NULL;
	const struct id entries[] = { later->id, one_later ? two->id : one->id, resolved ? resolved->id : later->id };
	int offset = part ? part->offset : 0;

	audit_find(audit, one->part->number, stated_day(later, offset),
	    resolved ? stated_day(resolved, offset) : NO_TIME, entries, resolved ? 3 : 2,
	    "two moves of one party on one state: %s and %s", "同一の状態に対する同一国の二つの手:%s と %s",
	    kind_text(audit, one->body.kind), kind_text(audit, two->body.kind));
}

void audit_rivals(struct audit *audit, const struct look *look)
{
	for (unsigned i = 0; i < look->fold->move_count; i++) {
		const struct move *one = look->fold->moves[i];
		for (unsigned k = i + 1; may_rival(one) && k < look->fold->move_count; k++) {
			const struct move *two = look->fold->moves[k];
			if (one->part == two->part && may_rival(two) && one->answers[0] == two->answers[0] &&
			    one->signer.party == two->signer.party) {
				find_rivals(audit, look, one, two);
			}
		}
	}
}

void audit_branch(struct audit *audit, const struct entry_fact *fact)
{
	if (fact->branches) {
		find_entry(audit, fact, "two entries of one key at one place of its log: the log has forked",
		    "同一の鍵が記録簿の同一位置に二つの記録を作成:記録簿の分岐");
	}
}

/* ---- I5, I6, I41, I42 -------------------------------------------------------------------------------------------- */

void audit_waiting(struct audit *audit, const struct look *look)
{
	for (unsigned i = 0; i < look->fold->move_count; i++) {
		const struct move *move = look->fold->moves[i];
		if (move->verdict != VERDICT_WAITING) {
			continue;
		}
		struct party_seen *seen = &audit->parties[move->signer.party < LIMIT_PARTIES ? move->signer.party : 0];
		seen->waiting++;
		if (seen->first_waiting_ms < 0 || move->body.stated_ms < seen->first_waiting_ms) {
			seen->first_waiting_ms = move->body.stated_ms;
			seen->first_waiting = move->id;
		}
		audit_find_move(audit, move, "%s waits for an entry that is not here", "%s は未着の記録を待っている",
		    kind_text(audit, move->body.kind));
	}
}

void audit_unknown(struct audit *audit, const struct look *look)
{
	for (unsigned i = 0; i < look->fold->move_count; i++) {
		const struct move *move = look->fold->moves[i];
		if (move->verdict == VERDICT_UNKNOWN) {
			audit_find_move(audit, move, "this program does not know the kind %s",
			    "本プログラムは種別 %s を認識しない", kind_text(audit, move->body.kind));
		}
	}
}

void audit_times(struct audit *audit, const struct entry_fact *fact)
{
	if (fact->before_ms > fact->stated_ms + TOLERANCE_MS) {
		find_entry(audit, fact, "it states an earlier time than the entry before it in its log",
		    "記録簿の直前の記録より前の時刻が記載されている");
	} else if (fact->thread <= 0 && fact->verdict == VERDICT_VOID && strcmp(fact->rule, "F1") == 0) {
		find_entry(audit, fact, "its fields do not fit its kind; it does not stand",
		    "項目が種別に適合せず、効力を有しない");
	} else if (fact->thread <= 0 && fact->verdict == VERDICT_UNKNOWN) {
		find_entry(audit, fact, "this program does not know its kind", "本プログラムはその種別を認識しない");
	}
}

void audit_home_times(struct audit *audit, const struct entry_fact *fact)
{
	if (fact->stated_ms > fact->stored_ms + TOLERANCE_MS) {
		find_entry(audit, fact, "it states a later time than the one at which it came here",
		    "到着時刻より後の時刻が記載されている");
	} else if (fact->covered_ms != FACT_NEVER && fact->stated_ms > fact->covered_ms + TOLERANCE_MS) {
		find_entry(audit, fact, "it states a later time than the partner's acknowledgement of it",
		    "相手方の確認応答より後の時刻が記載されている");
	}
}

static bool states_later(const struct move *named, const struct move *move)
{
	return named != NULL && named != move && named->signer.party != move->signer.party &&
	    named->body.stated_ms > move->body.stated_ms + TOLERANCE_MS;
}

void audit_named_times(struct audit *audit, const struct look *look)
{
	for (unsigned i = 0; i < look->fold->move_count; i++) {
		const struct move *move = look->fold->moves[i];
		const struct look_part *part = audit_part(look, move);
		bool later =
		    states_later(look->fold->opening, move) || (part && states_later(part->part->opener, move));
		for (unsigned k = 0; k < move->body.answer_count; k++) {
			later |= states_later(move->answers[k], move);
		}
		for (unsigned k = 0; k < move->body.ref_count; k++) {
			later |= states_later(move->refs[k], move);
		}
		if (later) {
			audit_find_move(audit, move, "%s states an earlier time than the partner's entry that it names",
			    "%s に、引用する相手方の記録より前の時刻が記載されている",
			    kind_text(audit, move->body.kind));
		}
	}
}

void audit_overtaken(struct audit *audit, const struct look *look)
{
	for (unsigned i = 0; i < look->fold->move_count; i++) {
		const struct move *move = look->fold->moves[i];
		if (move->verdict == VERDICT_OVERTAKEN) {
			audit_find_move(audit, move, "%s is overtaken by another move", "%s は他の手の優先により失効",
			    kind_text(audit, move->body.kind));
			continue;
		}
		if (move->verdict == VERDICT_VALID && is_restated(move)) {
			audit_find_move(
			    audit, move, "%s was entered anew", "%s の再記録", kind_text(audit, move->body.kind));
		}
	}
}

/* ---- I9, I40: keys ----------------------------------------------------------------------------------------------- */

void audit_revoked(struct audit *audit, const struct entry_fact *fact)
{
	if (fact->beyond_good && fact->verdict == VERDICT_VOID) {
		find_entry(audit, fact, "beyond the last good entry of a revoked key; it does not stand",
		    "取り消された鍵の最終有効記録より後の記録。効力を有しない");
	} else if (fact->beyond_good) {
		find_entry(audit, fact,
		    "beyond the last good entry of a revoked key; it stands, for the partner relied on it",
		    "取り消された鍵の最終有効記録より後の記録。相手方が依拠したため有効");
	}
}

static bool is_open(const struct look *look)
{
	for (unsigned i = 0; i < look->part_count; i++) {
		if (look->parts[i].state != NULL && look->parts[i].state->pen != 0) {
			return true;
		}
	}
	return false;
}

void audit_last_word(struct audit *audit, const struct look *look)
{
	const struct move *last = NULL;

	for (unsigned i = 0; is_open(look) && i < look->fold->move_count; i++) {
		const struct move *move = look->fold->moves[i];
		bool counts = move->verdict == VERDICT_VALID || move->verdict == VERDICT_OVERTAKEN;
		if (counts && move->signer.party == audit->ctx->own_party &&
		    (last == NULL || move->body.stated_ms > last->body.stated_ms ||
			(move->body.stated_ms == last->body.stated_ms && id_compare(&move->id, &last->id) < 0))) {
			last = move;
		}
	}
	struct last_word *word = last ? listed_add(audit, &audit->last_words, sizeof *word) : NULL;
	if (word != NULL) {
		*word = (struct last_word){ last->id, arena_text(audit->ctx->arena, bytes_text(look->number)) };
	}
}

static int by_entry(const void *a, const void *b)
{
	return id_compare(&((const struct last_word *)a)->entry, &((const struct last_word *)b)->entry);
}

/* Threads have all been looked at when the first entry comes. */
void audit_signer(struct audit *audit, const struct entry_fact *fact)
{
	struct last_word wanted = { fact->id, NULL };

	if (audit->last_words.count == 0 || fact->thread <= 0) {
		return;
	}
	if (!audit->last_words_sorted) {
		qsort(audit->last_words.items, audit->last_words.count, sizeof wanted, by_entry);
		audit->last_words_sorted = true;
	}
	const struct last_word *found =
	    bsearch(&wanted, audit->last_words.items, audit->last_words.count, sizeof wanted, by_entry);
	if (found != NULL && fact->grant_ends_ms < audit->end_ms) {
		audit_find(audit, found->number, day_of_ms(fact->grant_ends_ms, 0), NO_TIME, &fact->id, 1,
		    "open, and the desk that wrote last for us holds no grant any more: hand it over",
		    "未了であるが、当方の最終記入担当の権限は既にない。引継ぎを要する");
	}
}

/* ---- I31 to I34: two books --------------------------------------------------------------------------------------- */

void audit_state(struct audit *audit, const struct look *look)
{
	if (look->differs && look->fold->opening != NULL) {
		audit_find_text(audit, look->number, audit->day, NO_TIME, &look->fold->thread, 1,
		    "the state that is stored is not the one that the entries give: run warifu rebuild",
		    "保存された状態が記録の集約結果と異なる。warifu rebuild を実行すること");
	}
}

static struct id id_at(struct query *rows, unsigned column)
{
	struct bytes bytes = query_blob(rows, column);
	struct id id = { { 0 } };

	if (bytes.len == ID_BYTES) {
		memcpy(id.data, bytes.data, ID_BYTES);
	}
	return id;
}

static bool stated_before(struct query *rows, unsigned column, int64_t end_ms, struct body *body)
{
	return body_read(query_blob(rows, column), body) == NULL && body->stated_ms < end_ms;
}

void audit_missing(struct audit *audit)
{
	struct query *rows = NULL;
	struct id last = { { 0 } };

	audit->status = ctx_query(audit->ctx,
	    "SELECT m.target, e.id, e.body, t.number FROM missing m JOIN entry e ON e.row = m.entry "
	    "LEFT JOIN thread t ON t.row = e.thread WHERE m.tally = :tally ORDER BY m.target, e.row",
	    &rows, audit->err);
	while (audit->status == OK && query_next(rows)) {
		struct id target = id_at(rows, 0), named_by = id_at(rows, 1);
		struct body body;
		char hex[2 * ID_BYTES + 1];
		if (id_equal(&target, &last) || !stated_before(rows, 2, audit->end_ms, &body)) {
			continue;
		}
		last = target;
		hex_print(id_bytes(&target), hex);
		const struct id entries[] = { target, named_by };
		audit_find(audit, print_text(audit->ctx, query_text(rows, 3)), day_of_ms(body.stated_ms, 0), NO_TIME,
		    entries, 2, "entry %.12s is named and not here", "記録 %.12s が引用されているが未着", hex);
	}
	query_close(rows);
}

void audit_seen(struct audit *audit)
{
	static const struct id none;

	for (unsigned i = 0; i < audit->ctx->view.party_count && i < LIMIT_PARTIES; i++) {
		const struct party_seen *seen = &audit->parties[i];
		const char *party = audit->ctx->view.party_codes[i];
		if (seen->waiting > 0) {
			audit_find(audit, party, day_of_ms(seen->first_waiting_ms, 0), NO_TIME, &seen->first_waiting, 1,
			    "%s: %lld entries wait; figures are without them",
			    "%s:記録 %lld 件が待機中。金額等に含まれない", party, (long long)seen->waiting);
		} else if (seen->entries == 0) {
			audit_find(audit, party, audit->day, NO_TIME, &none, 0, "nothing of %s has been seen",
			    "%s の記録は一件も届いていない", party);
		}
	}
}

/* ---- I35, I36: evidence ------------------------------------------------------------------------------------------ */

void audit_evidence(struct audit *audit)
{
	struct query *rows = NULL;

	audit->status = ctx_query(audit->ctx,
	    "SELECT a.hash, e.id, e.body, t.number FROM attachment a JOIN entry e ON e.row = a.entry "
	    "LEFT JOIN thread t ON t.row = e.thread WHERE a.tally = :tally ORDER BY e.row, a.hash",
	    &rows, audit->err);
	while (audit->status == OK && query_next(rows)) {
		struct id hash = id_at(rows, 0), entry = id_at(rows, 1);
		struct body body;
		char hex[2 * ID_BYTES + 1];
		if (!stated_before(rows, 2, audit->end_ms, &body)) {
			continue;
		}
		const char *state = ctx_attachment_state(audit->ctx, &hash);
		hex_print(id_bytes(&hash), hex);
		if (strcmp(state, "damaged") == 0) {
			audit_find(audit, print_text(audit->ctx, query_text(rows, 3)), day_of_ms(body.stated_ms, 0),
			    NO_TIME, &entry, 1, "attachment %.12s does not match its hash",
			    "添付 %.12s がハッシュ値と一致しない", hex);
		} else if (strcmp(state, "awaited") == 0) {
			audit_find(audit, print_text(audit->ctx, query_text(rows, 3)), day_of_ms(body.stated_ms, 0),
			    NO_TIME, &entry, 1, "attachment %.12s is not here", "添付 %.12s が未着", hex);
		}
	}
	query_close(rows);
}

/* Months for which evidence is kept, of the agreement in force now; 0: not stated. */
static int64_t retention_months(struct audit *audit)
{
	static const char *const path[] = { "retention_months", "value", NULL };
	struct bytes item = profile_value(ctx_profile(audit->ctx), path);
	int64_t months;

	return item.len > 0 && cbor_int(item, &months) && months > 0 && months <= CLOCK_COUNT_MOST ? months : 0;
}

static void look_at_erased(struct audit *audit, int64_t months, const struct id *hash, const struct body *erased)
{
	struct query *rows = NULL;
	struct body body;

	audit->status = ctx_query(audit->ctx,
	    "SELECT e.id, e.body, t.number FROM attachment a JOIN entry e ON e.row = a.entry LEFT JOIN thread t ON t.row = e.thread "
	    "WHERE a.tally = :tally AND a.hash = :hash",
	    &rows, audit->err);
	if (audit->status != OK) {
		return;
	}
	query_bind_blob(rows, "hash", id_bytes(hash));
	if (query_next(rows) && stated_before(rows, 1, audit->end_ms, &body)) {
		struct id entry = id_at(rows, 0);
		int64_t kept_until = day_add_months(day_of_ms(body.stated_ms, 0), (int)months);
		if (day_of_ms(erased->stated_ms, 0) < kept_until) {
			audit_find(audit, print_text(audit->ctx, query_text(rows, 2)), day_of_ms(erased->stated_ms, 0),
			    NO_TIME, &entry, 1, "evidence was erased before %s, until which it is to be kept",
			    "保存期限 %s の前に証憑が消去された", print_day(audit->ctx, kept_until));
		}
	}
	query_close(rows);
}

static void look_at_export(struct audit *audit)
{
	static const struct id none;
	char reason[80];

	audit->status = ctx_export_check(audit->ctx, reason, audit->err);
	if (audit->status == OK && reason[0] != '\0') {
		audit_find(audit, print_party(audit->ctx, audit->ctx->own_party), audit->day, NO_TIME, &none, 0,
		    "an export made now does not verify: %s", "現時点の書出しが検証できない:%s", reason);
	}
}

void audit_kept(struct audit *audit)
{
	struct query *rows = NULL;
	int64_t months = retention_months(audit);

	audit->status = ctx_query(audit->ctx,
	    "SELECT body FROM entry WHERE tally = :tally AND thread = 0 AND verdict = 0 ORDER BY row", &rows,
	    audit->err);
	while (audit->status == OK && months > 0 && query_next(rows)) {
		struct bytes copy = arena_copy(audit->ctx->arena, query_blob(rows, 0));
		struct body body;
		struct id hash;
		if (copy.data != NULL && body_read(copy, &body) == NULL && body.stated_ms < audit->end_ms &&
		    bytes_is(body.kind, "attachment.erased") && record_id(&body, ERASED_HASH, &hash)) {
			look_at_erased(audit, months, &hash, &body);
		}
	}
	query_close(rows);
	if (audit->status == OK && audit->check_export) {
		look_at_export(audit);
	}
}
