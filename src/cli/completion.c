/* The completion for bash, written from the tables. */
#include "cli/cli.h"
#include <string.h>

static void put_options(struct buf *out, const struct option *options)
{
	for (; options && options->name; options++) {
		buf_printf(out, " --%s", options->name);
	}
}

static bool starts_noun(const struct verbs *verbs, unsigned i)
{
	return i == 0 || strcmp(verbs->items[i]->command.noun, verbs->items[i - 1]->command.noun) != 0;
}

static void put_verb_lists(struct buf *out, const struct verbs *verbs)
{
	buf_put_text(out, "\tcase $noun in\n");
	for (unsigned i = 0; i < verbs->count; i++) {
		if (starts_noun(verbs, i) && verbs->items[i]->command.verb) {
			const char *noun = verbs->items[i]->command.noun;
			buf_printf(out, "\t%s) verbs=\"", noun);
			for (unsigned k = i; k < verbs->count && strcmp(verbs->items[k]->command.noun, noun) == 0;
			     k++) {
				buf_printf(out, "%s%s", k > i ? " " : "", verbs->items[k]->command.verb);
			}
			buf_put_text(out, "\" ;;\n");
		}
	}
	buf_put_text(out, "\tesac\n");
}

static void put_option_lists(struct buf *out, const struct verbs *verbs)
{
	buf_put_text(out, "\tcase \"$noun $verb\" in\n");
	for (unsigned i = 0; i < verbs->count; i++) {
		const struct command *command = &verbs->items[i]->command;
		if (command->options && command->options->name) {
			buf_printf(out, "\t\"%s %s\") options=\"", command->noun, command->verb ? command->verb : "");
			put_options(out, command->options);
			buf_put_text(out, "\" ;;\n");
		}
	}
	buf_put_text(out, "\tesac\n");
}

void completion_print(struct ctx *ctx, const struct verbs *verbs)
{
	struct buf *out = ctx->out;
	buf_put_text(out,
	    "# bash completion for warifu: . <(warifu completion)\n_warifu()\n{\n"
	    "\tlocal word=${COMP_WORDS[COMP_CWORD]} noun='' verb='' verbs='' options='' i w\n"
	    "\tfor ((i = 1; i < COMP_CWORD; i++)); do\n\t\tw=${COMP_WORDS[i]}\n\t\tcase $w in -*) continue ;; esac\n"
	    "\t\tif [ -z \"$noun\" ]; then noun=$w; elif [ -z \"$verb\" ]; then verb=$w; fi\n\tdone\n");
	put_verb_lists(out, verbs);
	buf_put_text(out, "\t[ -n \"$verbs\" ] || verb=''\n");
	put_option_lists(out, verbs);
	buf_put_text(out, "\tif [[ $word == -* ]]; then\n\t\toptions=\"$options");
	put_options(out, global_options);
	buf_put_text(out,
	    "\"\n\t\tmapfile -t COMPREPLY < <(compgen -W \"$options\" -- \"$word\")\n\telif [ -z \"$noun\" ]; then\n"
	    "\t\tmapfile -t COMPREPLY < <(compgen -W \"");
	for (unsigned i = 0; i < verbs->count; i++) {
		if (starts_noun(verbs, i)) {
			buf_printf(out, "%s%s", i ? " " : "", verbs->items[i]->command.noun);
		}
	}
	buf_put_text(out,
	    "\" -- \"$word\")\n\telif [ -n \"$verbs\" ] && [ -z \"$verb\" ]; then\n"
	    "\t\tmapfile -t COMPREPLY < <(compgen -W \"$verbs\" -- \"$word\")\n\telse\n"
	    "\t\tmapfile -t COMPREPLY < <(compgen -f -- \"$word\")\n\tfi\n}\ncomplete -F _warifu warifu\n");
}
