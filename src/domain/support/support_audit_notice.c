/* I39: notices of claim (docs/audit-rules.md 3). */
#include "domain/support/support_audit.h"

void audit_notice(struct audit *audit, const struct look *look)
{
	(void)audit;
	(void)look;
}

void audit_notices(struct audit *audit)
{
	(void)audit;
}

void audit_balances(struct audit *audit)
{
	(void)audit;
}
