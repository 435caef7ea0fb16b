/* Any bytes as a body, and its own fields against every table of the kernel's: an answer, no crash, and a view that points
 * into the bytes that were read. */
#include "base/limits.h"
#include "core/kernel.h"
#include "core/record.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool is_within(struct bytes part, struct bytes whole)
{
	return part.len == 0 || (part.data >= whole.data && part.data + part.len <= whole.data + whole.len);
}

static void fields_try(const struct kind *kind, const struct body *body)
{
	struct err err;

	err_clear(&err);
	enum status status = record_check(kind, body, &err);
	ASSERT(status == OK || (status == REFUSED && err.rule[0] == 'F' && err.text[0] != '\0'));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes in = bytes_of(data, size);
	struct body body;

	if (body_read(in, &body) != NULL) {
		return 0;
	}
	ASSERT(is_within(body.kind, in) && is_within(body.attachments, in) && is_within(body.fields, in));
	for (unsigned i = 0; i < body.answer_count; i++) {
		ASSERT(is_within(body_answer(&body, i), in));
	}
	for (unsigned i = 0; i < body.ref_count; i++) {
		ASSERT(is_within(body_ref(&body, i), in));
	}
	for (const struct kind *kind = kernel_kinds; kind->name != NULL; kind++) {
		fields_try(kind, &body);
	}
	return 0;
}
