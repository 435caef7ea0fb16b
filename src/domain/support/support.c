/* The support domain as one table: parts, states with pens, kinds with fields, moves, rows, and where the code behind them
 * is. docs/support-rules.md says the same in words and is normative; the test compares the two. */
#include "domain/support/support.h"
#include "base/limits.h"
#include "core/assets.h"
#include "domain/support/support_paper.h"
#include "domain/support/support_state.h"

ASSET_DECLARE(support_sql);

#define L2 "support-rules 3 (life cycle, order)"
#define L3 "support-rules 3 (life cycle, issue)"
#define L4 "support-rules 3 (life cycle, claim)"
#define L5 "support-rules 3 (life cycle, return)"
#define L6 "support-rules 3 (life cycle, netting)"
#define L2Y "support-rules 3 (life cycle, order; standing move)"
#define L3Y "support-rules 3 (life cycle, issue; standing move)"
#define L4Y "support-rules 3 (life cycle, claim; standing move)"
#define L3A "support-rules 3 (life cycle, adjustment)"
#define FORM "order form (STANAG 3381 annex B)"
#define OURS "ours, decision 0021"

/* clang-format off */
/* ---- parts and states -------------------------------------------------------------------------------------------- */

static const struct part_type part_types[] = {
	{ "order", 'O', "order", "発注" },
	{ "issue", 'I', "issue", "引渡し" },
	{ "claim", 'C', "claim", "請求" },
	{ "netting", 'N', "netting", "相殺" },
	{ "adjustment", 'A', "adjustment", "訂正" },
	{ 0 },
};

static const struct state states[] = {
	{ "order", "requested", SUPPLIER, "要請済", L2 },
	{ "order", "clarify", RECEIVER, "照会中", L2 },
	{ "order", "offered", RECEIVER, "提示済", L2 },
	{ "order", "agreed", SUPPLIER, "合意", L2 },
	{ "order", "amendment offered", RECEIVER, "変更提示", L2 },
	{ "order", "declined", 0, "辞退", L2 },
	{ "order", "withdrawn", 0, "取下げ", L2 },
	{ "order", "rejected", 0, "不採用", L2 },
	{ "order", "unfilled", 0, "提供不能", L2 },
	{ "order", "closed", 0, "完了", L2 },

	{ "issue", "issued", RECEIVER, "引渡済", L3 },
	{ "issue", "difference", SUPPLIER, "差異", L3 },
	{ "issue", "contested", RECEIVER, "異議あり", L3 },
	{ "issue", "disputed", SUPPLIER, "係争中", L3 },
	{ "issue", "resolution", RECEIVER, "解決案", L3 },
	{ "issue", "taken", SUPPLIER, "受領済(引渡記録待ち)", L3 },
	{ "issue", "denied", RECEIVER, "否認済", L3 },
	{ "issue", "return due", RECEIVER, "返還待ち", L5 },
	{ "issue", "returning", SUPPLIER, "返還中", L5 },
	{ "issue", "exchange due", RECEIVER, "同種役務待ち", L5 },
	{ "issue", "receipted", 0, "受領済", L3 },
	{ "issue", "annulled", 0, "取消", L3 },
	{ "issue", "withdrawn", 0, "取下げ", L3 },
	{ "issue", "settled", 0, "決済済", L5 },
	{ "issue", "joined", 0, "引渡記録と照合済", L3 },
	{ "issue", "unordered", RECEIVER, "発注なし引渡", L3 },
	{ "issue", "repudiated", SUPPLIER, "追認拒否", L3 },
	{ "issue", "acknowledged", 0, "支払により確認済", L4 },

	{ "claim", "claimed", RECEIVER, "請求済", L4 },
	{ "claim", "queried", SUPPLIER, "照会あり", L4 },
	{ "claim", "upheld", RECEIVER, "請求維持", L4 },
	{ "claim", "escalated", SUPPLIER, "上級協議", L4 },
	{ "claim", "figured", RECEIVER, "金額提示", L4 },
	{ "claim", "payable", RECEIVER, "支払確定", L4 },
	{ "claim", "remitted", SUPPLIER, "送金済", L4 },
	{ "claim", "settled", 0, "決済済", L4 },

	{ "issue", "exchanging", SUPPLIER, "同種役務確認中", L5 },
	{ "issue", "waived", 0, "免除済", L5 },
	{ "claim", "netted", 0, "相殺済", L6 },
	{ "claim", "waived", 0, "免除済", L4 },
	{ "netting", "proposed", RECEIVER, "提案済", L6 },
	{ "netting", "agreed", RECEIVER, "合意", L6 },
	{ "netting", "remitted", SUPPLIER, "送金済", L6 },
	{ "netting", "settled", 0, "決済済", L6 },
	{ "netting", "rejected", 0, "不採用", L6 },
	{ "netting", "withdrawn", 0, "取下げ", L6 },
	{ "claim", "withdrawn", 0, "取下げ", L4 },

	{ "adjustment", "proposed by receiver", SUPPLIER, "受領側訂正案", L3A },
	{ "adjustment", "proposed by supplier", RECEIVER, "提供側訂正案", L3A },
	{ "adjustment", "adjusted", 0, "訂正済", L3A },
	{ "adjustment", "refused", 0, "拒否", L3A },
	{ "adjustment", "withdrawn", 0, "取下げ", L3A },
	{ 0 },
};
_Static_assert(sizeof states / sizeof *states <= 63, "the board keeps a bit for each");

/* ---- fields that stand in more than one kind --------------------------------------------------------------------- */

#define YES true
#define NO false
#define END_FIELDS { 0 }

static const struct field terms_lines[] = {
	{ 0, FIELD_INT, "line", YES, 9999, NULL, "Line", "行", "number of the line: 1, 2, 3", FORM },
	{ 1, FIELD_CODE, "category", YES, 0, NULL, "Category", "区分", "category of the agreement: fuel", "agreement, categories" },
	{ 2, FIELD_CODE, "kind", YES, 0, NULL, "Supply or service", "物品・役務の別", "supply or service", "agreement, kind_note" },
	{ 3, FIELD_TEXT, "description_en", NO, 400, NULL, "Description (English)", "品名(英)", "what it is, in English",
	  FORM ", box 12" },
	{ 4, FIELD_TEXT, "description_ja", NO, 400, NULL, "Description (Japanese)", "品名(日)", "what it is, in Japanese",
	  FORM ", box 12" },
	{ 5, FIELD_DECIMAL, "quantity", YES, 0, NULL, "Quantity", "数量", "above 0, at most 6 decimals: 2.6", FORM ", box 14" },
	{ 6, FIELD_UNIT, "unit", YES, 0, NULL, "Unit", "単位", "UN/ECE Recommendation 20: LTR", FORM ", box 13" },
	{ 7, FIELD_TEXT, "meter", NO, 100, NULL, "Meter", "使用実績の数え方", "how a service is counted: person-nights",
	  "US DoD IG 2021-062" },
	{ 8, FIELD_AMOUNT, "unit_price_minor", NO, 0, NULL, "Unit price", "単価", "of one unit, or of as many as the price is per: 0.80",
	  FORM ", part C" },
	{ 9, FIELD_DECIMAL, "per", NO, 0, NULL, "Price is per", "単価の数量単位", "units that the price is for; 1 when absent", OURS },
	{ 10, FIELD_CODE, "price_basis", NO, 0, NULL, "Price basis", "単価の根拠", "own_forces, contract, list or agreed",
	  "10 USC 2344(b)(1); ours" },
	{ 11, FIELD_AMOUNT, "ceiling_minor", NO, 0, NULL, "Liability ceiling", "負担限度額",
	  "the most that may be owed while the price is open", "model clauses on limitation of liability" },
	{ 12, FIELD_CURRENCY, "currency", YES, 0, NULL, "Currency", "通貨", "ISO 4217: GBP", FORM ", part C" },
	{ 13, FIELD_CODE, "settlement", YES, 0, NULL, "Settlement", "決済方法", "method of the agreement: cash, return_like",
	  "agreement, settlement" },
	{ 14, FIELD_TEXT, "nsn_or_fsc", NO, 20, NULL, "Stock number", "物品番号", "9130-99-123-4567, or the supply class 9130",
	  FORM ", box 11" },
	{ 15, FIELD_CODE, "fuel_code", NO, 0, NULL, "Fuel", "燃料区分", "NATO code: F-76", "STANAG 1135" },
	{ 16, FIELD_DAY, "return_by", NO, 0, NULL, "Return by", "返還期限", "day by which it is to be returned", "replacement schedule" },
	END_FIELDS,
};

static const struct field terms_rates[] = {
	{ 0, FIELD_CURRENCY, "from", YES, 0, NULL, "From", "換算元", "currency", OURS },
	{ 1, FIELD_CURRENCY, "to", YES, 0, NULL, "To", "換算先", "currency", OURS },
	{ 2, FIELD_DECIMAL, "rate", YES, 0, NULL, "Rate", "換算率", "major units of `to` for one of `from`: 165", OURS },
	{ 3, FIELD_TEXT, "source", YES, 100, NULL, "Source", "出典", "who published it", OURS },
	{ 4, FIELD_DAY, "on", YES, 0, NULL, "Of", "基準日", "the day it was published for", OURS },
	END_FIELDS,
};

#define REMARKS(required) \
	{ KEY_REMARKS, FIELD_LANG_TEXT, "remarks", required, 2000, NULL, "Remarks", "備考", "free text, never translated", FORM ", box 16" }
#define APPROVAL \
	{ KEY_APPROVER, FIELD_CODE, "approver", NO, 0, NULL, "Approved by", "決裁者", "officer id of the approver", L2 }, \
	{ KEY_AUTHORITY, FIELD_TEXT, "authority", NO, 100, NULL, "Authority", "決裁番号", "reference of the approval", L2 }
#define LINES(required) \
	{ KEY_LINES, FIELD_LIST, "lines", required, LIMIT_LINES, terms_lines, "Lines", "明細", "all lines of the order", FORM }
#define WHERE_AND_WHEN(required) \
	{ KEY_PLACE, FIELD_TEXT, "place", required, 200, NULL, "Place", "引渡場所", "port, airfield or position", FORM ", box 8" }, \
	{ KEY_DELIVER_ON, FIELD_DAY, "deliver_on", required, 0, NULL, "Deliver on", "引渡希望日", "day: 2013-11-26", FORM ", box 8" }
#define THIRD_PARTY \
	{ KEY_THIRD_PARTY, FIELD_TEXT, "third_party", NO, 200, NULL, "For a third party", "第三者", \
	  "organisation that receives in the end; no person", "agreement, third_party_transfer" }, \
	{ KEY_CONSENT, FIELD_TEXT, "third_party_consent", NO, 200, NULL, "Prior consent", "事前同意", \
	  "how the supplier's consent was given", "agreement, third_party_transfer" }
#define OFFSET(required) \
	{ KEY_OFFSET, FIELD_DECIMAL, "utc_offset_minutes", required, 0, NULL, "Supplier's UTC offset", "提供側の時差(UTC)", \
	  "minutes: 540 for +09:00; clocks count in it", "support-rules 2.1" }
#define RATES \
	{ KEY_RATES, FIELD_LIST, "rates", NO, 32, terms_rates, "Exchange rates", "換算率", "rates that the terms fix", L2 }
#define VALID_UNTIL \
	{ KEY_VALID_UNTIL, FIELD_TIME, "valid_until", NO, 0, NULL, "Valid until", "有効期限", "how long the offer stands", L2 }

#define ORAL \
	{ KEY_ORAL_AT, FIELD_TIME, "oral_at", NO, 0, NULL, "Said at", "口頭の日時", "when it was agreed by word of mouth", L2 }, \
	{ KEY_ORAL_WITH, FIELD_TEXT, "oral_with", NO, 200, NULL, "Said to", "口頭の相手", "the post spoken with; no name", L2 }
#define CHARTER(required) \
	{ KEY_CHARTER, FIELD_BOOL, "charter", required, 0, NULL, "Use consistent with the UN Charter", "国連憲章と両立する使用", \
	  "true: the statement of the agreement is made", "agreement, charter_statement" }
#define TO_RECEIVER { KEY_RECEIVER, FIELD_PARTY, "receiver", YES, 0, NULL, "Receiver", "受領側", "party that receives: GB", FORM ", box 5" }
#define ACTIVITY { KEY_ACTIVITY, FIELD_CODE, "activity", YES, 0, NULL, "Activity", "活動", "activity of the agreement: 1b", "agreement, activities" }
#define RULED_BY \
	{ KEY_PROFILE, FIELD_ID, "profile", YES, 0, NULL, "Agreement", "協定", "hash of the agreement's profile", FORM ", box 2" }, \
	{ KEY_RULE_SET, FIELD_INT, "rule_set", YES, 0, NULL, "Rule set", "規則版", "number of the rule set: 1", "format 8" }, \
	{ KEY_REFERENCE, FIELD_TEXT, "reference", NO, 64, NULL, "Own number", "当方整理番号", "the signer's own number", FORM ", box 1" }

static const struct field requested_fields[] = {
	{ KEY_SUPPLIER, FIELD_PARTY, "supplier", YES, 0, NULL, "Supplier", "提供側", "party that is asked: JP", FORM ", box 6" },
	ACTIVITY,
	LINES(YES),
	WHERE_AND_WHEN(YES),
	THIRD_PARTY,
	RATES,
	{ KEY_URGENCY, FIELD_CODE, "urgency", NO, 0, NULL, "Urgency", "緊急度", "relief or routine", "agreement, clocks" },
	CHARTER(YES),
	RULED_BY,
	REMARKS(NO),
	APPROVAL,
	ORAL,
	END_FIELDS,
};
static const struct field offered_unasked_fields[] = {
	TO_RECEIVER, ACTIVITY, LINES(YES), WHERE_AND_WHEN(YES), THIRD_PARTY, OFFSET(YES), RATES, RULED_BY, VALID_UNTIL, REMARKS(NO), ORAL,
	END_FIELDS,
};
static const struct field offered_fields[] = {
	LINES(NO), WHERE_AND_WHEN(NO), THIRD_PARTY, OFFSET(YES), RATES, VALID_UNTIL, REMARKS(NO), END_FIELDS,
};
static const struct field countered_fields[] = {
	LINES(NO), WHERE_AND_WHEN(NO), THIRD_PARTY, RATES, REMARKS(NO), END_FIELDS,
};
static const struct field amended_fields[] = {
	LINES(NO), WHERE_AND_WHEN(NO), THIRD_PARTY, OFFSET(NO), RATES, VALID_UNTIL, REMARKS(NO), END_FIELDS,
};
static const struct field accepted_fields[] = {
	{ KEY_TERMS, FIELD_ID, "terms", YES, 0, NULL, "Terms", "条件", "the offer or amendment that is accepted", L2 },
	CHARTER(NO),
	REMARKS(NO),
	APPROVAL,
	END_FIELDS,
};
static const struct field declined_fields[] = {
	{ KEY_REASON, FIELD_CODE, "reason", YES, 0, NULL, "Reason", "理由", "not_available, not_lawful, operational, other",
	  "agreement, reasons" },
	REMARKS(NO),
	END_FIELDS,
};
static const struct field remarks_fields[] = { REMARKS(NO), END_FIELDS };
static const struct field said_fields[] = { REMARKS(YES), END_FIELDS };
static const struct field approved_fields[] = { REMARKS(NO), APPROVAL, END_FIELDS };

/* ---- fields of issues -------------------------------------------------------------------------------------------- */

#define LINE { 0, FIELD_INT, "line", YES, 9999, NULL, "Line", "行", "number of the line in the order", FORM }
#define LINE_UNIT(help) { 2, FIELD_UNIT, "unit", NO, 0, NULL, "Unit", "単位", help, "support-rules 4.1" }

static const struct field issue_lines[] = {
	LINE,
	{ 1, FIELD_DECIMAL, "quantity", YES, 0, NULL, "Quantity", "数量", "for fuel the chargeable volume", FORM ", box 15" },
	LINE_UNIT("when it is not the order's: it is converted"),
	{ 3, FIELD_DECIMAL, "meter_start", NO, 0, NULL, "Meter before", "開始値", "reading before", L3 },
	{ 4, FIELD_DECIMAL, "meter_end", NO, 0, NULL, "Meter after", "終了値", "reading after; the difference is the quantity", L3 },
	{ 5, FIELD_TEXT, "meter_reading", NO, 200, NULL, "Counted by", "実績の根拠", "how it was counted: manifest 31", "US DoD IG 2021-062" },
	{ 6, FIELD_DECIMAL, "observed_quantity", NO, 0, NULL, "Observed volume", "観測体積", "at the temperature observed", L3 },
	{ 7, FIELD_DECIMAL, "temperature_c", NO, 0, NULL, "Temperature", "温度(℃)", "degrees Celsius", L3 },
	{ 8, FIELD_DECIMAL, "density_15", NO, 0, NULL, "Density at 15 C", "密度(15℃)", "kg/m3", L3 },
	{ 9, FIELD_TEXT, "measured_by", NO, 100, NULL, "Measured by", "計量者", "post; no name", L3 },
	END_FIELDS,
};
static const struct field receipt_lines[] = {
	LINE,
	{ 1, FIELD_DECIMAL, "accepted", YES, 0, NULL, "Accepted", "受入数量", "in good order", FORM ", part B" },
	LINE_UNIT("of `accepted`, when it is not the order's: it is converted"),
	{ 3, FIELD_DECIMAL, "short", NO, 0, NULL, "Short", "不足", "when absent: what is left of the quantity issued", FORM ", part B" },
	{ 4, FIELD_DECIMAL, "damaged", NO, 0, NULL, "Damaged", "損傷", "in the unit of the order", FORM ", part B" },
	{ 5, FIELD_DECIMAL, "refused", NO, 0, NULL, "Refused", "受入拒否", "in the unit of the order", FORM ", part B" },
	{ 6, FIELD_CODE, "reason", NO, 0, NULL, "Reason", "理由", "short, damaged, wrong_item, wrong_unit, not_arrived",
	  "agreement, reasons" },
	END_FIELDS,
};
static const struct field quantity_lines[] = {
	LINE,
	{ 1, FIELD_DECIMAL, "quantity", YES, 0, NULL, "Quantity", "数量", "in the unit of the order", L3 },
	END_FIELDS,
};
static const struct field return_lines[] = {
	LINE,
	{ 1, FIELD_DECIMAL, "quantity", YES, 0, NULL, "Quantity", "数量", "returned", FORM ", return" },
	LINE_UNIT("when it is not the order's: it is converted"),
	{ 3, FIELD_TEXT, "nsn_or_fsc", NO, 20, NULL, "Stock number", "物品番号", "must be the order's when both state one", L5 },
	END_FIELDS,
};

#define HANDED_OVER(required) \
	{ KEY_ITEMS, FIELD_LIST, "lines", NO, LIMIT_LINES, issue_lines, "Lines", "明細", "absent: every line of the order, in full", FORM }, \
	{ KEY_DELIVERED_AT, FIELD_TIME, "delivered_at", YES, 0, NULL, "Delivered at", "引渡日時", "2013-11-26T09:30:00+08:00", L3 }, \
	{ KEY_ISSUE_OFFSET, FIELD_DECIMAL, "utc_offset_minutes", YES, 0, NULL, "UTC offset there", "現地の時差(UTC)", "minutes: 480 for +08:00", L3 }, \
	{ KEY_PLACE, FIELD_TEXT, "place", YES, 200, NULL, "Place", "引渡場所", "port, airfield or position", L3 }, \
	{ KEY_VOUCHER, FIELD_TEXT, "voucher", NO, 64, NULL, "Voucher", "証票番号", "number of the paper", FORM }, \
	{ KEY_HANDED_OVER_BY, FIELD_TEXT, "handed_over_by", required, 200, NULL, "Handed over by", "引渡者", "ship, unit or post; no name", L3 }, \
	REMARKS(NO), END_FIELDS
#define VOUCHER { KEY_VOUCHER, FIELD_TEXT, "voucher", NO, 64, NULL, "Voucher", "証票番号", "number of the paper", FORM }

static const struct field issued_fields[] = { HANDED_OVER(NO) };
static const struct field taken_fields[] = { HANDED_OVER(YES) };
static const struct field receipted_fields[] = {
	{ KEY_ITEMS, FIELD_LIST, "lines", NO, LIMIT_LINES, receipt_lines, "Lines", "明細", "lines that differ; the others are as issued", L3 },
	{ KEY_DELIVERED_AT, FIELD_TIME, "delivered_at", NO, 0, NULL, "Delivered at", "引渡日時", "when it is not the time issued", L3 },
	VOUCHER,
	REMARKS(NO),
	END_FIELDS,
};
static const struct field figures_fields[] = {
	{ KEY_ITEMS, FIELD_LIST, "lines", YES, LIMIT_LINES, receipt_lines, "Lines", "明細", "lines with other figures than before", L3 },
	REMARKS(NO),
	END_FIELDS,
};
#define QUANTITIES(required, help) \
	{ KEY_ITEMS, FIELD_LIST, "lines", required, LIMIT_LINES, quantity_lines, "Lines", "明細", help, L3 }
static const struct field proposed_fields[] = { QUANTITIES(YES, "every line of the issue"), REMARKS(NO), END_FIELDS };
static const struct field resolution_countered_fields[] = {
	QUANTITIES(YES, "every line of the issue"), REMARKS(YES), END_FIELDS,
};
static const struct field return_issued_fields[] = {
	{ KEY_ITEMS, FIELD_LIST, "lines", NO, LIMIT_LINES, return_lines, "Lines", "明細", "absent: all that is due", L5 },
	{ 9, FIELD_TIME, "returned_at", YES, 0, NULL, "Returned at", "返還日時", "2014-01-16T09:00:00Z", L5 },
	{ KEY_PLACE, FIELD_TEXT, "place", NO, 200, NULL, "Place", "返還場所", "port, airfield or position", L5 },
	VOUCHER,
	REMARKS(NO),
	END_FIELDS,
};
static const struct field return_accepted_fields[] = { QUANTITIES(NO, "absent: all that is returning"), REMARKS(NO), END_FIELDS };
static const struct field return_refused_fields[] = {
	{ KEY_REASON, FIELD_CODE, "reason", YES, 0, NULL, "Reason", "理由", "type, class or quantity", L5 },
	REMARKS(NO),
	END_FIELDS,
};

static const struct field meter_lines[] = {
	LINE,
	{ 3, FIELD_DECIMAL, "meter_start", NO, 0, NULL, "Meter before", "開始値", "reading before", L3 },
	{ 4, FIELD_DECIMAL, "meter_end", NO, 0, NULL, "Meter after", "終了値", "reading after; the difference is the quantity", L3 },
	{ 5, FIELD_TEXT, "meter_reading", NO, 200, NULL, "Counted by", "実績の根拠", "how it was counted: manifest 31", "US DoD IG 2021-062" },
	{ 6, FIELD_DECIMAL, "observed_quantity", NO, 0, NULL, "Observed volume", "観測体積", "at the temperature observed", L3 },
	{ 7, FIELD_DECIMAL, "temperature_c", NO, 0, NULL, "Temperature", "温度(℃)", "degrees Celsius", L3 },
	{ 8, FIELD_DECIMAL, "density_15", NO, 0, NULL, "Density at 15 C", "密度(15℃)", "kg/m3", L3 },
	{ 9, FIELD_TEXT, "measured_by", NO, 100, NULL, "Measured by", "計量者", "post; no name", L3 },
	END_FIELDS,
};
static const struct field issued_unordered_fields[] = {
	TO_RECEIVER,
	ACTIVITY,
	LINES(YES),
	{ KEY_PLACE, FIELD_TEXT, "place", YES, 200, NULL, "Place", "引渡場所", "port, airfield or position", L3 },
	THIRD_PARTY,
	OFFSET(YES),
	RATES,
	RULED_BY,
	REMARKS(NO),
	{ KEY_UNORDERED_AT, FIELD_TIME, "delivered_at", YES, 0, NULL, "Delivered at", "引渡日時", "2013-11-26T09:30:00+08:00", L3 },
	{ KEY_UNORDERED_OFFSET, FIELD_DECIMAL, "delivery_offset_minutes", NO, 0, NULL, "UTC offset there", "現地の時差(UTC)",
	  "minutes, where it is not the supplier's: 480 for +08:00", L3 },
	{ KEY_UNORDERED_VOUCHER, FIELD_TEXT, "voucher", NO, 64, NULL, "Voucher", "証票番号", "number of the paper", FORM },
	{ KEY_UNORDERED_BY, FIELD_TEXT, "handed_over_by", NO, 200, NULL, "Handed over by", "引渡者", "ship, unit or post; no name", L3 },
	{ KEY_METERS, FIELD_LIST, "meters", NO, LIMIT_LINES, meter_lines, "Meters", "計量", "readings of lines; every service has them", L3 },
	END_FIELDS,
};
static const struct field ratified_fields[] = {
	{ KEY_ITEMS, FIELD_LIST, "lines", NO, LIMIT_LINES, receipt_lines, "Lines", "明細", "lines that differ; the others are as issued", L3 },
	{ KEY_DELIVERED_AT, FIELD_TIME, "delivered_at", NO, 0, NULL, "Delivered at", "引渡日時", "when it is not the time issued", L3 },
	{ KEY_RECEIVED_BY, FIELD_CODE, "received_by", NO, 0, NULL, "Received by", "受領者", "officer id of who took it over, when it is another", L3 },
	VOUCHER,
	CHARTER(YES),
	REMARKS(NO),
	APPROVAL,
	END_FIELDS,
};
static const struct field repudiated_fields[] = {
	{ KEY_REASON, FIELD_CODE, "reason", YES, 0, NULL, "Reason", "理由", "not_ordered, not_received, not_allowed, other", L3 },
	REMARKS(NO),
	END_FIELDS,
};
static const struct field resolution_agreed_fields[] = { CHARTER(NO), REMARKS(NO), END_FIELDS };

/* ---- fields of claims -------------------------------------------------------------------------------------------- */

static const struct field claim_amounts[] = {
	{ 0, FIELD_INT, "issue", YES, 63, NULL, "Issue", "引渡し", "position, from 1, among the issues that the claim names", L4 },
	{ 1, FIELD_INT, "line", YES, 9999, NULL, "Line", "行", "number of the line in the order", L4 },
	{ 2, FIELD_AMOUNT, "amount_minor", YES, 0, NULL, "Amount", "金額", "what is claimed of the line", FORM ", part C" },
	END_FIELDS,
};
static const struct field queried_items[] = {
	{ 0, FIELD_INT, "item", YES, 9999, NULL, "Item", "項", "position, from 1, in the claim", L4 },
	END_FIELDS,
};
static const struct field credited_items[] = {
	{ 0, FIELD_INT, "item", YES, 9999, NULL, "Item", "項", "position, from 1, in the claim", L4 },
	{ 1, FIELD_AMOUNT, "credit_minor", YES, 0, NULL, "Credit", "減額", "above 0", L4 },
	END_FIELDS,
};

#define CLAIM_LINES \
	{ KEY_ITEMS, FIELD_LIST, "lines", NO, LIMIT_LINES, claim_amounts, "Lines", "明細", "absent: every line of the issues named", L4 }
#define TOTAL(required, help) { KEY_TOTAL, FIELD_AMOUNT, "total_minor", required, 0, NULL, "Total", "合計", help, FORM ", part C" }
#define INVOICE \
	{ KEY_INVOICE, FIELD_TEXT, "invoice", NO, 64, NULL, "Invoice", "請求書番号", "number of the paper", FORM ", box 23" }, \
	{ KEY_PAY_TO, FIELD_TEXT, "pay_to", NO, 200, NULL, "Pay to", "入金口座", "account or office", FORM ", part C" }
#define CURRENCY { KEY_CURRENCY, FIELD_CURRENCY, "currency", YES, 0, NULL, "Currency", "通貨", "ISO 4217: GBP", L4 }

static const struct field claimed_fields[] = {
	CLAIM_LINES, CURRENCY, TOTAL(YES, "the sum of the lines"), INVOICE, REMARKS(NO), END_FIELDS,
};
static const struct field reclaimed_fields[] = {
	CLAIM_LINES, TOTAL(YES, "the sum of the lines less credits"), INVOICE, REMARKS(NO), END_FIELDS,
};
static const struct field queried_fields[] = {
	{ KEY_ITEMS, FIELD_LIST, "items", NO, LIMIT_LINES, queried_items, "Items", "項", "absent: the whole claim", L4 },
	{ KEY_QUERY_REASON, FIELD_CODE, "reason", YES, 0, NULL, "Reason", "理由", "price, quantity, not_ordered, duplicate, paper_missing",
	  "agreement, reasons" },
	REMARKS(NO),
	END_FIELDS,
};
static const struct field credited_fields[] = {
	{ KEY_ITEMS, FIELD_LIST, "items", YES, LIMIT_LINES, credited_items, "Items", "項", "what is credited on each", L4 },
	TOTAL(YES, "what is left of the claim"),
	{ 11, FIELD_TEXT, "credit_note", NO, 64, NULL, "Credit note", "減額通知番号", "number of the paper", L4 },
	REMARKS(NO),
	END_FIELDS,
};
static const struct field figured_fields[] = { TOTAL(YES, "the figure proposed"), REMARKS(YES), END_FIELDS };
static const struct field figure_countered_fields[] = { TOTAL(NO, "the figure wished"), REMARKS(YES), END_FIELDS };
static const struct field remitted_fields[] = {
	CURRENCY,
	{ KEY_AMOUNT, FIELD_AMOUNT, "amount_minor", YES, 0, NULL, "Amount", "金額", "what was paid", L4 },
	{ KEY_REMIT_REFERENCE, FIELD_TEXT, "reference", YES, 64, NULL, "Bank reference", "送金番号", "as the bank gave it", L4 },
	{ KEY_VALUE_ON, FIELD_DAY, "value_on", YES, 0, NULL, "Value date", "送金日", "day: 2014-01-20", L4 },
	REMARKS(NO),
	APPROVAL,
	END_FIELDS,
};
static const struct field confirmed_fields[] = {
	{ 12, FIELD_DAY, "received_on", NO, 0, NULL, "Received on", "入金日", "day the money came", L4 },
	REMARKS(NO),
	END_FIELDS,
};
static const struct field refund_claimed_fields[] = {
	CURRENCY, TOTAL(YES, "the sum of the credits"), INVOICE, REMARKS(NO), END_FIELDS,
};
static const struct field adjustment_fields[] = {
	{ KEY_ADJUSTED_LINE, FIELD_INT, "line", YES, 9999, NULL, "Line", "行", "number of the line in the order", L3A },
	{ KEY_RIGHT_QUANTITY, FIELD_DECIMAL, "quantity", NO, 0, NULL, "Right quantity", "正しい数量", "in the unit of the order", L3A },
	{ KEY_RIGHT_AMOUNT, FIELD_AMOUNT, "amount_minor", NO, 0, NULL, "Right amount", "正しい金額", "of the whole line", L3A },
	{ KEY_ADJUSTMENT_REASON, FIELD_CODE, "reason", YES, 0, NULL, "Reason", "理由", "price, quantity, wrong_unit, duplicate", "agreement, reasons" },
	REMARKS(NO),
	END_FIELDS,
};
static const struct field resolved_fields[] = {
	{ KEY_STANDS, FIELD_ID, "stands", YES, 0, NULL, "What stands", "有効とする記録", "the move that stands", "format 7" },
	REMARKS(NO),
	END_FIELDS,
};
static const struct field restated_fields[] = {
	{ KEY_ENTRY, FIELD_ID, "entry", YES, 0, NULL, "Entry", "記録", "the void entry whose facts are adopted", "format 7" },
	END_FIELDS,
};

/* ---- fields of exchanges, waivers and nettings ------------------------------------------------------------------- */

static const struct field exchange_items[] = {
	{ 0, FIELD_INT, "line", YES, 9999, NULL, "Line", "行", "line of this issue", L5 },
	{ 1, FIELD_ID, "thread", YES, 0, NULL, "Order given", "提供した発注", "the reverse order", L5 },
	{ 2, FIELD_ID, "issue", YES, 0, NULL, "Issue given", "提供した引渡し", "the issue of the reverse order", L5 },
	{ 3, FIELD_INT, "their_line", YES, 9999, NULL, "Line given", "提供した行", "line of that issue", L5 },
	{ 4, FIELD_CURRENCY, "currency", YES, 0, NULL, "Currency", "通貨", "of that line", L5 },
	{ 5, FIELD_AMOUNT, "value_minor", YES, 0, NULL, "Value given", "提供した価額", "in the currency of that line", L5 },
	{ 6, FIELD_AMOUNT, "applied_minor", YES, AMOUNT_OUTER, NULL, "Value here", "充当額", "the same in the currency of the line here", L5 },
	END_FIELDS,
};
static const struct field linked_fields[] = {
	{ KEY_ITEMS, FIELD_LIST, "items", YES, LIMIT_LINES, exchange_items, "Items", "項", "what was given in exchange, line by line", L5 },
	CURRENCY,
	TOTAL(YES, "the sum applied"),
	REMARKS(NO),
	END_FIELDS,
};
static const struct field certified_fields[] = { CURRENCY, TOTAL(YES, "what was linked"), REMARKS(NO), END_FIELDS };
static const struct field waived_fields[] = {
	{ KEY_LAW, FIELD_TEXT, "law", YES, 200, NULL, "Law", "根拠法令", "the law that the waiver rests on", L4 },
	REMARKS(NO),
	{ KEY_APPROVER, FIELD_CODE, "approver", NO, 0, NULL, "Approved by", "決裁者", "officer id of the approver", L2 },
	{ KEY_AUTHORITY, FIELD_TEXT, "authority", YES, 100, NULL, "Authority", "決裁番号", "reference of the approval", L4 },
	END_FIELDS,
};
static const struct field netted_fields[] = {
	CURRENCY,
	{ KEY_AMOUNT, FIELD_AMOUNT, "amount_minor", YES, 0, NULL, "Amount", "金額", "all that is open", L6 },
	REMARKS(NO),
	END_FIELDS,
};
static const struct field netting_claims[] = {
	{ 0, FIELD_ID, "thread", YES, 0, NULL, "Order", "発注", "the order of the claim", L6 },
	{ 1, FIELD_ID, "claim", YES, 0, NULL, "Claim", "請求", "a claim that is payable", L6 },
	{ 2, FIELD_PARTY, "owed_by", YES, 0, NULL, "Owed by", "債務側", "party that owes it", L6 },
	{ 3, FIELD_CURRENCY, "currency", YES, 0, NULL, "Currency", "通貨", "of the claim", L6 },
	{ 4, FIELD_AMOUNT, "amount_minor", YES, 0, NULL, "Amount", "金額", "what is open of it", L6 },
	{ 5, FIELD_DECIMAL, "rate", NO, 0, NULL, "Rate", "換算率", "major units of the netting's currency for one of the claim's: 165", L6 },
	{ 6, FIELD_TEXT, "source", NO, 100, NULL, "Source", "出典", "who published the rate", L6 },
	{ 7, FIELD_DAY, "on", NO, 0, NULL, "Of", "基準日", "the day it was published for", L6 },
	{ 8, FIELD_AMOUNT, "value_minor", YES, AMOUNT_OUTER, NULL, "Value", "相殺額", "in the currency of the netting", L6 },
	END_FIELDS,
};
#define NET(help) { KEY_TOTAL, FIELD_AMOUNT, "total_minor", YES, 0, NULL, "Net", "差引額", help, L6 }
#define NETTING_CLAIMS(required) \
	{ KEY_CLAIMS, FIELD_LIST, "claims", required, LIMIT_LINES, netting_claims, "Claims", "請求", "claims of both sides, by id", L6 }
static const struct field netting_proposed_fields[] = {
	{ KEY_PARTNER, FIELD_PARTY, "partner", YES, 0, NULL, "Partner", "相手方", "party that owes the net", L6 },
	{ KEY_CURRENCY, FIELD_CURRENCY, "currency", YES, 0, NULL, "Currency", "通貨", "of the net: JPY", L6 },
	NET("what the partner owes after all is set off"),
	NETTING_CLAIMS(YES),
	{ KEY_PROFILE, FIELD_ID, "profile", YES, 0, NULL, "Agreement", "協定", "hash of the agreement's profile", FORM ", box 2" },
	{ KEY_RULE_SET, FIELD_INT, "rule_set", YES, 0, NULL, "Rule set", "規則版", "number of the rule set: 1", "format 8" },
	{ KEY_REFERENCE, FIELD_TEXT, "reference", NO, 64, NULL, "Own number", "当方整理番号", "the proposer's own number", L6 },
	REMARKS(NO),
	APPROVAL,
	END_FIELDS,
};
static const struct field netting_reproposed_fields[] = {
	NET("what the partner owes after all is set off"),
	NETTING_CLAIMS(NO),
	REMARKS(NO),
	APPROVAL,
	END_FIELDS,
};

/* ---- kinds, in the order of enum support_kind -------------------------------------------------------------------- */

#define THREAD OPENS_THREAD, "order", NO
#define OPEN_ISSUE OPENS_PART, "issue", NO
#define OPEN_CLAIM OPENS_PART, "claim", NO
#define NETTING OPENS_THREAD, "netting", NO
#define ISSUE_THREAD OPENS_THREAD, "issue", NO
#define OPEN_ADJUSTMENT OPENS_PART, "adjustment", NO
#define MOVE OPENS_NOTHING, NULL, NO
#define NOTE OPENS_NOTHING, NULL, YES

const struct kind support_kinds[] = {
	{ "support.requested", "request", "Request", "要請する", THREAD, requested_fields, "ask a partner for supplies or services" },
	{ "support.offered", "offer", "Offer", "条件を提示する", MOVE, offered_fields, "offer; what is not said is as requested" },
	{ "support.declined", "decline", "Decline", "辞退する", MOVE, declined_fields, "say that it cannot be provided, and why" },
	{ "support.asked", "ask", "Ask", "照会する", MOVE, said_fields, "ask the receiver before offering" },
	{ "support.answered", "answer", "Answer", "回答する", MOVE, countered_fields, "answer, with other terms or the same" },
	{ "support.withdrawn", "withdraw", "Withdraw", "取り下げる", MOVE, remarks_fields, "take one's own request or entry back" },
	{ "support.accepted", "accept", "Accept", "承諾する", MOVE, accepted_fields, "accept exactly the terms named" },
	{ "support.offer_countered", "counter", "Counter", "対案を出す", MOVE, countered_fields, "ask again on other terms" },
	{ "support.rejected", "reject", "Reject", "不採用とする", MOVE, remarks_fields, "end it: the offer is not taken" },
	{ "support.amended", "amend", "Amend", "変更を提示する", MOVE, amended_fields, "offer other terms for an agreed order" },
	{ "support.refused", "refuse", "Refuse the amendment", "変更を断る", MOVE, remarks_fields, "keep the terms agreed before" },
	{ "support.unfilled", "unable", "Unable to provide", "提供不能とする", MOVE, remarks_fields, "end an order of which nothing was issued" },
	{ "support.closed", "close", "Close", "完了とする", MOVE, remarks_fields, "book the order as ended; names the issues that have ended" },
	{ "support.offered_unasked", "offer_unasked", "Offer unasked", "提供を申し出る", THREAD, offered_unasked_fields, "offer supplies or services that nobody asked for" },
	{ "support.oral_denied", "deny_oral", "Deny what was said", "口頭の合意を否認する", MOVE, said_fields,
	  "say that nothing was agreed by word of mouth; until another move came" },

	{ "support.issued", "issue", "Issue", "引き渡す", OPEN_ISSUE, issued_fields, "state what was handed over, when and where" },
	{ "support.taken", "take", "Record as taken", "受領を記録する", OPEN_ISSUE, taken_fields,
	  "state what was taken over, while the supplier's entry is not at hand" },
	{ "support.taken_issued", "issue_taken", "Issue what was taken", "受領記録に引渡しを記す", MOVE, issued_fields,
	  "state the supplier's figures for what the receiver took" },
	{ "support.denied", "deny", "Deny", "否認する", MOVE, said_fields, "say that it was not handed over" },
	{ "support.receipted", "receipt", "Receipt", "受領する", MOVE, receipted_fields, "state what was received, line by line where it differs" },
	{ "support.not_arrived", "not_arrived", "Not arrived", "未着とする", MOVE, remarks_fields, "say that nothing of it came" },
	{ "support.concurred", "concur", "Concur", "差異を認める", MOVE, remarks_fields, "take the receiver's figures" },
	{ "support.contested", "contest", "Contest", "異議を申し立てる", MOVE, said_fields, "hold to the figures issued, and say why" },
	{ "support.annulled", "annul", "Annul", "取り消す", MOVE, remarks_fields, "take an issue back of which nothing was accepted" },
	{ "support.figures_taken", "take_figures", "Take the supplier's figures", "提供側数量を認める", MOVE, remarks_fields,
	  "take the figures issued" },
	{ "support.figures_restated", "restate_figures", "State other figures", "数量を改める", MOVE, figures_fields, "state other figures than before" },
	{ "support.stood", "stand", "Stand", "主張を維持する", MOVE, remarks_fields, "take the difference one level up" },
	{ "support.resolution_proposed", "propose", "Propose a resolution", "解決案を示す", MOVE, proposed_fields, "propose what is to be charged" },
	{ "support.resolution_agreed", "agree", "Agree", "解決案に合意する", MOVE, resolution_agreed_fields, "agree to the resolution" },
	{ "support.resolution_countered", "counter_resolution", "Counter the resolution", "解決案に対案を出す", MOVE,
	  resolution_countered_fields, "state what would be agreed to" },
	{ "support.return_issued", "return", "Return", "返還する", MOVE, return_issued_fields, "hand back the same, or the same type, class and quantity" },
	{ "support.return_accepted", "accept_return", "Accept the return", "返還を受け入れる", MOVE, return_accepted_fields, "take back what was returned" },
	{ "support.return_refused", "refuse_return", "Refuse the return", "返還を断る", MOVE, return_refused_fields, "send it back: not the same type, class or quantity" },
	{ "support.cash_elected", "elect_cash", "Pay instead", "通貨償還を選ぶ", MOVE, remarks_fields, "settle in currency what is not returned" },
	{ "support.issued_unordered", "issue_unordered", "Issue without an order", "発注なしで引き渡す", ISSUE_THREAD, issued_unordered_fields,
	  "state what was handed over without an order, with its terms" },
	{ "support.ratified", "ratify", "Ratify", "追認する", MOVE, ratified_fields, "take an unordered issue on as ordered, and receipt it" },
	{ "support.repudiated", "repudiate", "Repudiate", "追認を拒む", MOVE, repudiated_fields, "say that it was not ordered" },
	{ "support.taken_up", "take_up", "Take up", "上級協議に付す", MOVE, said_fields, "take a repudiated issue one level up" },

	{ "support.claimed", "claim", "Claim", "請求する", OPEN_CLAIM, claimed_fields, "ask for payment of what was receipted" },
	{ "support.approved", "approve", "Approve", "支払を承認する", MOVE, approved_fields, "approve the claim for payment" },
	{ "support.queried", "query", "Query", "請求を照会する", MOVE, queried_fields, "question items of the claim" },
	{ "support.credited", "credit", "Credit", "減額する", MOVE, credited_fields, "lower the claim" },
	{ "support.reclaimed", "reclaim", "Claim anew", "請求し直す", MOVE, reclaimed_fields, "state the claim anew" },
	{ "support.upheld", "uphold", "Uphold", "請求を維持する", MOVE, said_fields, "hold to the claim, with evidence" },
	{ "support.escalated", "escalate", "Escalate", "上級協議に移す", MOVE, said_fields, "take the claim one level up" },
	{ "support.figured", "figure", "Propose a figure", "金額を示す", MOVE, figured_fields, "propose what is to be paid" },
	{ "support.figure_agreed", "agree_figure", "Agree to the figure", "金額に合意する", MOVE, remarks_fields, "agree to what is to be paid" },
	{ "support.figure_countered", "counter_figure", "Counter the figure", "金額に対案を出す", MOVE, figure_countered_fields, "say what would be agreed to" },
	{ "support.remitted", "remit", "Remit", "送金を記録する", MOVE, remitted_fields, "state a payment, whole or in part" },
	{ "support.confirmed", "confirm", "Confirm", "入金を確認する", MOVE, confirmed_fields, "confirm that the payment came" },
	{ "support.not_found", "not_found", "Not found", "入金なしとする", MOVE, remarks_fields, "say that the payment has not come" },
	{ "support.claimed_unacknowledged", "claim_unacknowledged", "Claim without acknowledgement", "受領確認なしで請求する", OPEN_CLAIM, claimed_fields,
	  "ask for payment of what was issued and not receipted in time" },
	{ "support.refund_claimed", "claim_refund", "Claim a refund", "返金を請求する", OPEN_CLAIM, refund_claimed_fields,
	  "ask the supplier for what was charged too much" },
	{ "support.adjustment_proposed", "propose_adjustment", "Propose an adjustment", "訂正を提案する", OPEN_ADJUSTMENT, adjustment_fields,
	  "propose the right figure of a line that was receipted" },
	{ "support.adjustment_agreed", "agree_adjustment", "Agree to the adjustment", "訂正に合意する", MOVE, remarks_fields, "agree; a later claim carries the difference" },
	{ "support.adjustment_refused", "refuse_adjustment", "Refuse the adjustment", "訂正を断る", MOVE, remarks_fields, "keep the figures as they are" },

	{ "support.noted", "note", "Note", "注記する", NOTE, said_fields, "write a note" },
	{ "support.cancel_wished", "wish_cancel", "Wish to cancel", "取消しを希望する", NOTE, remarks_fields, "let the supplier know that it is no longer wanted" },
	{ "support.resolved", "resolve", "Resolve", "競合を解消する", MOVE, resolved_fields, "say which of one's own rival moves stands" },
	{ "support.restated", "restate", "Restate", "再記録する", OPENS_EITHER, NULL, NO, restated_fields, "adopt the facts of a void entry" },

	{ "support.converted", "convert", "Convert", "通貨償還に転換する", MOVE, remarks_fields, "turn what was not returned or exchanged in time into money owed" },
	{ "support.exchange_linked", "link", "Link", "役務を引き当てる", MOVE, linked_fields, "name what was given in exchange, under the reverse order" },
	{ "support.exchange_certified", "certify", "Certify", "価額を確認する", MOVE, certified_fields, "certify the value of what was given in exchange" },
	{ "support.certify_refused", "refuse_certify", "Refuse to certify", "価額を確認しない", MOVE, said_fields, "say why the value cannot be certified" },
	{ "support.waived", "waive", "Waive", "免除する", MOVE, waived_fields, "give up what is owed, by authority and law" },
	{ "support.netted", "set_off", "Set off", "相殺する", MOVE, netted_fields, "end a claim under an agreed netting" },

	{ "support.netting_proposed", "net", "Propose a netting", "相殺を提案する", NETTING, netting_proposed_fields, "propose to set claims of both sides off" },
	{ "support.netting_agreed", "agree_netting", "Agree to the netting", "相殺に合意する", MOVE, approved_fields, "agree to set the claims off and to owe the net" },
	{ "support.netting_refused", "refuse_netting", "Refuse the netting", "相殺を断る", MOVE, remarks_fields, "keep to the claims as they are" },
	{ "support.netting_withdrawn", "withdraw_netting", "Withdraw the netting", "相殺を取り下げる", MOVE, remarks_fields, "take one's own proposal back" },
	{ "support.netting_reproposed", "net_anew", "Propose the residue", "残額で相殺を提案し直す", MOVE, netting_reproposed_fields,
	  "state the claims anew, where one was paid meanwhile" },
	{ "support.netting_remitted", "remit_netting", "Remit the net", "差引額の送金を記録する", MOVE, remitted_fields, "state a payment of the net, whole or in part" },
	{ "support.netting_confirmed", "confirm_netting", "Confirm the net", "差引額の入金を確認する", MOVE, confirmed_fields, "confirm that the payment came" },
	{ "support.netting_not_found", "netting_not_found", "Net not found", "差引額の入金なしとする", MOVE, remarks_fields, "say that the payment has not come" },
	{ 0 },
};

/* ---- moves ------------------------------------------------------------------------------------------------------- */


static const struct transition transitions[] = {
	{ "order", NULL, "support.requested", "requested", RECEIVER, "orderer", PEN_MOVE, L2 },
	{ "order", "requested", "support.offered", "offered", SUPPLIER, "issuer", PEN_MOVE, L2 },
	{ "order", "requested", "support.declined", "declined", SUPPLIER, "issuer", PEN_MOVE, L2 },
	{ "order", "requested", "support.asked", "clarify", SUPPLIER, "issuer", PEN_MOVE, L2 },
	{ "order", "clarify", "support.answered", "requested", RECEIVER, "orderer", PEN_MOVE, L2 },
	{ "order", "clarify", "support.withdrawn", "withdrawn", RECEIVER, "orderer", PEN_MOVE, L2 },
	{ "order", "offered", "support.accepted", "agreed", RECEIVER, "orderer", PEN_MOVE, L2 },
	{ "order", "offered", "support.offer_countered", "requested", RECEIVER, "orderer", PEN_MOVE, L2 },
	{ "order", "offered", "support.rejected", "rejected", RECEIVER, "orderer", PEN_MOVE, L2 },
	{ "order", "agreed", "support.amended", "amendment offered", SUPPLIER, "issuer", PEN_MOVE, L2 },
	{ "order", "agreed", "support.unfilled", "unfilled", SUPPLIER, "issuer", PEN_MOVE, L2 },
	{ "order", "agreed", "support.closed", "closed", SUPPLIER, "issuer", PEN_MOVE, L2 },
	{ "order", "amendment offered", "support.accepted", "agreed", RECEIVER, "orderer", PEN_MOVE, L2 },
	{ "order", "amendment offered", "support.refused", "agreed", RECEIVER, "orderer", PEN_MOVE, L2 },
	{ "order", NULL, "support.offered_unasked", "offered", SUPPLIER, "issuer", PEN_MOVE, L2 },
	{ "order", "requested", "support.oral_denied", "declined", SUPPLIER, "issuer", PEN_MOVE, L2 },
	{ "order", "offered", "support.oral_denied", "withdrawn", RECEIVER, "orderer", PEN_MOVE, L2 },
	{ "order", "requested", "support.withdrawn", "withdrawn", RECEIVER, "orderer", YIELDS, L2Y },
	{ "order", "offered", "support.withdrawn", "requested", SUPPLIER, "issuer", YIELDS, L2Y },
	{ "order", "offered", "support.withdrawn", "withdrawn", SUPPLIER, "issuer", YIELDS, L2Y },

	{ "issue", NULL, "support.issued", "issued", SUPPLIER, "issuer", PEN_MOVE, L3 },
	{ "issue", NULL, "support.taken", "taken", RECEIVER, "receiver", PEN_MOVE, L3 },
	{ "issue", "taken", "support.taken_issued", "receipted", SUPPLIER, "issuer", PEN_MOVE, L3 },
	{ "issue", "taken", "support.taken_issued", "return due", SUPPLIER, "issuer", PEN_MOVE, L5 },
	{ "issue", "taken", "support.taken_issued", "exchange due", SUPPLIER, "issuer", PEN_MOVE, L5 },
	{ "issue", "taken", "support.taken_issued", "difference", SUPPLIER, "issuer", PEN_MOVE, L3 },
	{ "issue", "taken", "support.denied", "denied", SUPPLIER, "issuer", PEN_MOVE, L3 },
	{ "issue", "denied", "support.withdrawn", "withdrawn", RECEIVER, "orderer", PEN_MOVE, L3 },
	{ "issue", "denied", "support.stood", "disputed", RECEIVER, "dispute", PEN_MOVE, L3 },
	{ "issue", "issued", "support.receipted", "receipted", RECEIVER, "receiver", PEN_MOVE, L3 },
	{ "issue", "issued", "support.receipted", "return due", RECEIVER, "receiver", PEN_MOVE, L5 },
	{ "issue", "issued", "support.receipted", "exchange due", RECEIVER, "receiver", PEN_MOVE, L5 },
	{ "issue", "issued", "support.receipted", "difference", RECEIVER, "receiver", PEN_MOVE, L3 },
	{ "issue", "issued", "support.not_arrived", "difference", RECEIVER, "receiver", PEN_MOVE, L3 },
	{ "issue", "difference", "support.concurred", "receipted", SUPPLIER, "issuer", PEN_MOVE, L3 },
	{ "issue", "difference", "support.concurred", "return due", SUPPLIER, "issuer", PEN_MOVE, L5 },
	{ "issue", "difference", "support.concurred", "exchange due", SUPPLIER, "issuer", PEN_MOVE, L5 },
	{ "issue", "difference", "support.contested", "contested", SUPPLIER, "issuer", PEN_MOVE, L3 },
	{ "issue", "difference", "support.annulled", "annulled", SUPPLIER, "issuer", PEN_MOVE, L3 },
	{ "issue", "contested", "support.figures_taken", "receipted", RECEIVER, "receiver", PEN_MOVE, L3 },
	{ "issue", "contested", "support.figures_taken", "return due", RECEIVER, "receiver", PEN_MOVE, L5 },
	{ "issue", "contested", "support.figures_taken", "exchange due", RECEIVER, "receiver", PEN_MOVE, L5 },
	{ "issue", "contested", "support.figures_restated", "difference", RECEIVER, "receiver", PEN_MOVE, L3 },
	{ "issue", "contested", "support.stood", "disputed", RECEIVER, "dispute", PEN_MOVE, L3 },
	{ "issue", "disputed", "support.resolution_proposed", "resolution", SUPPLIER, "dispute", PEN_MOVE, L3 },
	{ "issue", "resolution", "support.resolution_agreed", "receipted", RECEIVER, "dispute", PEN_MOVE, L3 },
	{ "issue", "resolution", "support.resolution_agreed", "return due", RECEIVER, "dispute", PEN_MOVE, L5 },
	{ "issue", "resolution", "support.resolution_agreed", "exchange due", RECEIVER, "dispute", PEN_MOVE, L5 },
	{ "issue", "resolution", "support.resolution_agreed", "annulled", RECEIVER, "dispute", PEN_MOVE, OURS },
	{ "issue", "resolution", "support.resolution_countered", "disputed", RECEIVER, "dispute", PEN_MOVE, L3 },
	{ "issue", "return due", "support.return_issued", "returning", RECEIVER, "receiver", PEN_MOVE, L5 },
	{ "issue", "return due", "support.cash_elected", "receipted", RECEIVER, "receiver", PEN_MOVE, L5 },
	{ "issue", "returning", "support.return_accepted", "settled", SUPPLIER, "issuer", PEN_MOVE, L5 },
	{ "issue", "returning", "support.return_accepted", "return due", SUPPLIER, "issuer", PEN_MOVE, L5 },
	{ "issue", "returning", "support.return_refused", "return due", SUPPLIER, "issuer", PEN_MOVE, L5 },
	{ "issue", "exchange due", "support.cash_elected", "receipted", RECEIVER, "receiver", PEN_MOVE, L5 },
	{ "issue", NULL, "support.issued_unordered", "unordered", SUPPLIER, "issuer", PEN_MOVE, L3 },
	{ "issue", "unordered", "support.ratified", "receipted", RECEIVER, "orderer", PEN_MOVE, L3 },
	{ "issue", "unordered", "support.ratified", "return due", RECEIVER, "orderer", PEN_MOVE, L3 },
	{ "issue", "unordered", "support.ratified", "exchange due", RECEIVER, "orderer", PEN_MOVE, L3 },
	{ "issue", "unordered", "support.ratified", "difference", RECEIVER, "orderer", PEN_MOVE, L3 },
	{ "issue", "unordered", "support.repudiated", "repudiated", RECEIVER, "orderer", PEN_MOVE, L3 },
	{ "issue", "repudiated", "support.withdrawn", "withdrawn", SUPPLIER, "issuer", PEN_MOVE, L3 },
	{ "issue", "repudiated", "support.taken_up", "disputed", SUPPLIER, "dispute", PEN_MOVE, L3 },
	{ "issue", "unordered", "support.withdrawn", "withdrawn", SUPPLIER, "issuer", YIELDS, L3Y },
	{ "issue", "issued", "support.withdrawn", "withdrawn", SUPPLIER, "issuer", YIELDS, L3Y },
	{ "issue", "taken", "support.withdrawn", "withdrawn", RECEIVER, "orderer", YIELDS, L3Y },

	{ "issue", "exchange due", "support.exchange_linked", "exchanging", RECEIVER, "receiver", PEN_MOVE, L5 },
	{ "issue", "exchanging", "support.exchange_certified", "settled", SUPPLIER, "issuer", PEN_MOVE, L5 },
	{ "issue", "exchanging", "support.exchange_certified", "exchange due", SUPPLIER, "issuer", PEN_MOVE, L5 },
	{ "issue", "exchanging", "support.certify_refused", "exchange due", SUPPLIER, "issuer", PEN_MOVE, L5 },
	{ "issue", "return due", "support.converted", "receipted", SUPPLIER, "claims", STANDS, L5 },
	{ "issue", "returning", "support.converted", "receipted", SUPPLIER, "claims", STANDS, L5 },
	{ "issue", "exchange due", "support.converted", "receipted", SUPPLIER, "claims", STANDS, L5 },
	{ "issue", "exchanging", "support.converted", "receipted", SUPPLIER, "claims", STANDS, L5 },
	{ "issue", "return due", "support.waived", "waived", SUPPLIER, "waiver", STANDS, L5 },
	{ "issue", "returning", "support.waived", "waived", SUPPLIER, "waiver", STANDS, L5 },
	{ "issue", "exchange due", "support.waived", "waived", SUPPLIER, "waiver", STANDS, L5 },
	{ "issue", "exchanging", "support.waived", "waived", SUPPLIER, "waiver", STANDS, L5 },
	{ "issue", "receipted", "support.waived", "waived", SUPPLIER, "waiver", STANDS, L5 },

	{ "claim", NULL, "support.claimed", "claimed", SUPPLIER, "claims", PEN_MOVE, L4 },
	{ "claim", "claimed", "support.approved", "payable", RECEIVER, "payer", PEN_MOVE, L4 },
	{ "claim", "claimed", "support.queried", "queried", RECEIVER, "payer", PEN_MOVE, L4 },
	{ "claim", "queried", "support.credited", "claimed", SUPPLIER, "claims", PEN_MOVE, L4 },
	{ "claim", "queried", "support.reclaimed", "claimed", SUPPLIER, "claims", PEN_MOVE, L4 },
	{ "claim", "queried", "support.upheld", "upheld", SUPPLIER, "claims", PEN_MOVE, L4 },
	{ "claim", "upheld", "support.approved", "payable", RECEIVER, "payer", PEN_MOVE, L4 },
	{ "claim", "upheld", "support.escalated", "escalated", RECEIVER, "payer", PEN_MOVE, L4 },
	{ "claim", "escalated", "support.figured", "figured", SUPPLIER, "dispute", PEN_MOVE, L4 },
	{ "claim", "figured", "support.figure_agreed", "payable", RECEIVER, "dispute", PEN_MOVE, L4 },
	{ "claim", "figured", "support.figure_countered", "escalated", RECEIVER, "dispute", PEN_MOVE, L4 },
	{ "claim", "payable", "support.remitted", "remitted", RECEIVER, "payer", PEN_MOVE, L4 },
	{ "claim", "remitted", "support.confirmed", "settled", SUPPLIER, "claims", PEN_MOVE, L4 },
	{ "claim", "remitted", "support.confirmed", "payable", SUPPLIER, "claims", PEN_MOVE, L4 },
	{ "claim", "remitted", "support.not_found", "payable", SUPPLIER, "claims", PEN_MOVE, L4 },
	{ "claim", "payable", "support.netted", "netted", RECEIVER, "netting", PEN_MOVE, L6 },
	{ "claim", "claimed", "support.waived", "waived", SUPPLIER, "waiver", STANDS, L4 },
	{ "claim", "queried", "support.waived", "waived", SUPPLIER, "waiver", STANDS, L4 },
	{ "claim", "upheld", "support.waived", "waived", SUPPLIER, "waiver", STANDS, L4 },
	{ "claim", "escalated", "support.waived", "waived", SUPPLIER, "waiver", STANDS, L4 },
	{ "claim", "figured", "support.waived", "waived", SUPPLIER, "waiver", STANDS, L4 },
	{ "claim", "payable", "support.waived", "waived", SUPPLIER, "waiver", STANDS, L4 },
	{ "claim", "remitted", "support.waived", "waived", SUPPLIER, "waiver", STANDS, L4 },

	{ "netting", NULL, "support.netting_proposed", "proposed", SUPPLIER, "netting", PEN_MOVE, L6 },
	{ "netting", "proposed", "support.netting_agreed", "agreed", RECEIVER, "netting", PEN_MOVE, L6 },
	{ "netting", "proposed", "support.netting_agreed", "settled", RECEIVER, "netting", PEN_MOVE, L6 },
	{ "netting", "proposed", "support.netting_refused", "rejected", RECEIVER, "netting", PEN_MOVE, L6 },
	{ "netting", "proposed", "support.netting_refused", "agreed", RECEIVER, "netting", PEN_MOVE, L6 },
	{ "netting", "proposed", "support.netting_withdrawn", "withdrawn", SUPPLIER, "netting", YIELDS, OURS },
	{ "netting", "proposed", "support.netting_withdrawn", "agreed", SUPPLIER, "netting", YIELDS, OURS },
	{ "netting", "agreed", "support.netting_remitted", "remitted", RECEIVER, "netting", PEN_MOVE, L6 },
	{ "netting", "agreed", "support.netting_reproposed", "proposed", SUPPLIER, "netting", YIELDS, L6 },
	{ "netting", "remitted", "support.netting_confirmed", "settled", SUPPLIER, "netting", PEN_MOVE, L6 },
	{ "netting", "remitted", "support.netting_confirmed", "agreed", SUPPLIER, "netting", PEN_MOVE, L6 },
	{ "netting", "remitted", "support.netting_not_found", "agreed", SUPPLIER, "netting", PEN_MOVE, L6 },
	{ "claim", NULL, "support.claimed_unacknowledged", "claimed", SUPPLIER, "claims", PEN_MOVE, L4 },
	{ "claim", NULL, "support.refund_claimed", "claimed", SUPPLIER, "claims", PEN_MOVE, L4 },
	{ "claim", "claimed", "support.withdrawn", "withdrawn", SUPPLIER, "claims", YIELDS, L4Y },
	{ "claim", "queried", "support.withdrawn", "withdrawn", SUPPLIER, "claims", PEN_MOVE, L4 },
	{ "claim", "upheld", "support.withdrawn", "withdrawn", SUPPLIER, "claims", YIELDS, L4Y },
	{ "claim", "escalated", "support.withdrawn", "withdrawn", SUPPLIER, "claims", PEN_MOVE, L4 },
	{ "claim", "figured", "support.withdrawn", "withdrawn", SUPPLIER, "claims", YIELDS, L4Y },

	{ "adjustment", NULL, "support.adjustment_proposed", "proposed by receiver", RECEIVER, "receiver", PEN_MOVE, L3A },
	{ "adjustment", NULL, "support.adjustment_proposed", "proposed by supplier", SUPPLIER, "issuer", PEN_MOVE, L3A },
	{ "adjustment", "proposed by receiver", "support.adjustment_agreed", "adjusted", SUPPLIER, "issuer", PEN_MOVE, L3A },
	{ "adjustment", "proposed by receiver", "support.adjustment_refused", "refused", SUPPLIER, "issuer", PEN_MOVE, L3A },
	{ "adjustment", "proposed by receiver", "support.withdrawn", "withdrawn", RECEIVER, "receiver", YIELDS, L3A },
	{ "adjustment", "proposed by supplier", "support.adjustment_agreed", "adjusted", RECEIVER, "receiver", PEN_MOVE, L3A },
	{ "adjustment", "proposed by supplier", "support.adjustment_refused", "refused", RECEIVER, "receiver", PEN_MOVE, L3A },
	{ "adjustment", "proposed by supplier", "support.withdrawn", "withdrawn", SUPPLIER, "issuer", YIELDS, L3A },
	{ 0 },
};

/* ---- rows (support.sql) ------------------------------------------------------------------------------------------ */

static const struct column order_columns[] = {
	{ "id", COLUMN_BLOB }, { "number", COLUMN_TEXT }, { "state", COLUMN_TEXT }, { "pen", COLUMN_INT },
	{ "heads", COLUMN_INT }, { "receiver", COLUMN_INT }, { "supplier", COLUMN_INT }, { "activity", COLUMN_TEXT },
	{ "urgency", COLUMN_TEXT }, { "reference", COLUMN_TEXT }, { "place", COLUMN_TEXT }, { "deliver_on", COLUMN_INT },
	{ "utc_offset_minutes", COLUMN_INT }, { "requested_ms", COLUMN_INT }, { "since_ms", COLUMN_INT },
	{ "agreed", COLUMN_INT }, { "orderer", COLUMN_TEXT }, { 0 },
};
static const struct column line_columns[] = {
	{ "line", COLUMN_INT }, { "category", COLUMN_TEXT }, { "kind", COLUMN_TEXT }, { "description_en", COLUMN_TEXT },
	{ "description_ja", COLUMN_TEXT }, { "quantity", COLUMN_TEXT }, { "unit", COLUMN_TEXT }, { "meter", COLUMN_TEXT },
	{ "price_minor", COLUMN_INT }, { "per", COLUMN_TEXT }, { "ceiling_minor", COLUMN_INT }, { "value_minor", COLUMN_INT },
	{ "currency", COLUMN_TEXT }, { "settlement", COLUMN_TEXT }, { "nsn_or_fsc", COLUMN_TEXT }, { "return_by", COLUMN_INT }, { 0 },
};
static const struct column issue_columns[] = {
	{ "part", COLUMN_BLOB }, { "number", COLUMN_TEXT }, { "state", COLUMN_TEXT }, { "pen", COLUMN_INT }, { "heads", COLUMN_INT },
	{ "taken", COLUMN_INT }, { "method", COLUMN_TEXT }, { "delivered_ms", COLUMN_INT }, { "place", COLUMN_TEXT },
	{ "voucher", COLUMN_TEXT }, { "since_ms", COLUMN_INT }, { "after_close", COLUMN_INT }, { 0 },
};
static const struct column issue_line_columns[] = {
	{ "part", COLUMN_BLOB }, { "line", COLUMN_INT }, { "unit", COLUMN_TEXT }, { "issued", COLUMN_TEXT }, { "accepted", COLUMN_TEXT },
	{ "short_of", COLUMN_TEXT }, { "damaged", COLUMN_TEXT }, { "refused", COLUMN_TEXT }, { "reason", COLUMN_TEXT },
	{ "chargeable", COLUMN_TEXT }, { "returned", COLUMN_TEXT }, { "returning_now", COLUMN_TEXT }, { "rest", COLUMN_TEXT },
	{ "currency", COLUMN_TEXT }, { "rest_minor", COLUMN_INT }, { "claim", COLUMN_BLOB },
	{ "exchanged_minor", COLUMN_INT }, { "linked_minor", COLUMN_INT }, { "left_minor", COLUMN_INT },
	{ "overcharge_minor", COLUMN_INT }, { 0 },
};
static const struct column claim_columns[] = {
	{ "part", COLUMN_BLOB }, { "number", COLUMN_TEXT }, { "state", COLUMN_TEXT }, { "pen", COLUMN_INT }, { "heads", COLUMN_INT },
	{ "currency", COLUMN_TEXT }, { "total_minor", COLUMN_INT }, { "due_minor", COLUMN_INT }, { "paid_minor", COLUMN_INT },
	{ "open_minor", COLUMN_INT }, { "remitted_minor", COLUMN_INT }, { "remitted_on", COLUMN_INT }, { "invoice", COLUMN_TEXT },
	{ "claimed_ms", COLUMN_INT }, { "since_ms", COLUMN_INT }, { "netting", COLUMN_BLOB }, { "refund", COLUMN_INT },
	{ "unacknowledged", COLUMN_INT }, { 0 },
};
static const struct column claim_line_columns[] = {
	{ "part", COLUMN_BLOB }, { "item", COLUMN_INT }, { "issue", COLUMN_BLOB }, { "line", COLUMN_INT }, { "quantity", COLUMN_TEXT },
	{ "amount_minor", COLUMN_INT }, { "credited_minor", COLUMN_INT }, { 0 },
};

static const struct column remark_columns[] = {
	{ "place", COLUMN_INT }, { "number", COLUMN_TEXT }, { "kind", COLUMN_TEXT }, { "party", COLUMN_INT }, { "stated_ms", COLUMN_INT },
	{ "remark", COLUMN_TEXT }, { 0 },
};

static const struct column exchange_columns[] = {
	{ "part", COLUMN_BLOB }, { "item", COLUMN_INT }, { "line", COLUMN_INT }, { "their_thread", COLUMN_BLOB },
	{ "their_issue", COLUMN_BLOB }, { "their_line", COLUMN_INT }, { "currency", COLUMN_TEXT }, { "value_minor", COLUMN_INT },
	{ "applied_minor", COLUMN_INT }, { "certified", COLUMN_BLOB }, { 0 },
};
static const struct column netting_columns[] = {
	{ "id", COLUMN_BLOB }, { "number", COLUMN_TEXT }, { "state", COLUMN_TEXT }, { "pen", COLUMN_INT }, { "heads", COLUMN_INT },
	{ "debtor", COLUMN_INT }, { "creditor", COLUMN_INT }, { "currency", COLUMN_TEXT }, { "total_minor", COLUMN_INT },
	{ "paid_minor", COLUMN_INT }, { "remitted_minor", COLUMN_INT }, { "remitted_on", COLUMN_INT }, { "agreed", COLUMN_BLOB },
	{ "proposed_ms", COLUMN_INT }, { "since_ms", COLUMN_INT }, { 0 },
};
static const struct column netting_claim_columns[] = {
	{ "agreed", COLUMN_INT }, { "item", COLUMN_INT }, { "claim_thread", COLUMN_BLOB }, { "claim", COLUMN_BLOB },
	{ "owed_by", COLUMN_INT }, { "currency", COLUMN_TEXT }, { "amount_minor", COLUMN_INT }, { "rate", COLUMN_TEXT },
	{ "source", COLUMN_TEXT }, { "rate_on", COLUMN_INT }, { "value_minor", COLUMN_INT }, { 0 },
};
static const struct column rate_columns[] = {
	{ "item", COLUMN_INT }, { "from_currency", COLUMN_TEXT }, { "to_currency", COLUMN_TEXT }, { "rate", COLUMN_TEXT },
	{ "source", COLUMN_TEXT }, { "rate_on", COLUMN_INT }, { 0 },
};
static const struct column board_columns[] = {
	{ "number", COLUMN_TEXT }, { "one", COLUMN_INT }, { "other", COLUMN_INT }, { "rank_low", COLUMN_INT }, { "rank_high", COLUMN_INT },
	{ "since_low", COLUMN_INT }, { "since_high", COLUMN_INT }, { "deliver_on", COLUMN_INT }, { "states", COLUMN_INT }, { "due_ms", COLUMN_INT },
	{ "due_on", COLUMN_INT }, { "due_offset", COLUMN_INT }, { 0 },
};
static const struct column netting_agreed_columns[] = { { "entry", COLUMN_BLOB }, { 0 } };
static const struct column adjustment_columns[] = {
	{ "part", COLUMN_BLOB }, { "number", COLUMN_TEXT }, { "state", COLUMN_TEXT }, { "pen", COLUMN_INT }, { "heads", COLUMN_INT },
	{ "issue", COLUMN_BLOB }, { "line", COLUMN_INT }, { "quantity", COLUMN_TEXT }, { "amount_minor", COLUMN_INT },
	{ "difference_minor", COLUMN_INT }, { "currency", COLUMN_TEXT }, { "reason", COLUMN_TEXT }, { "proposed_ms", COLUMN_INT },
	{ "since_ms", COLUMN_INT }, { "claim", COLUMN_BLOB }, { 0 },
};

const struct table support_tables[] = {
	{ "support_order", order_columns },
	{ "support_line", line_columns },
	{ "support_issue", issue_columns },
	{ "support_issue_line", issue_line_columns },
	{ "support_claim", claim_columns },
	{ "support_claim_line", claim_line_columns },
	{ "support_offered_line", line_columns },
	{ "support_remark", remark_columns },
	{ "support_exchange", exchange_columns },
	{ "support_netting", netting_columns },
	{ "support_netting_claim", netting_claim_columns },
	{ "support_netting_agreed", netting_agreed_columns },
	{ "support_rate", rate_columns },
	{ "support_adjustment", adjustment_columns },
	{ "support_board", board_columns },
	{ 0 },
};

/* clang-format on */

enum support_kind support_kind_of(const struct kind *kind)
{
	bool ours = kind != NULL && kind >= support_kinds && kind < support_kinds + KINDS;

	return ours ? (enum support_kind)(kind - support_kinds) : KINDS;
}

/* When it was handed over, given back, paid in: what lies ahead was hardly done yet. */
static const char *const done_at[] = { "delivered_at", "returned_at", "received_on", NULL };

const struct domain support_domain = {
	.name = "support",
	.rule_set = 1,
	.side_names = { "", "receiver", "supplier" },
	.part_types = part_types,
	.states = states,
	.kinds = support_kinds,
	.transitions = transitions,
	.sides = support_sides,
	.check = support_check,
	.standing = support_standing,
	.part_data = support_part_data,
	.part_state = support_part_state,
	.rows = support_rows,
	.tables = support_tables,
	.sql = asset_support_sql_start,
	.commands = support_commands,
	.pages = support_pages,
	.acts = support_acts,
	.papers = support_papers,
	.choices = support_choices,
	.currency = support_currency,
	.offers = support_offers,
	.hint = support_hint,
	.idle = support_idle,
	.relies = support_relies,
	.presets = support_presets,
	.done_at = done_at,
};
