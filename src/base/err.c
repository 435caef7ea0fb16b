#include "base/err.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void err_clear(struct err *err)
{
	if (err != NULL) {
		memset(err, 0, sizeof *err);
	}
}

/* A text that was cut to its buffer must not end inside a UTF-8 character: it goes to a terminal or a web page. */
static void cut_at_character(char *text)
{
	size_t len = strlen(text);
	size_t start = len;
	size_t tail = 0;

	while (start > 0 && tail < 4 && ((unsigned char)text[start - 1] & 0xC0) == 0x80) {
		start--;
		tail++;
	}
	if (start == 0) {
		return;
	}
	unsigned char lead = (unsigned char)text[start - 1];
	size_t need = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : lead >= 0xC0 ? 1 : 0;
	if (need > tail) {
		text[start - 1] = '\0';
	}
}

static void copy_cut(char *out, size_t size, const char *text)
{
	if ((size_t)snprintf(out, size, "%s", text != NULL ? text : "") >= size) {
		cut_at_character(out);
	}
}

__attribute__((format(printf, 3, 0))) static void set(
    struct err *err, enum status status, const char *format, va_list arguments)
{
	err->status = status;
	int len = vsnprintf(err->text, sizeof err->text, format, arguments);
	if (len < 0) {
		copy_cut(err->text, sizeof err->text, "(the reason could not be printed)");
	} else if ((size_t)len >= sizeof err->text) {
		cut_at_character(err->text);
	}
}

enum status err_set(struct err *err, enum status status, const char *format, ...)
{
	if (err != NULL && err->status == OK && status != OK) {
		va_list arguments;
		va_start(arguments, format);
		set(err, status, format, arguments);
		va_end(arguments);
	}
	return status;
}

enum status err_refuse(struct err *err, const char *rule, const char *source, const char *format, ...)
{
	if (err != NULL && err->status == OK) {
		va_list arguments;
		va_start(arguments, format);
		set(err, REFUSED, format, arguments);
		va_end(arguments);
		copy_cut(err->rule, sizeof err->rule, rule);
		copy_cut(err->source, sizeof err->source, source);
	}
	return REFUSED;
}

enum status err_again(struct err *err, const struct err *inner, const char *format, ...)
{
	if (err != NULL && err->status == OK) {
		va_list arguments;
		va_start(arguments, format);
		set(err, REFUSED, format, arguments);
		va_end(arguments);
		memcpy(err->rule, inner->rule, sizeof err->rule);
		memcpy(err->domain, inner->domain, sizeof err->domain);
		memcpy(err->source, inner->source, sizeof err->source);
	}
	return REFUSED;
}

void err_of_domain(struct err *err, const char *domain)
{
	if (err != NULL && err->status == REFUSED) {
		copy_cut(err->domain, sizeof err->domain, domain);
	}
}

static const struct {
	const char *name;
	int exit_code;
} statuses[] = {
	[OK] = { "done", 0 },
	[REFUSED] = { "refused", 1 },
	[USAGE] = { "usage", 2 },
	[BAD_INPUT] = { "bad input", 3 },
	[ENVIRONMENT] = { "environment", 4 },
	[CHECK_FAILED] = { "check failed", 5 },
	[INCOMPLETE] = { "incomplete", 6 },
	[NOT_FOUND] = { "not found", 2 },
};

int status_exit_code(enum status status)
{
	ASSERT((size_t)status < sizeof statuses / sizeof statuses[0]);
	return statuses[status].exit_code;
}

const char *status_name(enum status status)
{
	ASSERT((size_t)status < sizeof statuses / sizeof statuses[0]);
	return statuses[status].name;
}

_Noreturn void assert_failed(const char *file, int line, const char *condition)
{
	fprintf(stderr, "%s:%d: this must hold, and does not: %s\n", file, line, condition);
	abort();
}
