/* A file as lines of text, for e-mail and signal (docs/sync.md 8.1). Each line stands for itself: its number, how many there are, a checksum. */
#include "base/alloc.h"
#include "base/limits.h"
#include "sync/sync.h"
#include <stdio.h>
#include <string.h>

#define LINE_BYTES 40
#define LINE_CHARS 64
#define CHECK_CHARS 7

static void check_print(const char *checked, size_t length, char out[CHECK_CHARS + 1])
{
	uint32_t crc = crc32_of(bytes_of(checked, length));
	uint8_t bytes[4] = { (uint8_t)(crc >> 24), (uint8_t)(crc >> 16), (uint8_t)(crc >> 8), (uint8_t)crc };

	base32_print(bytes_of(bytes, sizeof bytes), out);
}

void bundle_text_print(struct bytes in, struct buf *out)
{
	size_t lines = (in.len + LINE_BYTES - 1) / LINE_BYTES;

	buf_printf(out,
	    "Warifu bundle, %zu bytes in %zu lines. Save all lines to a file and give it to: warifu bundle read\n",
	    in.len, lines);
	for (size_t i = 0; i < lines; i++) {
		char text[40 + LINE_CHARS + 1], check[CHECK_CHARS + 1];
		size_t length = in.len - i * LINE_BYTES < LINE_BYTES ? in.len - i * LINE_BYTES : LINE_BYTES;
		int head = snprintf(text, sizeof text, "%zu/%zu ", i + 1, lines);
		base32_print(bytes_of(in.data + i * LINE_BYTES, length), text + head);
		check_print(text, strlen(text), check);
		buf_printf(out, "WF %s %s\n", text, check);
	}
}

struct text_reading {
	uint8_t *bytes;
	bool *have;
	size_t lines, last_length;
};

static bool number_take(const char **at, const char *end, char stop, size_t *out)
{
	*out = 0;
	while (*at < end && **at >= '0' && **at <= '9' && *out < SIZE_MAX / 20) {
		*out = *out * 10 + (size_t)(*(*at)++ - '0');
	}
	return *at<end &&*(*at)++ == stop && * out> 0;
}

/* Upper case, without quote marks and blanks at its ends; returns the length, 0 when it is no line of ours. */
static size_t line_clean(struct bytes line, char *out, size_t size)
{
	size_t length = 0;
	const char *text = (const char *)line.data, *end = text + line.len;

	while (text < end && (*text == '>' || *text == ' ' || *text == '\t')) {
		text++;
	}
	while (end > text && (end[-1] == ' ' || end[-1] == '\r' || end[-1] == '\t')) {
		end--;
	}
	for (; text < end && length + 1 < size; text++) {
		out[length++] = *text >= 'a' && *text <= 'z' ? (char)(*text - 'a' + 'A') : *text;
	}
	out[length] = 0;
	return text == end && length > 3 && memcmp(out, "WF ", 3) == 0 ? length : 0;
}

static bool reading_size(struct text_reading *reading, size_t lines)
{
	if (reading->lines == 0 && lines <= LIMIT_BUNDLE_BYTES / LINE_BYTES + 1) {
		reading->lines = lines;
		reading->bytes = base_alloc(lines * LINE_BYTES);
		reading->have = base_alloc(lines * sizeof *reading->have);
		if (reading->have) {
			memset(reading->have, 0, lines * sizeof *reading->have);
		}
	}
	return reading->lines == lines && reading->bytes && reading->have;
}

/* A damaged line is passed over: it is then missing, and named. */
static void line_read(struct text_reading *reading, struct bytes line)
{
	char text[40 + LINE_CHARS + CHECK_CHARS + 8], check[CHECK_CHARS + 1];
	uint8_t bytes[LINE_BYTES];
	size_t length = line_clean(line, text, sizeof text), number, lines, got;

	if (length < 3 + CHECK_CHARS + 1 || text[length - CHECK_CHARS - 1] != ' ') {
		return;
	}
	check_print(text + 3, length - 3 - CHECK_CHARS - 1, check);
	if (memcmp(check, text + length - CHECK_CHARS, CHECK_CHARS) != 0) {
		return;
	}
	const char *at = text + 3, *end = text + length - CHECK_CHARS - 1;
	if (!number_take(&at, end, '/', &number) || !number_take(&at, end, ' ', &lines) || number > lines ||
	    !base32_parse(at, (size_t)(end - at), bytes, sizeof bytes, &got) || !reading_size(reading, lines) ||
	    (number < lines && got != LINE_BYTES)) {
		return;
	}
	memcpy(reading->bytes + (number - 1) * LINE_BYTES, bytes, got);
	reading->have[number - 1] = true;
	if (number == lines) {
		reading->last_length = got;
	}
}

static enum status text_complete(const struct text_reading *reading, struct err *err)
{
	size_t missing = 0, first = 0;

	for (size_t i = 0; i < reading->lines; i++) {
		missing += !reading->have[i];
		first = missing == 1 && !reading->have[i] ? i + 1 : first;
	}
	if (reading->lines == 0) {
		return err_set(err, BAD_INPUT, "bundle: holds no line that begins with WF");
	}
	return missing == 0
	    ? OK
	    : err_set(err, BAD_INPUT, "bundle: line %zu of %zu is missing or damaged (%zu in all); ask for it again",
		  first, reading->lines, missing);
}

enum status bundle_text_parse(struct bytes in, struct buf *out, struct err *err)
{
	struct text_reading reading = { NULL, NULL, 0, 0 };

	while (in.len > 0) {
		const uint8_t *newline = memchr(in.data, '\n', in.len);
		size_t length = newline ? (size_t)(newline - in.data) : in.len;
		line_read(&reading, bytes_of(in.data, length));
		in = bytes_of(in.data + length + (newline ? 1 : 0), in.len - length - (newline ? 1 : 0));
	}
	enum status status = text_complete(&reading, err);
	if (status == OK) {
		buf_put(out, reading.bytes, (reading.lines - 1) * LINE_BYTES + reading.last_length);
		status = out->failed ? err_set(err, ENVIRONMENT, "bundle: out of memory") : OK;
	}
	base_free(reading.bytes);
	base_free(reading.have);
	return status;
}
