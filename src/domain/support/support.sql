-- Rows of the support domain: made from the fold, thrown away and made again at any time. Quantities are exact decimals as
-- text; amounts whole minor units; times milliseconds since 1970; days since 1970; pen: number of the party that makes the next
-- move, NULL when none. A part with more heads than one has its count in heads and NULL where its data would stand.

CREATE TABLE support_order (
	thread {int} NOT NULL PRIMARY KEY,
	id {id} NOT NULL,
	number {text} NOT NULL,
	state {text},
	pen {int},
	heads {int} NOT NULL,
	receiver {int} NOT NULL,
	supplier {int} NOT NULL,
	activity {text} NOT NULL,
	urgency {text} NOT NULL,
	reference {text},
	place {text},
	deliver_on {int},
	utc_offset_minutes {int},
	requested_ms {int} NOT NULL,
	since_ms {int},
	agreed {int} NOT NULL,
	orderer {text}
);
-- By these, and those of the lines, the threads of a text are found that has what is looked for on the board.
CREATE INDEX support_order_reference ON support_order (reference) WHERE reference IS NOT NULL;
CREATE INDEX support_order_place ON support_order (place) WHERE place IS NOT NULL;

-- What the board lists: one row for each order and each netting. one, other: its sides, receiver and supplier or debtor and creditor.
-- rank_low, rank_high: its place as the side sees it that is the party with the lower number, and the other: what waits for the side, then
-- what waits for somebody, then the rest, each by the time since when (since_low, since_high), those behind in which only closing is left.
-- states: which states its parts are in, a bit for each (support_state_bits). due_ms, due_on, due_offset: of the clocks that run in the
-- thread the one that ends first, that for settlement in full among them: from when it is overdue, its last day, and the minutes of the
-- offset that its days are of. deliver_on, due_ms: where there is none, behind all that there can be (BOARD_NO_DAY, BOARD_NEVER).
CREATE TABLE support_board (
	thread {int} NOT NULL PRIMARY KEY,
	number {text} NOT NULL,
	one {int} NOT NULL,
	other {int} NOT NULL,
	rank_low {int} NOT NULL,
	rank_high {int} NOT NULL,
	since_low {int} NOT NULL,
	since_high {int} NOT NULL,
	deliver_on {int} NOT NULL,
	states {int} NOT NULL,
	due_ms {int} NOT NULL,
	due_on {int},
	due_offset {int}
);
-- Each order in which the board can be read, with what a list is narrowed by: what is passed over is never looked up.
CREATE INDEX support_board_low ON support_board (rank_low, number, other, states);
CREATE INDEX support_board_high ON support_board (rank_high, number, other, states);
CREATE INDEX support_board_since_low ON support_board (since_low DESC, number, rank_low, other, states);
CREATE INDEX support_board_since_high ON support_board (since_high DESC, number, rank_high, other, states);
CREATE INDEX support_board_number ON support_board (number, rank_low, rank_high, other, states);
CREATE INDEX support_board_due ON support_board (due_ms, number, rank_low, rank_high, other, states);
CREATE INDEX support_board_day ON support_board (deliver_on, number, rank_low, rank_high, other, states);

-- Lines of the terms agreed, or, before that, of those on the table.
CREATE TABLE support_line (
	thread {int} NOT NULL,
	line {int} NOT NULL,
	category {text} NOT NULL,
	kind {text} NOT NULL,
	description_en {text},
	description_ja {text},
	quantity {text} NOT NULL,
	unit {text} NOT NULL,
	meter {text},
	price_minor {int},
	per {text} NOT NULL,
	ceiling_minor {int},
	value_minor {int},
	currency {text} NOT NULL,
	settlement {text} NOT NULL,
	nsn_or_fsc {text},
	return_by {int},
	PRIMARY KEY (thread, line)
);
CREATE INDEX support_line_en ON support_line (description_en, thread) WHERE description_en IS NOT NULL;
CREATE INDEX support_line_ja ON support_line (description_ja, thread) WHERE description_ja IS NOT NULL;
CREATE INDEX support_line_category ON support_line (category, thread);

-- Lines of an amendment that is offered and neither accepted nor refused.
CREATE TABLE support_offered_line (
	thread {int} NOT NULL,
	line {int} NOT NULL,
	category {text} NOT NULL,
	kind {text} NOT NULL,
	description_en {text},
	description_ja {text},
	quantity {text} NOT NULL,
	unit {text} NOT NULL,
	meter {text},
	price_minor {int},
	per {text} NOT NULL,
	ceiling_minor {int},
	value_minor {int},
	currency {text} NOT NULL,
	settlement {text} NOT NULL,
	nsn_or_fsc {text},
	return_by {int},
	PRIMARY KEY (thread, line)
);

-- What officers wrote in words, in the order of the moves.
CREATE TABLE support_remark (
	thread {int} NOT NULL,
	place {int} NOT NULL,
	number {text} NOT NULL,
	kind {text} NOT NULL,
	party {int} NOT NULL,
	stated_ms {int} NOT NULL,
	remark {text} NOT NULL,
	PRIMARY KEY (thread, place)
);

CREATE TABLE support_issue (
	thread {int} NOT NULL,
	part {id} NOT NULL,
	number {text} NOT NULL,
	state {text},
	pen {int},
	heads {int} NOT NULL,
	taken {int} NOT NULL,
	method {text},
	delivered_ms {int},
	place {text},
	voucher {text},
	since_ms {int},
	after_close {int} NOT NULL,
	PRIMARY KEY (thread, part)
);

-- claim: part of the claim, not withdrawn, in whose present lines it stands. overcharge_minor: what bound claims hold too much of it.
-- rest_minor: value of what is left to return or to claim. left_minor: what is left in exchange, of services settled in kind.
CREATE TABLE support_issue_line (
	thread {int} NOT NULL,
	part {id} NOT NULL,
	line {int} NOT NULL,
	unit {text} NOT NULL,
	issued {text},
	accepted {text},
	short_of {text} NOT NULL,
	damaged {text} NOT NULL,
	refused {text} NOT NULL,
	reason {text},
	chargeable {text},
	returned {text} NOT NULL,
	returning_now {text} NOT NULL,
	rest {text},
	currency {text} NOT NULL,
	rest_minor {int},
	claim {id},
	exchanged_minor {int} NOT NULL,
	linked_minor {int} NOT NULL,
	left_minor {int},
	overcharge_minor {int} NOT NULL,
	PRIMARY KEY (thread, part, line)
);

CREATE TABLE support_claim (
	thread {int} NOT NULL,
	part {id} NOT NULL,
	number {text} NOT NULL,
	state {text},
	pen {int},
	heads {int} NOT NULL,
	currency {text},
	total_minor {int},
	due_minor {int},
	paid_minor {int},
	open_minor {int},
	remitted_minor {int},
	remitted_on {int},
	invoice {text},
	claimed_ms {int} NOT NULL,
	since_ms {int},
	netting {id},
	refund {int} NOT NULL,
	unacknowledged {int} NOT NULL,
	PRIMARY KEY (thread, part)
);

-- issue: the issue's part, or the adjustment's. quantity is NULL where the line is no quantity of its own.
CREATE TABLE support_claim_line (
	thread {int} NOT NULL,
	part {id} NOT NULL,
	item {int} NOT NULL,
	issue {id} NOT NULL,
	line {int} NOT NULL,
	quantity {text},
	amount_minor {int} NOT NULL,
	credited_minor {int} NOT NULL,
	PRIMARY KEY (thread, part, item)
);

-- claim: part of the claim, not withdrawn, that carries it.
CREATE TABLE support_adjustment (
	thread {int} NOT NULL,
	part {id} NOT NULL,
	number {text} NOT NULL,
	state {text},
	pen {int},
	heads {int} NOT NULL,
	issue {id} NOT NULL,
	line {int} NOT NULL,
	quantity {text},
	amount_minor {int},
	difference_minor {int},
	currency {text},
	reason {text} NOT NULL,
	proposed_ms {int} NOT NULL,
	since_ms {int},
	claim {id},
	PRIMARY KEY (thread, part)
);

-- What was given in exchange under a reverse order. certified: the move that certified it, NULL while it waits for that.
CREATE TABLE support_exchange (
	thread {int} NOT NULL,
	part {id} NOT NULL,
	item {int} NOT NULL,
	line {int} NOT NULL,
	their_thread {id} NOT NULL,
	their_issue {id} NOT NULL,
	their_line {int} NOT NULL,
	currency {text} NOT NULL,
	value_minor {int} NOT NULL,
	applied_minor {int} NOT NULL,
	certified {id},
	PRIMARY KEY (thread, part, item)
);
CREATE INDEX support_exchange_issue ON support_exchange (their_issue);

-- agreed: the move by which the present list was agreed, NULL while none is; total_minor is that of the agreed list, else of the one on the table.
CREATE TABLE support_netting (
	thread {int} NOT NULL PRIMARY KEY,
	id {id} NOT NULL,
	number {text} NOT NULL,
	state {text},
	pen {int},
	heads {int} NOT NULL,
	debtor {int} NOT NULL,
	creditor {int} NOT NULL,
	currency {text},
	total_minor {int},
	paid_minor {int},
	remitted_minor {int},
	remitted_on {int},
	agreed {id},
	proposed_ms {int} NOT NULL,
	since_ms {int}
);

-- agreed: 1 of the agreed list, 0 of the list on the table.
CREATE TABLE support_netting_claim (
	thread {int} NOT NULL,
	agreed {int} NOT NULL,
	item {int} NOT NULL,
	claim_thread {id} NOT NULL,
	claim {id} NOT NULL,
	owed_by {int},
	currency {text} NOT NULL,
	amount_minor {int} NOT NULL,
	rate {text},
	source {text},
	rate_on {int},
	value_minor {int} NOT NULL,
	PRIMARY KEY (thread, agreed, item)
);
CREATE INDEX support_netting_claim_claim ON support_netting_claim (claim);

-- The moves by which a list was agreed: what a claim that is set off names.
CREATE TABLE support_netting_agreed (
	thread {int} NOT NULL,
	entry {id} NOT NULL,
	PRIMARY KEY (thread, entry)
);
CREATE INDEX support_netting_agreed_entry ON support_netting_agreed (entry);

-- Exchange rates of the terms agreed.
CREATE TABLE support_rate (
	thread {int} NOT NULL,
	item {int} NOT NULL,
	from_currency {text} NOT NULL,
	to_currency {text} NOT NULL,
	rate {text} NOT NULL,
	source {text} NOT NULL,
	rate_on {int} NOT NULL,
	PRIMARY KEY (thread, item)
);

-- Every text that is looked into by the board, once, however many threads have it, and its pairs of signs. What no thread has any more stays,
-- and leads to none.
CREATE TABLE support_text (
	id {int} PRIMARY KEY,
	text {text} NOT NULL UNIQUE
);
CREATE VIRTUAL TABLE support_gram USING fts5 (grams, content='', detail=none, columnsize=0, tokenize=ascii);
