/* Times of what was done that lie ahead of now: hardly ever meant, and no rule forbids them. Looked at before a move is signed, never after. */
#ifndef WARIFU_APP_AHEAD_H
#define WARIFU_APP_AHEAD_H
#include "core/domain.h"

/* OK, or REFUSED naming the field and how far it lies ahead: a field of the domain's `done_at`, more than AHEAD_MS after now_ms. A day lies ahead when it has not
 * begun anywhere. */
enum status ahead_check(
    const struct domain *domain, const struct kind *kind, const struct body *body, int64_t now_ms, struct err *err);
#endif
