/* Cards. Read leniently in what mail does to text (CRLF, blanks at the ends, empty lines), strictly in all else. */
#include "app/cards.h"
#include "base/text.h"
#include <stdio.h>
#include <string.h>

#define TITLE "warifu "

bool card_is(struct bytes text)
{
	return text.len > strlen(TITLE) && memcmp(text.data, TITLE, strlen(TITLE)) == 0;
}

static struct bytes take_line(struct bytes *text)
{
	const uint8_t *end = memchr(text->data, '\n', text->len);
	size_t len = end ? (size_t)(end - text->data) : text->len;
	struct bytes line = bytes_of(text->data, len);
	text->data += len + (end ? 1 : 0);
	text->len -= len + (end ? 1 : 0);
	while (line.len > 0 && (line.data[line.len - 1] == '\r' || line.data[line.len - 1] == ' ')) {
		line.len--;
	}
	return line;
}

static enum status take_pair(struct arena *arena, struct bytes line, struct card *out, struct err *err)
{
	const uint8_t *colon = memchr(line.data, ':', line.len);
	char quote[TEXT_QUOTE];
	if (!colon || out->count == CARD_LINES) {
		text_quote(line, quote);
		return err_set(
		    err, BAD_INPUT, "card: line \"%s\": %s", quote, colon ? "too many lines" : "must be NAME: VALUE");
	}
	size_t name_len = (size_t)(colon - line.data);
	out->lines[out->count].name = arena_text(arena, text_trim(bytes_of(line.data, name_len)));
	out->lines[out->count].value = arena_text(arena, text_trim(bytes_of(colon + 1, line.len - name_len - 1)));
	return out->lines[out->count].name && out->lines[out->count++].value
	    ? OK
	    : err_set(err, ENVIRONMENT, "card: out of memory");
}

/* The sum covers what matters, not the white space that mail changes. */
static uint32_t card_sum(const struct card *card)
{
	struct buf text;
	buf_init(&text, CARD_BYTES * 2);
	buf_put_text(&text, card->title);
	for (unsigned i = 0; i < card->count; i++) {
		buf_printf(&text, "\n%s:%s", card->lines[i].name, card->lines[i].value);
	}
	uint32_t sum = crc32_of(buf_bytes(&text));
	buf_clear(&text);
	return sum;
}

enum status card_read(struct arena *arena, struct bytes text, struct card *out, struct err *err)
{
	char sum[16];
	*out = (struct card){ 0 };
	if (!card_is(text) || text.len > CARD_BYTES) {
		return err_set(err, BAD_INPUT, "card: does not begin with \"%s...\", or is larger than %d bytes", TITLE,
		    CARD_BYTES);
	}
	if (text_check(text) && memchr(text.data, '\0', text.len)) {
		return err_set(err, BAD_INPUT, "card: not text");
	}
	out->title = arena_text(arena, take_line(&text));
	while (text.len > 0) {
		struct bytes line = take_line(&text);
		enum status status = line.len > 0 ? take_pair(arena, line, out, err) : OK;
		if (status != OK) {
			return status;
		}
	}
	const char *given = out->count > 0 ? out->lines[out->count - 1].value : "";
	if (out->count == 0 || strcmp(out->lines[out->count - 1].name, "check") != 0) {
		return err_set(err, BAD_INPUT, "card: the last line, \"check: ...\", is missing; the file is cut");
	}
	out->count--;
	snprintf(sum, sizeof sum, "%08x", card_sum(out));
	return strcmp(sum, given) == 0
	    ? OK
	    : err_set(
		  err, BAD_INPUT, "card: its text was changed (check is %s, must be %s); ask for it again", given, sum);
}

const char *card_at(const struct card *card, const char *name, unsigned index)
{
	for (unsigned i = 0; i < card->count; i++) {
		if (strcmp(card->lines[i].name, name) == 0 && index-- == 0) {
			return card->lines[i].value;
		}
	}
	return NULL;
}

const char *card_get(const struct card *card, const char *name)
{
	return card_at(card, name, 0);
}

enum status card_expect(const struct card *card, const char *title, struct err *err)
{
	return strcmp(card->title, title) == 0
	    ? OK
	    : err_set(err, BAD_INPUT, "card: is a \"%s\", must be a \"%s\"", card->title, title);
}

enum status card_id(const struct card *card, const char *name, struct id *out, struct err *err)
{
	const char *value = card_get(card, name);
	if (!value || !hex_parse(value, strlen(value), out->data, ID_BYTES)) {
		return err_set(err, BAD_INPUT, "card: %s: %s; must be 64 hex digits", name, value ? value : "missing");
	}
	return OK;
}

void card_begin(struct buf *out, const char *title)
{
	buf_printf(out, "%s\n", title);
}

void card_put(struct buf *out, const char *name, const char *value)
{
	buf_printf(out, "%s: %s\n", name, value);
}

void card_put_id(struct buf *out, const char *name, const struct id *id)
{
	char hex[ID_BYTES * 2 + 1];
	hex_print(id_bytes(id), hex);
	card_put(out, name, hex);
}

/* Reads back what was written, so that writer and reader sum the same thing. */
void card_end(struct buf *out)
{
	struct arena arena;
	struct card card = { 0 };
	struct bytes text = buf_bytes(out);
	arena_init(&arena, CARD_BYTES * 8);
	card.title = arena_text(&arena, take_line(&text));
	while (text.len > 0) {
		struct bytes line = take_line(&text);
		ASSERT(take_pair(&arena, line, &card, NULL) == OK);
	}
	buf_printf(out, "check: %08x\n", card_sum(&card));
	arena_clear(&arena);
}
