/* Sessions and the back-off of wrong passphrases. */
#include "web/session.h"
#include "base/text.h"
#include "web/kept.h"
#include <ctype.h>
#include <string.h>

static void token_make(char out[SESSION_TOKEN_HEX + 1])
{
	uint8_t random[SESSION_TOKEN_HEX / 2];

	app_random(random, sizeof random);
	for (size_t i = 0; i < sizeof random; i++) {
		snprintf(out + 2 * i, 3, "%02x", random[i]);
	}
}

bool token_equal(const char *a, const char *b)
{
	unsigned differs = strlen(b) != SESSION_TOKEN_HEX;

	for (size_t i = 0; i < SESSION_TOKEN_HEX && !(differs && b[i] == '\0'); i++) {
		differs |= (unsigned char)a[i] ^ (unsigned char)b[i];
	}
	return differs == 0;
}

static int64_t used_or_free(const struct session *session)
{
	return session->open ? session->used_ms : INT64_MIN;
}

struct session *session_new(struct sessions *sessions, struct bytes officer, int64_t now_ms)
{
	struct session *oldest = &sessions->items[0], *own = NULL;
	unsigned own_count = 0;

	for (struct session *session = sessions->items; session < sessions->items + SESSIONS; session++) {
		oldest = used_or_free(session) < used_or_free(oldest) ? session : oldest;
		if (session->open && bytes_is(officer, session->officer)) {
			own_count++;
			own = own == NULL || session->used_ms < own->used_ms ? session : own;
		}
	}
	oldest = own_count >= SESSION_OWN ? own : oldest;
	if (oldest->open) {
		kept_note_end(sessions, oldest, now_ms);
	}
	session_close(oldest);
	*oldest = (struct session){ .open = true, .used_ms = now_ms };
	text_keep(oldest->officer, sizeof oldest->officer, officer);
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
			kept_note_end(sessions, session, now_ms);
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
	text_keep(sent->said, sizeof sent->said, bytes_text(said));
	snprintf(sent->to, sizeof sent->to, "%s",
	    strlen(to) < sizeof sent->to ? to : "/"); /* half an address leads elsewhere */
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
	kept_clear(sessions);
}

/* ---- the first start ------------------------------------------------------------------------------------------------------ */

#define SETUP_LETTERS "23456789ABCDEFGHJKLMNPQRSTUVWXYZ" /* 32, none like another */
#define SETUP_DIGITS 12                                  /* 60 bits */

void setup_open(struct setup *setup)
{
	uint8_t random[SETUP_DIGITS];
	char *at = setup->code;

	*setup = (struct setup){ .open = true };
	app_random(random, sizeof random);
	for (size_t i = 0; i < SETUP_DIGITS; i++) {
		if (i > 0 && i % 4 == 0) {
			*at++ = '-';
		}
		*at++ = SETUP_LETTERS[random[i] % 32];
	}
	*at = '\0';
	token_make(setup->token);
	token_make(setup->form);
}

void setup_close(struct setup *setup)
{
	memset(setup, 0, sizeof *setup);
}

/* In constant time over the code. */
static bool setup_code_fits(const struct setup *setup, const char *typed)
{
	unsigned differs = 0;

	for (const char *at = setup->code; *at; at++) {
		if (*at == '-') {
			continue;
		}
		while (*typed == '-' || *typed == ' ') {
			typed++;
		}
		differs |= (unsigned char)*at ^ (unsigned char)toupper((unsigned char)*typed);
		typed += *typed != '\0';
	}
	while (*typed == '-' || *typed == ' ') {
		typed++;
	}
	return differs == 0 && *typed == '\0';
}

enum status setup_enter(struct sessions *sessions, const char *typed, int64_t now_ms, struct err *err)
{
	const struct trier door = { .desk = { { 0 } } }; /* no desk has this key, and all are on this machine */
	int64_t wait_ms;

	if (!sessions->setup.open || sessions->setup.code_used) {
		return err_set(
		    err, REFUSED, "setup code: was used; end `warifu serve` and start it again for another one");
	}
	if (!tries_may(&sessions->tries, &door, now_ms, &wait_ms)) {
		return err_set(
		    err, REFUSED, "setup code: too many wrong ones; wait %lld s", (long long)(wait_ms + 999) / 1000);
	}
	if (!setup_code_fits(&sessions->setup, typed)) {
		tries_wrong(&sessions->tries, &door, now_ms);
		tries_may(&sessions->tries, &door, now_ms, &wait_ms);
		return err_set(err, REFUSED, "setup code: wrong; the next one may be tried in %lld s",
		    (long long)(wait_ms + 999) / 1000);
	}
	tries_right(&sessions->tries, &door, now_ms);
	sessions->setup.code_used = true;
	return OK;
}

bool setup_knows(const struct setup *setup, const char *token)
{
	return setup->open && setup->code_used && token_equal(setup->token, token);
}

bool setup_form_fits(const struct setup *setup, const char *form)
{
	return setup->open && form != NULL && token_equal(setup->form, form);
}
