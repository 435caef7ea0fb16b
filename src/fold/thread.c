/* One thread into memory: its entries, what they name, and the order in which they can be judged. Then judge.c, rivals.c. */
#include "base/cbor.h"
#include "fold/folding.h"
#include <string.h>

struct move *folding_find(const struct folding *folding, const struct id *id)
{
	int64_t at;

	return index_find(&folding->by_id, id, &at) ? folding->all[at] : NULL;
}

static struct move *add_move(
    struct folding *folding, const struct id *id, const struct body *body, struct ring_log *log, uint64_t seq)
{
	struct arena *arena = folding->fold.arena;
	struct move *move = arena_take(arena, sizeof *move);
	struct kernel_move *own = arena_take(arena, sizeof *own);

	if (folding->all_count == folding->all_capacity) {
		unsigned wider = folding->all_capacity ? folding->all_capacity * 2 : 16;
		folding->all = arena_grow(arena, folding->all, folding->all_capacity, wider, sizeof *folding->all);
		folding->all_capacity = wider;
	}
	if (!move || !own || !folding->all || !index_put(&folding->by_id, id, folding->all_count)) {
		folding->out_of_memory = true;
		return NULL;
	}
	folding->all[folding->all_count++] = move;
	*own = (struct kernel_move){ .log = log, .seq = seq, .own = *body };
	*move = (struct move){ .id = *id, .body = *body, .signer = log->signer, .kernel = own };
	return move;
}

static bool beyond(const struct vector *ceiling, int64_t log, uint64_t seq)
{
	if (!ceiling)
		return false;
	for (unsigned i = 0; i < ceiling->count; i++)
		if (ceiling->items[i].log == log)
			return seq > ceiling->items[i].seq;
	return true;
}

/* Is the thread looked at as of a time before this entry was stated? */
static bool stated_later(const struct keyring *ring, const struct body *body)
{
	return ring->until_ms != 0 && body->stated_ms >= ring->until_ms;
}

static enum status load_entry(void *context, const struct entry_row *row, struct err *err)
{
	struct folding *folding = context;
	struct ring_log *log = keyring_log(folding->ring, row->log);
	struct body body;

	if (!log || beyond(folding->ceiling, row->log, row->seq))
		return OK;
	const char *reason = body_read(arena_copy(folding->fold.arena, row->body), &body);
	if (reason)
		return err_set(err, ENVIRONMENT, "store: entry %lld is damaged (%s); run warifu doctor",
		    (long long)row->row, reason);
	if (stated_later(folding->ring, &body)) {
		folding->left_out = true;
		return OK;
	}
	struct move *move = add_move(folding, &row->id, &body, log, row->seq);
	if (!move)
		return err_set(err, ENVIRONMENT, "thread: out of memory");
	kernel_of(move)->row = row->row;
	kernel_of(move)->stored_verdict = (enum verdict)row->verdict;
	memcpy(kernel_of(move)->stored_rule, row->rule, sizeof row->rule);
	return OK;
}

static enum status add_candidate(struct folding *folding, struct err *err)
{
	const struct candidate *candidate = folding->candidate;
	struct ring_log *log = NULL;
	struct id id = entry_id(&candidate->place, candidate->body.bytes);

	for (unsigned i = 0; i < folding->ring->log_count; i++)
		if (id_equal(&folding->ring->logs[i].row.key, &candidate->place.key) &&
		    (candidate->place.seq == 1 ||
			id_equal(&folding->ring->logs[i].row.head_id, &candidate->place.prev)))
			log = &folding->ring->logs[i];
	if (!log)
		return err_set(err, REFUSED, "key: not known in this tally, or its log has gone on; try again");
	folding->candidate_move = add_move(folding, &id, &candidate->body, log, candidate->place.seq);
	if (!folding->candidate_move)
		return err_set(err, ENVIRONMENT, "thread: out of memory");
	kernel_of(folding->candidate_move)->row = CANDIDATE_ROW;
	return OK;
}

static bool kind_ends(struct bytes kind, const char *word)
{
	size_t length = strlen(word);

	return kind.len > length && kind.data[kind.len - length - 1] == '.' &&
	    memcmp(kind.data + kind.len - length, word, length) == 0;
}

/* A copy of an entry of another thread that a `restated` names, with the verdict that it has there: NULL when it is not here. */
static enum status copy_named(struct folding *folding, const struct id *named, struct move **out, struct err *err)
{
	const struct keyring *ring = folding->ring;
	struct entry_row row;
	struct body body;
	int64_t then;
	enum status status = store_entry_find(ring->store, ring->tally, named, folding->fold.arena, &row, err);

	*out = NULL;
	if (status != OK || beyond(folding->ceiling, row.log, row.seq))
		return status == NOT_FOUND ? OK : status;
	struct ring_log *log = keyring_log(ring, row.log);
	if (!log || body_read(row.body, &body))
		return err_set(err, ENVIRONMENT, "store: entry %lld is damaged", (long long)row.row);
	if (stated_later(ring, &body))
		return OK;
	struct move *copy = arena_take(folding->fold.arena, sizeof *copy);
	struct kernel_move *own = arena_take(folding->fold.arena, sizeof *own);
	if (!copy || !own)
		return err_set(err, ENVIRONMENT, "thread: out of memory");
	*own = (struct kernel_move){ .log = log,
		.seq = row.seq,
		.own = body,
		.row = row.row,
		.restated = kind_ends(body.kind, "restated"),
		.resolved = kind_ends(body.kind, "resolved") };
	*copy = (struct move){
		.id = row.id, .body = body, .signer = log->signer, .kernel = own, .verdict = (enum verdict)row.verdict
	};
	if (ring->verdicts && index_find(ring->verdicts, &row.id, &then))
		copy->verdict = (enum verdict)then;
	*out = copy;
	return OK;
}

/* Kind, and for a `restated` the body of the entry that it names: kind, own fields and attachments come from there. */
static enum status find_restated(struct folding *folding, struct move *move, struct err *err)
{
	struct kernel_move *own = kernel_of(move);
	struct id named;

	own->restated = true;
	if (!record_id(&move->body, RESTATED_ENTRY, &named))
		return OK; /* F1 */
	own->restates = folding_find(folding, &named);
	if (!own->restates) {
		enum status status = copy_named(folding, &named, &own->restates, err);
		if (status != OK)
			return status;
	}
	if (own->restates && kernel_kind(kernel_of(own->restates)->own.kind))
		own->restates = NULL; /* K16 */
	if (!own->restates)
		return OK; /* it is in refs, so the move waits for it when it is not here */
	const struct body *body = &kernel_of(own->restates)->own;
	move->body.kind = body->kind;
	move->body.fields = body->fields;
	move->body.field_count = body->field_count;
	move->body.attachments = body->attachments;
	return OK;
}

static enum status find_kind(struct folding *folding, struct move *move, struct err *err)
{
	struct kernel_move *own = kernel_of(move);

	own->resolved = kind_ends(move->body.kind, "resolved");
	if (kind_ends(move->body.kind, "restated")) {
		enum status status = find_restated(folding, move, err);
		if (status != OK)
			return status;
	}
	const struct domain *domain = domain_find(move->body.kind);
	move->kind = domain ? domain_kind(domain, move->body.kind) : NULL;
	own->opens = !own->own.part && !(move->kind && move->kind->note);
	return OK;
}

static bool follow(struct folding *folding, struct follower **list, struct move *move)
{
	struct follower *follower = arena_take(folding->fold.arena, sizeof *follower);

	if (!follower)
		return false;
	*follower = (struct follower){ move, *list };
	*list = follower;
	return true;
}

static struct id id_of(struct bytes bytes)
{
	struct id id;

	memcpy(id.data, bytes.data, ID_BYTES);
	return id;
}

static bool link_names(struct folding *folding, struct move *move)
{
	struct body *body = &kernel_of(move)->own;

	move->answers = arena_take_array(folding->fold.arena, body->answer_count + 1, sizeof *move->answers);
	move->refs = arena_take_array(folding->fold.arena, body->ref_count + 1, sizeof *move->refs);
	if (!move->answers || !move->refs)
		return false;
	for (unsigned i = 0; i < body->answer_count; i++) {
		struct id id = id_of(body_answer(body, i));
		move->answers[i] = folding_find(folding, &id);
		if (move->answers[i] && !follow(folding, &kernel_of(move->answers[i])->followers, move))
			return false;
	}
	for (unsigned i = 0; i < body->ref_count; i++) {
		struct id id = id_of(body_ref(body, i));
		move->refs[i] = folding_find(folding, &id);
		if (move->refs[i] && !follow(folding, &kernel_of(move->refs[i])->namers, move))
			return false;
	}
	return true;
}

/* Is a name that is not in this thread here at all, and does it wait? Only entries that name across threads ask the store. */
static enum status look_elsewhere(struct folding *folding, struct move *move, struct bytes named, struct err *err)
{
	struct kernel_move *own = kernel_of(move);
	struct id id = id_of(named);
	struct entry_row row;
	struct body body;
	int64_t entry, log;
	uint64_t seq;

	if (folding_find(folding, &id))
		return OK;
	enum status status =
	    store_entry_locate(folding->ring->store, folding->ring->tally, &id, &entry, &log, &seq, err);
	if (status == NOT_FOUND || (status == OK && beyond(folding->ceiling, log, seq))) {
		own->has_missing = true;
		return OK;
	}
	bool as_of = folding->ring->until_ms != 0;
	if (status != OK)
		return status;
	status = store_entry_get(folding->ring->store, entry, as_of ? folding->fold.arena : NULL, &row, err);
	own->elsewhere_waits |= status == OK && row.verdict == VERDICT_WAITING;
	own->has_missing |= as_of && status == OK && !body_read(row.body, &body) && stated_later(folding->ring, &body);
	return status;
}

static enum status look_for_names(struct folding *folding, struct move *move, struct err *err)
{
	struct body *body = &kernel_of(move)->own;
	enum status status = OK;

	for (unsigned i = 0; i < body->answer_count && status == OK; i++)
		if (!move->answers[i])
			status = look_elsewhere(folding, move, body_answer(body, i), err);
	for (unsigned i = 0; i < body->ref_count && status == OK; i++)
		if (!move->refs[i])
			status = look_elsewhere(folding, move, body_ref(body, i), err);
	if (status == OK && body->thread && !folding->fold.opening)
		status = look_elsewhere(folding, move, bytes_of(body->thread, ID_BYTES), err);
	if (status == OK && body->part && !kernel_of(move)->opener)
		status = look_elsewhere(folding, move, bytes_of(body->part, ID_BYTES), err);
	if (status == OK && body->seen)
		status = look_elsewhere(folding, move, bytes_of(body->seen, ID_BYTES), err);
	return status;
}

/* Number of a part type in its domain; PART_TYPES when there is none. */
static unsigned type_number(const struct move *move)
{
	const struct domain *domain = domain_find(move->body.kind);
	unsigned number = 0;

	if (!domain || !move->kind || !move->kind->part_type)
		return PART_TYPES;
	while (number < PART_TYPES && domain->part_types[number].name &&
	    strcmp(domain->part_types[number].name, move->kind->part_type) != 0)
		number++;
	return number;
}

static bool begins(const struct move *move)
{
	const struct kernel_move *own = kernel_of(move);
	enum opens wanted = own->own.thread ? OPENS_PART : OPENS_THREAD;

	return own->opens && move->body.answer_count == 0 && move->kind &&
	    (move->kind->opens == wanted || move->kind->opens == OPENS_EITHER) &&
	    (!own->restated || restates_well(move));
}

/* Counts of format rule K12 and the ordinals of numbers: the desk's own log, void entries too. */
static void count_in_log(struct move *move, struct move *before)
{
	struct kernel_move *own = kernel_of(move);
	unsigned type = own->begins && own->own.thread ? type_number(move) : PART_TYPES;

	own->before = before;
	if (before) {
		own->parts_opened = kernel_of(before)->parts_opened;
		own->notes_made = kernel_of(before)->notes_made;
		memcpy(own->of_type, kernel_of(before)->of_type, sizeof own->of_type);
	}
	own->parts_opened += own->begins;
	own->notes_made += move->kind && move->kind->note;
	if (type < PART_TYPES)
		own->type_ordinal = ++own->of_type[type];
}

/* The move before this one in its log; where a branch begins, in the log that it left, and in the one that that left. last: by number of
 * the log in the ring. */
static struct move *move_before(const struct folding *folding, struct move *const *last, unsigned at)
{
	const struct ring_log *log = kernel_of(folding->all[at])->log;
	struct move *before = last[log - folding->ring->logs];

	for (uint64_t below = UINT64_MAX; !before && log && log->row.parent;) {
		below = log->row.first_seq < below ? log->row.first_seq : below;
		log = keyring_log(folding->ring, log->row.parent);
		for (unsigned i = 0; log && i < folding->all_count; i++) {
			const struct kernel_move *other = kernel_of(folding->all[i]);
			if (other->log == log && other->seq < below)
				before = folding->all[i];
		}
	}
	return before;
}

#define NEAR_MOST (1u << 22) /* positions of one thread: 32 MiB */

static void near_raise(const struct folding *folding, uint64_t *near, const struct move *named)
{
	const struct kernel_move *own = named ? kernel_of(named) : NULL;
	uint64_t *at = own ? &near[own->log - folding->ring->logs] : NULL;

	if (own && *at < own->seq)
		*at = own->seq;
	for (unsigned i = 0; own && own->near && i < folding->ring->log_count; i++)
		if (near[i] < own->near[i])
			near[i] = own->near[i];
}

/* A part of the past that costs no look into the store: moves of this thread that this one names, and what they name. In storing
 * order, so that what is named was mostly here before; where it came later less is known, and reach_of() is asked. */
static bool near_make(struct folding *folding, struct move *move)
{
	struct kernel_move *own = kernel_of(move);
	unsigned count = folding->ring->log_count;

	if ((uint64_t)folding->all_count * count > NEAR_MOST)
		return true;
	uint64_t *near = arena_take_array(folding->fold.arena, count, sizeof *near);
	if (!near)
		return false;
	near[own->log - folding->ring->logs] = own->seq;
	near_raise(folding, near, own->before);
	near_raise(folding, near, own->own.thread ? folding->fold.opening : NULL);
	near_raise(folding, near, own->opener);
	for (unsigned i = 0; i < own->own.answer_count; i++)
		near_raise(folding, near, move->answers[i]);
	for (unsigned i = 0; i < own->own.ref_count; i++)
		near_raise(folding, near, move->refs[i]);
	own->near = near;
	return true;
}

static enum status prepare_move(struct folding *folding, struct move *move, struct move *before, struct err *err)
{
	if (!link_names(folding, move))
		return err_set(err, ENVIRONMENT, "thread: out of memory");
	if (kernel_of(move)->own.part) {
		struct id part = id_of(bytes_of(kernel_of(move)->own.part, ID_BYTES));
		kernel_of(move)->opener = folding_find(folding, &part);
	}
	count_in_log(move, before);
	if (!near_make(folding, move))
		return err_set(err, ENVIRONMENT, "thread: out of memory");
	return look_for_names(folding, move, err);
}

static enum status prepare(struct folding *folding, struct err *err)
{
	struct move **last = arena_take_array(folding->fold.arena, folding->ring->log_count + 1, sizeof(struct move *));
	enum status status = OK;

	if (!last)
		return err_set(err, ENVIRONMENT, "thread: out of memory");
	for (unsigned i = 0; i < folding->all_count && status == OK; i++)
		status = find_kind(folding, folding->all[i], err);
	for (unsigned i = 0; i < folding->all_count && status == OK; i++)
		kernel_of(folding->all[i])->begins = begins(folding->all[i]);
	folding->fold.opening = folding_find(folding, &folding->fold.thread);
	if (folding->fold.opening)
		folding->domain = domain_find(folding->fold.opening->body.kind);
	for (unsigned i = 0; i < folding->all_count && status == OK; i++) {
		struct move *move = folding->all[i];
		status = prepare_move(folding, move, move_before(folding, last, i), err);
		last[kernel_of(move)->log - folding->ring->logs] = move;
	}
	return status;
}

static void read_rule_set(struct folding *folding)
{
	const struct move *opening = folding->fold.opening;

	if (!opening || !opening->kind)
		return;
	folding->rule_set = 1;
	const struct field *field = field_find(opening->kind->fields, "rule_set");
	if (field)
		record_int(&opening->body, field->key, &folding->rule_set);
}

enum status folding_run(struct keyring *ring, const struct id *thread, const struct vector *ceiling,
    const struct candidate *candidate, struct arena *arena, struct folding **out, struct err *err)
{
	struct folding *folding = arena_take(arena, sizeof *folding);
	struct thread_row row;

	if (!folding)
		return err_set(err, ENVIRONMENT, "thread: out of memory");
	*folding = (struct folding){ .ring = ring, .candidate = candidate, .ceiling = ceiling };
	folding->fold = (struct fold){ .arena = arena, .tally = &ring->view, .thread = *thread, .kernel = folding };
	if (!index_init(&folding->by_id, arena, 16))
		return err_set(err, ENVIRONMENT, "thread: out of memory");
	enum status status = store_thread_find(ring->store, ring->tally, thread, &row, err);
	if (status == OK) {
		folding->thread_row = row.row;
		status = store_thread_entries(ring->store, row.row, arena, load_entry, folding, err);
	}
	if (status == NOT_FOUND)
		status = OK;
	if (status == OK && candidate)
		status = add_candidate(folding, err);
	if (status == OK)
		status = prepare(folding, err);
	read_rule_set(folding);
	if (status == OK)
		status = judge_all(folding, err);
	if (status == OK)
		status = rivals_settle(folding, err);
	*out = folding;
	return status;
}

static void reach_name(struct folding *folding, uint64_t *reach, struct id id)
{
	const struct past *past = &folding->ring->past;
	int64_t entry, log;
	uint64_t seq;

	if (store_entry_locate(folding->ring->store, folding->ring->tally, &id, &entry, &log, &seq, NULL) != OK)
		return;
	unsigned at = past_log(past, log);
	if (at < past->count && reach[at] < seq)
		reach[at] = seq;
}

/* The past of an entry that is not stored yet: its log so far, its grant, all it names. */
static void reach_candidate(struct folding *folding, uint64_t *reach)
{
	const struct past *past = &folding->ring->past;
	struct kernel_move *own = kernel_of(folding->candidate_move);
	struct body *body = &own->own;
	const uint8_t *pointers[] = { body->seen, body->thread, body->part };
	unsigned at = past_log(past, own->log->row.row);

	if (at < past->count)
		reach[at] = own->seq - 1;
	for (unsigned i = 0; i < body->answer_count; i++)
		reach_name(folding, reach, id_of(body_answer(body, i)));
	for (unsigned i = 0; i < body->ref_count; i++)
		reach_name(folding, reach, id_of(body_ref(body, i)));
	for (unsigned i = 0; i < 3; i++)
		if (pointers[i])
			reach_name(folding, reach, id_of(bytes_of(pointers[i], ID_BYTES)));
	at = own->log->grant ? past_log(past, own->log->grant->log_row) : past->count;
	if (at < past->count && reach[at] < own->log->grant->seq)
		reach[at] = own->log->grant->seq;
}

/* A move mostly asks for its own past, many times on end: the last few hundred are kept. */
static bool reach_take(struct folding *folding, struct kernel_move *own)
{
	unsigned slot = folding->reach_next++ % REACHES_KEPT, count = folding->ring->past.count + 1;
	uint64_t *reach = folding->reaches[slot] ? folding->reaches[slot]->reach : NULL;

	if (reach) {
		folding->reaches[slot]->reach = NULL;
		memset(reach, 0, count * sizeof *reach);
	} else {
		reach = arena_take_array(folding->fold.arena, count, sizeof *reach);
	}
	folding->reaches[slot] = reach ? own : NULL;
	own->reach = reach;
	return reach != NULL;
}

/* Valid until the next call for another move. */
static const uint64_t *reach_of(struct folding *folding, const struct move *move)
{
	const struct past *past = &folding->ring->past;
	struct kernel_move *own = kernel_of(move);

	if (own->reach)
		return own->reach;
	unsigned at = past_log(past, own->log->row.row);
	if (!reach_take(folding, own)) {
		folding->out_of_memory = true;
		return NULL;
	}
	if (move == folding->candidate_move)
		reach_candidate(folding, own->reach);
	else if (at < past->count)
		own->reach[at] = own->seq;
	if (past_close(past, own->reach, NULL) != OK)
		folding->out_of_memory = true;
	return own->reach;
}

/* A profile other than the opening's is there for a thread whose opening has in its past the word of every root for it. */
struct bytes fold_profile(const struct fold *fold, struct bytes profile_hash)
{
	struct folding *folding = fold->kernel;
	struct id hash;

	if (profile_hash.len != ID_BYTES || !fold->opening)
		return bytes_of(NULL, 0);
	memcpy(hash.data, profile_hash.data, ID_BYTES);
	if (id_equal(&hash, &folding->ring->profile_hash))
		return folding->ring->profile;
	if (!keyring_is_amended(folding->ring, &hash))
		return bytes_of(NULL, 0);
	const uint64_t *reach = reach_of(folding, fold->opening);
	return reach ? keyring_amended(folding->ring, &hash, reach) : bytes_of(NULL, 0);
}

static bool near_holds(const struct folding *folding, const struct kernel_move *own, const struct kernel_move *x)
{
	return own->near && own->near[x->log - folding->ring->logs] >= x->seq;
}

/* Of two moves of a thread one mostly names the other, itself or by others between; and what names a move is not in its past. */
bool fold_past_holds(const struct fold *fold, const struct move *move, const struct move *x)
{
	struct folding *folding = fold->kernel;
	const struct kernel_move *own = kernel_of(move), *other = kernel_of(x);

	if (x == move)
		return true;
	if (x == folding->candidate_move)
		return false;
	if (own->log == other->log)
		return other->seq <= own->seq;
	if (near_holds(folding, own, other))
		return true;
	if (near_holds(folding, other, own))
		return false;
	const uint64_t *reach = reach_of(folding, move);
	unsigned at = past_log(&folding->ring->past, other->log->row.row);
	return reach && at < folding->ring->past.count && reach[at] >= other->seq;
}
