/* Sessions and the back-off of wrong passphrases. */
#include "web/session.h"
#include <string.h>

static void token_make(char out[SESSION_TOKEN_HEX + 1])
{
	uint8_t random[SESSION_TOKEN_HEX / 2];

	app_random(random, sizeof random);
	for (size_t i = 0; i < sizeof random; i++) {
		snprintf(out + 2 * i, 3, "%02x", random[i]);
	}
}

static bool token_equal(const char *a, const char *b)
{
	unsigned differs = strlen(b) != SESSION_TOKEN_HEX;

	for (size_t i = 0; i < SESSION_TOKEN_HEX && !(differs && b[i] == '\0'); i++) {
		differs |= (unsigned char)a[i] ^ (unsigned char)b[i];
	}
	return differs == 0;
}

struct session *session_new(struct sessions *sessions, int64_t now_ms)
{
	struct session *oldest = &sessions->items[0];

	for (struct session *session = sessions->items; session < sessions->items + SESSIONS; session++) {
		if (!session->open) {
			oldest = session;
			break;
		}
		oldest = session->used_ms < oldest->used_ms ? session : oldest;
	}
	session_close(oldest);
	*oldest = (struct session){ .open = true, .used_ms = now_ms };
	token_make(oldest->token);
	token_make(oldest->form);
	return oldest;
}

struct session *session_find(struct sessions *sessions, const char *token, int64_t now_ms)
{
	for (struct session *session = sessions->items; session < sessions->items + SESSIONS; session++) {
		if (!session->open || !token_equal(session->token, token)) {
			continue;
		}
		if (now_ms - session->used_ms > (session->quick ? SESSION_QUICK_MS : SESSION_IDLE_MS)) {
			session_close(session);
			return NULL;
		}
		session->used_ms = now_ms;
		return session;
	}
	return NULL;
}

bool session_form_fits(const struct session *session, const char *form)
{
	return form != NULL && token_equal(session->form, form);
}

void session_once(char out[SESSION_TOKEN_HEX + 1])
{
	token_make(out);
}

const struct sent_form *session_sent(const struct session *session, const char *once)
{
	for (unsigned i = 0; once && once[0] && i < session->sent_count && i < SESSION_FORMS; i++) {
		if (strcmp(session->sent[i].once, once) == 0) {
			return &session->sent[i];
		}
	}
	return NULL;
}

void session_keep_sent(struct session *session, const char *once, const char *said, const char *to)
{
	struct sent_form *sent = &session->sent[session->sent_count++ % SESSION_FORMS];

	snprintf(sent->once, sizeof sent->once, "%s", once ? once : "");
	snprintf(sent->said, sizeof sent->said, "%s", said);
	snprintf(sent->to, sizeof sent->to, "%s", to);
}

struct session_desk *session_desk(struct session *session, const struct id *tally)
{
	for (unsigned i = 0; i < session->desk_count; i++) {
		if (id_equal(&session->desks[i].tally, tally)) {
			return &session->desks[i];
		}
	}
	return NULL;
}

bool session_add_desk(struct session *session, const struct session_desk *desk)
{
	struct session_desk *same = session_desk(session, &desk->tally);

	if (same == NULL && session->desk_count == SESSION_DESKS) {
		return false;
	}
	same = same ? same : &session->desks[session->desk_count++];
	*same = *desk;
	return true;
}

void session_close(struct session *session)
{
	for (unsigned i = 0; i < session->desk_count; i++) {
		secrets_clear(&session->desks[i].secrets);
	}
	memset(session, 0, sizeof *session);
}

void sessions_close(struct sessions *sessions)
{
	for (struct session *session = sessions->items; session < sessions->items + SESSIONS; session++) {
		session_close(session);
	}
}

static struct tries *tries_of(struct sessions *sessions, const struct id *desk)
{
	for (struct tries *tries = sessions->tries; tries < sessions->tries + SESSION_TRIES; tries++) {
		if (tries->wrong > 0 && id_equal(&tries->desk, desk)) {
			return tries;
		}
	}
	return NULL;
}

bool tries_may(struct sessions *sessions, const struct id *desk, int64_t now_ms, int64_t *wait_ms)
{
	const struct tries *tries = tries_of(sessions, desk);

	*wait_ms = tries && tries->until_ms > now_ms ? tries->until_ms - now_ms : 0;
	return *wait_ms == 0;
}

void tries_wrong(struct sessions *sessions, const struct id *desk, int64_t now_ms)
{
	struct tries *tries = tries_of(sessions, desk);

	if (tries == NULL) {
		tries = &sessions->tries[0];
		for (struct tries *other = sessions->tries; other < sessions->tries + SESSION_TRIES; other++) {
			tries = other->until_ms < tries->until_ms ? other : tries;
		}
		*tries = (struct tries){ .desk = *desk };
	}
	int64_t wait_ms = SESSION_WAIT_MS;
	for (unsigned i = 0; i < tries->wrong && wait_ms < SESSION_WAIT_MOST_MS; i++) {
		wait_ms *= 2;
	}
	tries->wrong++;
	tries->until_ms = now_ms + (wait_ms < SESSION_WAIT_MOST_MS ? wait_ms : SESSION_WAIT_MOST_MS);
}

void tries_right(struct sessions *sessions, const struct id *desk)
{
	struct tries *tries = tries_of(sessions, desk);

	if (tries != NULL) {
		*tries = (struct tries){ 0 };
	}
}
