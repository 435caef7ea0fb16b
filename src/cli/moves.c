/* A command for every move, made from the domain's kinds: `warifu support receipt GB-07-0013/I07.1 --line 'line=1 accepted=5000'`.
 * Options are the fields of the kind, and four that every move has: --at, --also, --attach, --future. */
#include "app/amounts.h"
#include "base/text.h"
#include "base/time.h"
#include "cli/cli.h"
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static const struct option move_options[] = {
	{ "also", OPTION_MANY, "NUMBER", "a part that the move relies on besides; may be given often" },
	{ "attach", OPTION_MANY, "FILE", "a file that travels with it: PDF, JPEG, PNG or CSV; may be given often" },
	{ "at", OPTION_TEXT, "TIME", "time of the act, where it is not now: 2013-11-26T09:30:00Z" },
	{ "future", OPTION_FLAG, NULL, "a time of delivery, return or payment that lies ahead of now is meant" },
};
#define MOVE_OPTIONS (sizeof move_options / sizeof *move_options)

/* --- the table ---------------------------------------------------------------------------------------------------------- */

static char *dashed(struct arena *arena, const char *name)
{
	char *copy = arena_text(arena, bytes_text(name));
	for (char *at = copy; at && *at; at++) {
		*at = (char)(*at == '_' || *at == ' ' ? '-' : *at);
	}
	return copy;
}

static bool is_many(enum field_type type)
{
	return type == FIELD_LIST || type == FIELD_CODES || type == FIELD_IDS || type == FIELD_AMOUNTS;
}

const char *option_name(struct arena *arena, const struct field *field)
{
	char *name = dashed(arena, field->name);
	size_t len = name ? strlen(name) : 0;
	if (!is_many(field->type) || len < 2 || name[len - 1] != 's') {
		return name;
	}
	if (len > 3 && strcmp(name + len - 3, "ies") == 0) {
		name[len - 3] = 'y';
		name[len - 2] = '\0';
	} else {
		name[len - 1] = '\0';
	}
	return name;
}

static const char *value_name(enum field_type type)
{
	switch (type) {
	case FIELD_INT: return "N";
	case FIELD_AMOUNT: return "MINOR";
	case FIELD_DECIMAL: return "DECIMAL";
	case FIELD_TIME: return "TIME";
	case FIELD_DAY: return "DAY";
	case FIELD_ID: return "ID";
	case FIELD_BYTES: return "HEX";
	case FIELD_CURRENCY: return "CURRENCY";
	case FIELD_UNIT: return "UNIT";
	case FIELD_PARTY: return "PARTY";
	case FIELD_CODE:
	case FIELD_CODES: return "CODE";
	case FIELD_IDS: return "ID";
	case FIELD_AMOUNTS: return "CURRENCY=MINOR";
	case FIELD_RANGE: return "FIRST-LAST";
	case FIELD_LIST: return "'K=V K=V'";
	default: return "TEXT";
	}
}

/* Filled in where they are left out (app/submit.c). */
static bool is_filled_in(const struct field *field)
{
	return (field->type == FIELD_ID &&
		   (strcmp(field->name, "profile") == 0 || strcmp(field->name, "terms") == 0)) ||
	    (field->type == FIELD_INT && strcmp(field->name, "rule_set") == 0);
}

static const char *list_help(struct arena *arena, const struct field *field)
{
	const char *text = arena_printf(arena, "%s; names:", field->help ? field->help : field->en);
	for (const struct field *inner = field->fields; inner && inner->name; inner++) {
		text = arena_printf(arena, "%s %s%s", text, typed_name(arena, inner), inner->required ? "" : "?");
	}
	return text;
}

static struct option field_option(struct arena *arena, const struct field *field)
{
	struct option option = { .name = option_name(arena, field), .value = value_name(field->type) };
	option.type = field->type == FIELD_BOOL ? OPTION_FLAG : is_many(field->type) ? OPTION_MANY : OPTION_TEXT;
	option.help = field->type == FIELD_LIST ? list_help(arena, field) : field->help ? field->help : field->en;
	if (field->type == FIELD_AMOUNT) {
		option.help = arena_printf(arena, "%s; in minor units", option.help);
	}
	if (is_filled_in(field)) {
		option.help = arena_printf(arena, "%s (filled in)", option.help);
	} else if (field->required && field->type != FIELD_BOOL) { /* one that is not given is false */
		option.help = arena_printf(arena, "%s (required)", option.help);
	}
	return option;
}

/* The amount as people write it: --total 18,500.00 beside --total-minor 1850000. */
static struct option amount_option(struct arena *arena, const struct field *field)
{
	const char *name = dashed(arena, typed_name(arena, field));
	return (struct option){ name, OPTION_TEXT, "AMOUNT",
		arena_printf(arena, "%s: 18,500.00 (GBP), 1,234 (JPY), \"GBP 5.00\"; instead of --%s",
		    field->help ? field->help : field->en, option_name(arena, field)) };
}

static unsigned make_options(struct arena *arena, const struct kind *kind, struct option *options)
{
	unsigned count = 0;
	char name[AMOUNT_NAME];
	for (const struct field *field = kind->fields; field && field->name; field++) {
		options[count++] = field_option(arena, field);
		if (amount_name(field, name)) {
			options[count++] = amount_option(arena, field);
		}
	}
	return count;
}

static const struct verb *make_verb(struct arena *arena, const struct domain *domain, const struct kind *kind)
{
	unsigned fields = 0;
	while (kind->fields && kind->fields[fields].name) {
		fields++;
	}
	struct option *options = arena_take_array(arena, 2 * fields + MOVE_OPTIONS + 1, sizeof *options);
	struct verb *verb = arena_take(arena, sizeof *verb);
	if (!options || !verb) {
		return NULL;
	}
	memcpy(options + make_options(arena, kind, options), move_options, sizeof move_options);
	bool opens_thread = kind->opens == OPENS_THREAD, may_open = opens_thread || kind->opens == OPENS_EITHER;
	verb->command = (struct command){ domain->name, dashed(arena, kind->verb), opens_thread ? NULL : "NUMBER",
		may_open ? 0 : 1, opens_thread ? 0 : 1, kind->help ? kind->help : kind->en, options, run_move };
	verb->needs = NEEDS_TALLY | NEEDS_WRITE;
	verb->kind = kind;
	verb->domain = domain;
	return verb;
}

static bool verbs_add(struct arena *arena, struct verbs *verbs, const struct verb *verb)
{
	verbs->items = arena_grow(arena, verbs->items, verbs->count, verbs->count + 1, sizeof *verbs->items);
	if (!verbs->items || !verb) {
		return false;
	}
	verbs->items[verbs->count++] = verb;
	return true;
}

/* A domain's own command of a kind's name stands in its place: it fills in what the fields alone would ask people to type. */
static bool has_own_command(struct arena *arena, const struct domain *domain, const struct kind *kind)
{
	const char *verb = dashed(arena, kind->verb);
	for (const struct command *command = domain->commands; command && command->noun && verb; command++) {
		if (strcmp(command->noun, domain->name) == 0 && strcmp(command->verb, verb) == 0) {
			return true;
		}
	}
	return false;
}

enum status moves_gather(struct arena *arena, const struct domain *domain, struct verbs *out, struct err *err)
{
	bool good = true;
	for (const struct command *command = domain->commands; command && command->noun && good; command++) {
		struct verb *verb = arena_take(arena, sizeof *verb);
		if (verb) {
			*verb = (struct verb){ .command = *command, .needs = NEEDS_TALLY, .domain = domain };
		}
		good = verbs_add(arena, out, verb);
	}
	for (const struct kind *kind = domain->kinds; kind->name && good; kind++) {
		if (has_own_command(arena, domain, kind)) {
			continue;
		}
		good = verbs_add(arena, out, make_verb(arena, domain, kind));
	}
	return good ? OK : err_set(err, ENVIRONMENT, "commands: out of memory");
}

/* --- values ------------------------------------------------------------------------------------------------------------- */

/* Text of a value behind '=', quoted or up to the next blank. */
static bool take_value(const char **at, struct buf *out)
{
	char quote = **at == '"' || **at == '\'' ? *(*at)++ : 0;
	while (**at && (quote ? **at != quote : !isspace((unsigned char)**at))) {
		if (**at == '\\' && quote && ((*at)[1] == quote || (*at)[1] == '\\')) {
			++*at;
		}
		buf_put_byte(out, (uint8_t) * (*at)++);
	}
	if (!quote) {
		return true;
	}
	return *(*at)++ == quote;
}

static json_t *item_value(const struct field *field, const char *text)
{
	if (field && field->type == FIELD_BOOL) {
		return json_boolean(strcmp(text, "true") == 0 || strcmp(text, "yes") == 0 || strcmp(text, "1") == 0);
	}
	if (field && (field->type == FIELD_LIST || field->type == FIELD_ANY)) {
		return json_loads(text, JSON_DECODE_ANY | JSON_REJECT_DUPLICATES, NULL);
	}
	return json_string(text);
}

/* "line=1 accepted=5000 reason=short" to an object. */
static enum status read_item(const struct field *list, const char *text, json_t **out, struct err *err)
{
	const char *at = text;
	*out = json_object();
	while (*(at += strspn(at, " \t\n"))) {
		char name[48];
		struct buf value;
		size_t len = strcspn(at, "= \t\n");
		if (at[len] != '=' || len == 0 || len >= sizeof name) {
			return err_set(err, USAGE,
			    "--%.40s '%.80s': must be NAME=VALUE pairs with blanks between; see --help", list->name,
			    text);
		}
		snprintf(name, sizeof name, "%.*s", (int)len, at);
		for (char *c = name; *c; c++) {
			*c = (char)(*c == '-' ? '_' : *c);
		}
		at += len + 1;
		buf_init(&value, 65536);
		bool closed = take_value(&at, &value);
		json_t *item = item_value(field_find(list->fields, name), buf_text(&value));
		buf_clear(&value);
		if (!closed || !item || json_object_get(*out, name)) {
			json_decref(item);
			return err_set(err, USAGE, "--%.40s '%.80s': %s: %s", list->name, text, name,
			    !closed    ? "its quotes do not close"
				: item ? "given twice"
				       : "not JSON, or not UTF-8");
		}
		json_object_set_new(*out, name, item);
	}
	return OK;
}

static enum status add_to_list(const struct field *field, const char *text, json_t *array, struct err *err)
{
	json_t *item;
	if (text[strspn(text, " ")] == '{') {
		enum status status = json_read(bytes_text(text), field->name, &item, err);
		if (status == OK) {
			json_array_append_new(array, item);
		}
		return status;
	}
	enum status status = read_item(field, text, &item, err);
	json_array_append_new(array, item);
	return status;
}

static void add_words(const char *text, json_t *array)
{
	for (const char *at = text; *at;) {
		size_t len = strcspn(at, ",");
		json_array_append_new(array, json_stringn(at, len));
		at += len + (at[len] == ',');
	}
}

static enum status add_amount(const struct field *field, const char *text, json_t *object, struct err *err)
{
	const char *equals = strchr(text, '=');
	char *end = NULL;
	long long minor = equals ? strtoll(equals + 1, &end, 10) : 0;
	if (!equals || end == equals + 1 || *end || equals - text > 8) {
		return err_set(
		    err, USAGE, "--%s \"%s\": must be CURRENCY=MINOR, such as GBP=500000", field->name, text);
	}
	char code[12];
	snprintf(code, sizeof code, "%.*s", (int)(equals - text), text);
	json_object_set_new(object, code, json_integer(minor));
	return OK;
}

static enum status set_range(const struct field *field, const char *text, json_t **out, struct err *err)
{
	char *end = NULL, *last = NULL;
	long long first = strtoll(text, &end, 10), final = *end == '-' ? strtoll(end + 1, &last, 10) : 0;
	if (end == text || *end != '-' || *last) {
		return err_set(err, USAGE, "--%s \"%s\": must be FIRST-LAST, such as 1-99", field->name, text);
	}
	*out = json_pack("[I, I]", (json_int_t)first, (json_int_t) final);
	return OK;
}

/* Adds one use of a field's option to the object. */
static enum status add_field(const struct field *field, const char *text, json_t *fields, struct err *err)
{
	json_t *value = json_object_get(fields, field->name), *made = NULL;
	enum status status = OK;
	if (is_many(field->type) && !value) {
		value = field->type == FIELD_AMOUNTS ? json_object() : json_array();
		json_object_set_new(fields, field->name, value);
	}
	switch (field->type) {
	case FIELD_LIST: return add_to_list(field, text, value, err);
	case FIELD_AMOUNTS: return add_amount(field, text, value, err);
	case FIELD_CODES:
	case FIELD_IDS: add_words(text, value); return OK;
	case FIELD_RANGE: status = set_range(field, text, &made, err); break;
	case FIELD_BOOL: made = json_true(); break;
	case FIELD_ANY: status = json_read(bytes_text(text), field->name, &made, err); break;
	default: made = json_string(text); break;
	}
	if (status == OK && !made) {
		return err_set(err, BAD_INPUT, "--%s: not valid UTF-8", field->name);
	}
	json_object_set_new(fields, field->name, made);
	return status;
}

/* An amount in major units goes on under the name without "_minor"; ctx_submit() reads it in its currency. */
static bool add_amount_typed(struct ctx *ctx, const struct args *args, const struct field *field, json_t *fields)
{
	const char *name = typed_name(ctx->arena, field), *text = args_option(args, dashed(ctx->arena, name));
	if (field->type != FIELD_AMOUNT || text == NULL || name == field->name) {
		return false;
	}
	json_object_set_new(fields, name, json_string(text));
	return true;
}

static enum status gather_fields(struct ctx *ctx, const struct args *args, json_t *fields, struct err *err)
{
	const struct kind *kind = args->verb->kind;
	for (const struct field *field = kind->fields; field && field->name; field++) {
		const char *name = option_name(ctx->arena, field), *text;
		unsigned given = add_amount_typed(ctx, args, field, fields) ? 1 : 0, at = 0;
		for (; (text = args_option_at(args, name, at)) != NULL; at++, given++) {
			enum status status = add_field(field, text, fields, err);
			if (status != OK) {
				return status;
			}
		}
		if (given == 0 && field->required && field->type == FIELD_BOOL) {
			json_object_set_new(fields, field->name, json_false());
		} else if (given == 0 && field->required && !is_filled_in(field)) {
			return err_set(err, USAGE, "%s %s: --%s is missing (%s)", args->verb->command.noun,
			    args->verb->command.verb, name, field->help ? field->help : field->en);
		}
	}
	return OK;
}

static const char *const *gather_many(struct ctx *ctx, const struct args *args, const char *name, unsigned *count)
{
	const char **list = arena_take_array(ctx->arena, ARGS_GIVEN, sizeof *list);
	for (*count = 0; list && (list[*count] = args_option_at(args, name, *count)) != NULL;) {
		++*count;
	}
	return list;
}

/* The time of the act. In a real tally it may lie in the past, never ahead of the clock. */
enum status read_at(struct ctx *ctx, const char *name, const char *text, int64_t *ms, struct err *err)
{
	if (!text) {
		return OK;
	}
	if (!time_parse(bytes_text(text), ms)) {
		return err_set(err, USAGE, "%s \"%s\": must be a time such as 2013-11-26T09:30:00Z", name, text);
	}
	if (*ms > ctx->now_ms && !ctx->view.rehearsal) {
		return err_refuse(err, "", "ours: what has not happened cannot be stated",
		    "%s %s: lies ahead of the clock", name, text);
	}
	return OK;
}

void submitted_print(struct ctx *ctx, const struct submitted *made)
{
	json_t *row = json_object();
	json_object_set_new(row, "id", json_hex(id_bytes(&made->id)));
	json_object_set_new(row, "thread", json_hex(id_bytes(&made->thread)));
	json_object_set_new(row, "part", json_hex(id_bytes(&made->part)));
	json_object_set_new(row, "number", json_string(made->number));
	json_object_set_new(row, "state", json_string(made->state));
	json_object_set_new(row, "pen", made->pen[0] ? json_string(made->pen) : json_null());
	json_object_set_new(row, "void", json_boolean(made->is_void));
	if (ctx->json) {
		json_print(ctx, row);
	} else {
		say(ctx, "%s  %s%s%s", made->number, ctx_word(ctx, made->state), made->pen[0] ? "  -> " : "",
		    made->pen);
	}
	json_decref(row);
}

enum status run_move(struct ctx *ctx, const struct args *args, struct err *err)
{
	struct submission submission = { .kind = args->verb->kind->name, .target = args_operand(args, 0) };
	struct submitted made;
	json_t *fields = json_object();
	submission.refs_numbers = gather_many(ctx, args, "also", &submission.ref_count);
	submission.attachments = gather_many(ctx, args, "attach", &submission.attachment_count);
	submission.future = args_option(args, "future") != NULL;
	enum status status = read_at(ctx, "--at", args_option(args, "at"), &submission.stated_ms, err);
	if (status == OK) {
		status = gather_fields(ctx, args, fields, err);
	}
	if (status == OK) {
		char *text = json_dumps(fields, JSON_COMPACT);
		submission.fields_json = text;
		status = text ? ctx_submit(ctx, &submission, &made, err)
			      : err_set(err, ENVIRONMENT, "fields: out of memory");
		free(text);
	}
	if (status == OK) {
		submitted_print(ctx, &made);
	}
	json_decref(fields);
	return status;
}
