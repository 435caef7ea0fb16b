-- Rows of the national domain: made from the fold, thrown away and made again at any time. Amounts are whole minor units; times
-- milliseconds since 1970; days since 1970; pen: number of the party while a move is due, NULL when the part has ended. shared, order_thread, issue, subject,
-- entry: mentions of a shared tally and of what is in it. A part with more heads than one has its count in heads and NULL where its state would stand.

CREATE TABLE national_draft (
	thread {int} NOT NULL PRIMARY KEY,
	number {text} NOT NULL,
	state {text},
	pen {int},
	heads {int} NOT NULL,
	move {text} NOT NULL,
	shared {id} NOT NULL,
	target {text},
	target_thread {id},
	target_part {id},
	title {text} NOT NULL,
	amount_minor {int},
	currency {text},
	fields {text} NOT NULL,
	writer {text} NOT NULL,
	checker {text},
	certifier {text},
	approver {text},
	reference {text},
	authority {text},
	approved_ms {int},
	entry {id},
	entry_number {text},
	since_ms {int}
);
CREATE INDEX national_draft_state ON national_draft (state);

CREATE TABLE national_notice (
	thread {int} NOT NULL PRIMARY KEY,
	number {text} NOT NULL,
	state {text},
	pen {int},
	heads {int} NOT NULL,
	shared {id} NOT NULL,
	order_thread {id} NOT NULL,
	issue {id} NOT NULL,
	issue_number {text} NOT NULL,
	order_number {text} NOT NULL,
	agreement {text} NOT NULL,
	debtor {text} NOT NULL,
	address {text} NOT NULL,
	amount_minor {int} NOT NULL,
	currency {text} NOT NULL,
	estimate {int} NOT NULL,
	delivered_on {int} NOT NULL,
	due_on {int} NOT NULL,
	ledger {text},
	ledger_on {int},
	demand {text},
	demand_due_on {int},
	paid_minor {int} NOT NULL,
	paid_on {int},
	sent_ms {int} NOT NULL,
	since_ms {int}
);
CREATE INDEX national_notice_issue ON national_notice (issue);

CREATE TABLE national_handover (
	thread {int} NOT NULL PRIMARY KEY,
	number {text} NOT NULL,
	state {text},
	pen {int},
	heads {int} NOT NULL,
	from_officer {text} NOT NULL,
	from_post {text} NOT NULL,
	to_officer {text} NOT NULL,
	to_post {text},
	remarks {text},
	written_ms {int} NOT NULL,
	taken_ms {int}
);

CREATE TABLE national_handover_item (
	thread {int} NOT NULL,
	item {int} NOT NULL,
	shared {id} NOT NULL,
	subject {id} NOT NULL,
	number {text} NOT NULL,
	state {text} NOT NULL,
	pen {text},
	since_ms {int} NOT NULL,
	last_contact_ms {int},
	clock {text},
	remarks {text},
	PRIMARY KEY (thread, item)
);

-- Who answers for a shared thread since a hand-over was taken over; of several rows the latest since_ms says it.
CREATE TABLE national_duty (
	thread {int} NOT NULL,
	shared {id} NOT NULL,
	subject {id} NOT NULL,
	officer {text} NOT NULL,
	since_ms {int} NOT NULL,
	PRIMARY KEY (thread, subject)
);
CREATE INDEX national_duty_subject ON national_duty (subject, since_ms);
