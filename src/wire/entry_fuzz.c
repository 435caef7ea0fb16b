/* Any bytes as a lone entry: an answer, no crash; what is read prints back to the same bytes, and never verifies. Any bytes
 * as the body of one: what is printed is read back. */
#include "base/limits.h"
#include "wire/entry.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void body_try(struct bytes in)
{
	struct entry entry = { .body = { .bytes = in }, .signature = { 1, 2, 3 } };
	const uint8_t *signature;
	struct bytes body;
	struct buf out;

	buf_init(&out, in.len + 128);
	entry_print_cose(&entry, &out);
	ASSERT(cose_parse(buf_bytes(&out), &body, &signature) == NULL);
	ASSERT(bytes_equal(body, in) && signature[0] == 1 && signature[2] == 3);
	buf_clear(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct place place = { .key = { { 0x58, 0x66 } }, .seq = 7 };
	struct bytes in = bytes_of(data, size), body;
	const uint8_t *signature;
	struct entry entry;
	struct buf out;

	wire_start();
	body_try(in);
	if (cose_parse(in, &body, &signature) != NULL || entry_init(&entry, &place, body, signature) != NULL) {
		return 0;
	}
	ASSERT(entry_verify(&entry) != NULL); /* nobody holds the key of this place */
	buf_init(&out, size + 1);
	entry_print_cose(&entry, &out);
	ASSERT(bytes_equal(buf_bytes(&out), in));
	buf_clear(&out);
	return 0;
}
