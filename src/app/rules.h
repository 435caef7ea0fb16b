/* A verdict in words: rule, source and what to do next (docs/format.md 5.5). */
#ifndef WARIFU_APP_RULES_H
#define WARIFU_APP_RULES_H
#include "core/domain.h"

/* One line on a kernel rule ("K8"): NULL for a domain's own. */
const char *rule_text(const char *rule);
/* Where a rule stands: "format 5.5", or "support-rules". */
const char *rule_source(const char *rule);
/* REFUSED with the words of a kernel rule; `part` names what was aimed at (may be NULL). */
enum status rule_refuse(const char *rule, enum verdict verdict, const struct kind *kind, const struct part *part,
    struct err *err);
/* The last move of the fold: OK when valid; else REFUSED with the words of the rule, the domain's own where it is one of its. */
enum status rule_check(struct fold *fold, struct err *err);
#endif
