/* Support: orders between a receiver and a supplier, from request to settlement (docs/support-rules.md). The public face of
 * the domain; everything else in this folder is its own. */
#ifndef WARIFU_DOMAIN_SUPPORT_H
#define WARIFU_DOMAIN_SUPPORT_H
#include "core/ctx.h"
#include "core/domain.h"

extern const struct domain support_domain;

/* An issue on cash terms as another domain may see it. Amount: what is chargeable, at the price of the terms; while that is not settled, what was issued. */
struct support_issue {
	struct id thread, part;
	const char *number, *order_number;
	const char *state; /* "" with rival heads */
	int64_t delivered_ms;
	int64_t utc_offset_minutes; /* of the supplier */
	unsigned receiver, supplier;
	const char *currency; /* "" when its lines are in several */
	int64_t amount_minor;
	bool is_priced; /* every line has a price, and the sum fits */
	bool is_final;  /* every line's chargeable quantity is settled */
};
/* Those of the chosen tally that were delivered and are not annulled, withdrawn, denied or joined; from the command's arena, by thread and number. */
enum status support_cash_issues(struct ctx *ctx, struct support_issue **out, unsigned *count, struct err *err);

/* An order or netting in which something is open. */
struct support_open {
	const char *number;
	bool has_clock;    /* one runs; of several the one that ends first has: */
	int64_t days_left; /* below 0: overdue */
};
/* Those of the chosen tally in which one of these desks has signed, or that are in a state in which its roles may be asked for; what ends first
 * stands first. No more than LIMIT_OPEN_THREADS; from the command's arena. */
enum status support_open_for(struct ctx *ctx, const struct desk_view *desks, unsigned desk_count,
    struct support_open **out, unsigned *count, struct err *err);
#endif
