/* Cards: what mail does to them is forgiven, what people or thieves do is not. */
#include "app/cards.h"
#include "base/bytes.h"
#include "base/tap.h"

static struct arena arena;

static enum status read(const char *text, struct card *card, struct err *err)
{
	*err = (struct err){ 0 };
	return card_read(&arena, bytes_text(text), card, err);
}

static void write(struct buf *out)
{
	struct id id = { { 1, 2, 3 } };

	buf_init(out, CARD_BYTES);
	card_begin(out, "warifu desk request");
	card_put(out, "post", "Supply officer: JS Ise");
	card_put(out, "limit", "GBP=5");
	card_put(out, "limit", "JPY=6");
	card_put_id(out, "key", &id);
	card_end(out);
}

static void test_reading(void)
{
	struct buf text;
	struct card card;
	struct err err;
	struct id id;

	write(&text);
	tap_is_int(read(buf_text(&text), &card, &err), OK, "what was written is read");
	tap_is_text(card_get(&card, "post"), "Supply officer: JS Ise", "a value may hold a colon");
	tap_is_text(card_at(&card, "limit", 1), "JPY=6", "a name may stand more than once");
	tap_ok(card_at(&card, "limit", 2) == NULL && card_get(&card, "name") == NULL, "what is absent is not there");
	tap_ok(card_id(&card, "key", &id, &err) == OK && id.data[2] == 3, "ids are read");
	tap_is_int(card_id(&card, "post", &id, &err), BAD_INPUT, "other text is no id");
	tap_is_int(card_expect(&card, "warifu desk request", &err), OK, "it is what it says");
	tap_is_int(card_expect(&card, "warifu party", &err), BAD_INPUT, "and nothing else");
	buf_clear(&text);
}

static const char *changed(const char *from, const char *to)
{
	struct buf text, out;
	struct card card;
	static struct err err;

	write(&text);
	buf_init(&out, CARD_BYTES * 2);
	for (const char *at = buf_text(&text); *at;) {
		if (strncmp(at, from, strlen(from)) == 0) {
			buf_put_text(&out, to);
			at += strlen(from);
		} else {
			buf_put_byte(&out, (uint8_t)*at++);
		}
	}
	enum status status = read(buf_text(&out), &card, &err);
	buf_clear(&out);
	buf_clear(&text);
	return status == OK ? "read" : err.text;
}

static void test_changes(void)
{
	tap_is_text(changed("\n", "\r\n"), "read", "line ends of mail are forgiven");
	tap_is_text(changed("\n", "  \n\n"), "read", "so are blanks and empty lines");
	tap_ok(strstr(changed("JPY=6", "JPY=66"), "its text was changed"), "a changed limit is not");
	tap_ok(strstr(changed("limit: JPY=6\n", ""), "its text was changed"), "nor is a line left out");
	tap_ok(strstr(changed("check:", "cheque:"), "the file is cut"), "nor is a card without its check");
	tap_ok(strstr(changed("post:", "post"), "must be NAME: VALUE") || strstr(changed("post:", "post"), "changed"),
	    "a line needs a name");
	tap_ok(strstr(changed("warifu", "other"), "does not begin"), "another file is no card");
}

int main(void)
{
	arena_init(&arena, 1 << 20);
	test_reading();
	test_changes();
	arena_clear(&arena);
	return tap_done();
}
