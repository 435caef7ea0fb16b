/* What a refusal or failure says beyond the sentence of its rule, in Japanese: the section "details" of data/rules.json has a sentence for the form of a message,
 * "line %lld: quantity %s; must be above 0", with {1} and {2} where its values belong. */
#include "app/amounts.h"
#include "app/rules.h"
#include "core/print.h"
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define DETAIL_BYTES 4096

struct saying {
	struct app *app;
	const json_t *details;
	struct buf out;
};

static const char *detail_of(const struct saying *saying, const char *form)
{
	return json_string_value(json_object_get(saying->details, form));
}

/* ---- values --------------------------------------------------------------------------------------------------------- */

/* A phrase with one number in it: "text of 1 to 2000 bytes" is held as "text of 1 to %u bytes". */
static bool put_numbered(struct saying *saying, const char *phrase)
{
	size_t end = strlen(phrase), from;
	char form[200];

	while (end > 0 && !isdigit((unsigned char)phrase[end - 1])) {
		end--;
	}
	for (from = end; from > 0 && isdigit((unsigned char)phrase[from - 1]); from--) {}
	if (end == 0 || strlen(phrase) >= sizeof form - 2) {
		return false;
	}
	snprintf(form, sizeof form, "%.*s%%u%s", (int)from, phrase, phrase + end);
	const char *found = detail_of(saying, form), *place = found ? strstr(found, "{1}") : NULL;
	if (place == NULL) {
		return false;
	}
	buf_printf(
	    &saying->out, "%.*s%.*s%s", (int)(place - found), found, (int)(end - from), phrase + from, place + 3);
	return true;
}

/* "short, wrong_item": codes with commas between, each as a word. False when one of them is no word of ours. */
static bool put_codes(struct saying *saying, const char *value)
{
	struct ctx *ctx = &saying->app->ctx;
	const char *said = "";

	if (strspn(value, "abcdefghijklmnopqrstuvwxyz_, ") != strlen(value)) {
		return false;
	}
	for (const char *at = value; *at;) {
		size_t len = strcspn(at, ",");
		char *code = arena_text(ctx->arena, bytes_of(at, len));
		for (size_t i = 0; code != NULL && i < len; i++) {
			code[i] = code[i] == '_' ? ' ' : code[i];
		}
		const char *word = code ? ctx_word(ctx, code) : NULL;
		if (word == NULL || word == code) {
			return false;
		}
		said = arena_printf(ctx->arena, "%s%s%s", said ? said : "", at == value ? "" : "、", word);
		at += len;
		at += strspn(at, ", ");
	}
	buf_put_text(&saying->out, said ? said : "");
	return said != NULL && said[0] != '\0';
}

/* A phrase or a word of ours in Japanese; what people and tables wrote as it is. */
static void put_value(struct saying *saying, const char *value)
{
	const char *found = value[0] ? detail_of(saying, value) : NULL;

	if (found != NULL) {
		buf_put_text(&saying->out, found);
	} else if (!put_numbered(saying, value) && !put_codes(saying, value)) {
		buf_put_text(&saying->out, ctx_word(&saying->app->ctx, value));
	}
}

/* ---- places ---------------------------------------------------------------------------------------------------------- */

/* Letters of a name at `text`. */
static size_t name_length(const char *text)
{
	size_t len = 0;

	while (
	    islower((unsigned char)text[len]) || text[len] == '_' || (len > 0 && isdigit((unsigned char)text[len]))) {
		len++;
	}
	return len;
}

/* A field as it is stored, or as its amount is typed. */
static const struct field *field_called(const struct field *fields, const char *name, size_t len)
{
	char typed[AMOUNT_NAME];

	for (; fields && fields->name; fields++) {
		bool amount = amount_name(fields, typed);
		if ((strlen(fields->name) == len && strncmp(fields->name, name, len) == 0) ||
		    (amount && strlen(typed) == len && strncmp(typed, name, len) == 0)) {
			return fields;
		}
	}
	return NULL;
}

/* "[2]" as a number that is greater by `more`. The length that was read. */
static size_t put_index(struct saying *saying, const char *text, unsigned more)
{
	size_t digits = text[0] == '[' ? strspn(text + 1, "0123456789") : 0;

	if (digits == 0 || text[1 + digits] != ']') { /* what was typed may end before */
		return 0;
	}
	buf_printf(&saying->out, "%lu", strtoul(text + 1, NULL, 10) + more);
	return digits + 2;
}

/* A kind's fields behind its name: ".lines[0].quantity" counts from 0, ", lines[1].quantity" from 1. The length that was read. */
static size_t put_fields(struct saying *saying, const struct kind *kind, const char *text)
{
	const struct field *fields = kind->fields;
	size_t used = 0;

	for (bool first = true; fields; first = false) {
		bool comma = first && strncmp(text + used, ", ", 2) == 0;
		const char *name = text + used + (comma ? 2 : 1);
		if (!comma && text[used] != '.') {
			break;
		}
		size_t len = name_length(name);
		const struct field *field = field_called(fields, name, len);
		if (field == NULL) {
			break;
		}
		used = (size_t)(name + len - text);
		buf_printf(&saying->out, "%s%s", first ? "" : "・", field->ja);
		used += put_index(saying, text + used, comma ? 0 : 1);
		fields = field->fields;
	}
	if (text[used] == '.' &&
	    ((unsigned char)text[used + 1] & 0x80)) { /* the field that follows is called by its label already */
		buf_put_text(&saying->out, used > 0 ? "・" : "");
		used++;
	}
	return used;
}

/* "support.claimed.total" as 「請求する」合計額. The length that was read; 0: no kind is named here. */
static size_t put_place(struct saying *saying, const char *text)
{
	size_t domain = name_length(text), len;

	if (domain == 0 || text[domain] != '.' || (len = name_length(text + domain + 1)) == 0) {
		return 0;
	}
	struct bytes name = bytes_of(text, domain + 1 + len);
	const struct domain *found = domain_find(name);
	const struct kind *kind = found ? domain_kind(found, name) : NULL;
	if (kind == NULL) {
		return 0;
	}
	buf_printf(&saying->out, "「%s」", kind->ja);
	return name.len + put_fields(saying, kind, text + name.len);
}

/* The text with kinds and their fields called by their labels, but not within `commands`. In the arena; NULL when it is full. */
static const char *name_places(struct saying *saying, struct arena *arena)
{
	const char *text = arena_text(arena, buf_bytes(&saying->out));
	bool command = false, within = false;

	buf_reset(&saying->out);
	while (text && *text) {
		size_t used = command || within ? 0 : put_place(saying, text);
		command ^= *text == '`';
		within = used == 0 && (isalnum((unsigned char)*text) || strchr("_-./", *text) != NULL);
		if (used == 0) {
			buf_put(&saying->out, text, 1);
			used = 1;
		}
		text += used;
	}
	return text ? arena_text(arena, buf_bytes(&saying->out)) : NULL;
}

/* ---- sentences -------------------------------------------------------------------------------------------------------- */

/* Does the text end within `a command` or 「what was typed」, or in the strokes of an option? */
static bool ends_quoted(const char *text, size_t len)
{
	static const char open[] = "「", close[] = "」", option[] = "--";
	bool command = false, quote = false;

	for (size_t i = 0; i < len; i++) {
		command ^= text[i] == '`';
		quote = (quote || strncmp(text + i, open, strlen(open)) == 0) &&
		    strncmp(text + i, close, strlen(close)) != 0;
	}
	return command || quote || (len >= 2 && strncmp(text + len - 2, option, 2) == 0);
}

/* The sentence of a form with its values, which stay as they are where they are quoted. False, and nothing is put, when there is none. */
static bool put_said(struct saying *saying, const struct wording *said)
{
	const char *sentence = said->form ? detail_of(saying, said->form) : NULL, *at = sentence;

	if (at == NULL) {
		return false;
	}
	while (*at) {
		size_t plain = strcspn(at, "{");
		buf_put(&saying->out, at, plain);
		at += plain;
		if (*at == '{') {
			const char *value = wording_value(said, (unsigned)(at[1] - '1'));
			if (ends_quoted(sentence, (size_t)(at - sentence))) {
				buf_put_text(&saying->out, value);
			} else {
				put_value(saying, value);
			}
			at += strlen("{1}");
		}
	}
	return true;
}

/* A message that is one value, said elsewhere. */
static bool is_value(const struct wording *said)
{
	return said->form && strcmp(said->form, "%s") == 0;
}

static void put_about(struct saying *saying, const struct wording *about)
{
	size_t before = buf_bytes(&saying->out).len;

	if (is_value(about)) {
		put_value(saying, wording_value(about, 0));
	} else {
		put_said(saying, about);
	}
	if (buf_bytes(&saying->out).len > before) {
		buf_put_text(&saying->out, ":");
	}
}

static bool put_detail(struct saying *saying, const struct err *err)
{
	put_about(saying, &err->about);
	if (!put_said(saying, &err->said)) {
		const char *value = is_value(&err->said) ? detail_of(saying, wording_value(&err->said, 0)) : NULL;
		if (value == NULL) {
			return false;
		}
		buf_put_text(&saying->out, value);
	}
	if (err->next) {
		put_value(saying, err->next);
	}
	return true;
}

const char *ctx_detail(struct ctx *ctx, const struct err *err)
{
	struct saying saying = { .app = app_of(ctx) };
	const char *text = NULL;

	if (ctx->lang != LANG_JA || err->text[0] == '\0') {
		return err->text;
	}
	saying.details = rules_section("details");
	buf_init(&saying.out, DETAIL_BYTES);
	if (put_detail(&saying, err)) {
		text = name_places(&saying, ctx->arena);
	}
	buf_clear(&saying.out);
	return text;
}

const char *ctx_said(struct ctx *ctx, const struct err *err)
{
	const char *detail = ctx_detail(ctx, err);

	return detail ? detail : err->text;
}

void stop_read(const char *kept, struct err *err)
{
	const char *at = strstr(kept, " (entry "), *number = at ? at + strlen(" (entry ") : "";
	size_t digits = strspn(number, "0123456789");

	if (digits > 0 && strcmp(number + digits, ")") == 0) {
		err_set(err, BAD_INPUT, "%.*s (entry %.*s)", (int)(at - kept), kept, (int)digits, number);
	} else if (kept[0] != '\0') {
		err_set(err, BAD_INPUT, "%s", kept);
	}
}

const char *ctx_source(struct ctx *ctx, const struct err *err)
{
	const json_t *details = ctx->lang == LANG_JA ? rules_section("details") : NULL;
	const char *found = json_string_value(json_object_get(details, err->source));

	return found ? found : print_source(ctx, err->source);
}
