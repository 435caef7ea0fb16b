/* Rows of hand-overs, and what one would hold, for the commands and pages. */
#ifndef WARIFU_DOMAIN_NATIONAL_HANDOVER_H
#define WARIFU_DOMAIN_NATIONAL_HANDOVER_H
#include "core/ctx.h"
#include "domain/national/national_open.h"

/* Hand-overs of the tally at hand; columns in this order. What narrows or orders them stands behind it. */
#define HANDOVERS \
	"SELECT h.number, h.state, h.from_officer, h.from_post, h.to_officer, h.to_post, h.written_ms, h.taken_ms, h.remarks," \
	" (SELECT count(*) FROM national_handover_item i WHERE i.thread = h.thread), h.thread" \
	" FROM national_handover h JOIN thread t ON t.row = h.thread WHERE +t.tally = :tally "
enum { H_NUMBER, H_STATE, H_FROM, H_FROM_POST, H_TO, H_TO_POST, H_WRITTEN, H_TAKEN, H_REMARKS, H_ITEMS, H_THREAD };
/* The latest hand-over of a thread says who answers for it: number, thread, officer, since. */
#define DUTY \
	"SELECT s.number, d.subject, d.officer, d.since_ms FROM national_duty d JOIN thread t ON t.row = d.thread" \
	" LEFT JOIN thread s ON s.id = d.subject WHERE +t.tally = :tally AND NOT EXISTS" \
	" (SELECT 1 FROM national_duty n JOIN thread u ON u.row = n.thread WHERE u.tally = t.tally AND n.subject = d.subject" \
	" AND (n.since_ms > d.since_ms OR (n.since_ms = d.since_ms AND u.id > t.id))) "
extern const char duty_sql[];
/* In the national tally: what a hand-over of the desk at hand would hold now. The caller drops both lists, also after a failure. */
enum status handover_opened(struct ctx *ctx, struct opened *opened, struct err *err);
/* As the command, with files that came as bytes. */
enum status handover_write_with(
    struct ctx *ctx, const struct args *args, const struct upload *uploads, unsigned upload_count, struct err *err);
#endif
