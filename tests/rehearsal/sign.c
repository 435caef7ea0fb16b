/* Signs entries that nobody may sign at the keyboard, too: what a generator wrote as JSON lines goes, unjudged, into the stores of two
 * homes, each line into the one of its side, as the past of a tally would have brought it there. For rehearsals only.
 *
 * usage: rehearsal GB-HOME JP-HOME LABELS <MOVES      ($WARIFU_PASSPHRASE opens the root keys)
 *
 *     {"home": 0, "tally": 0, "at": ms, "grant": {number, officer, post, roles, limits, until}}
 *     {"home": 0, "tally": 0, "at": ms, "revoke": {number, last_good_seq, reason}}
 *     {"home": 0, "tally": 0, "at": ms, "desk": 3, "kind": "support.issued", "as": "12.i", "thread": "12", "part": "12.i",
 *      "answers": [labels], "refs": [labels], "fields": {...}}
 *
 * home: 0, 1, as the arguments; tally: 0 the shared one, 1 the national one. `as` names the entry; thread, part, answers, refs, and ids
 * among the fields are such names, or "profile": the hash of the tally's agreement; a mention is "@name", or "@tally". LABELS is the file that remembers the names from one run to
 * the next, so that the homes may meet in between. Stated times are the lines'. */
#include "sign.h"
#include "base/text.h"
#include "core/domain.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LINE_BYTES 65536

static struct signing signing;

static enum status id_named(void *context, const char *text, struct id *out, struct err *err)
{
	const struct id *found = labels_find(context, text);

	if (strcmp(text, "profile") == 0) {
		found = &signing.tally->profile_hash;
	} else if (found == NULL && strlen(text) == ID_BYTES * 2 &&
	    hex_parse(text, ID_BYTES * 2, out->data, ID_BYTES)) {
		return OK;
	}
	if (found == NULL) {
		return err_set(err, BAD_INPUT, "entry \"%s\": no line before this one has that name", text);
	}
	*out = *found;
	return OK;
}

static enum status ids_named(const json_t *names, struct id ids[LIMIT_REFERENCES], unsigned *count, struct err *err)
{
	enum status status = OK;
	size_t index;
	json_t *name;

	*count = 0;
	json_array_foreach(names, index, name)
	{
		if (*count == LIMIT_REFERENCES || !json_is_string(name)) {
			return err_set(err, BAD_INPUT, "names: must be at most %d texts", LIMIT_REFERENCES);
		}
		status =
		    status == OK ? id_named(&signing.labels, json_string_value(name), &ids[(*count)++], err) : status;
	}
	return status;
}

static enum status one_named(
    const json_t *line, const char *name, struct id *id, const struct id **out, struct err *err)
{
	const char *text = json_get_text(line, name);
	*out = text != NULL ? id : NULL;
	return text != NULL ? id_named(&signing.labels, text, id, err) : OK;
}

/* Mentions are bytes, which JSON holds as hex: "@name" becomes the id of that entry, "@tally" that of the shared tally. */
static enum status mentions_fill(json_t *fields, struct err *err)
{
	enum status status = OK;
	const char *name;
	json_t *value;
	void *next;

	json_object_foreach_safe(fields, next, name, value)
	{
		const char *text = json_string_value(value);
		struct id id = signing.sides[0].tallies[0].row.id;
		if (text == NULL || text[0] != '@') {
			continue;
		}
		if (strcmp(text, "@tally") != 0) {
			status = status == OK ? id_named(&signing.labels, text + 1, &id, err) : status;
		}
		json_object_set_new(fields, name, json_hex(id_bytes(&id)));
	}
	return status;
}

static int by_claim(const void *a, const void *b)
{
	return strcmp(json_get_text(*(json_t *const *)a, "claim"), json_get_text(*(json_t *const *)b, "claim"));
}

/* A list of claims goes by their ids (S222), which only the signer knows. */
static enum status claims_sort(json_t *fields, struct err *err)
{
	json_t *claims = json_object_get(fields, "claims"), *items[LIMIT_LINES], *item;
	size_t count = 0, index;
	struct id id;

	json_array_foreach(claims, index, item)
	{
		const char *name = json_get_text(item, "claim");
		if (name == NULL || count == LIMIT_LINES) {
			return err_set(
			    err, BAD_INPUT, "claims: each needs a claim, and %d are too many", LIMIT_LINES + 1);
		}
		enum status status = id_named(&signing.labels, name, &id, err);
		if (status != OK) {
			return status;
		}
		json_object_set_new(item, "claim", json_hex(id_bytes(&id)));
		items[count++] = json_incref(item);
	}
	qsort(items, count, sizeof *items, by_claim);
	for (size_t i = 0; i < count; i++) {
		json_array_set_new(claims, i, items[i]);
	}
	return OK;
}

static enum status pairs_read(const json_t *line, struct buf *pairs, struct body_draft *draft, struct err *err)
{
	const char *name = json_get_text(line, "kind");
	const struct domain *domain = name != NULL ? domain_find(bytes_text(name)) : NULL;
	const struct kind *kind = domain != NULL ? domain_kind(domain, bytes_text(name)) : NULL;
	struct field_reader reader = { LANG_EN, id_named, &signing.labels };

	if (kind == NULL) {
		return err_set(err, BAD_INPUT, "kind \"%s\": no domain has it", name != NULL ? name : "");
	}
	draft->kind = kind->name;
	json_t *fields = json_object_get(line, "fields");
	if (fields == NULL || kind->fields == NULL) {
		return OK;
	}
	enum status status = mentions_fill(fields, err);
	status = status == OK ? claims_sort(fields, err) : status;
	if (status == OK) {
		status = fields_from_json(&reader, kind->fields, fields, kind->name, pairs, &draft->field_count, err);
	}
	draft->fields = buf_bytes(pairs);
	return status;
}

static enum status move_sign(struct side *side, const json_t *line, struct err *err)
{
	struct tally *tally = signing.tally;
	const struct desk *desk = desk_of(tally, json_get_int(line, "desk"));
	struct id thread, part, answers[LIMIT_REFERENCES], refs[LIMIT_REFERENCES], id;
	struct body_draft draft = { .stated_ms = json_get_int(line, "at"), .answers = answers, .refs = refs };
	const char *label = json_get_text(line, "as");
	struct buf pairs;

	if (desk == NULL || label == NULL) {
		return err_set(err, BAD_INPUT, "line: needs the number of a desk, and a name for its entry");
	}
	buf_init(&pairs, LIMIT_BODY_BYTES);
	enum status status = one_named(line, "thread", &thread, &draft.thread, err);
	status = status == OK ? one_named(line, "part", &part, &draft.part, err) : status;
	status = status == OK ? ids_named(json_object_get(line, "answers"), answers, &draft.answer_count, err) : status;
	status = status == OK ? ids_named(json_object_get(line, "refs"), refs, &draft.ref_count, err) : status;
	status = status == OK ? pairs_read(line, &pairs, &draft, err) : status;
	if (status == OK) {
		status = side_enter(side, tally, &desk->key, desk->secret, &draft, &id, err);
	}
	if (status == OK) {
		labels_put(&signing.labels, label, &id);
		signing.entries++;
	}
	buf_clear(&pairs);
	return status;
}

static enum status line_sign(const json_t *line, struct err *err)
{
	int64_t home = json_get_int(line, "home"), tally = json_get_int(line, "tally");
	json_t *grant = json_object_get(line, "grant"), *revoke = json_object_get(line, "revoke");

	if (home < 0 || home >= SIDE_COUNT || tally < 0 || tally >= TALLY_COUNT ||
	    !signing.sides[home].tallies[tally].is_here) {
		return err_set(err, BAD_INPUT, "home %lld, tally %lld: not here", (long long)home, (long long)tally);
	}
	struct side *side = &signing.sides[home];
	signing.tally = &side->tallies[tally];
	if (grant != NULL) {
		signing.grants++;
		return side_grant(side, signing.tally, json_get_int(line, "at"), grant, err);
	}
	if (revoke != NULL) {
		return side_revoke(side, signing.tally, json_get_int(line, "at"), revoke, err);
	}
	return move_sign(side, line, err);
}

static enum status all_sign(struct err *err)
{
	static char text[LINE_BYTES];
	enum status status = OK;
	unsigned number = 0;

	while (status == OK && fgets(text, sizeof text, stdin) != NULL) {
		struct err inner = { .status = OK };
		json_t *line = NULL;
		number++;
		status = json_read(bytes_text(text), "line", &line, &inner);
		status = status == OK ? line_sign(line, &inner) : status;
		json_decref(line);
		if (status != OK) {
			err_set(err, status, "line %u: %s", number, inner.text);
		}
	}
	for (unsigned i = 0; i < SIDE_COUNT && status == OK; i++) {
		status = side_flush(&signing.sides[i], err);
	}
	return status;
}

int main(int argc, char **argv)
{
	const char *passphrase = getenv("WARIFU_PASSPHRASE");
	struct err err = { .status = OK };
	enum status status = OK;

	if (argc != 2 + SIDE_COUNT || passphrase == NULL) {
		fputs("usage: rehearsal GB-HOME JP-HOME LABELS <MOVES, with $WARIFU_PASSPHRASE\n", stderr);
		return status_exit_code(USAGE);
	}
	wire_start();
	for (int i = 0; i < SIDE_COUNT && status == OK; i++) {
		status = side_open(&signing.sides[i], argv[1 + i], bytes_text(passphrase), &err);
	}
	status = status == OK ? labels_load(&signing.labels, argv[1 + SIDE_COUNT], &err) : status;
	status = status == OK ? all_sign(&err) : status;
	status = status == OK ? labels_save(&signing.labels, argv[1 + SIDE_COUNT], &err) : status;
	for (unsigned i = 0; i < SIDE_COUNT; i++) {
		side_close(&signing.sides[i]);
	}
	labels_clear(&signing.labels);
	if (status != OK) {
		fprintf(stderr, "rehearsal: %s\n", err.text);
		return status_exit_code(status);
	}
	printf("%u entries and %u desks signed\n", signing.entries, signing.grants);
	return 0;
}
