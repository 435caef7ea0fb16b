#include "base/cbor.h"
#include "base/limits.h"
#include "base/tap.h"
#include "core/kernel.h"

static struct id ids[24];

/* Own fields of one entry; each test writes them with the pair_ calls and then says what record_check must say. */
static struct buf fields;
static unsigned field_count;
static struct id refs[4];
static unsigned ref_count;
static bool with_thread;

static void begin(void)
{
	buf_reset(&fields);
	field_count = 0;
	ref_count = 0;
	with_thread = false;
}

static struct buf *pair(int64_t key)
{
	field_count++;
	cbor_put_int(&fields, key);
	return &fields;
}

static void pair_int(int64_t key, int64_t value)
{
	cbor_put_int(pair(key), value);
}
static void pair_text(int64_t key, const char *text)
{
	cbor_put_literal(pair(key), text);
}
static void pair_id(int64_t key, unsigned which)
{
	cbor_put_bytes(pair(key), id_bytes(&ids[which]));
}
static void pair_bytes(int64_t key, size_t len)
{
	cbor_put_bytes(pair(key), bytes_of(ids, len));
}

static void pair_hex(int64_t key, const char *hex)
{
	uint8_t bytes[64];

	tap_ok(hex_parse(hex, strlen(hex), bytes, strlen(hex) / 2), "the test's own hex is hex");
	buf_put(pair(key), bytes, strlen(hex) / 2);
}

/* good, or where the refusal's text must begin. */
static void record_is(const char *kind_name, const char *expected, const char *title)
{
	struct buf out;
	struct body body;
	struct err err;
	const struct kind *kind = kernel_kind(bytes_text(kind_name));

	buf_init(&out, LIMIT_BODY_BYTES);
	err_clear(&err);
	struct body_draft draft = { .kind = kind_name,
		.stated_ms = 1,
		.thread = with_thread ? &ids[0] : NULL,
		.refs = refs,
		.ref_count = ref_count,
		.fields = buf_bytes(&fields),
		.field_count = field_count };
	body_write(&out, &draft);
	const char *reason = body_read(buf_bytes(&out), &body);
	if (reason != NULL) {
		tap_is_text(reason, "good", "the test's own body has the form");
	}
	enum status status = record_check(kind, &body, &err);
	bool good = strcmp(expected, "good") == 0;
	if (!tap_ok(good ? status == OK
			 : status == REFUSED && strcmp(err.rule, "F1") == 0 &&
			strncmp(err.text, expected, strlen(expected)) == 0,
		title)) {
		printf("# %s\n", err.text);
	}
	buf_clear(&out);
}

struct party {
	const char *code;
	unsigned root, recovery;
};

static void proposed(const char *mode, const struct party *parties, size_t count)
{
	begin();
	pair_text(PROPOSED_MODE, mode);
	struct buf *out = pair(PROPOSED_PARTIES);
	cbor_put_array(out, count);
	for (size_t i = 0; i < count; i++) {
		cbor_put_array(out, 3);
		cbor_put_literal(out, parties[i].code);
		cbor_put_bytes(out, id_bytes(&ids[parties[i].root]));
		cbor_put_bytes(out, id_bytes(&ids[parties[i].recovery]));
	}
}

static void proposed_end(const char *rules_hex, const char *profile_hex, size_t nonce_len)
{
	pair_hex(PROPOSED_RULES, rules_hex);
	pair_hex(PROPOSED_PROFILE, profile_hex);
	pair_bytes(PROPOSED_NONCE, nonce_len);
}

#define RULES "a167737570706f727401"
#define PROFILE "a162656e816161"

static void parties_are(const char *mode, const struct party *parties, size_t count, bool good, const char *title)
{
	proposed(mode, parties, count);
	proposed_end(RULES, PROFILE, 16);
	record_is("tally.proposed", good ? "good" : "tally.proposed, parties: must be 2 to 8", title);
}

static void parties_test(void)
{
	static const struct party two[] = { { "GB", 1, 2 }, { "JP", 3, 4 } };
	static const struct party falling[] = { { "JP", 1, 2 }, { "GB", 3, 4 } };
	static const struct party same_code[] = { { "GB", 1, 2 }, { "GB", 3, 4 } };
	static const struct party same_root[] = { { "GB", 1, 2 }, { "JP", 1, 4 } };
	static const struct party same_own[] = { { "GB", 1, 1 }, { "JP", 3, 4 } };
	static const struct party crossed[] = { { "GB", 1, 2 }, { "JP", 2, 1 } };
	static const struct party small[] = { { "GB", 1, 2 }, { "jp", 3, 4 } };
	static const struct party many[] = { { "AA", 1, 2 }, { "AAB", 3, 4 }, { "BB", 5, 6 }, { "CC", 7, 8 },
		{ "DD", 9, 10 }, { "EE", 11, 12 }, { "FF", 13, 14 }, { "GG", 15, 16 }, { "HH", 17, 18 } };

	parties_are("real", two, 2, true, "two parties may open a tally");
	parties_are("rehearsal", many, 8, true, "so may eight; AA comes before AAB");
	parties_are("real", many, 9, false, "nine may not");
	parties_are("real", two, 1, false, "nor may one");
	parties_are("rehearsal", two, 0, false, "nor none");
	parties_are("national", two, 1, true, "a national tally has one party");
	parties_are("national", two, 2, false, "and not two");
	parties_are("real", falling, 2, false, "parties ascend by code");
	parties_are("real", same_code, 2, false, "no code stands twice");
	parties_are("real", same_root, 2, false, "two parties do not share a root key");
	parties_are("real", same_own, 2, false, "a root key is no recovery key");
	parties_are("real", crossed, 2, false, "one party's root is not another's recovery key");
	parties_are("real", small, 2, false, "codes are of great letters and digits");
	begin();
	pair_text(PROPOSED_MODE, "real");
	pair_hex(PROPOSED_PARTIES, "8283624742404083624a504040");
	proposed_end(RULES, PROFILE, 16);
	record_is("tally.proposed", "tally.proposed, parties", "a party is a code and two keys");
}

static void proposed_is(
    const char *mode, const char *rules, const char *profile, size_t nonce, const char *expected, const char *title)
{
	static const struct party two[] = { { "GB", 1, 2 }, { "JP", 3, 4 } };

	proposed(mode, two, 2);
	proposed_end(rules, profile, nonce);
	record_is("tally.proposed", expected, title);
}

static void proposed_test(void)
{
	proposed_is("exercise", RULES, PROFILE, 16, "tally.proposed, mode", "a mode that is not listed is refused");
	proposed_is("real", "a0", "a0", 16, "good", "rules and profile may be empty maps");
	proposed_is("real", "80", PROFILE, 16, "tally.proposed, rules", "rules are a map");
	proposed_is("real", "a10801", PROFILE, 16, "tally.proposed, rules", "of domain names");
	proposed_is("real", "a1613a01", PROFILE, 16, "tally.proposed, rules", "that are codes");
	proposed_is("real", "a1616120", PROFILE, 16, "tally.proposed, rules", "to numbers");
	proposed_is("real", RULES, "80", 16, "tally.proposed, profile", "a profile is a map");
	proposed_is("real", RULES, "a10801", 16, "tally.proposed, profile", "with keys of text");
	proposed_is("real", RULES, "a1616182a10001f6", 16, "tally.proposed, profile", "at every depth");
	proposed_is("real", RULES, "a1616140", 16, "tally.proposed, profile", "and without bytes");
	proposed_is("real", RULES, "a361618301f5f661628120616380", 16, "good", "what JSON can say is a profile");
	proposed_is("real", RULES, "a26161a0616282a1616301a1616401", 16, "good", "also maps in arrays in maps");
	proposed_is("real", RULES, PROFILE, 15, "tally.proposed, nonce", "a nonce has 16 bytes");
	proposed_is("real", RULES, PROFILE, 17, "tally.proposed, nonce", "and no more");
}

static void grant(int64_t number, const char *range_hex)
{
	begin();
	pair_id(GRANT_KEY, 1);
	pair_text(GRANT_OFFICER, "gb-1234");
	pair_text(GRANT_POST, "Supply officer, 3 Regiment");
	pair_hex(GRANT_ROLES, "82656973737565656f72646572");
	pair_hex(GRANT_LIMITS, "a2634742501a001e8480634a505900");
	pair_int(GRANT_UNTIL, 1800000000000);
	pair_int(GRANT_NUMBER, number);
	if (range_hex != NULL) {
		pair_hex(GRANT_RANGE, range_hex);
	}
}

static void grant_test(void)
{
	grant(7, NULL);
	record_is("desk.granted", "good", "a desk is granted");
	grant(9999, "8218641878");
	record_is("desk.granted", "good", "with a range of numbers to hand out");
	grant(0, NULL);
	record_is("desk.granted", "desk.granted, number: 0", "its number is not 0");
	grant(10000, NULL);
	record_is("desk.granted", "desk.granted, number: 10000", "and at most 9999");
	grant(7, "820005");
	record_is("desk.granted", "desk.granted, range", "a range begins at 1");
	grant(7, "8201192710");
	record_is("desk.granted", "desk.granted, range", "and ends at 9999");
	begin();
	pair_id(GRANT_KEY, 1);
	pair_text(GRANT_LABEL, "Camp Danjou");
	pair_int(GRANT_UNTIL, 1800000000000);
	record_is("home.granted", "good", "a home is granted");
	pair_id(GRANT_TLS, 2);
	pair_id(GRANT_SEALING, 3);
	record_is("home.granted", "good", "with its certificate and its key for sealing");
	begin();
	pair_id(GRANT_KEY, 1);
	record_is("home.granted", "home.granted, label: absent", "but not without a label");
}

static void root_test(void)
{
	begin();
	record_is("tally.accepted", "good", "an acceptance has no fields");
	pair_int(8, 1);
	record_is("tally.accepted", "tally.accepted: field 8 is unknown", "none at all");
	begin();
	pair_int(AMENDED_FROM, 17000);
	pair_id(AMENDED_HASH, 1);
	record_is("tally.amended", "good", "an amendment may give the hash alone");
	begin();
	pair_int(AMENDED_FROM, -1);
	pair_hex(AMENDED_PROFILE, PROFILE);
	pair_id(AMENDED_HASH, 1);
	record_is("tally.amended", "good", "or the profile with it");
	begin();
	pair_int(AMENDED_FROM, 17000);
	pair_hex(AMENDED_PROFILE, "a10801");
	pair_id(AMENDED_HASH, 1);
	record_is("tally.amended", "tally.amended, profile", "which is what JSON gives");
	begin();
	pair_text(RULES_DOMAIN, "support");
	pair_int(RULES_NUMBER, 2);
	record_is("tally.rules_accepted", "good", "a rule set is accepted by domain and number");
	begin();
	pair_id(REVOKED_KEY, 1);
	pair_int(REVOKED_SEQ, 0);
	pair_text(REVOKED_REASON, "lost at sea");
	record_is("grant.revoked", "good", "a revocation may leave nothing standing");
	begin();
	pair_id(REPLACED_ROOT, 1);
	pair_id(REPLACED_RECOVERY, 2);
	pair_int(REPLACED_SEQ, 12);
	record_is("root.replaced", "good", "a root is replaced");
	struct buf *out = pair(REPLACED_STAND);
	cbor_put_array(out, 1);
	cbor_put_bytes(out, id_bytes(&ids[5]));
	record_is("root.replaced", "good", "and names the grants that stand");
}

static void refs_test(void)
{
	begin();
	record_is("tally.successor_seen", "tally.successor_seen, refs", "who confirms a successor names it");
	refs[0] = ids[2];
	refs[1] = ids[1];
	ref_count = 1;
	record_is("tally.successor_seen", "good", "one root.replaced");
	ref_count = 2;
	record_is("tally.successor_seen", "tally.successor_seen, refs", "and not two");
	begin();
	pair_id(FORKED_KEY, 1);
	pair_int(FORKED_SEQ, 5);
	ref_count = 2;
	record_is("log.forked", "log.forked, refs", "the two entries of a fork ascend");
	refs[0] = ids[1];
	refs[1] = ids[2];
	record_is("log.forked", "good", "then it is good");
	ref_count = 1;
	record_is("log.forked", "log.forked, refs", "one entry is no fork");
	begin();
	ref_count = 2;
	pair_id(FORKED_KEY, 1);
	pair_int(FORKED_SEQ, 0);
	record_is("log.forked", "log.forked, seq", "places count from 1");
	begin();
	pair_id(ACKNOWLEDGED_DIGEST, 1);
	record_is("home.acknowledged", "good", "an acknowledgement may name nothing");
	ref_count = 2;
	record_is("home.acknowledged", "good", "or heads");
	with_thread = true;
	record_is("home.acknowledged", "home.acknowledged: names a thread", "but no thread");
	begin();
	pair_id(ERASED_HASH, 1);
	pair_text(ERASED_LAW, "Data Protection Act 2018, section 47");
	record_is("attachment.erased", "good", "an attachment is erased with its legal basis");
}

/* The table is read by faces: each kind and field must say what they show. */
static void table_test(void)
{
	bool words = true, ascending = true;
	unsigned count = 0;

	for (const struct kind *kind = kernel_kinds; kind->name != NULL; kind++) {
		count++;
		words = words && kind->verb != NULL && kind->en != NULL && kind->ja != NULL && kind->help != NULL;
		words = words && kernel_kind(bytes_text(kind->name)) == kind;
		int before = 7;
		for (const struct field *field = kind->fields; field != NULL && field->name != NULL; field++) {
			words = words && field->en != NULL && field->ja != NULL && field->help != NULL &&
			    field->source != NULL;
			ascending = ascending && field->key > before;
			before = field->key;
		}
	}
	tap_is_int(count, 12, "the kernel has the twelve kinds of the format");
	tap_ok(words, "each kind and field has its words in both languages, its help and its source");
	tap_ok(ascending, "fields ascend by key");
	tap_ok(kernel_kind(bytes_text("tally.propose")) == NULL && kernel_kind(bytes_text("support.issued")) == NULL,
	    "no other kind is the kernel's");
}

static void test_rehearsal(void)
{
	struct buf profile;

	buf_init(&profile, 64);
	cbor_put_map(&profile, 1);
	cbor_put_literal(&profile, "rehearsal");
	cbor_put_bool(&profile, true);
	struct bytes says = buf_bytes(&profile), none = bytes_of(NULL, 0);
	tap_ok(mode_is_rehearsal(bytes_text("rehearsal"), none), "a tally of that mode is a rehearsal");
	tap_ok(mode_is_rehearsal(bytes_text("national"), says), "a national one is when its profile says so");
	tap_ok(!mode_is_rehearsal(bytes_text("national"), none), "and else is not");
	tap_ok(!mode_is_rehearsal(bytes_text("real"), says), "a real one never is");
	buf_clear(&profile);
}

int main(void)
{
	for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++) {
		memset(ids[i].data, (int)(0x40 + i), ID_BYTES);
	}
	buf_init(&fields, LIMIT_BODY_BYTES);
	parties_test();
	proposed_test();
	grant_test();
	root_test();
	refs_test();
	table_test();
	buf_clear(&fields);
	test_rehearsal();
	return tap_done();
}
