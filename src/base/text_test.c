#include "base/alloc.h"
#include "base/tap.h"
#include "base/text.h"

static struct bytes b(const char *text)
{
	return bytes_text(text);
}

static bool good(const char *text)
{
	return text_check(b(text)) == NULL;
}

static void kept_text(void)
{
	char out[8];

	text_keep(out, sizeof out, b("warifu"));
	tap_is_text(out, "warifu", "a text that fits is kept whole");
	text_keep(out, sizeof out, b("warifus"));
	tap_is_text(out, "warifus", "to the last byte");
	text_keep(out, sizeof out, b("割符割符"));
	tap_is_text(out, "割符", "a longer one is cut between two characters");
	text_keep(out, sizeof out, b("割符a割"));
	tap_is_text(out, "割符a", "as late as may be");
	text_keep(out, 3, b("割符"));
	tap_is_text(out, "", "where not one fits nothing is kept");
	text_keep(out, sizeof out, bytes_of(NULL, 0));
	tap_is_text(out, "", "nor of nothing");
	text_keep(out, sizeof out, b("\x80\x80\x80\x80\x80\x80\x80\x80\x80"));
	tap_is_text(out, "", "nor of what is no text");
}

/* Every code there is, written and read back; and every sequence of up to three bytes judged against a slow rule. */
static void every_character(void)
{
	struct buf buf;
	bool same = true, lengths = true;

	buf_init(&buf, 8);
	for (uint32_t code = 0; code <= 0x10FFFF; code++) {
		uint32_t back = 0;
		if (code >= 0xD800 && code <= 0xDFFF) {
			continue;
		}
		buf_reset(&buf);
		text_put(&buf, code);
		struct bytes in = buf_bytes(&buf);
		lengths = lengths && in.len == (code < 0x80 ? 1u : code < 0x800 ? 2u : code < 0x10000 ? 3u : 4u);
		same = same && text_take(&in, &back) && back == code && in.len == 0;
	}
	tap_ok(same, "every character there is can be written and read back");
	tap_ok(lengths, "every character is written in its shortest form");
	buf_reset(&buf);
	text_put(&buf, 0xD800);
	text_put(&buf, 0x110000);
	tap_is_text(
	    buf_text(&buf), "\xEF\xBF\xBD\xEF\xBF\xBD", "what is no character is written as the replacement mark");
	buf_clear(&buf);
}

static void overlong_forms(void)
{
	unsigned accepted = 0, expected = 0x800 - 0x80 + 0x10000 - 0x800 - 0x800;

	for (uint32_t i = 0; i < 1u << 24; i++) {
		uint8_t bytes[3] = { (uint8_t)(i >> 16), (uint8_t)(i >> 8), (uint8_t)i };
		struct bytes in = bytes_of(bytes, 3);
		uint32_t code;
		if (bytes[0] < 0xC0 || bytes[0] >= 0xF0) {
			i |= 0xFFFF;
			continue;
		}
		if (text_take(&in, &code) && (in.len == 0 || bytes[2] == 0)) {
			accepted++;
		}
	}
	tap_is_int(accepted, expected,
	    "of all sequences of two or three bytes only the shortest form of each character is read");
}

static void checking(void)
{
	tap_ok(good("F-76 naval distillate") && good("艦船用軽油") && good("Ærø \xF0\x9F\x9A\xA2") && good(""),
	    "text is good");
	tap_ok(good("line one\nline two"), "a newline is good");
	tap_ok(!good("a\tb") && !good("a\rb") && !good("\x1B[2J") && !good("\x7F") && !good("\xC2\x80") &&
		!good("\xC2\x9F") && !good("\x1F"),
	    "other control characters are refused: tab, return, escape, delete and those of the second set");
	tap_ok(good(" ~") && good("\xC2\xA0"), "what stands beside the control characters is good");
	tap_is_text(text_check(bytes_of("a\0b", 3)), "holds a zero character (U+0000)", "a zero character is named");
	tap_is_text(text_check(b("\x1B")), "holds a control character", "a control character is named");
	tap_is_text(text_check(b("\xFF")), "not valid UTF-8", "bytes that are not UTF-8 are named");
	tap_ok(!good("\xC0\x80") && !good("\xE0\x80\x80") && !good("\xF0\x80\x80\x80") && !good("\xC1\xBF"),
	    "overlong forms are refused");
	tap_ok(!good("\xED\xA0\x80") && !good("\xED\xBF\xBF") && good("\xED\x9F\xBF") && good("\xEE\x80\x80"),
	    "surrogates are refused");
	tap_ok(!good("\xF4\x90\x80\x80") && !good("\xF5\x80\x80\x80") && good("\xF4\x8F\xBF\xBF"),
	    "codes above the last are refused");
	tap_ok(!good("\xE6\xB2") && !good("\xE6\xB2.") && !good("\x80") && !good("\xF0\x9F\x9A"),
	    "characters that are cut off are refused");
}

static void taking(void)
{
	struct bytes in = b("\xE6\xB2\xB9\xFFx");
	uint32_t code = 0;

	tap_ok(text_take(&in, &code) && code == 0x6CB9 && in.len == 2, "a character is taken off the front");
	tap_ok(!text_take(&in, &code) && code == 0xFF && in.len == 1, "a bad byte is taken alone and told");
	tap_ok(text_take(&in, &code) && code == 'x', "and reading goes on behind it");
	tap_ok(!text_take(&in, &code), "nothing can be taken from nothing");
}

static const char *padded(const char *text, unsigned columns, bool right)
{
	static char out[200];
	struct buf buf;

	buf_init(&buf, sizeof out);
	text_pad(&buf, b(text), columns, right);
	snprintf(out, sizeof out, "%s", buf_text(&buf));
	buf_clear(&buf);
	return out;
}

static void widths(void)
{
	tap_is_int(text_width(b("F-76")), 4, "Latin letters take a column each");
	tap_is_int(text_width(b("艦船用軽油")), 10, "Japanese characters take two");
	tap_is_int(text_width(b("ｱｲｳ")), 3, "half-width kana take one");
	tap_is_int(text_width(b("e\xCC\x81")), 1, "a combining accent takes none");
	tap_is_int(text_width(b("\xFF\x1B\n")), 3, "what a table replaces by a mark takes a column");
	tap_is_text(padded("JP", 5, false), "JP   ", "short text is padded on its right");
	tap_is_text(padded("JP", 5, true), "   JP", "numbers are padded on their left");
	tap_is_text(padded("JP-07", 5, true), "JP-07", "text that fits is left alone");
	tap_is_text(padded("JP-07-0013", 5, false), "JP-0…", "long text is cut with an ellipsis");
	tap_is_text(padded("JP-07-0013", 5, true), "JP-0…", "on whichever side it would be padded");
	tap_is_text(padded("艦船用軽油", 10, false), "艦船用軽油", "Japanese text that fits is left alone");
	tap_is_text(padded("艦船用軽油", 7, false), "艦船用…", "Japanese text is cut between characters");
	tap_is_text(padded("艦船用軽油", 8, false), "艦船用… ", "half a character's room is left blank");
	tap_is_text(padded("艦船", 1, false), "…", "one column holds the ellipsis alone");
	tap_is_text(padded("艦船", 0, false), "", "no column holds nothing");
	tap_is_text(padded("", 2, false), "  ", "no text is padded too");
	tap_is_text(padded("a\nb\033c\342\200\256d\342\200\254\377", 9, false), "a b�c�d��",
	    "a cell of a table cannot be broken by what stands in it");
}

static void trimming(void)
{
	tap_ok(bytes_is(text_trim(b(" \t　 GB　\r\n")), "GB"), "blanks of both alphabets are trimmed on both sides");
	tap_ok(bytes_is(text_trim(b("油　田 a b")), "油　田 a b"), "blanks inside stay");
	tap_ok(text_trim(b(" 　 ")).len == 0 && text_trim(b("")).len == 0, "blanks alone are trimmed to nothing");
	tap_ok(bytes_is(text_trim(b("\xE3\x80")), "\xE3\x80"), "half a blank is no blank");
	tap_ok(bytes_is(text_trim(b("\v\fx\v\f")), "x"), "vertical blanks are trimmed");
}

static const char *safe(const char *text)
{
	static char out[200];
	struct buf buf;

	buf_init(&buf, sizeof out);
	text_print_safe(&buf, b(text));
	snprintf(out, sizeof out, "%s", buf_text(&buf));
	buf_clear(&buf);
	return out;
}

static void printing_safely(void)
{
	tap_is_text(safe("艦船用軽油 F-76 \xF0\x9F\x9A\xA2"), "艦船用軽油 F-76 \xF0\x9F\x9A\xA2",
	    "honest text is printed as it is");
	tap_is_text(safe("\x1B[2Jgone\x07"), "\\u{001B}[2Jgone\\u{0007}",
	    "what would clear the screen or ring is shown, not done");
	tap_is_text(safe("GBP \342\200\256000,1\342\200\254"), "GBP \\u{202E}000,1\\u{202C}",
	    "an override that turns digits round is shown");
	tap_is_text(safe("\xE2\x81\xA6x\xE2\x81\xA9\xE2\x80\x8F\xD8\x9C"), "\\u{2066}x\\u{2069}\\u{200F}\\u{061C}",
	    "so are isolates and direction marks");
	tap_is_text(safe("a\xE2\x80\x8B"
			 "b\xEF\xBB\xBF"
			 "c\xC2\xAD"),
	    "a\\u{200B}b\\u{FEFF}c\\u{00AD}", "so is what cannot be seen");
	tap_is_text(safe("\xF3\xA0\x81\x81\xEF\xBF\xB9\xE1\xA0\x8E"), "\\u{E0041}\\u{FFF9}\\u{180E}",
	    "so are tags and annotations");
	tap_is_text(safe("a\nb\tc\rd\xC2\x9B"), "a\\nb\\tc\\u{000D}d\\u{009B}", "lines and columns cannot be forged");
	tap_is_text(safe("\xE2\x80\xA8\xE2\x80\xA9"), "\\u{2028}\\u{2029}", "nor with the other line ends");
	tap_is_text(safe("a\xFF\xE6\xB2"), "a\\xFF\\xE6\\xB2", "bytes that are no text are shown as bytes");
	tap_is_text(safe("\xE2\x80\x8D\xE2\x80\x8C\xEF\xB8\x80"), "\xE2\x80\x8D\xE2\x80\x8C\xEF\xB8\x80",
	    "joiners and variation selectors stay: names are written with them");
}

static void quoting(void)
{
	char out[TEXT_QUOTE];

	text_quote(b("油 \"x\"\033\377\342\200\256!\342\200\254"), out);
	tap_is_text(out, "油 ?x\77\77\77\77!?", "a quotation in a message holds nothing that could disturb it");
	text_quote(b("0123456789012345678901234567890123456789012345678901234567890"), out);
	tap_is_text(out, "012345678901234567890123456789012345678901234567…", "a long quotation is cut");
	text_quote(b("012345678901234567890123456789012345678901234567"), out);
	tap_is_text(out, "012345678901234567890123456789012345678901234567", "48 bytes are not long");
	text_quote(b("01234567890123456789012345678901234567890123456油油"), out);
	tap_is_text(out, "01234567890123456789012345678901234567890123456…", "a quotation is cut between characters");
	text_quote(b(""), out);
	tap_is_text(out, "", "a quotation of nothing is empty");
}

static const char *decoded(const char *in, size_t len, bool allow_cp932, const char **encoding, struct err *err)
{
	static char out[400];
	struct arena arena;
	struct bytes text = { 0 };

	*encoding = "";
	err_clear(err);
	arena_init(&arena, 1 << 20);
	enum status status = text_decode(&arena, bytes_of(in, len), allow_cp932, &text, encoding, err);
	snprintf(out, sizeof out, "%.*s", status == OK ? (int)text.len : 0, (const char *)text.data);
	arena_clear(&arena);
	return status == OK ? out : NULL;
}

static void decoding(void)
{
	const char *encoding;
	struct err err = { 0 };

	tap_is_text(decoded("油,1", 5, true, &encoding, &err), "油,1", "UTF-8 is read as it is");
	tap_is_text(encoding, "UTF-8", "and named");
	tap_is_text(
	    decoded("\xEF\xBB\xBF油", 6, false, &encoding, &err), "油", "a byte order mark in front is taken off");
	tap_is_text(encoding, "UTF-8 with BOM", "and named");
	/* 艦船用軽油 as Japanese Windows writes it */
	tap_is_text(decoded("\x8A\xCD\x91\x44\x97\x70\x8C\x79\x96\xFB", 10, true, &encoding, &err), "艦船用軽油",
	    "CP932 is read");
	tap_is_text(encoding, "CP932", "and named");
	tap_is_text(decoded("\x87\x40\x81\x60\xFB\xFC\x5C", 7, true, &encoding, &err), "①～髙\\",
	    "CP932 is not Shift_JIS: circled one, the wave dash, the other form of taka and the backslash");
	tap_is_text(decoded("\xB1\xB2\xB3,\r\n", 6, true, &encoding, &err), "ｱｲｳ,\r\n", "half-width kana are read");
	tap_is_text(decoded("", 0, true, &encoding, &err), "", "an empty file is an empty text");
	tap_ok(decoded("abc\xFF\xFF", 5, false, &encoding, &err) == NULL && err.status == BAD_INPUT,
	    "other bytes are refused");
	tap_is_text(err.text, "file is not valid UTF-8: byte 3", "with the place of the first bad one");
	tap_ok(decoded("\xEF\xBB\xBF"
		       "ab\x8A\xCD",
		   7, true, &encoding, &err) == NULL,
	    "behind a byte order mark only UTF-8 is read");
	tap_is_text(err.text, "file is not valid UTF-8: byte 5", "and the place counts the mark");
	tap_ok(decoded("ab\x8A\xCD\x81", 5, true, &encoding, &err) == NULL && err.status == BAD_INPUT,
	    "cut CP932 is refused");
	tap_is_text(err.text, "file is neither UTF-8 nor CP932: byte 4", "with the place of the cut");
	tap_ok(decoded("\x85\x40", 2, true, &encoding, &err) == NULL, "what is neither is refused");
	tap_ok(decoded("\xFF\xFE"
		       "a\0",
		   4, true, &encoding, &err) == NULL &&
		strstr(err.text, "UTF-16") != NULL && decoded("\xFE\xFF\0a", 4, true, &encoding, &err) == NULL,
	    "UTF-16 is named and refused, both ways round");
}

static void decoding_without_memory(void)
{
	const char *encoding;
	struct err err = { 0 };
	struct arena arena;
	struct bytes text;

	arena_init(&arena, 8);
	tap_is_int(text_decode(&arena, b("more than 16 bytes of text"), true, &text, &encoding, &err), ENVIRONMENT,
	    "a file above the ceiling is refused as trouble here, not as a bad file");
	err_clear(&err);
	tap_is_int(text_decode(&arena, b("\x8A\xCD\x8A\xCD\x8A\xCD"), true, &text, &encoding, &err), ENVIRONMENT,
	    "and so is one in CP932");
	arena_clear(&arena);
	arena_init(&arena, 1000);
	base_alloc_fail_at(1);
	err_clear(&err);
	tap_is_int(
	    text_decode(&arena, b("油"), true, &text, &encoding, &err), ENVIRONMENT, "no memory is trouble here too");
	base_alloc_fail_at(0);
	arena_clear(&arena);
}

int main(void)
{
	kept_text();
	every_character();
	overlong_forms();
	checking();
	taking();
	widths();
	trimming();
	printing_safely();
	quoting();
	decoding();
	decoding_without_memory();
	return tap_done();
}
