-- The tables of a home. Enduring: setting, tally, known_key, entry, attachment. Everything else can be made again from them.
-- Ids of 32 bytes are found by their first 8 bytes as a signed integer (id_prefix), then compared whole.

create table setting (
	name {text} not null primary key,
	value {blob} not null
);

create table tally (
	row {int} primary key,
	id_prefix {int} not null,
	id {id} not null,
	mode {text} not null,
	own_party {int} not null,
	kernel_touched {int} not null default 0  -- bits of enum kernel_touched: what the fold has not looked at yet
);
create unique index tally_id on tally (id);

-- Keys that the opening, a grant or a successor names, by form alone: whether the grant counts is the fold's to say.
-- A key may be named more than once; the first entry of its log says by its prev which naming it stands on.
create table known_key (
	row {int} primary key,
	tally {int} not null,
	public_key {id} not null,
	class {int} not null,        -- enum key_class
	entry {int} not null,        -- row of the naming entry; 0: the opening
	first_prev {id} not null,    -- prev of the first entry of its log
	party {int} not null
);
create unique index known_key_public_key on known_key (tally, public_key, first_prev);

create table log (
	row {int} primary key,
	tally {int} not null,
	public_key {id} not null,
	branch {id} not null,        -- 32 zero bytes for the log itself, else the id at the forked seq
	parent {int} not null,       -- log that this branch left; 0
	first_seq {int} not null,
	first_prev {id} not null,
	head_seq {int} not null,     -- invariant S2
	head_id {id} not null,
	party {int} not null,
	class {int} not null,
	naming_entry {int} not null, -- the grant or root.replaced; 0: the opening
	waiting {int} not null,      -- rows in missing of its entries
	limit_seq {int} not null,
	forked_seq {int} not null,
	stopped {text} not null
);
create unique index log_public_key on log (tally, public_key, branch);

create table entry (
	row {int} primary key,
	tally {int} not null,
	log {int} not null,
	seq {int} not null,
	thread {int} not null,       -- row in thread; 0: a kernel entry; -1: an acknowledgement
	id_prefix {int} not null,
	id {id} not null,
	body {blob} not null,
	signature {blob} not null,
	verdict {int} not null,      -- 0 valid, 1 void, 2 waiting, 3 overtaken, 4 unknown kind
	rule {text},
	stored_ms {int} not null
);
create index entry_id_prefix on entry (id_prefix);
create unique index entry_log_seq on entry (log, seq);
create index entry_thread on entry (thread, row) where thread > 0;
create index entry_kernel on entry (tally, row) where thread = 0;

-- What each log knows of each other: log_a, from its entry seq_a on, has log_b up to seq_b in its past (link.h).
create table link (
	log_a {int} not null,
	log_b {int} not null,
	seq_a {int} not null,
	seq_b {int} not null,
	primary key (log_a, log_b, seq_a)
) {clustered};

-- Entries of a log that open threads, counted: the last part of a number (format 9).
create table opened (
	log {int} not null,
	seq {int} not null,
	ordinal {int} not null,
	primary key (log, seq)
) {clustered};

create table thread (
	row {int} primary key,
	tally {int} not null,
	id_prefix {int} not null,
	id {id} not null,
	domain {text} not null,      -- of the opening; '' while the opening is missing
	number {text},
	leaf {id},                   -- null until folded
	touched {int} not null
);
create index thread_id_prefix on thread (tally, id_prefix);
create index thread_touched on thread (row) where touched <> 0;
create index thread_number on thread (number) where number is not null;

-- What an entry names and is not here (invariant S3).
create table missing (
	row {int} primary key,
	target_prefix {int} not null,
	target {id} not null,
	tally {int} not null,
	entry {int} not null,        -- the one that waits
	log {int} not null,          -- of that one
	thread {int} not null        -- of that one, as in entry
);
create index missing_target on missing (target_prefix);
create index missing_entry on missing (entry);

-- Names from one thread to an entry of another. 0 is the kernel's thread.
create table crossing (
	target_thread {int} not null,
	source_thread {int} not null,
	target {int} not null,
	primary key (target_thread, source_thread, target)
) {clustered};

create table bucket (
	tally {int} not null,
	bucket {int} not null,
	hash {id} not null,
	stale {int} not null,
	primary key (tally, bucket)
);

create table attachment (
	hash {id} not null,
	tally {int} not null,        -- 0: put here, not yet announced
	size {int} not null,         -- as announced
	media {text} not null,
	entry {int} not null,        -- the first that announces it
	here {int} not null,         -- 1: its file is on this disk
	erased {int} not null,
	primary key (hash, tally)
);
create index attachment_awaited on attachment (tally) where here = 0 and erased = 0;

-- SQL text of each domain's tables as they stand here, to know when they must be made anew.
create table domain_schema (
	name {text} not null primary key,
	sql {text} not null
);
