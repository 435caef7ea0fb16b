/* A verdict in words. The fold gives the name of a rule; people need to know what it says and what to do next. */
#include "app/rules.h"
#include "fold/folding.h"
#include <stdio.h>
#include <string.h>

struct rule_words { const char *rule, *says, *next; };
static const struct rule_words rules[] = {
	{ "F1", "its fields do not fit the kind's table", "see `warifu explain KIND`" },
	{ "K1", "its key is not of the class that the kind needs", "sign it with a desk, a root or a home as the kind asks" },
	{ "K2", "its key was revoked or succeeded before it", "ask the registrar for a new desk" },
	{ "K3", "it lies behind a fork of its log that nobody has named", "enter its facts anew with `restate`, from another desk" },
	{ "K4", "its stated time is after the end of its key's grant", "ask the registrar for a new desk" },
	{ "K5", "the grant of its key does not count, or it is beyond the signer's own authority",
	    "ask the registrar or the root; `warifu desk list` shows grants and limits" },
	{ "K6", "it names more than 64 other entries", "split it" },
	{ "K7", "its thread, part or answers do not belong together, or the part has rival heads",
	    "look with `warifu why`; rivals are ended with `resolve`" },
	{ "K8", "it answers an entry that is void", "look with `warifu why`, and answer what stands" },
	{ "K9", "this desk's past already holds a move on that head", "look with `warifu why`; it has been answered before" },
	{ "K10", "in this state there is no such move, or the other side holds the pen",
	    "`warifu why` shows whose turn it is" },
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

const char *rule_source(const char *rule)
{
	return rule_find(rule) ? "docs/format.md 5.5" : "docs/support-rules.md";
}

enum status rule_refuse(const char *rule, enum verdict verdict, const struct kind *kind, const struct part *part,
    struct err *err)
{
	const struct rule_words *words = rule_find(rule);
	char subject[160];
	snprintf(subject, sizeof subject, "%s%s%s", kind->name, part && part->number[0] ? " on " : "", part ? part->number : "");
	if (verdict == VERDICT_WAITING) {
		return err_refuse(err, "", "docs/format.md 4", "%s: it would wait for an entry that is not here; sync first", subject);
	}
	if (verdict == VERDICT_OVERTAKEN) {
		return err_refuse(err, "", "docs/format.md 7", "%s: it would be overtaken by what stands already", subject);
	}
	if (words) {
		return err_refuse(err, rule, "docs/format.md 5.5", "%s: %s; %s", subject, words->says, words->next);
	}
	return err_refuse(err, rule, "docs/support-rules.md", "%s: refused by rule %s", subject, rule);
}

enum status rule_check(struct fold *fold, struct err *err)
{
	const struct move *move = fold->moves[fold->move_count - 1];
	const struct kernel_move *kernel = kernel_of(move);
	const struct rule_words *words = rule_find(move->rule);
	const char *number = move->part ? move->part->number : "";
	if (move->verdict == VERDICT_VALID) {
		return OK;
	}
	if (!move->kind) {
		return err_refuse(err, "", "docs/format.md 2.2", "this program does not know that kind");
	}
	if (move->verdict != VERDICT_VOID || !kernel->reason[0]) {
		return rule_refuse(move->rule, move->verdict, move->kind, move->part, err);
	}
	return err_refuse(err, move->rule, kernel->source, "%s%s%s: %s%s%s", move->kind->name, number[0] ? " on " : "", number,
	    kernel->reason, words ? "; " : "", words ? words->next : "");
}
