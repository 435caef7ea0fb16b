#include "base/text.h"
#include <iconv.h>
#include <string.h>
#include <uniwidth.h>

#define REPLACEMENT 0xFFFDu
#define ELLIPSIS 0x2026u

/* The lead byte says how many bytes follow and which codes the form is for: a code that a shorter form could carry is
 * overlong. */
static unsigned sequence_length(uint8_t lead, uint32_t *bits, uint32_t *least)
{
	if (lead >= 0xC2 && lead <= 0xDF) {
		*bits = lead & 0x1F;
		*least = 0x80;
		return 2;
	}
	if (lead >= 0xE0 && lead <= 0xEF) {
		*bits = lead & 0x0F;
		*least = 0x800;
		return 3;
	}
	if (lead >= 0xF0 && lead <= 0xF4) {
		*bits = lead & 0x07;
		*least = 0x10000;
		return 4;
	}
	return 0;
}

static bool is_scalar(uint32_t code)
{
	return code <= 0x10FFFF && !(code >= 0xD800 && code <= 0xDFFF);
}

bool text_take(struct bytes *in, uint32_t *code)
{
	uint32_t bits = 0, least = 0;

	if (in->len == 0) {
		return false;
	}
	uint8_t lead = in->data[0];
	unsigned length = lead < 0x80 ? 1 : sequence_length(lead, &bits, &least);
	bool good = length != 0 && length <= in->len;
	for (unsigned i = 1; good && i < length; i++) {
		good = (in->data[i] & 0xC0) == 0x80;
		bits = bits << 6 | (in->data[i] & 0x3F);
	}
	if (length != 1) {
		good = good && bits >= least && is_scalar(bits);
	}
	if (!good || length == 1) {
		bits = lead;
		length = 1;
	}
	*in = bytes_of(in->data + length, in->len - length);
	*code = bits;
	return good;
}

void text_put(struct buf *out, uint32_t code)
{
	uint8_t bytes[4];
	size_t len = 0;

	if (!is_scalar(code)) {
		code = REPLACEMENT;
	}
	if (code < 0x80) {
		bytes[len++] = (uint8_t)code;
	} else if (code < 0x800) {
		bytes[len++] = (uint8_t)(0xC0 | code >> 6);
		bytes[len++] = (uint8_t)(0x80 | (code & 0x3F));
	} else if (code < 0x10000) {
		bytes[len++] = (uint8_t)(0xE0 | code >> 12);
		bytes[len++] = (uint8_t)(0x80 | (code >> 6 & 0x3F));
		bytes[len++] = (uint8_t)(0x80 | (code & 0x3F));
	} else {
		bytes[len++] = (uint8_t)(0xF0 | code >> 18);
		bytes[len++] = (uint8_t)(0x80 | (code >> 12 & 0x3F));
		bytes[len++] = (uint8_t)(0x80 | (code >> 6 & 0x3F));
		bytes[len++] = (uint8_t)(0x80 | (code & 0x3F));
	}
	buf_put(out, bytes, len);
}

static bool is_control(uint32_t code)
{
	return code < 0x20 || (code >= 0x7F && code <= 0x9F);
}

/* Characters that change how others are shown, or show nothing at all. Joiners (U+200C, U+200D) and variation selectors
 * stay: scripts and Japanese names need them. */
static bool is_deceptive(uint32_t code)
{
	static const struct {
		uint32_t first, last;
	} ranges[] = {
		{ 0x00AD, 0x00AD },   /* soft hyphen */
		{ 0x061C, 0x061C },   /* Arabic letter mark */
		{ 0x180E, 0x180E },   /* Mongolian vowel separator */
		{ 0x200B, 0x200B },   /* zero width space */
		{ 0x200E, 0x200F },   /* direction marks */
		{ 0x2028, 0x202E },   /* line and paragraph separators, embeddings and overrides */
		{ 0x2060, 0x206F },   /* word joiner, isolates, deprecated formats */
		{ 0xFEFF, 0xFEFF },   /* byte order mark */
		{ 0xFFF9, 0xFFFB },   /* interlinear annotation */
		{ 0xE0000, 0xE007F }, /* tags */
	};

	if (code < ranges[0].first) {
		return false;
	}
	for (size_t i = 0; i < sizeof ranges / sizeof ranges[0]; i++) {
		if (code >= ranges[i].first && code <= ranges[i].last) {
			return true;
		}
	}
	return false;
}

const char *text_check(struct bytes text)
{
	uint32_t code;

	while (text.len > 0) {
		if (!text_take(&text, &code)) {
			return "not valid UTF-8";
		}
		if (code == 0) {
			return "holds a zero character (U+0000)";
		}
		if (is_control(code) && code != '\n') {
			return "holds a control character";
		}
	}
	return NULL;
}

/* "UTF-8" is no locale here: it says that ambiguous characters are narrow. */
static unsigned code_width(uint32_t code)
{
	int width = uc_width(code, "UTF-8");

	return width > 0 ? (unsigned)width : 0;
}

/* The next character as a cell of a table shows it. */
static uint32_t cell_take(struct bytes *in)
{
	uint32_t code;

	if (!text_take(in, &code)) {
		return REPLACEMENT;
	}
	return code == '\n' ? ' ' : is_control(code) || is_deceptive(code) ? REPLACEMENT : code;
}

unsigned text_width(struct bytes text)
{
	unsigned width = 0;

	while (text.len > 0) {
		width += code_width(cell_take(&text));
	}
	return width;
}

static void blanks_put(struct buf *out, unsigned count)
{
	for (; count > 0; count--) {
		buf_put_byte(out, ' ');
	}
}

void text_pad(struct buf *out, struct bytes text, unsigned columns, bool right)
{
	unsigned width = text_width(text);
	bool cut = width > columns;
	unsigned room = cut && columns > 0 ? columns - 1 : columns; /* the ellipsis takes one */
	unsigned used = 0;

	if (columns == 0) {
		return;
	}
	if (right && !cut) {
		blanks_put(out, columns - width);
	}
	while (text.len > 0) {
		uint32_t code = cell_take(&text);
		if (used + code_width(code) > room) {
			break;
		}
		used += code_width(code);
		text_put(out, code);
	}
	if (cut) {
		text_put(out, ELLIPSIS);
	}
	if (cut || !right) {
		blanks_put(out, room - used); /* a wide character may leave one column */
	}
}

static struct bytes without(struct bytes text, size_t front, size_t back)
{
	return bytes_of(text.data + front, text.len - front - back);
}

struct bytes text_trim(struct bytes text)
{
	static const char blanks[] = " \t\n\v\f\r";

	for (;;) {
		if (text.len >= 3 && memcmp(text.data, "\xE3\x80\x80", 3) == 0) {
			text = without(text, 3, 0);
		} else if (text.len >= 3 && memcmp(text.data + text.len - 3, "\xE3\x80\x80", 3) == 0) {
			text = without(text, 0, 3);
		} else if (text.len >= 1 && memchr(blanks, text.data[0], 6) != NULL) {
			text = without(text, 1, 0);
		} else if (text.len >= 1 && memchr(blanks, text.data[text.len - 1], 6) != NULL) {
			text = without(text, 0, 1);
		} else {
			return text;
		}
	}
}

void text_print_safe(struct buf *out, struct bytes text)
{
	uint32_t code;

	while (text.len > 0) {
		if (!text_take(&text, &code)) {
			buf_printf(out, "\\x%02X", (unsigned)code);
		} else if (code == '\n') {
			buf_put_text(out, "\\n");
		} else if (code == '\t') {
			buf_put_text(out, "\\t");
		} else if (is_control(code) || is_deceptive(code)) {
			buf_printf(out, "\\u{%04X}", (unsigned)code);
		} else {
			text_put(out, code);
		}
	}
}

void text_quote(struct bytes text, char out[TEXT_QUOTE])
{
	const size_t most = 48;
	size_t used = 0;
	uint32_t code;

	while (text.len > 0) {
		struct bytes rest = text;
		bool good = text_take(&rest, &code);
		bool plain = good && !is_control(code) && !is_deceptive(code) && code != '"';
		size_t len = plain ? text.len - rest.len : 1;
		if (used + len > most) {
			memcpy(out + used, "\xE2\x80\xA6", 3);
			used += 3;
			break;
		}
		memcpy(out + used, plain ? (const char *)text.data : "?", len);
		used += len;
		text = rest;
	}
	out[used] = '\0';
}

void text_keep(char *out, size_t room, struct bytes text)
{
	size_t len = text.len;

	if (len >= room) {
		len = room - 1;
		while (len > 0 && (text.data[len] & 0xC0) == 0x80) { /* what follows would be the rest of a character */
			len--;
		}
	}
	if (len > 0) {
		memcpy(out, text.data, len);
	}
	out[len] = '\0';
}

/* ---- decoding -------------------------------------------------------------------------------------------------- */

/* Offset of the first byte that is not UTF-8, or the length. */
static size_t utf8_length(struct bytes in)
{
	struct bytes rest = in;
	uint32_t code;

	while (rest.len > 0) {
		size_t left = rest.len;
		if (!text_take(&rest, &code)) {
			return in.len - left;
		}
	}
	return in.len;
}

/* The most that the UTF-8 of a CP932 text can take: a letter outside ASCII, of one or two bytes, becomes up to three. */
static size_t cp932_ceiling(struct bytes in)
{
	size_t ceiling = 0;

	for (size_t i = 0; i < in.len; i++) {
		ceiling += in.data[i] < 0x80 ? 1 : 3;
	}
	return ceiling;
}

/* CP932, not SHIFT_JIS: what Japanese Windows writes has NEC and IBM characters and maps the wave dash otherwise. */
static enum status cp932_decode(struct arena *arena, struct bytes in, struct bytes *out, struct err *err)
{
	enum status status = OK;
	size_t ceiling = cp932_ceiling(in);
	uint8_t *data = arena_take(arena, ceiling);
	iconv_t converter = iconv_open("UTF-8", "CP932");

	if (converter == (iconv_t)-1) {
		return err_set(err, ENVIRONMENT, "this system cannot read CP932; save the file as UTF-8");
	}
	if (data == NULL) {
		status = err_set(err, ENVIRONMENT, "file of %zu bytes: no memory to decode it", in.len);
		goto out;
	}
	char *from = (char *)(uintptr_t)in.data;
	char *to = (char *)data;
	size_t from_left = in.len, to_left = ceiling;
	if (iconv(converter, &from, &from_left, &to, &to_left) == (size_t)-1) {
		status = err_set(err, BAD_INPUT, "file is neither UTF-8 nor CP932: byte %zu", in.len - from_left);
		goto out;
	}
	*out = bytes_of(data, ceiling - to_left);
out:
	iconv_close(converter);
	return status;
}

static bool begins(struct bytes in, const char *with, size_t len)
{
	return in.len >= len && memcmp(in.data, with, len) == 0;
}

enum status text_decode(
    struct arena *arena, struct bytes in, bool allow_cp932, struct bytes *out, const char **encoding, struct err *err)
{
	bool bom = begins(in, "\xEF\xBB\xBF", 3);
	struct bytes body = bom ? without(in, 3, 0) : in;
	size_t good = utf8_length(body);

	if (begins(in, "\xFF\xFE", 2) || begins(in, "\xFE\xFF", 2)) {
		return err_set(err, BAD_INPUT, "file is UTF-16; save it as UTF-8");
	}
	if (good == body.len) {
		*encoding = bom ? "UTF-8 with BOM" : "UTF-8";
		*out = arena_copy(arena, body);
		return out->data != NULL
		    ? OK
		    : err_set(err, ENVIRONMENT, "file of %zu bytes: no memory to decode it", in.len);
	}
	if (bom || !allow_cp932) {
		return err_set(err, BAD_INPUT, "file is not valid UTF-8: byte %zu", good + (bom ? 3 : 0));
	}
	*encoding = "CP932";
	return cp932_decode(arena, body, out, err);
}
