/* The kernel's own kinds, as docs/format.md 3 lists them: what a root, a registrar or a home may say about the tally and
 * its keys. Who may say it, and when it counts, is judged in the fold (5); here is only what it must look like. */
#include "core/kernel.h"
#include "base/cbor.h"
#include "base/limits.h"
#include <string.h>

#define SOURCE "docs/format.md 3"
#define PROFILE_SOURCE "docs/format.md 3.1"
#define DESK_NUMBER_LAST 9999
#define NONCE_BYTES 16

static const struct field proposed_fields[] = {
	{ PROPOSED_MODE, FIELD_CODE, "mode", true, 0, NULL, "mode", "種別", "real, rehearsal or national", SOURCE },
	{ PROPOSED_PARTIES, FIELD_ANY, "parties", true, 0, NULL, "parties", "当事国",
	    "array of [code, root key, recovery key], by code ascending", SOURCE },
	{ PROPOSED_RULES, FIELD_ANY, "rules", true, 0, NULL, "rule sets", "規則の版",
	    "map of domain name to rule-set number", SOURCE },
	{ PROPOSED_PROFILE, FIELD_ANY, "profile", true, 0, NULL, "agreement", "協定定義", "the agreement as data",
	    PROFILE_SOURCE },
	{ PROPOSED_NONCE, FIELD_BYTES, "nonce", true, NONCE_BYTES, NULL, "nonce", "乱数", "16 random bytes", SOURCE },
	{ .name = NULL },
};

static const struct field amended_fields[] = {
	{ AMENDED_FROM, FIELD_DAY, "from", true, 0, NULL, "from", "適用開始日",
	    "first day on which the new agreement counts", PROFILE_SOURCE },
	{ AMENDED_PROFILE, FIELD_ANY, "profile", false, 0, NULL, "agreement", "協定定義",
	    "the agreement as data; one root at least enters it", PROFILE_SOURCE },
	{ AMENDED_HASH, FIELD_ID, "profile_hash", true, 0, NULL, "hash of the agreement", "協定定義のハッシュ値",
	    "SHA-256 of the profile's encoding", PROFILE_SOURCE },
	{ .name = NULL },
};

static const struct field rules_accepted_fields[] = {
	{ RULES_DOMAIN, FIELD_CODE, "domain", true, 0, NULL, "domain", "業務", "name of the domain, as support",
	    SOURCE },
	{ RULES_NUMBER, FIELD_INT, "number", true, 0, NULL, "rule set", "規則の版", "number of the rule set", SOURCE },
	{ .name = NULL },
};

static const struct field desk_granted_fields[] = {
	{ GRANT_KEY, FIELD_ID, "key", true, 0, NULL, "key", "鍵", "public key of the desk", SOURCE },
	{ GRANT_OFFICER, FIELD_CODE, "officer", true, 0, NULL, "officer", "担当官", "pseudonymous id of the officer",
	    SOURCE },
	{ GRANT_POST, FIELD_TEXT, "post", true, 200, NULL, "post", "職名", "rank or post, never a name", SOURCE },
	{ GRANT_ROLES, FIELD_CODES, "roles", true, 0, NULL, "roles", "役割", "what the desk may do, as order, issue",
	    SOURCE },
	{ GRANT_LIMITS, FIELD_AMOUNTS, "limits", false, 0, NULL, "limits", "限度額",
	    "most that the desk may sign for, in minor units by currency; absent: no limit", SOURCE },
	{ GRANT_UNTIL, FIELD_TIME, "until", true, 0, NULL, "until", "期限", "last moment at which the desk may sign",
	    SOURCE },
	{ GRANT_NUMBER, FIELD_INT, "number", true, DESK_NUMBER_LAST, NULL, "desk number", "担当番号", "1 to 9999",
	    SOURCE },
	{ GRANT_RANGE, FIELD_RANGE, "range", false, 0, NULL, "range of desk numbers", "担当番号の範囲",
	    "first and last desk number that a registrar may hand out", SOURCE },
	{ .name = NULL },
};

static const struct field home_granted_fields[] = {
	{ GRANT_KEY, FIELD_ID, "key", true, 0, NULL, "key", "鍵", "public key of the home", SOURCE },
	{ GRANT_LABEL, FIELD_TEXT, "label", true, 100, NULL, "label", "名称", "what people call this home", SOURCE },
	{ GRANT_UNTIL, FIELD_TIME, "until", true, 0, NULL, "until", "期限", "last moment at which the home may sign",
	    SOURCE },
	{ GRANT_TLS, FIELD_ID, "tls", false, 0, NULL, "certificate", "TLS証明書",
	    "SHA-256 of the public key of its TLS certificate", SOURCE },
	{ GRANT_SEALING, FIELD_ID, "sealing", false, 0, NULL, "sealing key", "封緘用の鍵",
	    "X25519 key to which bundles are sealed", SOURCE },
	{ .name = NULL },
};

static const struct field revoked_fields[] = {
	{ REVOKED_KEY, FIELD_ID, "key", true, 0, NULL, "key", "鍵", "public key of the desk or home", SOURCE },
	{ REVOKED_SEQ, FIELD_INT, "last_good_seq", true, 0, NULL, "last good entry", "最後の有効な記録",
	    "place in its log of the last entry that stands; 0: none", SOURCE },
	{ REVOKED_REASON, FIELD_TEXT, "reason", true, 400, NULL, "reason", "理由", "why, in words", SOURCE },
	{ .name = NULL },
};

static const struct field replaced_fields[] = {
	{ REPLACED_ROOT, FIELD_ID, "root", true, 0, NULL, "new root key", "新しい根鍵", "public key", SOURCE },
	{ REPLACED_RECOVERY, FIELD_ID, "recovery", true, 0, NULL, "new recovery key", "新しい復旧鍵", "public key",
	    SOURCE },
	{ REPLACED_SEQ, FIELD_INT, "last_good_seq", true, 0, NULL, "last good entry", "最後の有効な記録",
	    "place in the old root's log of the last entry that stands; 0: none", SOURCE },
	{ REPLACED_STAND, FIELD_IDS, "stand", false, 0, NULL, "grants that stand", "存続する権限付与",
	    "ids of later grants that stand all the same", SOURCE },
	{ .name = NULL },
};

static const struct field forked_fields[] = {
	{ FORKED_KEY, FIELD_ID, "key", true, 0, NULL, "key", "鍵", "key of the forked log", SOURCE },
	{ FORKED_SEQ, FIELD_INT, "seq", true, 0, NULL, "place", "位置", "first place that two entries take", SOURCE },
	{ .name = NULL },
};

static const struct field acknowledged_fields[] = {
	{ ACKNOWLEDGED_DIGEST, FIELD_ID, "digest", true, 0, NULL, "digest", "要約値",
	    "of all that is covered (docs/format.md 8)", "docs/format.md 6" },
	{ .name = NULL },
};

static const struct field erased_fields[] = {
	{ ERASED_HASH, FIELD_ID, "hash", true, 0, NULL, "attachment", "添付", "SHA-256 of the attachment", SOURCE },
	{ ERASED_LAW, FIELD_TEXT, "law", true, 400, NULL, "legal basis", "根拠法令", "the law that asks for it",
	    SOURCE },
	{ .name = NULL },
};

/* clang-format off */
enum { PROPOSED, ACCEPTED, AMENDED, RULES_ACCEPTED, DESK_GRANTED, HOME_GRANTED, REVOKED, REPLACED, SUCCESSOR_SEEN, FORKED,
	ACKNOWLEDGED, ERASED, KIND_COUNT };
/* clang-format on */

#define KERNEL_KIND(NAME, VERB, EN, JA, FIELDS, HELP) \
	{ \
		.name = NAME, .verb = VERB, .en = EN, .ja = JA, .opens = OPENS_NOTHING, .fields = FIELDS, .help = HELP \
	}

const struct kind kernel_kinds[] = {
	[PROPOSED] = KERNEL_KIND("tally.proposed", "propose", "propose a tally", "割符を提案する", proposed_fields,
	    "Opens a tally: its parties, their root and recovery keys, its rules and its agreement."),
	[ACCEPTED] = KERNEL_KIND("tally.accepted", "accept", "accept the tally", "割符を受け入れる", NULL,
	    "Another party's root accepts the tally as proposed."),
	[AMENDED] = KERNEL_KIND("tally.amended", "amend", "amend the agreement", "協定定義を改める", amended_fields,
	    "A later agreement, which counts from its day once every root has entered the same."),
	[RULES_ACCEPTED] =
	    KERNEL_KIND("tally.rules_accepted", "accept-rules", "accept a rule set", "規則の版を受け入れる",
		rules_accepted_fields, "A root accepts that new threads of a domain may use a later rule set."),
	[DESK_GRANTED] = KERNEL_KIND("desk.granted", "grant", "grant a desk", "担当に権限を付与する",
	    desk_granted_fields, "A root or registrar lets an officer's key act, with roles, limits and an end."),
	[HOME_GRANTED] = KERNEL_KIND("home.granted", "grant", "grant a home", "保管場所に権限を付与する",
	    home_granted_fields, "A root or registrar lets the key of a home sync and acknowledge."),
	[REVOKED] = KERNEL_KIND("grant.revoked", "revoke", "revoke a grant", "権限を取り消す", revoked_fields,
	    "Ends a desk or home at a place of its log; what another party has named stands."),
	[REPLACED] = KERNEL_KIND("root.replaced", "replace", "replace the root key", "根鍵を置き換える",
	    replaced_fields, "The recovery key names a new root and a new recovery key."),
	[SUCCESSOR_SEEN] = KERNEL_KIND("tally.successor_seen", "confirm", "confirm a successor", "後継の根鍵を確認する",
	    NULL, "Another party's root says which new root it recognises; refs names the root.replaced."),
	[FORKED] = KERNEL_KIND("log.forked", "prove", "prove a fork", "分岐を証明する", forked_fields,
	    "A home proves that one key wrote two entries at one place; refs names both."),
	[ACKNOWLEDGED] = KERNEL_KIND("home.acknowledged", "acknowledge", "acknowledge", "確認応答する",
	    acknowledged_fields, "A home says what it has received and the digest that it computed."),
	[ERASED] = KERNEL_KIND("attachment.erased", "erase", "erase an attachment", "添付を消去する", erased_fields,
	    "The bytes of an attachment are given up by law; the entry that named it keeps its hash."),
	[KIND_COUNT] = { .name = NULL },
};

const struct kind *kernel_kind(struct bytes name)
{
	for (const struct kind *kind = kernel_kinds; kind->name != NULL; kind++) {
		if (bytes_is(name, kind->name)) {
			return kind;
		}
	}
	return NULL;
}

/* ---- what the tables cannot say ------------------------------------------------------------------------------------ */

static enum status refuse(const char *source, const char *text, struct err *err)
{
	return err_refuse(err, "F1", source, "%s", text);
}

struct level {
	size_t left;
	bool map, at_value;
};

/* JSON carried over: maps with text keys, no byte strings. Such a map at the top. */
static bool is_profile(struct bytes at)
{
	struct level levels[LIMIT_CBOR_DEPTH];
	unsigned depth = 0;

	do {
		struct level *level = depth > 0 ? &levels[depth - 1] : NULL;
		struct cbor_item item = cbor_take(&at);
		bool is_key = level != NULL && level->map && !level->at_value;
		if (item.type == CBOR_NONE || item.type == CBOR_BYTES || (is_key && item.type != CBOR_TEXT) ||
		    (level == NULL && item.type != CBOR_MAP)) {
			return false;
		}
		if (level != NULL) {
			level->at_value = is_key;
			level->left -= !is_key;
		}
		if (item.count > 0) {
			ASSERT(depth < LIMIT_CBOR_DEPTH); /* cbor_check has seen these bytes */
			levels[depth++] = (struct level){ .left = item.count, .map = item.type == CBOR_MAP };
		}
		while (depth > 0 && levels[depth - 1].left == 0) {
			depth--;
		}
	} while (depth > 0);
	return true;
}

static bool is_rules(struct bytes at)
{
	struct cbor_item map = cbor_take(&at);

	for (; map.count > 0; map.count--) {
		struct cbor_item domain = cbor_take(&at);
		struct cbor_item number = cbor_take(&at);
		if (domain.type != CBOR_TEXT || !code_fits(domain.bytes) || number.type != CBOR_UINT) {
			return false;
		}
	}
	return map.type == CBOR_MAP;
}

/* One key speaks for one party in one way, so none may stand twice. */
static bool is_new_key(const struct cbor_item *key, const uint8_t **keys, size_t *count)
{
	if (key->type != CBOR_BYTES || key->bytes.len != ID_BYTES) {
		return false;
	}
	for (size_t i = 0; i < *count; i++) {
		if (memcmp(keys[i], key->bytes.data, ID_BYTES) == 0) {
			return false;
		}
	}
	keys[(*count)++] = key->bytes.data;
	return true;
}

static bool is_parties(struct bytes at, size_t least, size_t most)
{
	const uint8_t *keys[2 * LIMIT_PARTIES];
	size_t key_count = 0;
	struct bytes before = { NULL, 0 };
	struct cbor_item array = cbor_take(&at);

	if (array.type != CBOR_ARRAY || array.count < least || array.count > most) {
		return false;
	}
	for (; array.count > 0; array.count--) {
		struct cbor_item party = cbor_take(&at);
		if (party.type != CBOR_ARRAY || party.count != 3) {
			return false;
		}
		struct cbor_item code = cbor_take(&at);
		struct cbor_item root = cbor_take(&at);
		struct cbor_item recovery = cbor_take(&at);
		if (code.type != CBOR_TEXT || !party_code_fits(code.bytes) || bytes_compare(before, code.bytes) >= 0 ||
		    !is_new_key(&root, keys, &key_count) || !is_new_key(&recovery, keys, &key_count)) {
			return false;
		}
		before = code.bytes;
	}
	return true;
}

bool mode_is_rehearsal(struct bytes mode, struct bytes profile)
{
	struct bytes said = profile.len > 0 ? cbor_path(profile, "rehearsal", NULL) : bytes_of(NULL, 0);
	bool says_so = said.len == 1 && said.data[0] == 0xf5; /* true */

	return bytes_is(mode, "rehearsal") || (bytes_is(mode, "national") && says_so);
}

static enum status proposed_check(const struct body *body, struct err *err)
{
	struct bytes mode = { NULL, 0 };
	struct bytes nonce = body_field(body, PROPOSED_NONCE);
	bool has_mode = record_text(body, PROPOSED_MODE, &mode);
	bool national = bytes_is(mode, "national");

	if (!has_mode || !(national || bytes_is(mode, "real") || bytes_is(mode, "rehearsal"))) {
		return refuse(SOURCE, "tally.proposed, mode: must be real, rehearsal or national", err);
	}
	if (!is_parties(body_field(body, PROPOSED_PARTIES), national ? 1 : 2, national ? 1 : LIMIT_PARTIES)) {
		return refuse(SOURCE,
		    "tally.proposed, parties: must be 2 to 8 (national: 1) of [code, root key, recovery key], by "
		    "code ascending, no key twice",
		    err);
	}
	if (!is_rules(body_field(body, PROPOSED_RULES))) {
		return refuse(SOURCE, "tally.proposed, rules: must be a map of domain name to rule-set number", err);
	}
	if (!is_profile(body_field(body, PROPOSED_PROFILE))) {
		return refuse(PROFILE_SOURCE, "tally.proposed, profile: must be a map as JSON gives it", err);
	}
	return cbor_take(&nonce).bytes.len == NONCE_BYTES
	    ? OK
	    : refuse(SOURCE, "tally.proposed, nonce: must be 16 bytes", err);
}

static enum status amended_check(const struct body *body, struct err *err)
{
	struct bytes profile = body_field(body, AMENDED_PROFILE);

	return profile.len == 0 || is_profile(profile)
	    ? OK
	    : refuse(PROFILE_SOURCE, "tally.amended, profile: must be a map as JSON gives it", err);
}

static enum status desk_granted_check(const struct body *body, struct err *err)
{
	struct bytes range = body_field(body, GRANT_RANGE);
	int64_t number = 0;

	if (!record_int(body, GRANT_NUMBER, &number) || number < 1) {
		return refuse(SOURCE, "desk.granted, number: 0; must be 1 to 9999", err);
	}
	if (range.len > 0) {
		(void)cbor_take(&range);
		int64_t first = cbor_take(&range).integer;
		int64_t last = cbor_take(&range).integer;
		if (first < 1 || last > DESK_NUMBER_LAST) {
			return refuse(SOURCE, "desk.granted, range: must lie within 1 to 9999", err);
		}
	}
	return OK;
}

static enum status forked_check(const struct body *body, struct err *err)
{
	int64_t seq = 0;

	if (!record_int(body, FORKED_SEQ, &seq) || seq < 1) {
		return refuse(SOURCE, "log.forked, seq: 0; must be 1 or above", err);
	}
	if (body->ref_count != 2 || bytes_compare(body_ref(body, 0), body_ref(body, 1)) >= 0) {
		return refuse(SOURCE, "log.forked, refs: must be the two entries, ids ascending", err);
	}
	return OK;
}

enum status kernel_check(const struct kind *kind, const struct body *body, struct err *err)
{
	int which = 0;

	while (which < KIND_COUNT && kind != &kernel_kinds[which]) {
		which++;
	}
	if (which == KIND_COUNT) {
		return OK;
	}
	if (body->thread != NULL || body->part != NULL || body->answers != NULL) {
		return err_refuse(err, "F1", SOURCE, "%s: names a thread, part or answers; must name none", kind->name);
	}
	switch (which) {
	case PROPOSED: return proposed_check(body, err);
	case AMENDED: return amended_check(body, err);
	case DESK_GRANTED: return desk_granted_check(body, err);
	case FORKED: return forked_check(body, err);
	case SUCCESSOR_SEEN:
		return body->ref_count == 1
		    ? OK
		    : refuse(SOURCE, "tally.successor_seen, refs: must be the one root.replaced", err);
	default: return OK;
	}
}
