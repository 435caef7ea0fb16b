#include "base/limits.h"
#include "base/tap.h"
#include "paper/layout.h"
#include "paper/paper.h"
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

static const char table_layout[] =
    "{\"en\": \"List\", \"ja\": \"一覧\", \"code\": {\"value\": \"id\", \"en\": \"entry\", \"ja\": \"記録\"}, \"rows\": ["
    "{\"boxes\": [{\"en\": \"Remarks\", \"ja\": \"備考\", \"value\": \"remarks\"}]},"
    "{\"table\": \"lines\", \"columns\": [{\"en\": \"Item\", \"ja\": \"品目\", \"value\": \"item\", \"width\": 4},"
    "{\"en\": \"Amount\", \"ja\": \"金額\", \"value\": \"amount\", \"form\": \"amount\"}]},"
    "{\"signatures\": [{\"en\": \"Signed\", \"ja\": \"署名\"}]}]}";

/* Sheets of a file: its page objects. */
static unsigned pages_of(const struct buf *pdf)
{
	static const char mark[] = "/Type /Page %";
	unsigned count = 0;

	for (size_t i = 0; i + sizeof mark - 1 <= pdf->len; i++) {
		count += memcmp(pdf->data + i, mark, sizeof mark - 1) == 0;
	}
	return count;
}

static enum status print(const char *text, const json_t *facts, struct buf *out, struct err *err)
{
	json_t *layout = NULL;
	enum status status = layout_read(bytes_text(text), "test", &layout, err);

	buf_init(out, LIMIT_PAPER_BYTES);
	status = status == OK ? paper_print(layout, facts, out, err) : status;
	json_decref(layout);
	return status;
}

static json_t *facts_new(void)
{
	return json_pack("{s:s, s:s, s:s}", "number", "GB-07-0001", "dated", "2013-11-26T09:30:00Z", "id",
	    "afafcc12af7827974045683816453f2d73549433a0370ab55f5c8d1b73ee6d18");
}

static json_t *with_lines(unsigned count)
{
	json_t *facts = facts_new(), *lines = json_array();

	for (unsigned i = 0; i < count; i++) {
		json_array_append_new(lines,
		    json_pack("{s:{s:s, s:s}, s:s}", "item", "en", "Water, bottled", "ja", "飲料水", "amount",
			"JPY 26,000,000"));
	}
	json_object_set_new(facts, "lines", lines);
	return facts;
}

static unsigned pages_with(json_t *facts, const char *layout)
{
	struct err err = { 0 };
	struct buf pdf;
	enum status status = print(layout, facts, &pdf, &err);
	unsigned pages = status == OK ? pages_of(&pdf) : 0;

	if (status != OK) {
		printf("# %s\n", err.text);
	}
	buf_clear(&pdf);
	json_decref(facts);
	return pages;
}

static void sheets(void)
{
	tap_is_int(pages_with(with_lines(0), table_layout), 1, "an empty list is one sheet");
	tap_is_int(pages_with(with_lines(3), table_layout), 1, "three lines are one sheet");
	unsigned pages = pages_with(with_lines(200), table_layout);
	tap_ok(pages >= 7 && pages <= 10, "two hundred lines break over sheets");
	printf("# %u sheets\n", pages);
}

static void same_bytes(void)
{
	struct err err = { 0 };
	struct buf one, two;
	json_t *facts = with_lines(60);

	tap_is_int(print(table_layout, facts, &one, &err), OK, "a paper is printed");
	tap_is_int(print(table_layout, facts, &two, &err), OK, "and once more");
	tap_ok(bytes_equal(buf_bytes(&one), buf_bytes(&two)), "both have the same bytes");
	tap_ok(memmem(one.data, one.len, "20131126093000", 14) != NULL, "the date inside is that of the facts");
	tap_ok(memmem(one.data, one.len, "/usr/", 5) == NULL, "no path of the machine is inside");
	buf_clear(&two);
	json_object_set_new(facts, "number", json_string("GB-07-0002"));
	print(table_layout, facts, &two, &err);
	tap_ok(!bytes_equal(buf_bytes(&one), buf_bytes(&two)), "another number makes other bytes");
	buf_clear(&one);
	buf_clear(&two);
	json_decref(facts);
}

struct printer {
	pthread_t thread;
	const json_t *facts;
	struct buf pdf;
	enum status status;
};

static void *print_one(void *context)
{
	struct printer *printer = context;
	struct err err = { 0 };

	printer->status = print(table_layout, printer->facts, &printer->pdf, &err);
	return NULL;
}

/* More than there are presses. */
static void at_the_same_time(void)
{
	enum { PRINTERS = 5 };
	struct printer printers[PRINTERS];
	json_t *facts = with_lines(120);
	bool same = true;

	for (unsigned i = 0; i < PRINTERS; i++) {
		printers[i].facts = facts;
		if (pthread_create(&printers[i].thread, NULL, print_one, &printers[i]) != 0) {
			abort();
		}
	}
	for (unsigned i = 0; i < PRINTERS; i++) {
		pthread_join(printers[i].thread, NULL);
		same = same && printers[i].status == OK &&
		    bytes_equal(buf_bytes(&printers[i].pdf), buf_bytes(&printers[0].pdf));
	}
	tap_ok(same, "printed five times at the same time, a paper has the same bytes");
	for (unsigned i = 0; i < PRINTERS; i++) {
		buf_clear(&printers[i].pdf);
	}
	json_decref(facts);
}

static json_t *with_text(const char *piece, size_t bytes)
{
	json_t *facts = facts_new();
	size_t len = strlen(piece), count = bytes / len;
	char *text = malloc(bytes + 1);

	if (text == NULL) {
		abort();
	}
	for (size_t i = 0; i < count; i++) {
		memcpy(text + i * len, piece, len);
	}
	json_object_set_new(facts, "remarks", json_stringn(text, count * len));
	free(text);
	return facts;
}

static void long_texts(void)
{
	struct err err = { 0 };
	struct buf pdf;
	unsigned words = pages_with(with_text("a page of remarks ", 65536), table_layout),
		 torn = pages_with(with_text("w", 65536), table_layout),
		 kanji = pages_with(with_text("備考欄", 65535), table_layout),
		 lines = pages_with(with_text("line\n", 5000), table_layout);

	printf("# sheets: %u of words, %u of one word, %u of kanji, %u of lines\n", words, torn, kanji, lines);
	tap_ok(words > 5, "64 KiB of words go on over sheets");
	tap_ok(torn > 5, "one word of 64 KiB is broken where it must be");
	tap_ok(kanji > 3, "so is Japanese without a blank");
	tap_ok(lines > 10, "line ends stay");
	json_t *facts = with_text("x", LIMIT_PAPER_TEXT_BYTES + 1);
	tap_is_int(print(table_layout, facts, &pdf, &err), BAD_INPUT, "more than 1 MiB in a box is refused, not cut");
	tap_ok(strstr(err.text, "1 MiB") != NULL, "and the message says so");
	buf_clear(&pdf);
	json_decref(facts);
}

static void hostile_texts(void)
{
	static const char *const texts[] = { "\xE2\x80\xAExyz", "\xEF\xBF\xBD\xEF\xBF\xBD", "\t\x7F\x01",
		"\xF0\x9F\x9A\xA2", "\xD7\xA9\xD7\x9C\xD7\x95\xD7\x9D", "%PDF-1.7 (\\) <</Type /Page\n",
		"e\xCC\x81\xCC\x81\xCC\x81\xCC\x81" };

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		json_t *facts = facts_new();
		json_object_set_new(facts, "remarks", json_string(texts[i]));
		json_object_set_new(facts, "number", json_string(texts[i]));
		tap_is_int(pages_with(facts, table_layout), 1, "a hostile text is one sheet like another");
	}
}

static void refusals(void)
{
	static const char tall[] =
	    "{\"en\": \"x\", \"ja\": \"x\", \"rows\": [{\"table\": \"lines\", \"columns\": [{\"en\": \"x\", \"ja\": \"x\", "
	    "\"value\": \"t\"}]}]}";
	static const char narrow[] =
	    "{\"en\": \"x\", \"ja\": \"x\", \"rows\": [{\"boxes\": [{\"en\": \"x\", \"ja\": \"x\", \"width\": 1}, "
	    "{\"en\": \"x\", \"ja\": \"x\", \"width\": 100}]}]}";
	struct err err = { 0 };
	struct buf pdf;
	json_t *facts = facts_new(), *lines = json_array();

	json_t *texts = with_text("a\n", 30000); /* some 200 sheets */
	for (unsigned i = 0; i < 8; i++) {
		json_array_append_new(lines, json_pack("{s:O}", "t", json_object_get(texts, "remarks")));
	}
	json_object_set_new(facts, "lines", lines);
	tap_is_int(print(tall, facts, &pdf, &err), BAD_INPUT, "more than a thousand sheets are refused");
	tap_ok(strstr(err.text, "1000 sheets") != NULL, "and the message says so");
	buf_clear(&pdf);
	json_decref(texts);
	json_object_set_new(facts, "lines", json_null());
	json_object_set_new(facts, "id",
	    json_stringn(
		"0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789"
		"0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789x",
		201));
	err_clear(&err);
	tap_is_int(print(table_layout, facts, &pdf, &err), BAD_INPUT, "a code of more than 200 bytes is refused");
	buf_clear(&pdf);
	err_clear(&err);
	tap_is_int(print(narrow, facts, &pdf, &err), BAD_INPUT, "a box without room for a letter is refused");
	tap_ok(strstr(err.text, "too narrow") != NULL, "and the message says so");
	buf_clear(&pdf);
	json_decref(facts);
}

int main(void)
{
	sheets();
	same_bytes();
	at_the_same_time();
	long_texts();
	hostile_texts();
	refusals();
	return tap_done();
}
