#include "base/bytes.h"
#include <string.h>

struct bytes bytes_text(const char *text)
{
	return bytes_of(text, strlen(text));
}

bool bytes_equal(struct bytes a, struct bytes b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

int bytes_compare(struct bytes a, struct bytes b)
{
	size_t len = a.len < b.len ? a.len : b.len;
	int order = len != 0 ? memcmp(a.data, b.data, len) : 0;

	return order != 0 ? order : (a.len > b.len) - (a.len < b.len);
}

bool bytes_is(struct bytes a, const char *text)
{
	return bytes_equal(a, bytes_text(text));
}

bool id_equal(const struct id *a, const struct id *b)
{
	return memcmp(a->data, b->data, ID_BYTES) == 0;
}

int id_compare(const struct id *a, const struct id *b)
{
	return memcmp(a->data, b->data, ID_BYTES);
}

bool id_is_zero(const struct id *id)
{
	static const struct id zero;

	return id_equal(id, &zero);
}

uint64_t id_prefix(const struct id *id)
{
	uint64_t prefix = 0;

	for (int i = 0; i < 8; i++) {
		prefix = prefix << 8 | id->data[i];
	}
	return prefix;
}

void hex_print(struct bytes in, char *out)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < in.len; i++) {
		*out++ = digits[in.data[i] >> 4];
		*out++ = digits[in.data[i] & 15];
	}
	*out = '\0';
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9') {
		return c - '0';
	}
	if (c >= 'a' && c <= 'f') {
		return c - 'a' + 10;
	}
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

bool hex_parse(const char *text, size_t text_len, uint8_t *out, size_t out_len)
{
	if (text_len % 2 != 0 || text_len / 2 != out_len) {
		return false;
	}
	for (size_t i = 0; i < out_len; i++) {
		int high = hex_digit(text[2 * i]);
		int low = hex_digit(text[2 * i + 1]);
		if (high < 0 || low < 0) {
			return false;
		}
		out[i] = (uint8_t)(high << 4 | low);
	}
	return true;
}

/* Five bytes are eight letters; a rest of 1, 2, 3 or 4 bytes is 2, 4, 5 or 7. */
size_t base32_length(size_t len)
{
	return len / 5 * 8 + (len % 5 * 8 + 4) / 5;
}

void base32_print(struct bytes in, char *out)
{
	static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
	uint32_t bits = 0;
	unsigned held = 0;

	for (size_t i = 0; i < in.len; i++) {
		bits = (bits << 8 | in.data[i]) & 0xFFF;
		for (held += 8; held >= 5; held -= 5) {
			*out++ = alphabet[bits >> (held - 5) & 31];
		}
	}
	if (held > 0) {
		*out++ = alphabet[bits << (5 - held) & 31];
	}
	*out = '\0';
}

static int base32_digit(char c)
{
	if (c >= 'A' && c <= 'Z') {
		return c - 'A';
	}
	if (c >= 'a' && c <= 'z') {
		return c - 'a';
	}
	return c >= '2' && c <= '7' ? c - '2' + 26 : -1;
}

/* Only the one text that base32_print gives is read (but in either case): two texts for the same bytes would let one
 * bundle look like two. So an impossible length and spare bits that are not zero are refused. */
bool base32_parse(const char *text, size_t text_len, uint8_t *out, size_t out_capacity, size_t *out_len)
{
	size_t len = text_len / 8 * 5 + text_len % 8 * 5 / 8;
	uint32_t bits = 0;
	unsigned held = 0;
	size_t written = 0;

	*out_len = 0;
	if (base32_length(len) != text_len || len > out_capacity) {
		return false;
	}
	for (size_t i = 0; i < text_len; i++) {
		int digit = base32_digit(text[i]);
		if (digit < 0) {
			return false;
		}
		bits = (bits << 5 | (uint32_t)digit) & 0xFFF;
		held += 5;
		if (held >= 8) {
			held -= 8;
			out[written++] = (uint8_t)(bits >> held);
		}
	}
	if ((bits & ((1u << held) - 1)) != 0) {
		return false;
	}
	*out_len = written;
	return true;
}

/* Four bits at a time: sixteen words of table instead of 256, and fast enough for lines of a bundle. */
uint32_t crc32_of(struct bytes in)
{
	static const uint32_t table[16] = {
		0x00000000,
		0x1DB71064,
		0x3B6E20C8,
		0x26D930AC,
		0x76DC4190,
		0x6B6B51F4,
		0x4DB26158,
		0x5005713C,
		0xEDB88320,
		0xF00F9344,
		0xD6D6A3E8,
		0xCB61B38C,
		0x9B64C2B0,
		0x86D3D2D4,
		0xA00AE278,
		0xBDBDF21C,
	};
	uint32_t crc = 0xFFFFFFFF;

	for (size_t i = 0; i < in.len; i++) {
		crc ^= in.data[i];
		crc = crc >> 4 ^ table[crc & 15];
		crc = crc >> 4 ^ table[crc & 15];
	}
	return ~crc;
}
