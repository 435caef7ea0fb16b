/* The national domain as one table: parts, states, kinds with fields, moves, rows, and where the code behind them is.
 * docs/national-rules.md says the same in words and is normative; the test compares the two. */
#include "domain/national/national.h"
#include "core/assets.h"
#include "domain/national/national_commands.h"
#include "domain/national/national_pages.h"
#include "domain/national/national_paper.h"
#include "domain/national/national_state.h"
#include <stddef.h>

ASSET_DECLARE(national_sql);

#define L1 "national-rules 3 (life cycle, before the partner sees)"
#define OFFICE "national-rules 3 (notice of claim)"
#define HANDING "national-rules 3 (hand-over)"
#define OURS "ours, decision 0030"
#define YES true
#define NO false

/* clang-format off */
/* ---- parts and states -------------------------------------------------------------------------------------------- */

static const struct part_type part_types[] = {
	{ "draft", 'D', "draft", "起案" },
	{ "notice", 'N', "notice of claim", "債権発生通知書" },
	{ "handover", 'H', "hand-over note", "引継書" },
	{ 0 },
};

static const struct state states[] = {
	{ "draft", "written", OWN, "起案済", L1 },
	{ "draft", "checked", OWN, "審査済", L1 },
	{ "draft", "funds certified", OWN, "予算確認済", L1 },
	{ "draft", "sent back", OWN, "差戻し", L1 },
	{ "draft", "approved", OWN, "決裁済", L1 },
	{ "draft", "entered", 0, "記録済", L1 },
	{ "draft", "withdrawn", 0, "取下げ", OURS },

	{ "notice", "sent", OWN, "通知済", OFFICE },
	{ "notice", "taken up", OWN, "調査決定済", OFFICE },
	{ "notice", "demand issued", OWN, "納入告知済", OFFICE },
	{ "notice", "paid in", 0, "収納済", OFFICE },
	{ "notice", "withdrawn", 0, "取下げ", OURS },

	{ "handover", "handed over", OWN, "引継中", HANDING },
	{ "handover", "taken over", 0, "引継済", HANDING },
	{ "handover", "withdrawn", 0, "取下げ", OURS },
	{ 0 },
};

/* ---- fields ------------------------------------------------------------------------------------------------------ */

#define END_FIELDS { 0 }
#define REMARKS(required) \
	{ KEY_REMARKS, FIELD_LANG_TEXT, "remarks", required, 2000, NULL, "Remarks", "備考", "free text", OURS }
#define MENTION(key, name, required, en, ja, help) \
	{ key, FIELD_BYTES, name, required, MENTION_BYTES, NULL, en, ja, help " (64 hex digits)", "format 2.1" }

static const struct field written_fields[] = {
	{ KEY_MOVE, FIELD_CODE, "move", YES, 0, NULL, "Move", "行為", "kind of the shared move: support.requested", L1 },
	MENTION(KEY_SHARED, "shared", YES, "Shared tally", "共有割符", "the tally that the move is for"),
	{ KEY_TARGET, FIELD_TEXT, "target", NO, 64, NULL, "For", "対象", "number that the move concerns: GB-07-0013/C02.1", L1 },
	MENTION(KEY_THREAD, "thread", NO, "Thread", "案件", "the thread that the move concerns"),
	MENTION(KEY_PART, "part", NO, "Part", "部分", "the part that the move concerns"),
	{ KEY_TITLE, FIELD_TEXT, "title", YES, 200, NULL, "Title", "件名", "what it is, in a line", L1 },
	{ KEY_AMOUNT, FIELD_AMOUNT, "amount_minor", NO, 0, NULL, "Amount", "金額", "what the approver's limit is held against", L1 },
	{ KEY_CURRENCY, FIELD_CURRENCY, "currency", NO, 0, NULL, "Currency", "通貨", "ISO 4217: GBP, JPY", L1 },
	{ KEY_FIELDS, FIELD_TEXT, "fields", YES, 4000, NULL, "Fields", "記載事項", "fields of the move as a JSON object", L1 },
	REMARKS(NO),
	END_FIELDS,
};
static const struct field remarks_fields[] = { REMARKS(NO), END_FIELDS };
static const struct field reason_fields[] = { REMARKS(YES), END_FIELDS };
static const struct field certified_fields[] = {
	{ KEY_REFERENCE, FIELD_TEXT, "reference", YES, 100, NULL, "Funds reference", "予算番号", "where the money is held: vote and line", L1 },
	REMARKS(NO),
	END_FIELDS,
};
static const struct field approved_fields[] = {
	{ KEY_AUTHORITY, FIELD_TEXT, "authority", YES, 100, NULL, "Authority", "決裁番号", "reference of the authority to approve", L1 },
	REMARKS(NO),
	END_FIELDS,
};
static const struct field entered_fields[] = {
	MENTION(ENTERED_SHARED, "shared", YES, "Shared tally", "共有割符", "the tally that the move was made in"),
	MENTION(ENTERED_THREAD, "thread", YES, "Thread", "案件", "the thread that the move is in"),
	MENTION(ENTERED_ENTRY, "entry", YES, "Entry", "記録", "the shared move"),
	{ ENTERED_NUMBER, FIELD_TEXT, "number", YES, 64, NULL, "Number", "番号", "number of the part there", L1 },
	REMARKS(NO),
	END_FIELDS,
};

#define NOTICE_AMOUNTS(required) \
	{ NOTICE_DEBTOR, FIELD_TEXT, "debtor", required, 200, NULL, "Debtor", "債務者", "who owes", OFFICE }, \
	{ NOTICE_ADDRESS, FIELD_TEXT, "address", required, 400, NULL, "Address", "住所", "where the debtor is", OFFICE }, \
	{ NOTICE_AMOUNT, FIELD_AMOUNT, "amount_minor", required, 0, NULL, "Amount", "債権金額", "what is claimed", OFFICE }
static const struct field sent_fields[] = {
	MENTION(NOTICE_SHARED, "shared", YES, "Shared tally", "共有割符", "the tally of the issue"),
	MENTION(NOTICE_THREAD, "thread", YES, "Thread", "案件", "the order"),
	MENTION(NOTICE_PART, "part", YES, "Part", "部分", "the issue"),
	{ NOTICE_ISSUE, FIELD_TEXT, "issue_number", YES, 64, NULL, "Issue", "引渡し番号", "GB-07-0013/I07.1", OFFICE },
	{ NOTICE_ORDER, FIELD_TEXT, "order_number", YES, 64, NULL, "Order", "発注番号", "GB-07-0013", OFFICE },
	{ NOTICE_AGREEMENT, FIELD_TEXT, "agreement", YES, 200, NULL, "Agreement", "根拠協定", "that the order is under", OFFICE },
	NOTICE_AMOUNTS(YES),
	{ NOTICE_CURRENCY, FIELD_CURRENCY, "currency", YES, 0, NULL, "Currency", "通貨", "ISO 4217: GBP, JPY", OFFICE },
	{ NOTICE_ESTIMATE, FIELD_BOOL, "estimate", NO, 0, NULL, "Estimate", "概算", "the amount is not final", OFFICE },
	{ NOTICE_DELIVERED_ON, FIELD_DAY, "delivered_on", YES, 0, NULL, "Delivered on", "債権発生日", "day of delivery", OFFICE },
	{ NOTICE_DUE_ON, FIELD_DAY, "due_on", YES, 0, NULL, "Due on", "履行期限", "day by which it is to be paid", OFFICE },
	REMARKS(NO),
	END_FIELDS,
};
static const struct field corrected_fields[] = {
	NOTICE_AMOUNTS(NO),
	{ NOTICE_ESTIMATE, FIELD_BOOL, "estimate", NO, 0, NULL, "Estimate", "概算", "the amount is not final", OFFICE },
	{ NOTICE_DELIVERED_ON, FIELD_DAY, "delivered_on", NO, 0, NULL, "Delivered on", "債権発生日", "day of delivery", OFFICE },
	{ NOTICE_DUE_ON, FIELD_DAY, "due_on", NO, 0, NULL, "Due on", "履行期限", "day by which it is to be paid", OFFICE },
	REMARKS(YES),
	END_FIELDS,
};
static const struct field taken_up_fields[] = {
	{ LEDGER_NUMBER, FIELD_TEXT, "ledger", YES, 64, NULL, "Ledger number", "債権管理簿番号", "number in the office's ledger", OFFICE },
	{ LEDGER_ON, FIELD_DAY, "ledger_on", YES, 0, NULL, "Taken up on", "登記日", "day of that", OFFICE },
	REMARKS(NO),
	END_FIELDS,
};
static const struct field demanded_fields[] = {
	{ DEMAND_NUMBER, FIELD_TEXT, "demand", YES, 64, NULL, "Demand number", "納入告知書番号", "number of the demand", OFFICE },
	{ DEMAND_DUE_ON, FIELD_DAY, "demand_due_on", YES, 0, NULL, "Demand due on", "納付期限", "day by which the demand is to be paid", OFFICE },
	REMARKS(NO),
	END_FIELDS,
};
static const struct field paid_fields[] = {
	{ PAID_AMOUNT, FIELD_AMOUNT, "amount_minor", YES, 0, NULL, "Amount", "収納金額", "in the currency of the notice", OFFICE },
	{ PAID_ON, FIELD_DAY, "paid_on", YES, 0, NULL, "Paid in on", "収納日", "day of that", OFFICE },
	REMARKS(NO),
	END_FIELDS,
};

static const struct field item_fields[] = {
	MENTION(ITEM_THREAD, "thread", YES, "Thread", "案件", "the open thread"),
	{ ITEM_NUMBER, FIELD_TEXT, "number", YES, 64, NULL, "Number", "番号", "of the part that is open", HANDING },
	{ ITEM_STATE, FIELD_TEXT, "state", YES, 32, NULL, "State", "状態", "of that part", HANDING },
	{ ITEM_PEN, FIELD_CODE, "pen", NO, 0, NULL, "Waits for", "手番", "party that makes the next move", HANDING },
	{ ITEM_SINCE, FIELD_TIME, "since", YES, 0, NULL, "Since", "以来", "stated time of its last move", HANDING },
	{ ITEM_LAST_CONTACT, FIELD_TIME, "last_contact", NO, 0, NULL, "Last contact", "最終連絡", "stated time of the partner's last entry", HANDING },
	{ ITEM_CLOCK, FIELD_TEXT, "clock", NO, 100, NULL, "Clock", "期限", "what runs, and until when", HANDING },
	{ ITEM_REMARKS, FIELD_TEXT, "remarks", NO, 300, NULL, "Remarks", "備考", "what the successor must know", HANDING },
	MENTION(ITEM_SHARED, "shared", YES, "Shared tally", "共有割符", "the tally that it is in"),
	END_FIELDS,
};
static const struct field handed_fields[] = {
	{ HANDED_TO, FIELD_CODE, "to", YES, 0, NULL, "To officer", "後任者", "officer id of who takes over", HANDING },
	{ HANDED_TO_POST, FIELD_TEXT, "to_post", NO, 100, NULL, "Post", "官職", "rank or post, never a name", HANDING },
	{ HANDED_ITEMS, FIELD_LIST, "items", YES, 0, item_fields, "Open threads", "引継案件", "what is handed over", HANDING },
	REMARKS(NO),
	END_FIELDS,
};
static const struct field resolved_fields[] = {
	{ 8, FIELD_ID, "stands", YES, 0, NULL, "What stands", "有効とする記録", "the move that stands", "format 7" },
	END_FIELDS,
};
static const struct field restated_fields[] = {
	{ 8, FIELD_ID, "entry", YES, 0, NULL, "Entry", "記録", "the void entry whose facts are adopted", "format 7" },
	END_FIELDS,
};

/* ---- kinds, in the order of enum national_kind ------------------------------------------------------------------- */

#define DRAFT OPENS_THREAD, "draft", NO
#define NOTICE OPENS_THREAD, "notice", NO
#define HANDOVER OPENS_THREAD, "handover", NO
#define MOVE OPENS_NOTHING, NULL, NO
#define NOTE OPENS_NOTHING, NULL, YES

const struct kind national_kinds[] = {
	{ "national.draft_written", "write", "Write a draft", "起案する", DRAFT, written_fields, "draft a move of a shared tally" },
	{ "national.draft_checked", "check", "Check the draft", "審査する", MOVE, remarks_fields, "say that the draft is in order" },
	{ "national.draft_certified", "certify", "Certify funds", "予算を確認する", MOVE, certified_fields, "say where the money is held" },
	{ "national.draft_approved", "approve", "Approve the draft", "決裁する", MOVE, approved_fields, "approve; within the limit of the desk's grant" },
	{ "national.draft_sent_back", "send_back", "Send back", "差し戻す", MOVE, reason_fields, "give the draft back to be written anew, and say why" },
	{ "national.draft_rewritten", "rewrite", "Write anew", "起案し直す", MOVE, written_fields, "write the draft anew" },
	{ "national.draft_entered", "note_entered", "Note as entered", "記録済とする", MOVE, entered_fields,
	  "note that the shared move was made; `warifu draft enter` makes it and notes it" },

	{ "national.notice_sent", "send_notice", "Send a notice of claim", "債権発生を通知する", NOTICE, sent_fields,
	  "tell the revenue office of a claim; `warifu notice send` fills it in" },
	{ "national.notice_taken_up", "take_up", "Take up the notice", "調査決定する", MOVE, taken_up_fields, "enter the claim in the office's ledger" },
	{ "national.notice_demanded", "demand", "Issue the demand", "納入を告知する", MOVE, demanded_fields, "state the demand that was issued" },
	{ "national.notice_paid", "pay_in", "Paid in", "収納を記録する", MOVE, paid_fields, "state what was paid in, whole or in part" },
	{ "national.notice_corrected", "correct", "Correct the notice", "通知を訂正する", MOVE, corrected_fields,
	  "state other figures than before, and why; the office takes it up anew" },

	{ "national.handed_over", "hand_over", "Hand over", "引継ぎを行う", HANDOVER, handed_fields,
	  "hand open threads to another officer; `warifu handover write` fills them in" },
	{ "national.taken_over", "take_over", "Take over", "引継ぎを受ける", MOVE, remarks_fields, "take over what was handed over" },

	{ "national.withdrawn", "withdraw", "Take back", "取り下げる", MOVE, remarks_fields, "take one's own draft, notice or hand-over back" },
	{ "national.noted", "note", "Note", "注記する", NOTE, reason_fields, "write a note" },
	{ "national.resolved", "resolve", "Resolve", "競合を解消する", MOVE, resolved_fields, "say which of the party's rival moves stands" },
	{ "national.restated", "restate", "Restate", "再記録する", OPENS_EITHER, NULL, NO, restated_fields, "adopt the facts of a void entry" },
	{ 0 },
};

/* ---- moves ------------------------------------------------------------------------------------------------------- */

static const struct transition transitions[] = {
	{ "draft", NULL, "national.draft_written", "written", OWN, "drafter", PEN_MOVE, L1 },
	{ "draft", "written", "national.draft_checked", "checked", OWN, "checker", PEN_MOVE, L1 },
	{ "draft", "written", "national.draft_sent_back", "sent back", OWN, "checker", PEN_MOVE, L1 },
	{ "draft", "checked", "national.draft_certified", "funds certified", OWN, "funds", PEN_MOVE, L1 },
	{ "draft", "checked", "national.draft_sent_back", "sent back", OWN, "funds", PEN_MOVE, L1 },
	{ "draft", "funds certified", "national.draft_approved", "approved", OWN, "approver", PEN_MOVE, L1 },
	{ "draft", "funds certified", "national.draft_sent_back", "sent back", OWN, "approver", PEN_MOVE, L1 },
	{ "draft", "approved", "national.draft_sent_back", "sent back", OWN, "approver", PEN_MOVE, OURS },
	{ "draft", "approved", "national.draft_entered", "entered", OWN, "drafter", PEN_MOVE, L1 },
	{ "draft", "sent back", "national.draft_rewritten", "written", OWN, "drafter", PEN_MOVE, L1 },
	{ "draft", "written", "national.withdrawn", "withdrawn", OWN, "drafter", PEN_MOVE, OURS },
	{ "draft", "checked", "national.withdrawn", "withdrawn", OWN, "drafter", PEN_MOVE, OURS },
	{ "draft", "funds certified", "national.withdrawn", "withdrawn", OWN, "drafter", PEN_MOVE, OURS },
	{ "draft", "sent back", "national.withdrawn", "withdrawn", OWN, "drafter", PEN_MOVE, OURS },
	{ "draft", "approved", "national.withdrawn", "withdrawn", OWN, "drafter", PEN_MOVE, OURS },

	{ "notice", NULL, "national.notice_sent", "sent", OWN, "claims", PEN_MOVE, OFFICE },
	{ "notice", "sent", "national.notice_taken_up", "taken up", OWN, "revenue", PEN_MOVE, OFFICE },
	{ "notice", "taken up", "national.notice_demanded", "demand issued", OWN, "revenue", PEN_MOVE, OFFICE },
	{ "notice", "demand issued", "national.notice_paid", "paid in", OWN, "revenue", PEN_MOVE, OFFICE },
	{ "notice", "demand issued", "national.notice_paid", "demand issued", OWN, "revenue", PEN_MOVE, OURS },
	{ "notice", "sent", "national.notice_corrected", "sent", OWN, "claims", PEN_MOVE, OURS },
	{ "notice", "taken up", "national.notice_corrected", "sent", OWN, "claims", PEN_MOVE, OURS },
	{ "notice", "demand issued", "national.notice_corrected", "sent", OWN, "claims", PEN_MOVE, OURS },
	{ "notice", "sent", "national.withdrawn", "withdrawn", OWN, "claims", PEN_MOVE, OURS },
	{ "notice", "taken up", "national.withdrawn", "withdrawn", OWN, "claims", PEN_MOVE, OURS },
	{ "notice", "demand issued", "national.withdrawn", "withdrawn", OWN, "claims", PEN_MOVE, OURS },

	{ "handover", NULL, "national.handed_over", "handed over", OWN, "duty", PEN_MOVE, HANDING },
	{ "handover", "handed over", "national.taken_over", "taken over", OWN, "duty", PEN_MOVE, HANDING },
	{ "handover", "handed over", "national.withdrawn", "withdrawn", OWN, "duty", PEN_MOVE, OURS },
	{ 0 },
};

/* ---- rows (national.sql) ----------------------------------------------------------------------------------------- */

static const struct column draft_columns[] = {
	{ "number", COLUMN_TEXT }, { "state", COLUMN_TEXT }, { "pen", COLUMN_INT }, { "heads", COLUMN_INT },
	{ "move", COLUMN_TEXT }, { "shared", COLUMN_BLOB }, { "target", COLUMN_TEXT }, { "target_thread", COLUMN_BLOB },
	{ "target_part", COLUMN_BLOB }, { "title", COLUMN_TEXT }, { "amount_minor", COLUMN_INT }, { "currency", COLUMN_TEXT },
	{ "fields", COLUMN_TEXT }, { "writer", COLUMN_TEXT }, { "checker", COLUMN_TEXT }, { "certifier", COLUMN_TEXT },
	{ "approver", COLUMN_TEXT }, { "reference", COLUMN_TEXT }, { "authority", COLUMN_TEXT }, { "approved_ms", COLUMN_INT },
	{ "entry", COLUMN_BLOB }, { "entry_number", COLUMN_TEXT }, { "since_ms", COLUMN_INT }, { 0 },
};
static const struct column notice_columns[] = {
	{ "number", COLUMN_TEXT }, { "state", COLUMN_TEXT }, { "pen", COLUMN_INT }, { "heads", COLUMN_INT },
	{ "shared", COLUMN_BLOB }, { "order_thread", COLUMN_BLOB }, { "issue", COLUMN_BLOB }, { "issue_number", COLUMN_TEXT },
	{ "order_number", COLUMN_TEXT }, { "agreement", COLUMN_TEXT }, { "debtor", COLUMN_TEXT }, { "address", COLUMN_TEXT },
	{ "amount_minor", COLUMN_INT }, { "currency", COLUMN_TEXT }, { "estimate", COLUMN_INT }, { "delivered_on", COLUMN_INT },
	{ "due_on", COLUMN_INT }, { "ledger", COLUMN_TEXT }, { "ledger_on", COLUMN_INT }, { "demand", COLUMN_TEXT },
	{ "demand_due_on", COLUMN_INT }, { "paid_minor", COLUMN_INT }, { "paid_on", COLUMN_INT }, { "sent_ms", COLUMN_INT },
	{ "since_ms", COLUMN_INT }, { 0 },
};
static const struct column handover_columns[] = {
	{ "number", COLUMN_TEXT }, { "state", COLUMN_TEXT }, { "pen", COLUMN_INT }, { "heads", COLUMN_INT },
	{ "from_officer", COLUMN_TEXT }, { "from_post", COLUMN_TEXT }, { "to_officer", COLUMN_TEXT }, { "to_post", COLUMN_TEXT },
	{ "remarks", COLUMN_TEXT }, { "written_ms", COLUMN_INT }, { "taken_ms", COLUMN_INT }, { 0 },
};
static const struct column item_columns[] = {
	{ "item", COLUMN_INT }, { "shared", COLUMN_BLOB }, { "subject", COLUMN_BLOB }, { "number", COLUMN_TEXT },
	{ "state", COLUMN_TEXT }, { "pen", COLUMN_TEXT }, { "since_ms", COLUMN_INT }, { "last_contact_ms", COLUMN_INT },
	{ "clock", COLUMN_TEXT }, { "remarks", COLUMN_TEXT }, { 0 },
};
static const struct column duty_columns[] = {
	{ "shared", COLUMN_BLOB }, { "subject", COLUMN_BLOB }, { "officer", COLUMN_TEXT }, { "since_ms", COLUMN_INT }, { 0 },
};
const struct table national_tables[] = {
	{ "national_draft", draft_columns },
	{ "national_notice", notice_columns },
	{ "national_handover", handover_columns },
	{ "national_handover_item", item_columns },
	{ "national_duty", duty_columns },
	{ 0 },
};
/* clang-format on */

enum national_kind national_kind_of(const struct kind *kind)
{
	return (enum national_kind)(kind - national_kinds);
}

const struct domain national_domain = {
	.name = "national",
	.rule_set = 1,
	.side_names = { "", "party", "party" },
	.part_types = part_types,
	.states = states,
	.kinds = national_kinds,
	.transitions = transitions,
	.sides = national_sides,
	.check = national_check,
	.part_data = national_part_data,
	.currency = national_currency,
	.offers = national_offers,
	.rows = national_rows,
	.tables = national_tables,
	.sql = asset_national_sql_start,
	.commands = national_commands,
	.pages = national_pages,
	.acts = national_acts,
	.papers = national_papers,
};
