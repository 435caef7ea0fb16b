/* What was typed when the session had ended: kept for the same desk, in memory only, until that desk logs in again and looks at it. Bounded
 * in number, bytes and time. Only the fields of a move are kept: no form of a move asks for a passphrase. Nothing is ever sent by itself. */
#ifndef WARIFU_WEB_KEPT_H
#define WARIFU_WEB_KEPT_H
#include "web/request.h"
#include "web/session.h"

/* A session has ended by itself: its cookie is known for a while, so that its last form finds the desk. */
void kept_note_end(struct sessions *sessions, const struct session *session, int64_t now_ms);
/* Was this the cookie of a session that ended not long ago? */
bool kept_knows(const struct sessions *sessions, const char *token, int64_t now_ms);
/* Keeps the fields of a form of that session; one form for each desk. False: it is none of its forms, or too large. */
bool kept_put(struct sessions *sessions, const char *token, const char *form, const char *path,
    const struct pairs *fields, int64_t now_ms);
/* What this desk had typed; NULL: nothing. path: of the form; the fields are from the arena. */
const char *kept_find(
    struct sessions *sessions, const struct id *desk, int64_t now_ms, struct arena *arena, struct pairs *fields);
/* The form was sent since, or is not wanted any more. */
void kept_drop(struct sessions *sessions, const struct id *desk);
void kept_clear(struct sessions *sessions);
#endif
