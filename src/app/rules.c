/* A verdict in words. The fold gives the name of a rule; people need to know what it says and what to do next. */
#include "app/rules.h"
#include "core/assets.h"
#include <pthread.h>
#include <stdio.h>
#include <string.h>

struct rule_words {
	const char *rule, *says, *next;
};
static const struct rule_words rules[] = {
	{ "F1", "its fields do not fit the kind's table", "see `warifu explain KIND`" },
	{ "K1", "its key is not of the class that the kind needs",
	    "sign it with a desk, a root or a home as the kind asks" },
	{ "K2", "its key was revoked or succeeded before it", "ask the registrar for a new desk" },
	{ "K3", "it lies behind a fork of its log that nobody has named",
	    "enter its facts anew with `restate`, from another desk" },
	{ "K4", "its stated time is after the end of its key's grant", "ask the registrar for a new desk" },
	{ "K5", "the grant of its key does not count, or it is beyond the signer's own authority",
	    "ask the registrar or the root; `warifu desk list` shows grants and limits" },
	{ "K6", "it names more than 64 other entries", "split it" },
	{ "K7", "its thread, part or answers do not belong together, or the part has rival heads",
	    "look with `warifu why`; rivals are ended with `resolve`" },
	{ "K8", "it answers an entry that is void", "look with `warifu why`, and answer what stands" },
	{ "K9", "this desk's past already holds a move on that head",
	    "look with `warifu why`; it has been answered before" },
	{ "K10", "in this state there is no such move, or the other side holds the pen",
	    "`warifu why` shows what went before, `warifu explain KIND` from which states there is such a move" },
	{ "K11", "the desk lacks the role that this move needs", "use a desk that has it, see `warifu desk list`" },
	{ "K12", "the desk has opened 512 parts or written 256 notes in this thread", "go on from another desk" },
	{ "K13", "more than 1,024 moves in a row lead to it", "open a new part or thread" },
	{ "K14", "the root's log is full (4,096 entries)", "name a new root with the recovery key" },
	{ "K15", "the root's log does not begin with the opening or its acceptance", "open a new tally" },
	{ "K16", "it does not name what it must", "see `warifu explain KIND`" },
};

static const struct rule_words *rule_find(const char *rule)
{
	for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
		if (strcmp(rules[i].rule, rule) == 0) {
			return &rules[i];
		}
	}
	return NULL;
}

const char *rule_text(const char *rule)
{
	const struct rule_words *words = rule_find(rule);
	return words ? words->says : NULL;
}

/* Rules of the kernel are numbered K and F; all others by the domain of the kind. */
static enum status refuse(
    const struct judgement *judgement, const char *kind, const char *says, const char *next, struct err *err)
{
	const char *source = judgement->source[0] ? judgement->source : "docs/format.md 5.5";
	const struct domain *domain = domain_find(bytes_text(kind));
	bool kernel = strchr("KF", judgement->rule[0]) != NULL;
	struct err inner = { .said = judgement->said, .next = next };

	if (judgement->reason[0] == '\0') {
		inner.said.form = says;
	}
	snprintf(inner.rule, sizeof inner.rule, "%s", judgement->rule);
	snprintf(inner.source, sizeof inner.source, "%s", source);
	snprintf(inner.domain, sizeof inner.domain, "%s", kernel || domain == NULL ? "" : domain->name);
	snprintf(inner.text, sizeof inner.text, "%s%s%s", says, next ? "; " : "", next ? next : "");
	return err_within(err, REFUSED, &inner, "%s", kind);
}

enum status rule_refuse(const struct judgement *judgement, const char *kind, struct err *err)
{
	const struct rule_words *words = rule_find(judgement->rule);
	switch (judgement->verdict) {
	case VERDICT_VALID: return OK;
	case VERDICT_WAITING:
		return err_refuse(
		    err, "", "docs/format.md 4", "%s: it would wait for an entry that is not here; sync first", kind);
	case VERDICT_OVERTAKEN:
		return err_refuse(
		    err, "", "docs/format.md 7", "%s: it would be overtaken by what stands already", kind);
	case VERDICT_UNKNOWN:
		return err_refuse(err, "", "docs/format.md 2.2", "%s: this program does not know that kind", kind);
	case VERDICT_VOID: break;
	}
	const char *says = judgement->reason[0] ? judgement->reason : words ? words->says : "refused";
	const char *next = words ? words->next : NULL;
	return refuse(judgement, kind, says, next, err);
}

/* ---- sentences of data/rules.json --------------------------------------------------------------------------------------- */

enum { SENTENCE_JA, SENTENCE_EN };

/* As the words (app.c): read once, the same for every thread. */
static json_t *rules_all;
static pthread_once_t rules_once = PTHREAD_ONCE_INIT;

static void rules_load(void)
{
	struct bytes text = ASSET(rules);
	rules_all = json_loadb((const char *)text.data, text.len, JSON_REJECT_DUPLICATES, NULL);
	ASSERT(rules_all);
}

const json_t *rules_section(const char *name)
{
	pthread_once(&rules_once, rules_load);
	return json_object_get(rules_all, name);
}

static const char *sentence(const json_t *pair, enum lang lang)
{
	return json_string_value(json_array_get(pair, lang == LANG_JA ? SENTENCE_JA : SENTENCE_EN));
}

const char *rule_sentence(const char *domain, const char *rule, enum lang lang)
{
	bool kernel = domain == NULL || domain[0] == '\0' || rule[0] == 'K' || rule[0] == 'F';

	return sentence(json_object_get(rules_section(kernel ? "kernel" : domain), rule), lang);
}

const char *ctx_meaning(struct ctx *ctx, const struct err *err)
{
	return err_sentence(err, ctx->lang);
}

/* Of what is no refusal by a rule: by a few words that the message holds, else by its status. */
const char *err_sentence(const struct err *err, enum lang lang)
{
	const char *said = err->rule[0] ? rule_sentence(err->domain, err->rule, lang) : NULL, *words;
	json_t *known = (json_t *)rules_section("messages"), *pair;

	json_object_foreach(known, words, pair)
	{
		if (said == NULL && strstr(err->text, words)) {
			said = sentence(pair, lang);
		}
	}
	return said ? said : sentence(json_object_get(rules_section("statuses"), status_name(err->status)), lang);
}
