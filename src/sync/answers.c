/* The table of sessions that others began. */
#include "sync/answers.h"
#include "base/alloc.h"
#include "base/text.h"
#include <string.h>

#define OUT_BYTES (LIMIT_FLIGHT_BYTES + 4 * LIMIT_FRAME_WIRE_BYTES)

struct answer {
	bool used, over, proven, refused;
	uint8_t name[ANSWERS_NAME_BYTES];
	struct id client;
	char party[16]; /* of the caller, once proven */
	void *home;
	struct sync *sync; /* NULL: it is over, and only `out` is kept */
	uint64_t received; /* bytes of the caller's stream that were taken */
	uint64_t fetched;  /* bytes of ours that it has; `out` begins there */
	struct buf out;
	char reason[200];
	int64_t begun_ms, used_ms;
};
struct answers {
	struct answers_owner owner;
	struct answer items[LIMIT_SYNC_SESSIONS];
};

struct answers *answers_new(const struct answers_owner *owner)
{
	struct answers *answers = base_alloc(sizeof *answers);

	if (answers != NULL) {
		memset(answers, 0, sizeof *answers);
		answers->owner = *owner;
	}
	return answers;
}

/* The session ends; what is still to be fetched stays. */
static void answer_end(struct answers *answers, struct answer *answer, bool entered)
{
	struct sync *sync = answer->sync;

	answer->over = true;
	answer->sync = NULL;
	if (sync != NULL) {
		answers->owner.close(answers->owner.context, answer->home, sync, entered);
	}
}

static bool answer_enter(struct answers *answers, struct answer *answer)
{
	struct err ignored = { .status = OK };

	return answer->sync != NULL && answers->owner.enter(answers->owner.context, answer->home, &ignored) == OK;
}

/* Outside of the home. */
static void answer_close(struct answers *answers, struct answer *answer)
{
	if (answer->used) {
		answer_end(answers, answer, answer_enter(answers, answer));
		buf_clear(&answer->out);
		*answer = (struct answer){ .used = false };
	}
}

void answers_free(struct answers *answers)
{
	if (answers == NULL) {
		return;
	}
	for (unsigned i = 0; i < LIMIT_SYNC_SESSIONS; i++) {
		answer_close(answers, &answers->items[i]);
	}
	base_free(answers);
}

void answers_expire(struct answers *answers, int64_t now_ms)
{
	for (unsigned i = 0; i < LIMIT_SYNC_SESSIONS; i++) {
		struct answer *answer = &answers->items[i];
		int64_t idle_ms = now_ms - answer->used_ms, life_ms = now_ms - answer->begun_ms;
		if (!answer->used || (idle_ms <= LIMIT_SYNC_IDLE_MS && life_ms <= LIMIT_SYNC_LIFE_MS)) {
			continue;
		}
		bool entered = answer_enter(answers, answer);
		if (entered || answer->sync == NULL || idle_ms > 2 * LIMIT_SYNC_IDLE_MS) {
			answer_end(answers, answer, entered);
			answer_close(answers, answer);
		}
	}
}

unsigned answers_count(const struct answers *answers)
{
	unsigned count = 0;

	for (unsigned i = 0; i < LIMIT_SYNC_SESSIONS; i++) {
		count += answers->items[i].used;
	}
	return count;
}

static struct answer *answer_find(struct answers *answers, const uint8_t name[ANSWERS_NAME_BYTES])
{
	for (unsigned i = 0; i < LIMIT_SYNC_SESSIONS; i++) {
		if (answers->items[i].used && memcmp(answers->items[i].name, name, ANSWERS_NAME_BYTES) == 0) {
			return &answers->items[i];
		}
	}
	return NULL;
}

/* N4. How many have proven nothing, and the one of them that lay unused for longest. */
static unsigned unproven_look(struct answers *answers, struct answer **oldest)
{
	unsigned count = 0;

	*oldest = NULL;
	for (unsigned i = 0; i < LIMIT_SYNC_SESSIONS; i++) {
		struct answer *answer = &answers->items[i];
		if (!answer->used || answer->proven) {
			continue;
		}
		count++;
		if (*oldest == NULL || answer->used_ms < (*oldest)->used_ms) {
			*oldest = answer;
		}
	}
	return count;
}

static struct answer *place_free(struct answers *answers)
{
	for (unsigned i = 0; i < LIMIT_SYNC_SESSIONS; i++) {
		if (!answers->items[i].used) {
			return &answers->items[i];
		}
	}
	return NULL;
}

static enum status answer_open(
    struct answers *answers, const struct answer_request *request, struct answer **out, struct err *err)
{
	struct answer *oldest;

	if (unproven_look(answers, &oldest) >= SHARES_UNPROVEN) {
		answer_close(answers, oldest);
	}
	struct answer *answer = place_free(answers);
	if (answer == NULL) {
		return err_set(err, ENVIRONMENT, "sync: as many sessions as this home holds; come again later");
	}
	*answer = (struct answer){ .client = request->client, .begun_ms = request->now_ms, .used_ms = request->now_ms };
	memcpy(answer->name, request->name, ANSWERS_NAME_BYTES);
	buf_init(&answer->out, OUT_BYTES);
	enum status status =
	    answers->owner.open(answers->owner.context, &request->client, &answer->home, &answer->sync, err);
	answer->used = status == OK;
	*out = answer;
	return status;
}

/* Outside of the home. */
static void share_keep(struct answers *answers, struct answer *answer)
{
	struct share places[LIMIT_SYNC_SESSIONS];

	if (!answer->proven) {
		return;
	}
	for (unsigned i = 0; i < LIMIT_SYNC_SESSIONS; i++) {
		const struct answer *other = &answers->items[i];
		places[i] = (struct share){ .proven = other->used && other->proven, .used_ms = other->used_ms };
		memcpy(places[i].party, other->party, sizeof places[i].party);
	}
	unsigned gone = shares_yield(places, (unsigned)(answer - answers->items));
	if (gone < LIMIT_SYNC_SESSIONS) {
		answer_close(answers, &answers->items[gone]);
	}
}

static bool is_busy(const struct answer *answer)
{
	return answer->out.len < LIMIT_FLIGHT_BYTES && !sync_wants_input(answer->sync);
}

/* Inside the home. */
static void answer_step(struct answer *answer, struct bytes in)
{
	struct err err = { .status = OK };
	struct sync_result result;
	enum status status = sync_step(answer->sync, in, &answer->out, &err);

	while (status == OK && is_busy(answer)) {
		status = sync_step(answer->sync, bytes_of(NULL, 0), &answer->out, &err);
	}
	sync_result_get(answer->sync, &result);
	answer->proven = sync_is_proven(answer->sync);
	memcpy(answer->party, result.peer_party, sizeof answer->party);
	answer->over = status != OK;
	answer->refused = status == REFUSED || status == BAD_INPUT;
	text_keep(answer->reason, sizeof answer->reason, bytes_text(result.why.text));
}

static enum status answer_run(
    struct answers *answers, struct answer *answer, struct bytes in, bool entered, struct err *err)
{
	const struct answers_owner *owner = &answers->owner;

	if (answer->sync == NULL || (in.len == 0 && !is_busy(answer) && !entered)) {
		return OK;
	}
	if (!entered) {
		enum status status = owner->enter(owner->context, answer->home, err);
		if (status != OK) {
			return status;
		}
	}
	answer_step(answer, in);
	answer->received += in.len;
	if (answer->over) {
		answer_end(answers, answer, true);
	} else {
		owner->leave(owner->context, answer->home);
	}
	share_keep(answers, answer);
	return OK;
}

/* Do the places of the request fit the session? What is new of the body. */
static enum status places_check(
    const struct answer *answer, const struct answer_request *request, struct bytes *fresh, struct err *err)
{
	if (request->at > answer->received || request->from < answer->fetched ||
	    request->from - answer->fetched > answer->out.len) {
		return err_set(err, BAD_INPUT, "sync: places that this session does not know");
	}
	uint64_t known = answer->received - request->at;
	size_t skip = known < request->body.len ? (size_t)known : request->body.len;
	*fresh = bytes_of(request->body.data + skip, request->body.len - skip);
	return OK;
}

/* N3. */
static void fetched_drop(struct answer *answer, uint64_t from)
{
	size_t gone = (size_t)(from - answer->fetched);

	if (gone > 0) {
		memmove(answer->out.data, answer->out.data + gone, answer->out.len - gone);
		answer->out.len -= gone;
		answer->fetched = from;
	}
}

enum status answers_take(struct answers *answers, const struct answer_request *request, struct buf *out,
    struct answer_outcome *outcome, struct err *err)
{
	struct bytes fresh = { NULL, 0 };
	bool entered = false;

	*outcome = (struct answer_outcome){ .state = ANSWER_OVER };
	answers_expire(answers, request->now_ms);
	struct answer *answer = answer_find(answers, request->name);
	if (answer == NULL) {
		if (request->at != 0 || request->from != 0) {
			return err_set(err, NOT_FOUND, "sync: no such session here; begin anew");
		}
		enum status status = answer_open(answers, request, &answer, err);
		if (status != OK || answer == NULL) {
			return status;
		}
		entered = outcome->begun = true;
	}
	if (!id_equal(&answer->client, &request->client)) { /* N1 */
		return err_refuse(err, "", "docs/sync.md 9.2", "sync: a session of another home");
	}
	enum status status = places_check(answer, request, &fresh, err);
	if (status != OK) {
		return status;
	}
	fetched_drop(answer, request->from);
	status = answer_run(answers, answer, fresh, entered, err);
	if (status != OK) {
		return status;
	}
	answer->used_ms = request->now_ms;
	size_t most = request->most < answer->out.len ? request->most : answer->out.len;
	buf_put_bytes(out, bytes_of(answer->out.data, most));
	outcome->state = most < answer->out.len || (answer->sync != NULL && !sync_wants_input(answer->sync))
	    ? ANSWER_MORE
	    : answer->over ? ANSWER_OVER
			   : ANSWER_WAITS;
	outcome->proven = answer->proven;
	outcome->refused = answer->refused;
	memcpy(outcome->reason, answer->reason, sizeof outcome->reason);
	return OK;
}
