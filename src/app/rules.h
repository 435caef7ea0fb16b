/* A verdict in words: rule, source and what to do next (docs/format.md 5.5). */
#ifndef WARIFU_APP_RULES_H
#define WARIFU_APP_RULES_H
#include "fold/fold.h"

/* What a rule of the kernel says ("K8"): NULL for a domain's own. */
const char *rule_text(const char *rule);
/* OK when the judgement is valid; else REFUSED, with rule, reason, source, and what to do next. */
enum status rule_refuse(const struct judgement *judgement, const char *kind, struct err *err);
#endif
