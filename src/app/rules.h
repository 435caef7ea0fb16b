/* A verdict in words: rule, source and what to do next (docs/format.md 5.5). */
#ifndef WARIFU_APP_RULES_H
#define WARIFU_APP_RULES_H
#include "app/app.h"

/* What a rule of the kernel says ("K8"): NULL for a domain's own. */
const char *rule_text(const char *rule);
/* OK when the judgement is valid; else REFUSED, with rule, reason, source, and what to do next. */
enum status rule_refuse(const struct judgement *judgement, const char *kind, struct err *err);
/* What a rule says in a sentence, in either language (data/rules.json); NULL when it is not known. domain: who numbers it ("support"),
 * NULL or "" for the kernel, "audit" for findings. The text is never freed. */
const char *rule_sentence(const char *domain, const char *rule, enum lang lang);
/* A section of data/rules.json, never freed; NULL: there is none. */
const json_t *rules_section(const char *name);
/* Why a log was stopped, as its home keeps it: "chain (entry 7)". "": it goes on, and err stays as it is. */
void stop_read(const char *kept, struct err *err);
/* The first word to an officer about an error: the sentence of its rule, or of its kind. */
const char *err_sentence(const struct err *err, enum lang lang);
#endif
