/* The terminal: what it can show, questions without echo, progress. A locale is read from the environment by name alone; nothing of the
 * program depends on it but how characters are shown. */
#include "app/attach.h"
#include "base/text.h"
#include "cli/cli.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <termios.h>
#include <unistd.h>

#define PASSPHRASE_MOST 1024

/* --- characters --------------------------------------------------------------------------------------------------------- */

static const char *locale_name(void)
{
	static const char *const names[] = { "LC_ALL", "LC_CTYPE", "LANG" };
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		const char *value = getenv(names[i]);
		if (value && value[0]) {
			return value;
		}
	}
	return NULL;
}

/* A locale that is named decides. Where none is, a terminal is taken to know ASCII alone, and a file or pipe UTF-8. */
bool terminal_is_utf8(bool is_terminal)
{
	const char *name = locale_name();
	if (!name) {
		return !is_terminal;
	}
	return strcasestr(name, "utf-8") || strcasestr(name, "utf8");
}

static void put_ascii(struct buf *out, struct bytes text)
{
	while (text.len > 0) {
		uint32_t code;
		if (text.data[0] < 0x80) {
			buf_put_byte(out, text.data[0]);
			text.data++;
			text.len--;
		} else if (text_take(&text, &code)) {
			buf_printf(out, "\\u{%X}", code);
		} else {
			buf_printf(out, "\\x%02X", code);
		}
	}
}

static enum status write_out(struct bytes text, struct err *err)
{
	if (fwrite(text.data, 1, text.len, stdout) != text.len || fflush(stdout) != 0) {
		return err_set(err, ENVIRONMENT, "standard output: %s", strerror(errno));
	}
	return OK;
}

enum status terminal_write(struct bytes text, bool json, struct err *err)
{
	struct buf ascii;
	if (text.len == 0) {
		return OK;
	}
	signal(SIGPIPE,
	    SIG_DFL); /* all that was to be kept is kept; who reads the beginning only need not hear of the rest */
	if (json || terminal_is_utf8(isatty(STDOUT_FILENO))) {
		return write_out(text, err);
	}
	buf_init(&ascii, text.len * 8 + 16);
	put_ascii(&ascii, text);
	enum status status = ascii.failed ? err_set(err, ENVIRONMENT, "standard output: out of memory")
					  : write_out(buf_bytes(&ascii), err);
	buf_clear(&ascii);
	return status;
}

static void print_json_error(const struct err *err)
{
	json_t *row = json_object();
	json_object_set_new(row, "error", json_string(status_name(err->status)));
	json_object_set_new(row, "exit", json_integer(status_exit_code(err->status)));
	json_object_set_new(row, "rule", json_string(err->rule));
	json_object_set_new(row, "source", json_string(err->source));
	json_object_set_new(row, "text", json_string(err->text));
	char *text = json_dumps(row, JSON_COMPACT | JSON_ENSURE_ASCII);
	fprintf(stderr, "%s\n", text ? text : "{}");
	free(text);
	json_decref(row);
}

void terminal_error(struct ctx *ctx, const struct err *err, bool json)
{
	struct buf safe, shown;
	const char *first = ctx->lang == LANG_JA ? ctx_meaning(ctx, err) : NULL, *detail = ctx_detail(ctx, err);
	terminal_progress_end();
	if (json) {
		print_json_error(err);
		return;
	}
	buf_init(&safe, 8192);
	buf_init(&shown, 65536);
	buf_put_text(&safe, "warifu: ");
	if (first) {
		buf_printf(&safe, "%s\n  ", first);
	}
	detail = detail ? detail : err->text;
	text_print_safe(&safe, bytes_text(detail[0] ? detail : status_name(err->status)));
	if (err->rule[0] || err->source[0]) {
		buf_printf(&safe, "\n  %s%s%s%s%s", err->rule[0] ? ctx_word(ctx, "rule") : "", err->rule[0] ? " " : "",
		    err->rule, err->rule[0] && err->source[0] ? ", " : "", ctx_source(ctx, err));
	}
	if (terminal_is_utf8(isatty(STDERR_FILENO))) {
		buf_put_bytes(&shown, buf_bytes(&safe));
	} else {
		put_ascii(&shown, buf_bytes(&safe));
	}
	fprintf(stderr, "%s\n", buf_text(&shown));
	buf_clear(&shown);
	buf_clear(&safe);
}

/* --- questions ---------------------------------------------------------------------------------------------------------- */

static enum status read_line(int fd, char *line, size_t size, struct err *err)
{
	size_t used = 0;
	for (;;) {
		char c;
		ssize_t got = read(fd, &c, 1);
		if (got < 0 && errno == EINTR) {
			continue;
		}
		if (got <= 0 || c == '\n') {
			break;
		}
		if (used + 1 >= size) {
			return err_set(err, USAGE, "answer: longer than %zu bytes", size - 1);
		}
		line[used++] = c;
	}
	line[used] = '\0';
	return OK;
}

static enum status ask(int tty, const char *question, bool echo, char *line, size_t size, struct err *err)
{
	struct termios old, quiet;
	bool changed = !echo && tcgetattr(tty, &old) == 0;
	if (changed) {
		quiet = old;
		quiet.c_lflag &= ~(tcflag_t)ECHO;
		tcsetattr(tty, TCSAFLUSH, &quiet);
	}
	dprintf(tty, "%s", question);
	enum status status = read_line(tty, line, size, err);
	if (changed) {
		tcsetattr(tty, TCSAFLUSH, &old);
		dprintf(tty, "\n");
	}
	return status;
}

static enum status ask_passphrase(int tty, const char *what, bool again, char *line, size_t size, struct err *err)
{
	char question[256], second[PASSPHRASE_MOST];
	snprintf(question, sizeof question, "passphrase of the %s: ", what);
	enum status status = ask(tty, question, false, line, size, err);
	if (status != OK || !again) {
		return status;
	}
	status = ask(tty, "the same again: ", false, second, sizeof second, err);
	if (status == OK && strcmp(line, second) != 0) {
		status = err_set(err, USAGE, "passphrase: the two differ; nothing was made");
	}
	explicit_bzero(second, sizeof second);
	return status;
}

static enum status passphrase_from_file(const char *path, struct arena *arena, struct bytes *out, struct err *err)
{
	enum status status = input_read(arena, path, PASSPHRASE_MOST, out, err);
	while (status == OK && out->len > 0 && (out->data[out->len - 1] == '\n' || out->data[out->len - 1] == '\r')) {
		out->len--;
	}
	return status;
}

enum status terminal_passphrase(
    void *context, const char *what, bool again, struct arena *arena, struct bytes *out, struct err *err)
{
	const struct globals *globals = context;
	const char *given = getenv("WARIFU_PASSPHRASE");
	char line[PASSPHRASE_MOST];
	enum status status = OK;
	if (globals->passphrase_file) {
		status = passphrase_from_file(globals->passphrase_file, arena, out, err);
	} else if (given) {
		*out = arena_copy(arena, bytes_text(given));
	} else {
		int tty = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
		if (tty < 0) {
			return err_set(err, ENVIRONMENT,
			    "passphrase of the %s: no terminal to ask on; give --passphrase-file or WARIFU_PASSPHRASE",
			    what);
		}
		status = ask_passphrase(tty, what, again, line, sizeof line, err);
		*out = arena_copy(arena, bytes_text(line));
		explicit_bzero(line, sizeof line);
		close(tty);
	}
	if (status == OK && again && out->len == 0) {
		return err_set(err, USAGE, "passphrase of the %s: empty", what);
	}
	return status;
}

enum status terminal_confirm(const char *question, struct err *err)
{
	char line[64], text[512];
	int tty = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
	if (tty < 0) {
		return err_set(err, USAGE, "no terminal to ask on; add --yes when you have compared");
	}
	snprintf(text, sizeof text, "%s [yes/no] ", question);
	enum status status = ask(tty, text, true, line, sizeof line, err);
	close(tty);
	return status != OK || strcmp(line, "yes") == 0 ? status
							: err_set(err, USAGE, "not confirmed; nothing was done");
}

/* --- progress ----------------------------------------------------------------------------------------------------------- */

static bool progress_shown;

void terminal_progress(void *context, const char *what, int64_t done, int64_t all)
{
	(void)context;
	if (!isatty(STDERR_FILENO)) {
		return;
	}
	progress_shown = true;
	if (all > 0) {
		fprintf(stderr, "\r%s: %lld of %lld (%lld %%)  ", what, (long long)done, (long long)all,
		    (long long)(done * 100 / all));
	} else {
		fprintf(stderr, "\r%s: %lld  ", what, (long long)done);
	}
}

void terminal_progress_end(void)
{
	if (progress_shown) {
		fprintf(stderr, "\r%*s\r", 60, "");
		progress_shown = false;
	}
}
