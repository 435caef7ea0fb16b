#include "base/err.h"
#include <stdint.h>
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

/* ---- apart from its language ------------------------------------------------------------------------------------- */

const char *wording_value(const struct wording *said, unsigned index)
{
	const char *value = said->values;

	if (index >= said->count) {
		return "";
	}
	while (index-- > 0) {
		value += strlen(value) + 1;
	}
	return value;
}

/* Adds one value. False when there is no room for it: half of a message says nothing. */
static bool value_add(struct wording *said, size_t *used, const char *text, size_t len)
{
	if (len >= sizeof said->values - *used) {
		return false;
	}
	memcpy(said->values + *used, text, len);
	said->values[*used + len] = '\0';
	*used += len + 1;
	said->count++;
	return true;
}

/* The next argument as vsnprintf() would print it. spec: what stands between % and the letter. */
static bool value_take(struct wording *said, size_t *used, const char *spec, char letter, va_list *arguments)
{
	size_t most = spec[0] == '.' && spec[1] != '*' ? strtoul(spec + 1, NULL, 10) : SIZE_MAX;
	bool two = strncmp(spec, "ll", 2) == 0, is_long = spec[0] == 'l' && !two, size = spec[0] == 'z';
	char number[32];
	const char *text = number;

	if (spec[0] == '.' && spec[1] == '*') {
		most = (size_t)va_arg(*arguments, int);
	}
	switch (letter) {
	case 's':
		text = va_arg(*arguments, const char *);
		text = text ? text : "";
		return value_add(said, used, text, strnlen(text, most));
	case 'd':
		snprintf(number, sizeof number, "%lld",
		    two           ? va_arg(*arguments, long long)
			: is_long ? va_arg(*arguments, long)
				  : va_arg(*arguments, int));
		break;
	case 'u':
		snprintf(number, sizeof number, "%llu",
		    two           ? va_arg(*arguments, unsigned long long)
			: size    ? va_arg(*arguments, size_t)
			: is_long ? va_arg(*arguments, unsigned long)
				  : va_arg(*arguments, unsigned));
		break;
	default: return false;
	}
	return value_add(said, used, number, strlen(number));
}

/* Only what messages use: %s with a precision, whole numbers without a width. Any other leaves the text alone. */
static void wording_take(struct wording *said, const char *format, va_list arguments)
{
	size_t used = 0;
	char spec[8];
	va_list left;

	memset(said, 0, sizeof *said);
	va_copy(left, arguments);
	said->form = format;
	for (const char *at = strchr(format, '%'); at != NULL && said->form; at = strchr(at, '%')) {
		size_t len = strcspn(++at, "%sducxgf");
		if (at[0] == '%') {
			at++;
			continue;
		}
		if (len >= sizeof spec) {
			said->form = NULL;
			break;
		}
		memcpy(spec, at, len);
		spec[len] = '\0';
		at += len;
		if (*at == '\0' || !value_take(said, &used, spec, *at, &left)) {
			said->form = NULL;
		}
	}
	va_end(left);
}

__attribute__((format(printf, 3, 0))) static void set(
    struct err *err, enum status status, const char *format, va_list arguments)
{
	va_list values;
	va_copy(values, arguments);
	wording_take(&err->said, format, values);
	va_end(values);
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

enum status err_within(struct err *err, enum status status, const struct err *inner, const char *format, ...)
{
	if (err != NULL && err->status == OK && status != OK) {
		va_list arguments;
		struct err within = *inner;
		va_start(arguments, format);
		set(err, status, format, arguments);
		va_end(arguments);
		within.status = status;
		within.about = err->said;
		size_t len = strlen(err->text);
		copy_cut(within.text, sizeof within.text, err->text);
		copy_cut(within.text + len, sizeof within.text - len, ": ");
		len = strlen(within.text);
		copy_cut(within.text + len, sizeof within.text - len, inner->text);
		*err = within;
	}
	return status;
}

enum status err_pass(struct err *err, enum status status, const struct err *inner)
{
	if (err != NULL && err->status == OK && status != OK) {
		*err = *inner;
		err->status = status;
		if (status != REFUSED) {
			err->rule[0] = err->domain[0] = '\0';
		}
	}
	return status;
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
