/* The command line: tables of commands, one parser, one printer. It parses and prints; what is done is app's and the domains'. */
#ifndef WARIFU_CLI_CLI_H
#define WARIFU_CLI_CLI_H
#include "app/app.h"
#include "core/command.h"

/* What a command needs before it runs; NEEDS_TALLY implies a home. */
enum {
	NEEDS_NOTHING = 0,
	NEEDS_HOME = 1,
	NEEDS_TALLY = 2,
	NEEDS_WRITE = 4,
	NEEDS_OWN_OUTPUT = 8 /* writes stdout itself */
};

struct verb {
	struct command command;
	unsigned needs;
	const char *example;     /* one line for help, or NULL */
	const struct kind *kind; /* of a move's command */
	const struct domain *domain;
};

struct globals {
	const char *home, *tally, *desk, *now, *lang, *passphrase_file;
	const char *keys[APP_KEY_DIRS];
	unsigned key_count;
	bool json, help, version;
};

/* --- tables (commands.c, moves.c) --- */
extern const struct option global_options[];
extern const struct verb kernel_verbs[]; /* ends with noun NULL */
struct verbs {
	const struct verb **items;
	unsigned count;
};
/* All commands: the kernel's, the domains', and one for every move. From the arena. */
enum status verbs_gather(struct arena *arena, struct verbs *out, struct err *err);
const char *noun_help(const char *noun); /* one line on what a noun is for */
/* Commands of the moves of a domain, appended. */
enum status moves_gather(struct arena *arena, const struct domain *domain, struct verbs *out, struct err *err);
/* "unit_price_minor" to "unit-price-minor"; a list's name becomes singular ("lines" to "line"). From the arena. */
const char *option_name(struct arena *arena, const struct field *field);

/* --- parsing (parse.c) --- */
/* USAGE with a suggestion for what is misspelt. args->verb is NULL when no command was given; *noun the noun, when only that was. */
enum status args_parse(int argc, char **argv, const struct verbs *verbs, struct globals *globals, struct args *args,
    const char **noun, struct err *err);
/* The nearest word, or NULL when none is near. */
const char *nearest(const char *word, const char *const *words, unsigned count);

/* --- printing (print.c) --- */
enum shown_form {
	SHOW_TEXT,
	SHOW_RIGHT,
	SHOW_ID,      /* first 12 hex digits */
	SHOW_WORD,    /* a state or word, in the language chosen */
	SHOW_TIME,    /* "2013-11-26 09:30Z" */
	SHOW_LIST,    /* array of texts, with commas */
	SHOW_AMOUNTS, /* map of currency to minor units */
	SHOW_YES,     /* true: yes; false: blank */
	SHOW_FULL,    /* the whole value, also in a table */
};
struct shown {
	const char *name, *title;
	enum shown_form form;
	unsigned most; /* columns; 0: 40 */
};
/* JSON lines, or a table with headings; `none` is printed when there are no rows. Consumes rows. */
void rows_print(struct ctx *ctx, json_t *rows, const struct shown *columns, const char *none);
/* One object as JSON, or as lines "title  value". Consumes row. */
void record_print(struct ctx *ctx, json_t *row, const struct shown *lines);
void json_print(struct ctx *ctx, const json_t *value); /* one line */
/* A sentence for people; nothing with --json. */
void say(struct ctx *ctx, const char *format, ...) __attribute__((format(printf, 2, 3)));
const char *short_time(struct arena *arena, const char *rfc3339);
const char *grouped(struct arena *arena, int64_t value); /* "1,234,567" */

/* `warifu serve`: the web layer's, which this layer does not know; main gives it. */
extern enum status (*cli_serve)(struct ctx *ctx, const struct args *args, struct err *err);

/* --- the terminal (terminal.c) --- */
bool terminal_is_utf8(bool is_terminal);
/* Writes what a command printed; where the terminal cannot show a character, as \u{...}. */
enum status terminal_write(struct bytes text, bool json, struct err *err);
/* The message, in Japanese behind the sentence of its rule or kind; with json as an object, in English. */
void terminal_error(struct ctx *ctx, const struct err *err, bool json);
/* Passphrase of a key: --passphrase-file, $WARIFU_PASSPHRASE, or a question on the terminal without echo. context: struct globals *. */
enum status terminal_passphrase(
    void *context, const char *what, bool again, struct arena *arena, struct bytes *out, struct err *err);
/* Asks for "yes" on the terminal; USAGE where there is none. */
enum status terminal_confirm(const char *question, struct err *err);
void terminal_progress(void *context, const char *what, int64_t done, int64_t all);
void terminal_progress_end(void);

/* --- help (help.c, man.c, completion.c) --- */
void help_all(struct ctx *ctx, const struct verbs *verbs);
void help_noun(struct ctx *ctx, const struct verbs *verbs, const char *noun);
void help_verb(struct ctx *ctx, const struct verb *verb);
void man_print(struct ctx *ctx, const struct verbs *verbs);
void completion_print(struct ctx *ctx, const struct verbs *verbs);

void submitted_print(struct ctx *ctx, const struct submitted *made);
/* --- what commands share (run_party.c, run_look.c) --- */
enum status option_strength(const struct args *args, enum key_strength *out, struct err *err);
enum status option_required(const struct args *args, const char *name, const char **out, struct err *err);
/* Time of an act, from the option or field `name`; 0 stays when text is NULL. */
enum status read_at(struct ctx *ctx, const char *name, const char *text, int64_t *ms, struct err *err);
/* What a bundle or key file is, for `show`. */
enum status exchange_show(struct ctx *ctx, struct bytes file, struct err *err);
/* To a file, or NULL: to what is printed. */
enum status output_write(struct ctx *ctx, const char *path, struct bytes content, struct err *err);
/* Tells that an entry was signed; OK. */
enum status entry_made(struct ctx *ctx, const struct id *id, const char *what);
enum status entry_find(struct ctx *ctx, const char *hex, struct id *out, struct err *err);

/* The tables of this process, for commands that print them. */
const struct verbs *cli_verbs(void);
const struct globals *cli_globals(void);
int cli_main(int argc, char **argv);

/* --- commands (run_*.c) --- */
#define RUN(name) enum status name(struct ctx *ctx, const struct args *args, struct err *err)
RUN(run_init);
RUN(run_party_new);
RUN(run_party_show);
RUN(run_party_export);
RUN(run_party_recover);
RUN(run_party_confirm);
RUN(run_officer_list);
RUN(run_officer_add);
RUN(run_officer_remove);
RUN(run_desk_request);
RUN(run_desk_grant);
RUN(run_desk_revoke);
RUN(run_desk_list);
RUN(run_home_request);
RUN(run_home_grant);
RUN(run_home_revoke);
RUN(run_home_list);
RUN(run_home_adopt);
RUN(run_tally_propose);
RUN(run_tally_opening);
RUN(run_tally_accept);
RUN(run_tally_join);
RUN(run_tally_list);
RUN(run_tally_show);
RUN(run_tally_use);
RUN(run_tally_amend);
RUN(run_tally_rules);
RUN(run_sync);
RUN(run_address_set);
RUN(run_address_list);
RUN(run_address_remove);
RUN(run_bundle_write);
RUN(run_bundle_read);
RUN(run_export);
RUN(run_verify);
RUN(run_digest);
RUN(run_rebuild);
RUN(run_explain);
RUN(run_show);
RUN(run_why);
RUN(run_log);
RUN(run_doctor);
RUN(run_serve);
RUN(run_practise);
RUN(run_submit);
RUN(run_attachment_list);
RUN(run_attachment_get);
RUN(run_attachment_erase);
RUN(run_paper_list);
RUN(run_paper_write);
RUN(run_help);
RUN(run_completion);
RUN(run_man);
RUN(run_version);
RUN(run_move);
#endif
