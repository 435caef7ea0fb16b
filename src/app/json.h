/* JSON at the edge of the program (jansson): read strictly, carried over into CBOR and back, and as rows for faces. */
#ifndef WARIFU_APP_JSON_H
#define WARIFU_APP_JSON_H
#include "base/buf.h"
#include "base/err.h"
#include <jansson.h>

/* Reads one JSON value: no doubled names, no U+0000, nothing behind it, at most LIMIT_JSON_BYTES. `what` names the source in
 * messages. BAD_INPUT with line and reason. The caller owns *out. */
enum status json_read(struct bytes text, const char *what, json_t **out, struct err *err);
/* JSON to CBOR as docs/format.md 3.1: keys sorted, integers only, decimals stand as text, no depth beyond LIMIT_CBOR_DEPTH.
 * BAD_INPUT says where ("profile.clocks.pay_days: 2.5 is not an integer; write decimals as text"). */
enum status json_to_cbor(const json_t *value, const char *where, struct buf *out, struct err *err);
/* CBOR that cbor_check has passed, as JSON: byte strings become lower-case hex, integer keys decimal names. NULL when memory is out. */
json_t *json_from_cbor(struct bytes item);

/* Small makers. All are NULL-safe in the manner of jansson: a NULL value is not set. */
json_t *json_hex(struct bytes bytes);
json_t *json_utf8(struct bytes text); /* null when text.data is NULL */
json_t *json_time(int64_t ms);        /* RFC 3339 */
json_t *json_day(int64_t day);
const char *json_get_text(const json_t *object, const char *name); /* NULL when absent or no text */
int64_t json_get_int(const json_t *object, const char *name);      /* 0 when absent or no integer */
#endif
