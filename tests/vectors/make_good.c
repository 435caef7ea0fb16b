/* The good vectors. The kernel's kinds tell the beginning of one tally, with logs that hang together; after them come the
 * borders of what a body and a place may be. */
#include "base/cbor.h"
#include "base/limits.h"
#include "core/kernel.h"
#include "vectors.h"
#include <stdio.h>

#define STATED 1385456400000 /* 2013-11-26T09:00:00Z */

/* The authors of the tally, and the buffers that its bodies are put together in. */
struct story {
	struct maker *maker;
	struct author gb_root, jp_root, gb_recovery, jp_recovery, desk, home;
	struct buf fields, body, attachments;
	unsigned field_count;
	struct body_draft draft;
};

static struct buf *field(struct story *story, int64_t key)
{
	story->field_count++;
	cbor_put_int(&story->fields, key);
	return &story->fields;
}

static void field_int(struct story *story, int64_t key, int64_t value)
{
	cbor_put_int(field(story, key), value);
}
static void field_text(struct story *story, int64_t key, const char *text)
{
	cbor_put_literal(field(story, key), text);
}
static void field_hex(struct story *story, int64_t key, const char *hex)
{
	hex_put(field(story, key), hex);
}

static void field_id(struct story *story, int64_t key, const struct id *id)
{
	cbor_put_bytes(field(story, key), id_bytes(id));
}

/* Writes the body that the fields and the draft make, and begins the next. */
static void body_make(struct story *story, const char *kind)
{
	story->draft.kind = kind;
	story->draft.stated_ms = STATED;
	story->draft.fields = buf_bytes(&story->fields);
	story->draft.field_count = story->field_count;
	buf_reset(&story->body);
	body_write(&story->body, &story->draft);
	buf_reset(&story->fields);
	story->field_count = 0;
	story->draft = (struct body_draft){ .kind = NULL };
}

static void write(struct story *story, struct author *author, const char *kind, const char *title)
{
	body_make(story, kind);
	author_write(author, story->maker, title, buf_bytes(&story->body));
}

static void party_put(struct buf *out, const char *code, const struct author *root, const struct author *recovery)
{
	cbor_put_array(out, 3);
	cbor_put_literal(out, code);
	cbor_put_bytes(out, id_bytes(&root->key));
	cbor_put_bytes(out, id_bytes(&recovery->key));
}

#define PROFILE_HEX \
	"a2 626964 6a67622d6a702d32303137 65636c6f636b a1 646d6f6e74 0c" /* {"id": "gb-jp-2017", "clock": {"mont": 12}} */

/* The tally's id is the hash of this body, so the authors can only then be given their places. */
static void proposed_write(struct story *story)
{
	struct id zero = id_filled(0), tally;

	author_init(&story->gb_root, 1, &zero, &zero);
	author_init(&story->jp_root, 2, &zero, &zero);
	author_init(&story->gb_recovery, 3, &zero, &zero);
	author_init(&story->jp_recovery, 4, &zero, &zero);
	field_text(story, PROPOSED_MODE, "rehearsal");
	struct buf *out = field(story, PROPOSED_PARTIES);
	cbor_put_array(out, 2);
	party_put(out, "GB", &story->gb_root, &story->gb_recovery);
	party_put(out, "JP", &story->jp_root, &story->jp_recovery);
	field_hex(story, PROPOSED_RULES, "a1 67737570706f7274 01");
	field_hex(story, PROPOSED_PROFILE, PROFILE_HEX);
	field_hex(story, PROPOSED_NONCE, "50 000102030405060708090a0b0c0d0e0f");
	body_make(story, "tally.proposed");
	tally = sha256(buf_bytes(&story->body));
	author_init(&story->gb_root, 1, &tally, &tally);
	author_init(&story->jp_root, 2, &tally, &tally);
	author_init(&story->gb_recovery, 3, &tally, &tally);
	author_init(&story->jp_recovery, 4, &tally, &tally);
	author_write(&story->gb_root, story->maker, "a tally is proposed, and its id is the hash of the body",
	    buf_bytes(&story->body));
}

static void grants_write(struct story *story)
{
	struct id *tally = &story->gb_root.place.tally, sealing = id_filled(0x5E), tls = id_filled(0x71);

	author_init(&story->desk, 5, tally, tally);
	author_init(&story->home, 6, tally, tally);
	field_id(story, GRANT_KEY, &story->desk.key);
	field_text(story, GRANT_OFFICER, "gb-0417");
	field_text(story, GRANT_POST, "Supply officer, Camp Danjou");
	field_hex(story, GRANT_ROLES, "82 656f72646572 69726567697374726172");
	field_hex(story, GRANT_LIMITS, "a2 63474250 1a001e8480 634a5059 1a0bebc200");
	field_int(story, GRANT_UNTIL, 1416992400000);
	field_int(story, GRANT_NUMBER, 7);
	field_hex(story, GRANT_RANGE, "82 14 181d");
	write(story, &story->gb_root, "desk.granted", "a desk is granted with limits and a range of numbers");
	author_init(&story->desk, 5, tally, &story->gb_root.place.prev); /* the grant's id */
	field_id(story, GRANT_KEY, &story->home.key);
	field_text(story, GRANT_LABEL, "Camp Danjou, Djibouti");
	field_int(story, GRANT_UNTIL, 1416992400000);
	field_id(story, GRANT_TLS, &tls);
	field_id(story, GRANT_SEALING, &sealing);
	write(story, &story->gb_root, "home.granted", "a home is granted with certificate and sealing key");
	author_init(&story->home, 6, tally, &story->gb_root.place.prev);
	struct id other = id_filled(0xD7);
	field_id(story, GRANT_KEY, &other);
	field_text(story, GRANT_OFFICER, "jp-12");
	field_text(story, GRANT_POST, "\xE8\xA3\x9C\xE7\xB5\xA6\xE6\x8B\x85\xE5\xBD\x93\xE5\xAE\x98");
	field_hex(story, GRANT_ROLES, "81 656973737565");
	field_int(story, GRANT_UNTIL, 1416992400000);
	field_int(story, GRANT_NUMBER, 9999);
	write(story, &story->jp_root, "desk.granted", "a desk is granted without limits, its post in Japanese");
	other = id_filled(0xD8);
	field_id(story, GRANT_KEY, &other);
	field_text(story, GRANT_LABEL, "\xE6\xA8\xAA\xE9\xA0\x88\xE8\xB3\x80");
	field_int(story, GRANT_UNTIL, 1416992400000);
	write(story, &story->jp_root, "home.granted", "a home is granted without the optional fields");
}

static void roots_write(struct story *story)
{
	struct id hash = id_filled(0xAB), first = id_filled(0x0A), second = id_filled(0x0B), replaced;

	field_id(story, REVOKED_KEY, &first);
	field_int(story, REVOKED_SEQ, 0);
	field_text(story, REVOKED_REASON, "lost at sea");
	write(story, &story->gb_root, "grant.revoked", "a grant is revoked from its first entry on");
	field_id(story, REPLACED_ROOT, &first);
	field_id(story, REPLACED_RECOVERY, &second);
	field_int(story, REPLACED_SEQ, 4);
	write(story, &story->gb_recovery, "root.replaced", "a recovery key names a new root");
	replaced = story->gb_recovery.place.prev;
	story->draft.refs = &replaced;
	story->draft.ref_count = 1;
	write(story, &story->jp_root, "tally.successor_seen", "another root confirms the successor");
	field_id(story, REPLACED_ROOT, &second);
	field_id(story, REPLACED_RECOVERY, &hash);
	field_int(story, REPLACED_SEQ, 65536);
	struct buf *out = field(story, REPLACED_STAND);
	cbor_put_array(out, 2);
	cbor_put_bytes(out, id_bytes(&first));
	cbor_put_bytes(out, id_bytes(&second));
	write(story, &story->jp_recovery, "root.replaced", "a recovery key names a new root and grants that stand");
}

static void home_write(struct story *story)
{
	struct id entries[] = { id_filled(0x20), id_filled(0x21) }, key = id_filled(0x0F), digest = id_filled(0xDD);
	struct id heads[] = { story->jp_root.place.prev, story->gb_root.place.prev, story->desk.place.prev };

	field_id(story, ACKNOWLEDGED_DIGEST, &digest);
	story->draft.refs = heads;
	story->draft.ref_count = 3;
	write(story, &story->home, "home.acknowledged", "a home acknowledges the heads of three logs");
	field_id(story, ACKNOWLEDGED_DIGEST, &digest);
	write(story, &story->home, "home.acknowledged", "a home acknowledges without heads");
	story->draft.refs = entries;
	story->draft.ref_count = 2;
	field_id(story, FORKED_KEY, &key);
	field_int(story, FORKED_SEQ, 3);
	write(story, &story->home, "log.forked", "a home proves a fork");
	field_id(story, ERASED_HASH, &digest);
	field_text(story, ERASED_LAW, "Data Protection Act 2018, section 47");
	write(story, &story->desk, "attachment.erased", "a desk gives up an attachment by law");
}

static void kernel_make(struct story *story)
{
	struct id hash;
	struct buf profile;

	proposed_write(story);
	write(story, &story->jp_root, "tally.accepted", "the other root accepts, with no field at all");
	buf_init(&profile, 4096);
	hex_put(&profile, PROFILE_HEX);
	hash = sha256(buf_bytes(&profile));
	buf_clear(&profile);
	field_int(story, AMENDED_FROM, 16100);
	field_hex(story, AMENDED_PROFILE, PROFILE_HEX);
	field_id(story, AMENDED_HASH, &hash);
	write(story, &story->gb_root, "tally.amended", "a root amends the agreement and gives it whole");
	field_int(story, AMENDED_FROM, 16100);
	field_id(story, AMENDED_HASH, &hash);
	write(story, &story->jp_root, "tally.amended", "the other root amends by hash alone");
	field_text(story, RULES_DOMAIN, "support");
	field_int(story, RULES_NUMBER, 2);
	write(story, &story->jp_root, "tally.rules_accepted", "a root accepts a rule set");
	grants_write(story);
	roots_write(story);
	home_write(story);
}

/* ---- bodies at the borders ----------------------------------------------------------------------------------------- */

static void attachments_put(struct buf *out)
{
	static const char *const types[] = { "application/pdf", "image/jpeg", "image/png", "text/csv" };
	static const int64_t sizes[] = { 0, 24, 65536, 33554432 };

	cbor_put_array(out, 4);
	for (size_t i = 0; i < 4; i++) {
		struct id hash = id_filled((uint8_t)(0xF0 - i));
		cbor_put_array(out, 3);
		cbor_put_bytes(out, id_bytes(&hash));
		cbor_put_int(out, sizes[i]);
		cbor_put_literal(out, types[i]);
	}
}

static void whole_write(struct story *story)
{
	struct id thread = id_filled(0x61), part = id_filled(0x62), seen = id_filled(0x63);
	struct id answers[] = { id_filled(0x31), id_filled(0x32) };
	struct id refs[] = { id_filled(0x53), id_filled(0x51), id_filled(0x52) };

	buf_reset(&story->attachments);
	attachments_put(&story->attachments);
	story->draft = (struct body_draft){ .thread = &thread,
		.part = &part,
		.seen = &seen,
		.answers = answers,
		.answer_count = 2,
		.refs = refs,
		.ref_count = 3,
		.attachments = buf_bytes(&story->attachments) };
	field_int(story, 8, 1);
	write(story, &story->desk, "toy.moved",
	    "a body with every key: two answers, refs in their own order, four attachments");
	story->draft.thread = &thread;
	write(story, &story->desk, "toy.noted", "a note on a whole thread has no part");
	story->draft.thread = &thread;
	story->draft.part = &part;
	write(story, &story->desk, "toy.moved", "a part without answers has the form");
}

static void values_write(struct story *story)
{
	struct author *desk = &story->desk;

	write(story, desk, "toy.opened", "kind and stated time are enough");
	field_text(story, 8,
	    "\xE5\xBC\x95\xE6\xB8\xA1\xE3\x81\x97 2,500 L\n\xE5\x8F\x97\xE9\xA0\x98\xE6\xB8\x88 \xF0\x9F\x9A\xA2");
	write(story, desk, "toy.opened", "text in Japanese, with a newline and a character of four bytes");
	field_text(story, 8, "e\xCC\x81");
	field_text(story, 9, "\xC3\xA9");
	write(story, desk, "toy.opened", "text is kept as typed: two forms of one letter");
	field_text(story, 8, "\xEF\xBF\xBF \xC2\xA0 \xEF\xBB\xBF \xF4\x8F\xBF\xBF");
	write(story, desk, "toy.opened", "noncharacters, a hard blank, a byte order mark and U+10FFFF are text");
	field_hex(
	    story, 8, "8a 20 37 3818 38ff 390100 39ffff 3a00010000 3affffffff 3b0000000100000000 3b7fffffffffffffff");
	write(story, desk, "toy.moved", "negative integers of every length, down to -2^63");
	field_hex(
	    story, 8, "8a 00 17 1818 18ff 190100 19ffff 1a00010000 1affffffff 1b0000000100000000 1b7fffffffffffffff");
	write(story, desk, "toy.moved", "unsigned integers of every length, up to 2^63-1");
	field_hex(story, 8, "87 f4 f5 f6 40 60 80 a0");
	write(story, desk, "toy.moved", "false, true, null, and four things that are empty");
	field_hex(story, 8, "81 81 81 81 81 81 80");
	write(story, desk, "toy.moved", "eight levels, the innermost empty");
	field_hex(story, 8, "a1 00 a1 00 a1 00 a1 00 a1 00 a1 00 a1 00 f6");
	write(story, desk, "toy.moved", "eight levels of maps around a scalar");
	field_hex(story, 8, "a7 00 00 17 01 1818 02 190100 03 60 04 617a 05 626161 06");
	write(
	    story, desk, "toy.moved", "map keys go by their encodings: integers first, a short text before a long one");
	field_hex(story, 255, "f6");
	write(story, desk, "toy.moved", "keys go up to 255");
	write(story, desk, "abcdefghijklmnopqrstuvw_.abcdefghijklmnopqrstuv", "a kind of 47 bytes");
	write(story, desk, "abcdefghijklmnopqrstuvwx.abcdefghijklmnopqrstuv_", "a kind of 48 bytes");
	write(story, desk, "_._", "a kind of two underscores");
}

static void times_write(struct story *story)
{
	static const struct {
		const char *hex, *title;
	} times[] = {
		{ "00", "the first moment of 1970" },
		{ "1b 0000e677d21fdbff", "the last moment of 9999" },
	};

	for (size_t i = 0; i < 2; i++) {
		buf_reset(&story->body);
		hex_put(&story->body, "a2 00 69 746f792e6d6f766564 01");
		hex_put(&story->body, times[i].hex);
		author_write(&story->desk, story->maker, times[i].title, buf_bytes(&story->body));
	}
}

static void seqs_write(struct maker *maker)
{
	static const uint64_t seqs[] = { 23, 24, 255, 256, 65535, 65536, 4294967295, 4294967296, INT64_MAX };
	struct author author = plain_author();
	char title[64];
	struct buf body;

	buf_init(&body, 4096);
	body_begin(&body, 0);
	for (size_t i = 0; i < sizeof seqs / sizeof seqs[0]; i++) {
		author.place.seq = seqs[i];
		author.place.prev = id_filled((uint8_t)(0x90 + i));
		snprintf(title, sizeof title, "seq %llu", (unsigned long long)seqs[i]);
		author_write(&author, maker, title, buf_bytes(&body));
	}
	buf_clear(&body);
}

/* {0: "a.b", 1: 0, 8: h'..'} of exactly this length. */
static void body_of_length(struct buf *out, size_t len)
{
	size_t rest = len - 9;
	size_t head = rest - 1 < 24 ? 1 : rest - 2 < 256 ? 2 : 3;

	buf_reset(out);
	hex_put(out, "a3 00 63 612e62 01 00 08");
	cbor_put_head(out, 2, rest - head);
	while (out->len < len) {
		buf_put_byte(out, (uint8_t)out->len);
	}
}

static void lengths_write(struct maker *maker)
{
	static const size_t lengths[] = { 23, 24, 255, 256, 65535, 65536 };
	struct author author = plain_author();
	char title[64];
	struct buf body;

	buf_init(&body, LIMIT_BODY_BYTES);
	author.place.seq = 1;
	for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
		body_of_length(&body, lengths[i]);
		ASSERT(body.len == lengths[i] && !body.failed);
		snprintf(title, sizeof title, "a body of %zu bytes", lengths[i]);
		author_write(&author, maker, title, buf_bytes(&body));
	}
	buf_clear(&body);
}

void good_make(struct maker *maker)
{
	struct story story = { .maker = maker };

	buf_init(&story.fields, LIMIT_BODY_BYTES);
	buf_init(&story.body, LIMIT_BODY_BYTES);
	buf_init(&story.attachments, LIMIT_BODY_BYTES);
	family_begin(maker, "kernel");
	kernel_make(&story);
	family_begin(maker, "body");
	whole_write(&story);
	values_write(&story);
	times_write(&story);
	family_begin(maker, "place");
	seqs_write(maker);
	family_begin(maker, "length");
	lengths_write(maker);
	buf_clear(&story.fields);
	buf_clear(&story.body);
	buf_clear(&story.attachments);
}
