-- Rows of the statement domain: made from the fold, thrown away and made again at any time. Times milliseconds since 1970; days since
-- 1970; pen, party, first, second, owner: numbers of parties. A part with rival heads has no row until they are resolved.

CREATE TABLE statement_pledge (
	thread {int} NOT NULL PRIMARY KEY,
	id {id} NOT NULL,
	number {text} NOT NULL,
	state {text} NOT NULL,
	pen {int},
	no {int} NOT NULL,
	en {text},
	ja {text},
	carried_out_by {text},
	made_on {int},
	made_at {text},
	locator {text},
	sha256 {id},
	first {int} NOT NULL,
	second {int} NOT NULL,
	evidence {int} NOT NULL,
	differs {int} NOT NULL
);

CREATE TABLE statement_view (
	thread {int} NOT NULL,
	part {id} NOT NULL,
	number {text} NOT NULL,
	party {int} NOT NULL,
	view {text} NOT NULL,
	since {int},
	stated_ms {int} NOT NULL,
	PRIMARY KEY (thread, part)
);

CREATE TABLE statement_evidence (
	thread {int} NOT NULL,
	part {id} NOT NULL,
	number {text} NOT NULL,
	party {int} NOT NULL,
	state {text} NOT NULL,
	of_tally {id},
	mention {id},
	called {text},
	en {text},
	ja {text},
	rehearsal {int} NOT NULL,
	attached {int} NOT NULL,
	since_ms {int} NOT NULL,
	PRIMARY KEY (thread, part)
);
CREATE INDEX statement_evidence_mention ON statement_evidence (mention);

CREATE TABLE statement_meeting (
	thread {int} NOT NULL PRIMARY KEY,
	id {id} NOT NULL,
	number {text} NOT NULL,
	state {text} NOT NULL,
	pen {int},
	series {text} NOT NULL,
	no {int} NOT NULL,
	en {text},
	ja {text},
	starts_ms {int},
	ends_ms {int},
	place {text},
	version {int} NOT NULL,
	first {int} NOT NULL,
	second {int} NOT NULL,
	since_ms {int} NOT NULL
);

CREATE TABLE statement_item (
	thread {int} NOT NULL,
	item {int} NOT NULL,
	en {text},
	ja {text},
	outcome {text},
	outcome_en {text},
	outcome_ja {text},
	sent_to {text},
	PRIMARY KEY (thread, item)
);

CREATE TABLE statement_action (
	thread {int} NOT NULL,
	part {id} NOT NULL,
	number {text} NOT NULL,
	state {text} NOT NULL,
	pen {int},
	owner {int} NOT NULL,
	owner_post {text},
	en {text},
	ja {text},
	due_on {int} NOT NULL,
	since_ms {int} NOT NULL,
	PRIMARY KEY (thread, part)
);
CREATE INDEX statement_action_due ON statement_action (state, due_on);

CREATE TABLE statement_context (
	thread {int} NOT NULL PRIMARY KEY,
	id {id} NOT NULL,
	number {text} NOT NULL,
	state {text} NOT NULL,
	party {int} NOT NULL,
	en {text},
	ja {text},
	carried_out_by {text},
	locator {text}
);
