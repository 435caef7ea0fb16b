/* The statement domain as one table: parts, states with pens, kinds with fields, moves, rows, and where the code behind them is.
 * docs/statement-rules.md says the same in words and is normative. */
#include "domain/statement/statement.h"
#include "core/assets.h"
#include "domain/statement/statement_state.h"

ASSET_DECLARE(statement_sql);

#define T3 "statement-rules 3"

/* clang-format off */
/* ---- parts and states -------------------------------------------------------------------------------------------- */

static const struct part_type part_types[] = {
	{ "pledge", 'P', "pledge", "約束" },
	{ "view", 'V', "view", "見解" },
	{ "evidence", 'E', "evidence", "裏付け" },
	{ "meeting", 'M', "meeting", "会合" },
	{ "action", 'A', "action", "実施事項" },
	{ "context", 'C', "context", "背景事情" },
	{ 0 },
};

static const struct state states[] = {
	{ "pledge", "recorded", SECOND, "記載済", T3 },
	{ "pledge", "contested", FIRST, "異議あり", T3 },
	{ "pledge", "confirmed", 0, "確認済", T3 },

	{ "view", "not started", FIRST, "未着手", T3 },
	{ "view", "under way", FIRST, "進行中", T3 },
	{ "view", "done", FIRST, "実施済", T3 },
	{ "view", "stopped", FIRST, "中止", T3 },

	{ "evidence", "linked", FIRST, "紐付済", T3 },
	{ "evidence", "withdrawn", 0, "取下げ", T3 },

	{ "meeting", "called", SECOND, "招集済", T3 },
	{ "meeting", "date asked", FIRST, "日程照会中", T3 },
	{ "meeting", "date agreed", FIRST, "日程合意", T3 },
	{ "meeting", "minutes offered", SECOND, "議事録提示", T3 },
	{ "meeting", "minutes contested", FIRST, "議事録異議", T3 },
	{ "meeting", "minutes agreed", 0, "議事録合意", T3 },
	{ "meeting", "cancelled", 0, "中止", T3 },

	{ "action", "to do", FIRST, "未了", T3 },
	{ "action", "reported done", SECOND, "完了報告", T3 },
	{ "action", "reported dropped", SECOND, "取止め報告", T3 },
	{ "action", "done", 0, "実施済", T3 },
	{ "action", "dropped", 0, "取止め", T3 },

	{ "context", "recorded", FIRST, "記載済", T3 },
	{ "context", "withdrawn", 0, "取下げ", T3 },
	{ 0 },
};

/* ---- fields ------------------------------------------------------------------------------------------------------- */

#define YES true
#define NO false
#define END_FIELDS { 0 }
#define TEXT_EN { KEY_EN, FIELD_TEXT, "en", NO, 2000, NULL, "English", "英文", "the text in English", "statement-rules 2" }
#define TEXT_JA { KEY_JA, FIELD_TEXT, "ja", NO, 2000, NULL, "Japanese", "和文", "the text in Japanese", "statement-rules 2" }
#define REMARKS(required) \
	{ KEY_REMARKS, FIELD_LANG_TEXT, "remarks", required, 2000, NULL, "Remarks", "備考", "free text, never translated", "statement-rules 2" }
#define PARTNER { KEY_PARTNER, FIELD_PARTY, "partner", YES, 0, NULL, "Partner", "相手方", "the other party: JP", "statement-rules 2" }
#define NUMBERED { KEY_NO, FIELD_INT, "no", YES, 9999, NULL, "No.", "番号", "1, 2, 3", "statement-rules 2" }
#define RULE_SET { KEY_RULE_SET, FIELD_INT, "rule_set", YES, 0, NULL, "Rule set", "規則版", "number of the rule set: 1", "format 8" }

#define LOCATOR { KEY_LOCATOR, FIELD_TEXT, "locator", NO, 400, NULL, "Published at", "公表先", "where the text was published", "statement-rules 2" }
#define CARRIED_OUT_BY \
	{ KEY_CARRIED_OUT_BY, FIELD_CODE, "carried_out_by", NO, 0, NULL, "Carried out by", "実施分野", "support, mission, cyber, study", "statement-rules 2" }
#define WORDING \
	TEXT_EN, TEXT_JA, \
	{ KEY_MADE_ON, FIELD_DAY, "made_on", NO, 0, NULL, "Made on", "約束した日", "day: 2015-01-21", "statement-rules 2" }, \
	{ KEY_MADE_AT, FIELD_TEXT, "made_at", NO, 200, NULL, "Made at", "約束した場所", "place", "statement-rules 2" }, \
	LOCATOR, \
	{ KEY_SHA256, FIELD_ID, "sha256", NO, 0, NULL, "SHA-256", "SHA-256", "of the text as published, in hex", "statement-rules 2" }, \
	CARRIED_OUT_BY

static const struct field pledge_fields[] = { PARTNER, NUMBERED, WORDING, RULE_SET, REMARKS(NO), END_FIELDS };
static const struct field context_fields[] = { PARTNER, TEXT_EN, TEXT_JA, LOCATOR, CARRIED_OUT_BY, RULE_SET, REMARKS(NO), END_FIELDS };
static const struct field reworded_fields[] = { WORDING, REMARKS(NO), END_FIELDS };
static const struct field remarks_fields[] = { REMARKS(NO), END_FIELDS };
static const struct field said_fields[] = { REMARKS(YES), END_FIELDS };

static const struct field view_fields[] = {
	{ KEY_VIEW, FIELD_CODE, "view", YES, 0, NULL, "View", "見解", "not_started, under_way, done or stopped", "statement-rules 3" },
	{ KEY_SINCE, FIELD_DAY, "since", NO, 0, NULL, "Since", "時点", "day from which this is so", "statement-rules 2" },
	REMARKS(NO),
	END_FIELDS,
};
static const struct field evidence_fields[] = {
	{ KEY_TALLY, FIELD_ID, "of_tally", NO, 0, NULL, "Tally", "割符", "of the thread mentioned, when it is not this one", "statement-rules 2" },
	{ KEY_MENTION, FIELD_ID, "mention", NO, 0, NULL, "Thread", "案件", "id of the thread that shows it; or attach a file", "statement-rules 2" },
	TEXT_EN, TEXT_JA,
	{ KEY_NUMBER, FIELD_TEXT, "number", NO, 64, NULL, "Number", "番号", "what people call it: GB-07-0013", "statement-rules 2" },
	{ KEY_REHEARSAL, FIELD_BOOL, "rehearsal", YES, 0, NULL, "Of a rehearsal", "習熟用", "true: it is shown and never counted", "statement-rules 2" },
	REMARKS(NO),
	END_FIELDS,
};

static const struct field agenda_items[] = {
	{ 0, FIELD_INT, "item", YES, 999, NULL, "Item", "議題番号", "1, 2, 3", "statement-rules 2" },
	{ 1, FIELD_TEXT, "en", NO, 400, NULL, "English", "英文", "the item in English", "statement-rules 2" },
	{ 2, FIELD_TEXT, "ja", NO, 400, NULL, "Japanese", "和文", "the item in Japanese", "statement-rules 2" },
	END_FIELDS,
};
static const struct field outcome_items[] = {
	{ 0, FIELD_INT, "item", YES, 999, NULL, "Item", "議題番号", "of the agenda", "statement-rules 2" },
	{ 1, FIELD_CODE, "outcome", YES, 0, NULL, "Outcome", "結果", "agreed, noted, deferred_to or referred_to", "statement-rules 3" },
	{ 2, FIELD_TEXT, "en", NO, 1000, NULL, "English", "英文", "what was decided, in English", "statement-rules 2" },
	{ 3, FIELD_TEXT, "ja", NO, 1000, NULL, "Japanese", "和文", "what was decided, in Japanese", "statement-rules 2" },
	{ 4, FIELD_TEXT, "to", NO, 200, NULL, "To", "送付先", "the meeting or body that takes it on", "statement-rules 2" },
	END_FIELDS,
};
#define WHEN_AND_WHERE \
	{ KEY_STARTS_AT, FIELD_TIME, "starts_at", NO, 0, NULL, "Starts at", "開始", "2015-06-01T09:00:00Z; absent: to be set", "statement-rules 2" }, \
	{ KEY_ENDS_AT, FIELD_TIME, "ends_at", NO, 0, NULL, "Ends at", "終了", "after the start", "statement-rules 2" }, \
	{ KEY_PLACE, FIELD_TEXT, "place", NO, 200, NULL, "Place", "場所", "city, building", "statement-rules 2" }, \
	{ KEY_AGENDA, FIELD_LIST, "agenda", NO, 100, agenda_items, "Agenda", "議題", "items by number", "statement-rules 2" }
static const struct field called_fields[] = {
	PARTNER, NUMBERED, TEXT_EN, TEXT_JA,
	{ KEY_SERIES, FIELD_CODE, "series", YES, 0, NULL, "Series", "会合の系列", "ministers, cyber", "statement-rules 2" },
	WHEN_AND_WHERE, RULE_SET, REMARKS(NO), END_FIELDS,
};
static const struct field moved_fields[] = { WHEN_AND_WHERE, REMARKS(NO), END_FIELDS };
static const struct field held_fields[] = {
	{ KEY_OUTCOMES, FIELD_LIST, "outcomes", YES, 100, outcome_items, "Outcomes", "結果", "of each item", "statement-rules 2" },
	REMARKS(NO),
	END_FIELDS,
};
static const struct field action_fields[] = {
	{ KEY_OWNER, FIELD_PARTY, "owner", YES, 0, NULL, "Owner", "担当国", "party that acts", "statement-rules 2" },
	{ KEY_OWNER_POST, FIELD_TEXT, "owner_post", NO, 200, NULL, "Post", "職名", "who there; no name", "statement-rules 2" },
	TEXT_EN, TEXT_JA,
	{ KEY_DUE_ON, FIELD_DAY, "due_on", YES, 0, NULL, "Due on", "期限", "day: 2015-06-30", "statement-rules 2" },
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

/* ---- kinds -------------------------------------------------------------------------------------------------------- */

#define MOVE OPENS_NOTHING, NULL, NO
#define OPEN_PART(type) OPENS_PART, type, NO

const struct kind statement_kinds[] = {
	{ "statement.pledge_entered", "enter_pledge", "Enter a pledge", "約束を記載する", OPENS_THREAD, "pledge", NO, pledge_fields,
	  "write down what was pledged, in the words published" },
	{ "statement.pledge_confirmed", "confirm_pledge", "Confirm the wording", "文言を確認する", MOVE, remarks_fields, "confirm that this was pledged" },
	{ "statement.pledge_contested", "contest_pledge", "Contest the wording", "文言に異議を申し立てる", MOVE, said_fields, "say what is wrong with the wording" },
	{ "statement.pledge_reworded", "reword_pledge", "Reword", "文言を改める", MOVE, reworded_fields, "give the wording anew" },
	{ "statement.view_stated", "view", "State our view", "見解を示す", OPEN_PART("view"), view_fields, "say how your party sees the pledge" },
	{ "statement.view_changed", "change_view", "Change our view", "見解を改める", MOVE, view_fields, "say how your party sees it now" },
	{ "statement.evidence_linked", "link_evidence", "Link evidence", "裏付けを紐付ける", OPEN_PART("evidence"), evidence_fields,
	  "name the order, plan, study or paper that shows it" },
	{ "statement.evidence_withdrawn", "withdraw_evidence", "Withdraw evidence", "裏付けを取り下げる", MOVE, said_fields, "take evidence back, and say why" },
	{ "statement.meeting_called", "call_meeting", "Call a meeting", "会合を招集する", OPENS_THREAD, "meeting", NO, called_fields, "propose a meeting, its time and agenda" },
	{ "statement.meeting_agreed", "agree_meeting", "Agree to the date", "日程に合意する", MOVE, remarks_fields, "agree to time, place and agenda" },
	{ "statement.meeting_date_asked", "ask_date", "Ask for another date", "別日程を求める", MOVE, moved_fields, "ask for another time, place or agenda" },
	{ "statement.meeting_moved", "move_meeting", "Move the meeting", "日程を変更する", MOVE, moved_fields, "propose another time, place or agenda" },
	{ "statement.meeting_held", "hold", "Record the outcomes", "結果を記録する", MOVE, held_fields, "say what came of each item" },
	{ "statement.minutes_agreed", "agree_minutes", "Agree to the minutes", "議事録に合意する", MOVE, remarks_fields, "agree that this came of the meeting" },
	{ "statement.minutes_contested", "contest_minutes", "Contest the minutes", "議事録に異議を申し立てる", MOVE, said_fields, "say what is wrong with them" },
	{ "statement.minutes_restated", "restate_minutes", "State the minutes anew", "議事録を改める", MOVE, held_fields, "say anew what came of each item" },
	{ "statement.meeting_cancelled", "cancel_meeting", "Cancel the meeting", "会合を中止する", MOVE, said_fields, "say that it will not take place, and why" },
	{ "statement.action_set", "set_action", "Set an action", "実施事項を定める", OPEN_PART("action"), action_fields, "write down who does what by when" },
	{ "statement.action_done", "report_action", "Report it done", "完了を報告する", MOVE, remarks_fields, "say that it is done" },
	{ "statement.action_accepted", "accept_action", "Accept the report", "報告を認める", MOVE, remarks_fields, "take the owner's word for it" },
	{ "statement.action_reopened", "reopen_action", "Reopen", "差し戻す", MOVE, said_fields, "say what is missing" },
	{ "statement.action_dropped", "drop_action", "Report it dropped", "取止めを報告する", MOVE, said_fields, "say that it will not be done, and why" },
	{ "statement.context_stated", "state_context", "State a matter of context", "背景事情を記載する", OPENS_THREAD, "context", NO, context_fields,
	  "write down what lies behind the pledges and is none itself" },
	{ "statement.context_withdrawn", "withdraw_context", "Withdraw a matter of context", "背景事情を取り下げる", MOVE, said_fields, "take it back, and say why" },
	{ "statement.noted", "note", "Note", "注記する", OPENS_NOTHING, NULL, YES, said_fields, "write a note" },
	{ "statement.resolved", "resolve", "Resolve", "競合を解消する", MOVE, resolved_fields, "say which of one's own rival moves stands" },
	{ "statement.restated", "restate", "Restate", "再記録する", OPENS_EITHER, NULL, NO, restated_fields, "adopt the facts of a void entry" },
	{ 0 },
};

/* ---- moves -------------------------------------------------------------------------------------------------------- */

static const struct transition transitions[] = {
	{ "pledge", NULL, "statement.pledge_entered", "recorded", FIRST, "liaison", PEN_MOVE, T3 },
	{ "pledge", "recorded", "statement.pledge_confirmed", "confirmed", SECOND, "liaison", PEN_MOVE, T3 },
	{ "pledge", "recorded", "statement.pledge_contested", "contested", SECOND, "liaison", PEN_MOVE, T3 },
	{ "pledge", "contested", "statement.pledge_reworded", "recorded", FIRST, "liaison", PEN_MOVE, T3 },

	{ "view", NULL, "statement.view_stated", "not started", FIRST, "liaison", PEN_MOVE, T3 },
	{ "view", NULL, "statement.view_stated", "under way", FIRST, "liaison", PEN_MOVE, T3 },
	{ "view", NULL, "statement.view_stated", "done", FIRST, "liaison", PEN_MOVE, T3 },
	{ "view", NULL, "statement.view_stated", "stopped", FIRST, "liaison", PEN_MOVE, T3 },
	{ "view", "not started", "statement.view_changed", "under way", FIRST, "liaison", PEN_MOVE, T3 },
	{ "view", "not started", "statement.view_changed", "done", FIRST, "liaison", PEN_MOVE, T3 },
	{ "view", "not started", "statement.view_changed", "stopped", FIRST, "liaison", PEN_MOVE, T3 },
	{ "view", "under way", "statement.view_changed", "not started", FIRST, "liaison", PEN_MOVE, T3 },
	{ "view", "under way", "statement.view_changed", "done", FIRST, "liaison", PEN_MOVE, T3 },
	{ "view", "under way", "statement.view_changed", "stopped", FIRST, "liaison", PEN_MOVE, T3 },
	{ "view", "done", "statement.view_changed", "not started", FIRST, "liaison", PEN_MOVE, T3 },
	{ "view", "done", "statement.view_changed", "under way", FIRST, "liaison", PEN_MOVE, T3 },
	{ "view", "done", "statement.view_changed", "stopped", FIRST, "liaison", PEN_MOVE, T3 },
	{ "view", "stopped", "statement.view_changed", "not started", FIRST, "liaison", PEN_MOVE, T3 },
	{ "view", "stopped", "statement.view_changed", "under way", FIRST, "liaison", PEN_MOVE, T3 },
	{ "view", "stopped", "statement.view_changed", "done", FIRST, "liaison", PEN_MOVE, T3 },

	{ "evidence", NULL, "statement.evidence_linked", "linked", FIRST, "liaison", PEN_MOVE, T3 },
	{ "evidence", "linked", "statement.evidence_withdrawn", "withdrawn", FIRST, "liaison", PEN_MOVE, T3 },

	{ "meeting", NULL, "statement.meeting_called", "called", FIRST, "liaison", PEN_MOVE, T3 },
	{ "meeting", "called", "statement.meeting_agreed", "date agreed", SECOND, "liaison", PEN_MOVE, T3 },
	{ "meeting", "called", "statement.meeting_date_asked", "date asked", SECOND, "liaison", PEN_MOVE, T3 },
	{ "meeting", "called", "statement.meeting_cancelled", "cancelled", FIRST, "liaison", STANDS, T3 },
	{ "meeting", "date asked", "statement.meeting_moved", "called", FIRST, "liaison", PEN_MOVE, T3 },
	{ "meeting", "date asked", "statement.meeting_cancelled", "cancelled", FIRST, "liaison", PEN_MOVE, T3 },
	{ "meeting", "date agreed", "statement.meeting_moved", "called", FIRST, "liaison", PEN_MOVE, T3 },
	{ "meeting", "date agreed", "statement.meeting_held", "minutes offered", FIRST, "liaison", PEN_MOVE, T3 },
	{ "meeting", "date agreed", "statement.meeting_cancelled", "cancelled", FIRST, "liaison", PEN_MOVE, T3 },
	{ "meeting", "minutes offered", "statement.minutes_agreed", "minutes agreed", SECOND, "liaison", PEN_MOVE, T3 },
	{ "meeting", "minutes offered", "statement.minutes_contested", "minutes contested", SECOND, "liaison", PEN_MOVE, T3 },
	{ "meeting", "minutes contested", "statement.minutes_restated", "minutes offered", FIRST, "liaison", PEN_MOVE, T3 },

	{ "action", NULL, "statement.action_set", "to do", FIRST, "liaison", PEN_MOVE, T3 },
	{ "action", NULL, "statement.action_set", "to do", SECOND, "liaison", PEN_MOVE, T3 },
	{ "action", "to do", "statement.action_done", "reported done", FIRST, "liaison", PEN_MOVE, T3 },
	{ "action", "to do", "statement.action_dropped", "reported dropped", FIRST, "liaison", PEN_MOVE, T3 },
	{ "action", "reported done", "statement.action_accepted", "done", SECOND, "liaison", PEN_MOVE, T3 },
	{ "action", "reported done", "statement.action_reopened", "to do", SECOND, "liaison", PEN_MOVE, T3 },
	{ "action", "reported dropped", "statement.action_accepted", "dropped", SECOND, "liaison", PEN_MOVE, T3 },
	{ "action", "reported dropped", "statement.action_reopened", "to do", SECOND, "liaison", PEN_MOVE, T3 },

	{ "context", NULL, "statement.context_stated", "recorded", FIRST, "liaison", PEN_MOVE, T3 },
	{ "context", "recorded", "statement.context_withdrawn", "withdrawn", FIRST, "liaison", PEN_MOVE, T3 },
	{ 0 },
};

/* ---- rows (statement.sql) ------------------------------------------------------------------------------------------ */

static const struct column pledge_columns[] = {
	{ "id", COLUMN_BLOB }, { "number", COLUMN_TEXT }, { "state", COLUMN_TEXT }, { "pen", COLUMN_INT }, { "no", COLUMN_INT },
	{ "en", COLUMN_TEXT }, { "ja", COLUMN_TEXT }, { "carried_out_by", COLUMN_TEXT }, { "made_on", COLUMN_INT },
	{ "made_at", COLUMN_TEXT }, { "locator", COLUMN_TEXT }, { "sha256", COLUMN_BLOB }, { "first", COLUMN_INT },
	{ "second", COLUMN_INT }, { "evidence", COLUMN_INT }, { "differs", COLUMN_INT }, { 0 },
};
static const struct column view_columns[] = {
	{ "part", COLUMN_BLOB }, { "number", COLUMN_TEXT }, { "party", COLUMN_INT }, { "view", COLUMN_TEXT }, { "since", COLUMN_INT },
	{ "stated_ms", COLUMN_INT }, { 0 },
};
static const struct column evidence_columns[] = {
	{ "part", COLUMN_BLOB }, { "number", COLUMN_TEXT }, { "party", COLUMN_INT }, { "state", COLUMN_TEXT }, { "of_tally", COLUMN_BLOB },
	{ "mention", COLUMN_BLOB }, { "called", COLUMN_TEXT }, { "en", COLUMN_TEXT }, { "ja", COLUMN_TEXT }, { "rehearsal", COLUMN_INT },
	{ "attached", COLUMN_INT }, { "since_ms", COLUMN_INT }, { 0 },
};
static const struct column meeting_columns[] = {
	{ "id", COLUMN_BLOB }, { "number", COLUMN_TEXT }, { "state", COLUMN_TEXT }, { "pen", COLUMN_INT }, { "series", COLUMN_TEXT },
	{ "no", COLUMN_INT }, { "en", COLUMN_TEXT }, { "ja", COLUMN_TEXT }, { "starts_ms", COLUMN_INT }, { "ends_ms", COLUMN_INT },
	{ "place", COLUMN_TEXT }, { "version", COLUMN_INT }, { "first", COLUMN_INT }, { "second", COLUMN_INT }, { "since_ms", COLUMN_INT }, { 0 },
};
static const struct column item_columns[] = {
	{ "item", COLUMN_INT }, { "en", COLUMN_TEXT }, { "ja", COLUMN_TEXT }, { "outcome", COLUMN_TEXT }, { "outcome_en", COLUMN_TEXT },
	{ "outcome_ja", COLUMN_TEXT }, { "sent_to", COLUMN_TEXT }, { 0 },
};
static const struct column action_columns[] = {
	{ "part", COLUMN_BLOB }, { "number", COLUMN_TEXT }, { "state", COLUMN_TEXT }, { "pen", COLUMN_INT }, { "owner", COLUMN_INT },
	{ "owner_post", COLUMN_TEXT }, { "en", COLUMN_TEXT }, { "ja", COLUMN_TEXT }, { "due_on", COLUMN_INT }, { "since_ms", COLUMN_INT }, { 0 },
};

static const struct column context_columns[] = {
	{ "id", COLUMN_BLOB }, { "number", COLUMN_TEXT }, { "state", COLUMN_TEXT }, { "party", COLUMN_INT }, { "en", COLUMN_TEXT },
	{ "ja", COLUMN_TEXT }, { "carried_out_by", COLUMN_TEXT }, { "locator", COLUMN_TEXT }, { 0 },
};

const struct table statement_tables[] = {
	{ "statement_pledge", pledge_columns },
	{ "statement_view", view_columns },
	{ "statement_evidence", evidence_columns },
	{ "statement_meeting", meeting_columns },
	{ "statement_item", item_columns },
	{ "statement_action", action_columns },
	{ "statement_context", context_columns },
	{ 0 },
};

/* clang-format on */

enum statement_kind statement_kind_of(const struct kind *kind)
{
	bool ours = kind != NULL && kind >= statement_kinds && kind < statement_kinds + KINDS;

	return ours ? (enum statement_kind)(kind - statement_kinds) : KINDS;
}

const struct domain statement_domain = {
	.name = "statement",
	.rule_set = 1,
	.side_names = { "", "first", "second" },
	.part_types = part_types,
	.states = states,
	.kinds = statement_kinds,
	.transitions = transitions,
	.sides = statement_sides,
	.check = statement_check,
	.part_data = statement_part_data,
	.rows = statement_rows,
	.tables = statement_tables,
	.sql = asset_statement_sql_start,
	.commands = statement_commands,
	.pages = statement_pages,
	.choices = statement_choices,
	.offers = statement_offers,
	.idle = statement_idle,
};
