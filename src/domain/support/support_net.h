/* A netting before it is signed: which claims of both sides, at what value, and what remains; for the command and the page. */
#ifndef WARIFU_DOMAIN_SUPPORT_NET_H
#define WARIFU_DOMAIN_SUPPORT_NET_H
#include "core/ctx.h"
#include <jansson.h>

#define NET_CLAIMS 64 /* of one netting */

struct net_claim {
	const char *number;
	struct id thread, claim;
	int64_t owed_by, amount, value;
	struct bytes currency;
	const char *rate; /* NULL: the netting's own currency */
};
struct net {
	struct ctx *ctx;
	const struct args *args;
	const char *number; /* of a netting that is proposed anew; NULL: a new one */
	const char *currency;
	int64_t partner;
	struct net_claim claims[NET_CLAIMS];
	unsigned count;
	bool valued;   /* each claim has its value in this currency, and total is right */
	int64_t total; /* what the partner owes us after all is set off; below 0: we would owe */
};
/* From the arguments of `support net`. After a refusal net holds what was read until then. */
enum status net_read(struct ctx *ctx, const struct args *args, struct net *net, struct err *err);
/* What would be signed; sorts the claims by id. The caller owns it. */
json_t *net_fields(struct net *net);

/* A claim that may be set off now under a netting that both agreed to. */
struct set_off_view {
	const char *netting;
	struct bytes currency;
	int64_t amount_minor;
	char agreed[2 * ID_BYTES + 1];
};
enum status set_off_read(struct ctx *ctx, const char *number, struct set_off_view *out, struct err *err);
#endif
