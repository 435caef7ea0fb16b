#include "sync/message.h"
#include "base/limits.h"

struct type {
	const char *name;
	size_t limit;
};

static const struct type types[MESSAGE_TYPES] = {
	[MESSAGE_GREETING] = { "greeting", LIMIT_GREETING_BYTES },
	[MESSAGE_PROOF] = { "proof", 64 },
	[MESSAGE_VECTOR] = { "vector", LIMIT_VECTOR_BYTES },
	[MESSAGE_FRAME] = { "frame", LIMIT_FRAME_WIRE_BYTES },
	[MESSAGE_END] = { "end", 0 },
	[MESSAGE_STATE] = { "state", 65536 },
	[MESSAGE_PROBE] = { "probe", 4096 },
	[MESSAGE_FORK] = { "fork", 80 },
	[MESSAGE_STOP] = { "stop", 300 },
	[MESSAGE_WANT] = { "want", 48 },
	[MESSAGE_CHUNK] = { "chunk", LIMIT_CHUNK_BYTES + 64 },
	[MESSAGE_LOOK] = { "look", 8 },
	[MESSAGE_NODES] = { "nodes", 65536 },
	[MESSAGE_AGAIN] = { "again", 1 },
	[MESSAGE_REFUSED] = { "refused", 300 },
	[MESSAGE_DONE] = { "done", 0 },
	[MESSAGE_BYE] = { "bye", 0 },
	[MESSAGE_DIFFERS] = { "differs", 32 },
	[MESSAGE_PROBED] = { "probed", 80 },
	[MESSAGE_HEADER] = { "header", LIMIT_VECTOR_BYTES },
	[MESSAGE_ATTACHMENT] = { "attachment", LIMIT_ATTACHMENT_BYTES + 64 },
	[MESSAGE_CLOSE] = { "close", 96 },
};

size_t message_limit(unsigned type)
{
	return type < MESSAGE_TYPES && types[type].name != NULL ? types[type].limit : SIZE_MAX;
}

const char *message_name(unsigned type)
{
	return type < MESSAGE_TYPES && types[type].name != NULL ? types[type].name : "unknown";
}

void message_put(struct buf *out, enum message_type type, struct bytes content)
{
	ASSERT(content.len <= message_limit(type));
	buf_put_byte(out, (uint8_t)type);
	buf_put_varint(out, content.len);
	buf_put_bytes(out, content);
}

enum status message_take(struct bytes *in, struct message *out, size_t *need, struct err *err)
{
	struct bytes at = *in;
	uint64_t len;

	*need = 1;
	if (at.len == 0) {
		return NOT_FOUND;
	}
	unsigned type = at.data[0];
	if (message_limit(type) == SIZE_MAX) {
		return err_set(err, BAD_INPUT, "message: type %u; this program knows no such type", type);
	}
	at = bytes_of(at.data + 1, at.len - 1);
	size_t before = at.len;
	if (!varint_take(&at, &len)) {
		*need = in->len + 1;
		return before < 4
		    ? NOT_FOUND
		    : err_set(err, BAD_INPUT, "message %s: its length is not in the shortest form", types[type].name);
	}
	if (len > types[type].limit) {
		return err_set(err, BAD_INPUT, "message %s: %llu bytes; at most %zu", types[type].name,
		    (unsigned long long)len, types[type].limit);
	}
	if (len > at.len) {
		*need = in->len - at.len + (size_t)len;
		return NOT_FOUND;
	}
	*out = (struct message){ type, bytes_of(at.data, (size_t)len) };
	*in = bytes_of(at.data + len, at.len - (size_t)len);
	return OK;
}
