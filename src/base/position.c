/* Coordinates out of a free text. Whoever writes them does so as his trade taught him; what could be read in two ways is not read. */
#include "base/position.h"
#include "base/buf.h"
#include "base/text.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DEGREES = 1, MINUTES, SECONDS }; /* bytes of a plain text, which has no controls of its own */

/* ---- plain text ------------------------------------------------------------------------------------------------------- */

static const struct {
	const char *written;
	char plain;
} signs[] = {
	{ "北緯", 'n' }, { "南緯", 's' }, { "東経", 'e' }, { "西経", 'w' }, { "°", DEGREES }, { "º", DEGREES },
	{ "˚", DEGREES }, { "度", DEGREES }, { "'", MINUTES }, { "＇", MINUTES }, { "’", MINUTES }, { "′", MINUTES },
	{ "分", MINUTES }, { "\"", SECONDS }, { "＂", SECONDS }, { "”", SECONDS }, { "″", SECONDS }, { "秒", SECONDS },
	{ "−", '-' }, { "–", '-' }, { "‐", '-' }, { "、", ',' }, { " ", ' ' }, { "　", ' ' }, { "\n", ' ' },
	{ "\xC2\xA0", ' ' }, /* a blank at which no line breaks */
};

/* The sign at the front, which is taken off; 0: none is there. */
static char sign_take(struct bytes *in)
{
	for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
		size_t len = strlen(signs[i].written);
		if (in->len >= len && memcmp(in->data, signs[i].written, len) == 0) {
			*in = bytes_of(in->data + len, in->len - len);
			return signs[i].plain;
		}
	}
	return '\0';
}

/* As sign_take, of letters in whatever width. */
static void letter_take(struct bytes *in, struct buf *out)
{
	uint32_t code;

	text_take(in, &code);
	if (code >= 0xFF01 && code <= 0xFF5E) {
		code -= 0xFEE0;
	}
	text_put(out, code >= 'A' && code <= 'Z' ? code + ('a' - 'A') : code);
}

static void plain_put(struct buf *out, char plain)
{
	bool after = out->len > 0;

	if (plain == ' ' && (!after || out->data[out->len - 1] == ' ')) {
		return;
	}
	if (plain == MINUTES && after && out->data[out->len - 1] == MINUTES) {
		out->data[out->len - 1] = SECONDS; /* two strokes */
		return;
	}
	buf_put(out, &plain, 1);
}

bool position_plain(struct bytes text, char out[POSITION_TEXT])
{
	struct buf plain;

	if (text.len >= POSITION_TEXT || text_check(text) != NULL) {
		return false;
	}
	buf_init(&plain, POSITION_TEXT);
	while (text.len > 0) {
		char sign = sign_take(&text);
		if (sign != '\0') {
			plain_put(&plain, sign);
		} else {
			letter_take(&text, &plain);
		}
	}
	while (plain.len > 0 && plain.data[plain.len - 1] == ' ') {
		plain.len--;
	}
	bool good = !plain.failed && plain.len < POSITION_TEXT;
	snprintf(out, POSITION_TEXT, "%.*s", good ? (int)plain.len : 0, plain.len > 0 ? (const char *)plain.data : "");
	buf_clear(&plain);
	return good;
}

/* ---- one half: "10-54.5n" ------------------------------------------------------------------------------------------------ */

#define PIECES 3
#define WHOLE_DIGITS 7    /* 1252430: degrees, minutes and seconds of a longitude without signs between */
#define FRACTION_DIGITS 6 /* millionths; what is finer does not count */

struct piece {
	int64_t whole, millionths;
	unsigned digits; /* of the whole */
	bool fraction;
};
struct half {
	struct piece pieces[PIECES];
	unsigned count;
	char letter; /* n, s, e, w; 0: none */
	bool marked; /* with a sign of degrees */
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter_or_digit(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'z');
}

static const char *blanks(const char *at)
{
	return at + strspn(at, " ");
}

/* Where it ends; NULL: no number begins here, or one that is too long. */
static const char *piece_read(const char *at, struct piece *out)
{
	*out = (struct piece){ 0 };
	for (; is_digit(*at) && out->digits < WHOLE_DIGITS; at++, out->digits++) {
		out->whole = out->whole * 10 + (*at - '0');
	}
	if (out->digits == 0 || is_digit(*at)) {
		return NULL;
	}
	if (*at != '.' || !is_digit(at[1])) {
		return at;
	}
	int64_t unit = POSITION_DEGREE / 10;
	out->fraction = true;
	for (at++; is_digit(*at); at++, unit /= 10) {
		out->millionths += (*at - '0') * unit;
	}
	return at;
}

static bool is_letter(const char *at, char before)
{
	return *at != '\0' && strchr("nsew", *at) != NULL && (before == '\0' || !is_letter_or_digit(before));
}

/* Behind a piece: its own mark, or a hyphen or blank before another piece. Where the next begins; NULL: there is none. */
static const char *joint(const char *at, struct half *half)
{
	const char *next = at;
	const struct piece *last = &half->pieces[half->count - 1];

	if (*at == (char)(half->count - 1 + DEGREES)) {
		half->marked |= *at == DEGREES;
		next = blanks(at + 1);
	} else if (*at == '-' || *at == ' ') {
		next = at + 1;
	}
	return next != at && half->count < PIECES && !last->fraction && is_digit(*next) ? next : NULL;
}

/* A half with its letter before or behind it, which must be there. Where it ends; NULL: none begins here. */
static const char *half_read(const char *at, struct half *half)
{
	*half = (struct half){ 0 };
	if (is_letter(at, '\0')) {
		half->letter = *at;
		at = blanks(at + 1);
	}
	for (const char *next = at; next != NULL;) {
		at = piece_read(next, &half->pieces[half->count]);
		if (at == NULL) {
			return NULL;
		}
		half->count++;
		next = joint(at, half);
	}
	at += *at == (char)(half->count - 1 + DEGREES);
	if (half->letter != '\0') {
		return at;
	}
	at = blanks(at);
	half->letter = *at;
	return is_letter(at, '\0') && (is_digit(at[1]) || !is_letter_or_digit(at[1])) ? at + 1 : NULL;
}

/* "1054" of a latitude, "12524" of a longitude, with seconds two digits more: degrees and minutes without a sign between them. */
static bool halve(struct half *half, unsigned degree_digits)
{
	struct piece whole = half->pieces[0];

	if (half->count != 1 || whole.digits <= degree_digits) {
		return half->pieces[0].digits <= degree_digits;
	}
	if (half->marked || (whole.digits != degree_digits + 2 && whole.digits != degree_digits + 4)) {
		return false;
	}
	half->count = whole.digits == degree_digits + 2 ? 2 : 3;
	for (unsigned i = half->count; i-- > 0;) {
		half->pieces[i] = (struct piece){ .whole = i > 0 ? whole.whole % 100 : whole.whole };
		whole.whole /= 100;
	}
	half->pieces[half->count - 1].millionths = whole.millionths;
	return true;
}

/* In millionths of a degree; false: there is no such place. */
static bool half_value(struct half *half, int32_t *out)
{
	bool latitude = half->letter == 'n' || half->letter == 's';
	int64_t value = 0, most = (latitude ? 90 : 180) * (int64_t)POSITION_DEGREE, part = 3600;

	if (!halve(half, latitude ? 2 : 3)) {
		return false;
	}
	for (unsigned i = 0; i < half->count; i++, part /= 60) {
		const struct piece *piece = &half->pieces[i];
		if (i > 0 && piece->whole > 59) {
			return false;
		}
		value += (piece->whole * POSITION_DEGREE + piece->millionths) * part;
	}
	value = (value + 1800) / 3600;
	*out = (int32_t)(half->letter == 's' || half->letter == 'w' ? -value : value);
	return value <= most;
}

/* ---- both ------------------------------------------------------------------------------------------------------------- */

static bool pair_value(struct half *one, struct half *other, struct position *out)
{
	bool latitude_first = one->letter == 'n' || one->letter == 's';
	struct half *latitude = latitude_first ? one : other, *longitude = latitude_first ? other : one;

	return (latitude->letter == 'n' || latitude->letter == 's') &&
	    (longitude->letter == 'e' || longitude->letter == 'w') && half_value(latitude, &out->latitude) &&
	    half_value(longitude, &out->longitude);
}

static bool lettered(const char *at, struct position *out)
{
	struct half one, other;

	at = half_read(at, &one);
	if (at == NULL) {
		return false;
	}
	at = half_read(at + strspn(at, " ,;/"), &other);
	return at != NULL && !is_letter_or_digit(*at) && pair_value(&one, &other, out);
}

/* "-10.9": with a point or a sign of degrees, so that two plain numbers are no place. */
static const char *signed_read(const char *at, struct half *half, const char *letters)
{
	bool minus = *at == '-';

	*half = (struct half){ .count = 1, .letter = letters[minus] };
	at = piece_read(at + (minus || *at == '+'), &half->pieces[0]);
	if (at == NULL || (!half->pieces[0].fraction && *at != DEGREES)) {
		return NULL;
	}
	half->marked = true; /* no minutes in it */
	return at + (*at == DEGREES);
}

static bool decimal(const char *at, struct position *out)
{
	struct half latitude, longitude;

	at = signed_read(at, &latitude, "ns");
	if (at == NULL || strspn(at, " ,;/") == 0) {
		return false;
	}
	at = signed_read(at + strspn(at, " ,;/"), &longitude, "ew");
	return at != NULL && *at == '\0' && pair_value(&latitude, &longitude, out);
}

bool position_parse(struct bytes text, struct position *out)
{
	char plain[POSITION_TEXT];
	char before = '\0';

	if (!position_plain(text, plain)) {
		return false;
	}
	if (decimal(plain, out)) {
		return true;
	}
	for (const char *at = plain; *at != '\0'; before = *at++) {
		bool inside = before != '\0' &&
		    (is_letter_or_digit(before) || (before >= DEGREES && before <= SECONDS) ||
			strchr(".-+", before) != NULL);
		if (!inside && (is_digit(*at) || is_letter(at, before)) && lettered(at, out)) {
			return true;
		}
	}
	return false;
}

void position_print(struct position position, char out[POSITION_PRINTED])
{
	int latitude = (abs(position.latitude) + 5000) / 10000, longitude = (abs(position.longitude) + 5000) / 10000;

	snprintf(out, POSITION_PRINTED, "%d.%02d %c %d.%02d %c", latitude / 100, latitude % 100,
	    position.latitude < 0 ? 'S' : 'N', longitude / 100, longitude % 100, position.longitude < 0 ? 'W' : 'E');
}
