/* Messages: type, length, content (docs/sync.md 3). Nothing is taken in before its length was compared with its type's maximum. */
#ifndef WARIFU_SYNC_MESSAGE_H
#define WARIFU_SYNC_MESSAGE_H
#include "base/buf.h"
#include "base/err.h"

enum message_type {
	MESSAGE_GREETING = 1,
	MESSAGE_PROOF,
	MESSAGE_VECTOR,
	MESSAGE_FRAME,
	MESSAGE_END,
	MESSAGE_STATE,
	MESSAGE_PROBE,
	MESSAGE_FORK,
	MESSAGE_STOP,
	MESSAGE_WANT,
	MESSAGE_CHUNK,
	MESSAGE_LOOK,
	MESSAGE_NODES,
	MESSAGE_AGAIN,
	MESSAGE_REFUSED,
	MESSAGE_DONE,
	MESSAGE_BYE,
	MESSAGE_DIFFERS,
	MESSAGE_PROBED,
	MESSAGE_SESSION_TYPES,
	MESSAGE_HEADER = 32,
	MESSAGE_ATTACHMENT,
	MESSAGE_CLOSE,
	MESSAGE_TYPES
};
struct message {
	enum message_type type;
	struct bytes content;
};

/* Longest content of a type; SIZE_MAX for a type that does not exist. */
size_t message_limit(unsigned type);
const char *message_name(unsigned type);
void message_put(struct buf *out, enum message_type type, struct bytes content);
/* Takes the first message off the front. NOT_FOUND: more bytes must come, at most *need in all; BAD_INPUT: no such type, or too long. */
enum status message_take(struct bytes *in, struct message *out, size_t *need, struct err *err);
#endif
