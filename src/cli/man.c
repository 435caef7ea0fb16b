/* The man page, written from the tables: `warifu man | man -l -`. */
#include "cli/cli.h"
#include <string.h>

/* Text for troff: backslashes and dashes are escaped, and no line begins with a control character. */
static void put_text(struct buf *out, const char *text)
{
	if (*text == '.' || *text == '\'') {
		buf_put_text(out, "\\&");
	}
	for (; *text; text++) {
		switch (*text) {
		case '\\': buf_put_text(out, "\\e"); break;
		case '-': buf_put_text(out, "\\-"); break;
		case '\n': buf_put_byte(out, ' '); break;
		case '`': buf_put_text(out, "\\(ga"); break;
		case '\'': buf_put_text(out, "\\(aq"); break;
		case '"': buf_put_text(out, "\\(dq"); break;
		case '~': buf_put_text(out, "\\(ti"); break;
		case '^': buf_put_text(out, "\\(ha"); break;
		default: buf_put_byte(out, (uint8_t)*text); break;
		}
	}
}

static void put_line(struct buf *out, const char *before, const char *text)
{
	buf_put_text(out, before);
	put_text(out, text);
	buf_put_byte(out, '\n');
}

static void put_option(struct buf *out, const struct option *option)
{
	buf_printf(out, ".TP\n\\fB%s\\-\\-", strcmp(option->name, "output") == 0 ? "\\-o\\fR, \\fB" : "");
	put_text(out, option->name);
	buf_put_text(out, "\\fR");
	if (option->type != OPTION_FLAG) {
		buf_put_text(out, " \\fI");
		put_text(out, option->value ? option->value : "TEXT");
		buf_put_text(out, "\\fR");
	}
	buf_put_byte(out, '\n');
	put_line(out, "", option->help ? option->help : "");
}

static void put_verb(struct buf *out, const struct verb *verb)
{
	const struct command *command = &verb->command;
	buf_put_text(out, ".SS \"");
	put_text(out, command->noun);
	if (command->verb) {
		buf_put_byte(out, ' ');
		put_text(out, command->verb);
	}
	if (command->operands) {
		buf_printf(out, " %s", command->operand_min == 0 ? "[" : "");
		put_text(out, command->operands);
		buf_put_text(out, command->operand_min == 0 ? "]" : "");
	}
	buf_put_text(out, "\"\n");
	put_line(out, "", command->help);
	for (const struct option *option = command->options; option && option->name; option++) {
		put_option(out, option);
	}
	if (verb->example) {
		buf_put_text(out, ".PP\nExample:\n.PP\n.RS 4\n.nf\n");
		put_line(out, "", verb->example);
		buf_put_text(out, ".fi\n.RE\n");
	}
}

static const char *const before_commands =
    ".TH WARIFU 1 \"\" \"warifu " WARIFU_VERSION "\" \"User Commands\"\n"
    ".SH NAME\nwarifu \\- two halves of one tally, for partners who aid each other\n"
    ".SH SYNOPSIS\n\\fBwarifu\\fR \\fICOMMAND\\fR [\\fIVERB\\fR] [\\fIOPTION\\fR...]\n"
    ".SH DESCRIPTION\n"
    "Two partners under an agreement keep one shared record of what they ask of each other, provide, receive, claim and settle.\n"
    "Each signs only in its own half, offline; halves are exchanged over a pipe or by files carried by hand, and both compute the\n"
    "same state, byte for byte, and prove it.\n"
    ".SH OPTIONS OF EVERY COMMAND\n";
static const char *const after_commands =
    ".SH ENVIRONMENT\n"
    ".TP\n\\fBWARIFU_HOME\\fR\nThe home to work in.\n"
    ".TP\n\\fBWARIFU_DESK\\fR\nThe desk that signs.\n"
    ".TP\n\\fBWARIFU_PASSPHRASE\\fR\nThe passphrase of the keys, where no one can be asked.\n"
    ".TP\n\\fBWARIFU_STATE\\fR\nFolder of the files by which a copied home is recognised.\n"
    ".TP\n\\fBLC_ALL\\fR, \\fBLC_CTYPE\\fR, \\fBLANG\\fR\nWhere no UTF\\-8 is named, characters beyond ASCII are shown as \\eu{...}; a language\n"
    "that begins with \\fIja\\fR gives Japanese words and states.\n"
    ".SH EXIT STATUS\n"
    ".TP\n\\fB0\\fR\nDone.\n.TP\n\\fB1\\fR\nRefused by a rule; nothing was stored.\n.TP\n\\fB2\\fR\nUsage.\n.TP\n\\fB3\\fR\nBad input.\n"
    ".TP\n\\fB4\\fR\nEnvironment: a file, the disk, a passphrase.\n.TP\n\\fB5\\fR\nA check failed.\n.TP\n\\fB6\\fR\nA sync is incomplete.\n";

void man_print(struct ctx *ctx, const struct verbs *verbs)
{
	buf_put_text(ctx->out, before_commands);
	for (const struct option *option = global_options; option->name; option++) {
		put_option(ctx->out, option);
	}
	buf_put_text(ctx->out, ".SH COMMANDS\n");
	for (unsigned i = 0; i < verbs->count; i++) {
		put_verb(ctx->out, verbs->items[i]);
	}
	buf_put_text(ctx->out, after_commands);
}
