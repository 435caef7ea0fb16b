/* The kernel's own kinds (docs/format.md 3), as a table like a domain's, and the numbers of their fields. */
#ifndef WARIFU_CORE_KERNEL_H
#define WARIFU_CORE_KERNEL_H
#include "core/record.h"

extern const struct kind kernel_kinds[];           /* ends with name NULL */
const struct kind *kernel_kind(struct bytes name); /* NULL when not the kernel's */
/* The part of rule F1 that the field tables cannot say: counts, order, which refs. OK for a kind that is not the kernel's;
 * the fields have passed fields_check(). record_check() calls it. */
enum status kernel_check(const struct kind *kind, const struct body *body, struct err *err);
/* Is a tally of this mode, whose opening has this profile (empty: not at hand), a rehearsal? docs/format.md 3.1 */
bool mode_is_rehearsal(struct bytes mode, struct bytes profile);

enum { PROPOSED_MODE = 8, PROPOSED_PARTIES = 9, PROPOSED_RULES = 10, PROPOSED_PROFILE = 11, PROPOSED_NONCE = 12 };
enum { AMENDED_FROM = 8, AMENDED_PROFILE = 9, AMENDED_HASH = 10 };
enum { RULES_DOMAIN = 8, RULES_NUMBER = 9 };
enum {
	GRANT_KEY = 8,
	GRANT_OFFICER = 9,
	GRANT_LABEL = 9,
	GRANT_POST = 10,
	GRANT_ROLES = 11,
	GRANT_LIMITS = 12,
	GRANT_UNTIL = 13,
	GRANT_NUMBER = 14,
	GRANT_TLS = 14,
	GRANT_RANGE = 15,
	GRANT_SEALING = 15
};
enum { REVOKED_KEY = 8, REVOKED_SEQ = 9, REVOKED_REASON = 10 };
enum { REPLACED_ROOT = 8, REPLACED_RECOVERY = 9, REPLACED_SEQ = 10, REPLACED_STAND = 11 };
enum { FORKED_KEY = 8, FORKED_SEQ = 9 };
enum { ACKNOWLEDGED_DIGEST = 8 };
enum { ERASED_HASH = 8, ERASED_LAW = 9 };
enum { RESOLVED_STANDS = 8, RESTATED_ENTRY = 8 }; /* of every domain's `resolved` and `restated` */
#endif
