/* What does the other hold of each of our logs? Mostly its vector says it. Where the two disagree about an id, somebody has written two
 * different entries at one place: then the last common entry is looked for, and each side sends the other what comes after it
 * (docs/sync.md 5).
 *
 *  F1 a log is sent only when it is known from where: the seq up to which the other holds this very chain;
 *  F2 a question names at most QUESTIONS places and narrows the search at least by half, so that it ends. */
#include "base/limits.h"
#include "sync/session.h"
#include <string.h>

#define QUESTIONS 64

struct question {
	uint64_t seq;
	uint8_t head[HASH16];
};

bool key_is_here(const struct sync *sync, const struct id *key)
{
	return id_equal(key, &sync->home_key) || keyfile_exists(sync->store->path, key);
}

/* ---- chains --------------------------------------------------------------------------------------------------------- */

/* Id at a seq of a log's chain: its own entries, and those of the log that it left, below. */
static enum status chain_id(struct sync *sync, int64_t row, uint64_t seq, struct id *out, struct err *err)
{
	struct log_row log;
	struct entry_row entry;
	enum status status = store_log_get(sync->store, row, &log, err);

	for (unsigned i = 0; status == OK && seq < log.first_seq && log.parent != 0 && i < LIMIT_BRANCHES; i++) {
		status = store_log_get(sync->store, log.parent, &log, err);
	}
	if (status == OK) {
		status = store_entry_at(sync->store, log.row, seq, NULL, &entry, err);
	}
	if (status == OK) {
		*out = entry.id;
	}
	return status;
}

/* Is the entry at this seq of our chain the one that the other means? NOT_FOUND: we have none there. */
static enum status chain_fits(
    struct sync *sync, int64_t row, uint64_t seq, const uint8_t head[HASH16], bool *fits, struct err *err)
{
	struct id id;
	enum status status = chain_id(sync, row, seq, &id, err);

	*fits = status == OK && memcmp(id.data, head, HASH16) == 0;
	return status;
}

/* What the vector of the other says of one of our logs, without asking. *known false: it does not. */
static enum status held_by_vector(struct sync *sync, const struct send_log *log, const struct id *branch,
    uint64_t *held, bool *known, struct err *err)
{
	const struct position *same = positions_find(&sync->theirs, &log->key, branch);
	unsigned count = 0;
	const struct position *items = positions_of_key(&sync->theirs, &log->key, &count);
	enum status status = OK;
	bool fits;

	*held = 0;
	*known = true;
	if (same != NULL && same->seq > log->last) {
		*held = log->last; /* the other is ahead: if its log is another one, it will see that */
		return OK;
	}
	if (same != NULL) {
		status = chain_fits(sync, log->row, same->seq, same->head, &fits, err);
		*held = same->seq;
		*known = status == OK && fits;
		return status == NOT_FOUND ? OK : status;
	}
	/* named otherwise there: an entry of our chain may be a head of theirs */
	*known = items == NULL;
	if (items == NULL) {
		return OK;
	}
	for (unsigned i = 0; status == OK && i < count; i++) {
		if (items[i].seq > log->last) {
			continue;
		}
		status = chain_fits(sync, log->row, items[i].seq, items[i].head, &fits, err);
		if (status == OK && fits && items[i].seq > *held) {
			*held = items[i].seq;
			*known = true;
		}
		status = status == NOT_FOUND ? OK : status;
	}
	return status;
}

/* ---- asking --------------------------------------------------------------------------------------------------------- */

static void name_put(struct buf *out, const struct id *key, const struct id *branch)
{
	bool has_branch = !id_is_zero(branch);

	buf_put_bytes(out, id_bytes(key));
	buf_put_byte(out, has_branch);
	if (has_branch) {
		buf_put_bytes(out, id_bytes(branch));
	}
}

static bool id_take(struct bytes *in, struct id *out)
{
	if (in->len < ID_BYTES) {
		return false;
	}
	memcpy(out->data, in->data, ID_BYTES);
	*in = bytes_of(in->data + ID_BYTES, in->len - ID_BYTES);
	return true;
}

static bool name_take(struct bytes *in, struct id *key, struct id *branch)
{
	*branch = (struct id){ { 0 } };
	if (!id_take(in, key) || in->len == 0 || in->data[0] > 1) {
		return false;
	}
	bool has_branch = in->data[0] == 1;
	*in = bytes_of(in->data + 1, in->len - 1);
	return !has_branch || id_take(in, branch);
}

/* Places between low and high, closer to high: a fork is mostly young. */
static unsigned questions_choose(const struct send_log *log, uint64_t seqs[QUESTIONS])
{
	uint64_t span = log->probe_high - log->probe_low - 1, step = 1, seq = log->probe_high;
	unsigned count = 0;

	while (count < QUESTIONS - 1 && seq > log->probe_low + 1) {
		seq = seq - log->probe_low > step ? seq - step : log->probe_low + 1;
		seqs[count++] = seq;
		step = span < QUESTIONS ? 1 : step * 2;
	}
	return count;
}

static enum status probe_write(struct sync *sync, struct send_log *log, struct buf *out, struct err *err)
{
	uint64_t seqs[QUESTIONS];
	unsigned count = questions_choose(log, seqs);
	struct buf content;
	struct id id;
	enum status status = OK;

	buf_init(&content, 4096);
	name_put(&content, &log->key, &log->label);
	buf_put_varint(&content, count);
	for (unsigned i = 0; status == OK && i < count; i++) {
		status = chain_id(sync, log->row, seqs[i], &id, err);
		buf_put_varint(&content, seqs[i]);
		buf_put(&content, id.data, HASH16);
	}
	if (status == OK) {
		message_put(out, MESSAGE_PROBE, buf_bytes(&content));
		sync->probes++;
	}
	buf_clear(&content);
	return status;
}

/* The other side's log of this key that is not ours: it must send it from there. */
static void fork_write(struct sync *sync, const struct id *key, uint64_t held, struct buf *out)
{
	unsigned count = 0;
	const struct position *items = positions_of_key(&sync->theirs, key, &count);

	for (unsigned i = 0; i < count; i++) {
		struct buf content;
		if (items[i].seq <= held || positions_find(&sync->mine, key, &items[i].branch) == NULL) {
			continue;
		}
		buf_init(&content, 80);
		name_put(&content, key, &items[i].branch);
		buf_put_varint(&content, held);
		message_put(out, MESSAGE_FORK, buf_bytes(&content));
		buf_clear(&content);
		sync->end_received = false; /* the other says it again when it has sent this */
	}
}

/* The search has ended: low is the last common entry. */
static enum status probe_end(struct sync *sync, struct send_log *log, struct buf *out, struct err *err)
{
	if (log->probe_low < log->last) {
		sync->forked = true;
		log->disputed = true;
		fork_write(sync, &log->key, log->probe_low, out);
	}
	if (key_is_here(sync, &log->key) && log->probe_low < log->last) {
		sync->result.restored = true; /* two homes have written with one key */
	}
	return sending_from(sync, &sync->out, log, log->probe_low, err);
}

static enum status probe_step(struct sync *sync, struct send_log *log, struct buf *out, struct err *err)
{
	return log->probe_high - log->probe_low > 1 ? probe_write(sync, log, out, err) : probe_end(sync, log, out, err);
}

/* Do we hold this entry in any log of the key? */
static enum status entry_is_here(struct sync *sync, const struct log_row *logs, unsigned count,
    const struct question *question, bool *here, struct err *err)
{
	struct entry_row entry;

	*here = false;
	for (unsigned i = 0; i < count && !*here; i++) {
		if (question->seq < logs[i].first_seq || question->seq > logs[i].head_seq) {
			continue;
		}
		enum status status = store_entry_at(sync->store, logs[i].row, question->seq, NULL, &entry, err);
		if (status != OK) {
			return status;
		}
		*here = memcmp(entry.id.data, question->head, HASH16) == 0;
	}
	return OK;
}

/* Do we hold by now what the other names, whatever its log is called? While a session waits for the link, this home goes on, and others hear of it. */
static enum status is_here_by_now(struct sync *sync, const struct position *theirs, bool *here, struct err *err)
{
	struct log_row logs[LIMIT_BRANCHES];
	struct question question = { .seq = theirs->seq };
	unsigned count = 0;
	enum status status = store_log_of_key(sync->store, sync->tally, &theirs->key, logs, &count, err);

	*here = false;
	memcpy(question.head, theirs->head, HASH16);
	return status == OK ? entry_is_here(sync, logs, count, &question, here, err) : status;
}

/* A key of ours that the other knows longer than we do: we are a copy that was set back. */
static enum status restored_look(struct sync *sync, struct err *err)
{
	enum status status = OK;

	for (unsigned i = 0; status == OK && i < sync->theirs.count; i++) {
		const struct position *theirs = &sync->theirs.items[i];
		const struct position *ours = positions_find(&sync->mine, &theirs->key, &theirs->branch);
		if ((ours == NULL || ours->seq < theirs->seq) && key_is_here(sync, &theirs->key)) {
			bool here;
			status = is_here_by_now(sync, theirs, &here, err);
			sync->result.restored = sync->result.restored || (status == OK && !here);
		}
	}
	return status;
}

enum status forks_look(struct sync *sync, struct buf *out, struct err *err)
{
	enum status status = restored_look(sync, err);

	for (unsigned i = 0; status == OK && i < sync->out.count; i++) {
		struct send_log *log = &sync->out.logs[i];
		uint64_t held;
		bool known;
		status = held_by_vector(sync, log, &log->label, &held, &known, err);
		if (status == OK && known) {
			status = sending_from(sync, &sync->out, log, held, err);
		} else if (status == OK) {
			sync->forked = true;
			log->probing = true;
			log->probe_low = 0;
			log->probe_high = log->last + 1;
			status = probe_step(sync, log, out, err);
		}
	}
	return status;
}

/* ---- answering ------------------------------------------------------------------------------------------------------ */

static enum status malformed(struct err *err, const char *what)
{
	return err_set(err, BAD_INPUT, "%s: not of the form that docs/sync.md 5 says", what);
}

enum status forks_probe_read(struct sync *sync, struct bytes content, struct buf *out, struct err *err)
{
	struct log_row logs[LIMIT_BRANCHES];
	struct id key, branch;
	struct question question;
	uint64_t count, highest = 0;
	unsigned log_count = 0;
	struct buf answer;

	if (!name_take(&content, &key, &branch) || !varint_take(&content, &count) || count > QUESTIONS) {
		return malformed(err, "probe");
	}
	enum status status = store_log_of_key(sync->store, sync->tally, &key, logs, &log_count, err);
	for (; status == OK && count > 0; count--) {
		bool here;
		if (!varint_take(&content, &question.seq) || content.len < HASH16) {
			return malformed(err, "probe");
		}
		memcpy(question.head, content.data, HASH16);
		content = bytes_of(content.data + HASH16, content.len - HASH16);
		status = entry_is_here(sync, logs, log_count, &question, &here, err);
		highest = here && question.seq > highest ? question.seq : highest;
	}
	if (status == OK) {
		buf_init(&answer, 80);
		name_put(&answer, &key, &branch);
		buf_put_varint(&answer, highest);
		message_put(out, MESSAGE_PROBED, buf_bytes(&answer));
		buf_clear(&answer);
	}
	return status == NOT_FOUND ? OK : status;
}

enum status forks_probed_read(struct sync *sync, struct bytes content, struct buf *out, struct err *err)
{
	struct id key, branch;
	uint64_t agreed, seqs[QUESTIONS];

	if (!name_take(&content, &key, &branch) || !varint_take(&content, &agreed) || sync->probes == 0) {
		return malformed(err, "probed");
	}
	sync->probes--;
	struct send_log *log = sending_find(&sync->out, &key, &branch);
	if (log == NULL || !log->probing) {
		return OK; /* settled meanwhile: the other side has found the fork too */
	}
	unsigned count = questions_choose(log, seqs), at = 0;
	while (at < count && seqs[at] > agreed) {
		log->probe_high = seqs[at++]; /* F2: descending; what is above the answer is not held */
	}
	if (agreed != 0 && (at == count || seqs[at] != agreed)) {
		return malformed(err, "probed");
	}
	log->probe_low = agreed != 0 ? agreed : log->probe_low;
	return probe_step(sync, log, out, err);
}

/* Once for a log: it then goes on under another name in the stream. */
static enum status fork_from(struct sync *sync, int64_t row, uint64_t held, struct err *err)
{
	for (unsigned i = 0; i < sync->out.count; i++) {
		struct send_log *log = &sync->out.logs[i];
		if (log->row == row && held < log->last && !log->disputed) {
			sync->result.restored = sync->result.restored || key_is_here(sync, &log->key);
			log->disputed = true;
			return sending_from(sync, &sync->out, log, held, err);
		}
	}
	return OK;
}

enum status forks_fork_read(struct sync *sync, struct bytes content, struct err *err)
{
	struct id key, branch;
	uint64_t held;

	if (!name_take(&content, &key, &branch) || !varint_take(&content, &held)) {
		return malformed(err, "fork");
	}
	sync->forked = true;
	sync->end_sent = false;
	for (unsigned i = 0; i < sync->vector.count; i++) {
		const struct vector_item *ours = &sync->vector.items[i];
		if (id_equal(&ours->key, &key) && id_equal(&ours->branch, &branch)) {
			return fork_from(sync, ours->log, held, err);
		}
	}
	return OK;
}
