/* Where the values of an agreement's profile lie. */
#ifndef WARIFU_DOMAIN_SUPPORT_PROFILE_H
#define WARIFU_DOMAIN_SUPPORT_PROFILE_H
#include "base/bytes.h"

/* A profile has some twenty values at its top, some of them long, and each guard wants one or two of them: where they lie is found once. */
#define PROFILE_VALUES 48 /* what a larger one has beyond is looked for each time */
struct profile {
	struct bytes whole; /* checked CBOR, or empty; borrowed */
	struct profile_value {
		struct bytes key, value;
	} values[PROFILE_VALUES];
	unsigned count;
};
void profile_read(struct profile *profile, struct bytes whole);
#endif
