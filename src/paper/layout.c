#include "paper/layout.h"
#include "base/limits.h"
#include "base/text.h"
#include <string.h>

#define LABEL_BYTES 200
#define PATH_BYTES 80

/* Where in a layout the reader is, for messages. */
struct place {
	const char *what;
	size_t row; /* from 1; 0: the layout itself */
	struct err *err;
};

static enum status refuse(const struct place *place, const char *name, const char *rule)
{
	return place->row == 0
	    ? err_set(place->err, BAD_INPUT, "layout %s: %s: %s", place->what, name, rule)
	    : err_set(place->err, BAD_INPUT, "layout %s: row %zu: %s: %s", place->what, place->row, name, rule);
}

static bool is_one_of(const char *name, const char *const *names)
{
	while (*names != NULL && strcmp(name, *names) != 0) {
		names++;
	}
	return *names != NULL;
}

static enum status check_names(const struct place *place, const json_t *object, const char *const *names)
{
	const char *name;
	json_t *value;

	if (!json_is_object(object)) {
		return refuse(place, names[0], "must be inside an object");
	}
	json_object_foreach((json_t *)object, name, value)
	{
		if (!is_one_of(name, names)) {
			char quote[TEXT_QUOTE];
			text_quote(bytes_text(name), quote);
			return refuse(place, quote, "not known");
		}
	}
	return OK;
}

static enum status check_label(const struct place *place, const json_t *object)
{
	static const char *const names[] = { "en", "ja", NULL };

	for (const char *const *name = names; *name; name++) {
		const json_t *text = json_object_get(object, *name);
		size_t len = json_string_length(text);
		if (!json_is_string(text) || len == 0 || len > LABEL_BYTES) {
			return refuse(place, *name, "must be a label of 1 to 200 bytes");
		}
	}
	return OK;
}

/* a-z, 0-9 and underscores, with points between. */
static bool path_fits(const char *path)
{
	size_t len = strlen(path);

	return len > 0 && len <= PATH_BYTES && strspn(path, "abcdefghijklmnopqrstuvwxyz0123456789_.") == len &&
	    path[0] != '.' && path[len - 1] != '.' && strstr(path, "..") == NULL;
}

static enum status check_path(const struct place *place, const json_t *object, const char *name, bool required)
{
	const json_t *path = json_object_get(object, name);

	if (path == NULL && !required) {
		return OK;
	}
	return json_is_string(path) && path_fits(json_string_value(path))
	    ? OK
	    : refuse(place, name, "must be a path of names of facts, such as signed.requested");
}

static enum status check_box(const struct place *place, const json_t *box)
{
	static const char *const names[] = { "box", "en", "ja", "value", "form", "width", NULL };
	static const char *const forms[] = { "text", "word", "day", "time", "amount", "code", NULL };
	const json_t *number = json_object_get(box, "box"), *width = json_object_get(box, "width"),
		     *form = json_object_get(box, "form");
	enum status status = check_names(place, box, names);

	if (status == OK) {
		status = check_label(place, box);
	}
	if (status == OK) {
		status = check_path(place, box, "value", false);
	}
	if (status != OK) {
		return status;
	}
	if (number != NULL &&
	    (!json_is_integer(number) || json_integer_value(number) < 1 || json_integer_value(number) > 99)) {
		return refuse(place, "box", "must be a number of 1 to 99");
	}
	if (width != NULL &&
	    (!json_is_integer(width) || json_integer_value(width) < 1 || json_integer_value(width) > 100)) {
		return refuse(place, "width", "must be a share of 1 to 100");
	}
	if (form != NULL && (!json_is_string(form) || !is_one_of(json_string_value(form), forms))) {
		return refuse(place, "form", "must be text, word, day, time, amount or code");
	}
	return OK;
}

static enum status check_boxes(const struct place *place, const json_t *boxes, const char *name)
{
	size_t count = json_array_size(boxes);
	enum status status = OK;

	if (!json_is_array(boxes) || count == 0 || count > LAYOUT_BOXES) {
		return refuse(place, name, "must be a list of 1 to 12");
	}
	for (size_t i = 0; i < count && status == OK; i++) {
		status = check_box(place, json_array_get(boxes, i));
	}
	return status;
}

static enum status check_row(const struct place *place, const json_t *row)
{
	static const char *const names[] = { "boxes", "table", "columns", "title", "say", "signatures", "with", NULL };
	enum status status = check_names(place, row, names);
	unsigned kinds = 0;

	for (const char *const *name = names; status == OK && *name; name++) {
		kinds += strcmp(*name, "with") != 0 && strcmp(*name, "columns") != 0 && json_object_get(row, *name);
	}
	if (status == OK && kinds != 1) {
		return refuse(place, "row", "must be one of boxes, table, title, say, signatures");
	}
	if (status == OK) {
		status = check_path(place, row, "with", false);
	}
	if (status != OK) {
		return status;
	}
	bool is_table = json_object_get(row, "table") != NULL;
	if (is_table != (json_object_get(row, "columns") != NULL)) {
		return refuse(place, "columns", "belong to a table, and a table has them");
	}
	if (is_table) {
		status = check_path(place, row, "table", true);
		return status == OK ? check_boxes(place, json_object_get(row, "columns"), "columns") : status;
	}
	const char *list = json_object_get(row, "boxes") ? "boxes" : "signatures";
	const json_t *said = json_object_get(row, json_object_get(row, "title") ? "title" : "say");
	return said ? check_label(place, said) : check_boxes(place, json_object_get(row, list), list);
}

static enum status check_layout(const struct place *place, const json_t *layout)
{
	static const char *const names[] = { "about", "en", "ja", "wide", "code", "rows", NULL };
	static const char *const code_names[] = { "value", "en", "ja", NULL };
	const json_t *wide = json_object_get(layout, "wide"), *code = json_object_get(layout, "code"),
		     *rows = json_object_get(layout, "rows");
	enum status status = check_names(place, layout, names);

	if (status == OK) {
		status = check_label(place, layout);
	}
	if (status == OK && wide != NULL && !json_is_boolean(wide)) {
		return refuse(place, "wide", "must be true or false");
	}
	if (status == OK && code != NULL) {
		status = check_names(place, code, code_names);
		status = status == OK ? check_label(place, code) : status;
		status = status == OK ? check_path(place, code, "value", true) : status;
	}
	if (status == OK &&
	    (!json_is_array(rows) || json_array_size(rows) == 0 || json_array_size(rows) > LAYOUT_ROWS)) {
		return refuse(place, "rows", "must be a list of 1 to 64");
	}
	for (size_t i = 0; status == OK && i < json_array_size(rows); i++) {
		struct place inside = { place->what, i + 1, place->err };
		status = check_row(&inside, json_array_get(rows, i));
	}
	return status;
}

enum status layout_read(struct bytes text, const char *what, json_t **out, struct err *err)
{
	struct place place = { what, 0, err };
	json_error_t error;

	*out = NULL;
	if (text.len > LIMIT_JSON_BYTES) {
		return err_set(err, BAD_INPUT, "layout %s: %zu bytes; at most %d", what, text.len, LIMIT_JSON_BYTES);
	}
	json_t *layout = json_loadb((const char *)text.data, text.len, JSON_REJECT_DUPLICATES, &error);
	if (layout == NULL) {
		return err_set(err, BAD_INPUT, "layout %s: line %d: %s", what, error.line, error.text);
	}
	enum status status = check_layout(&place, layout);
	if (status != OK) {
		json_decref(layout);
		return status;
	}
	*out = layout;
	return OK;
}

const json_t *fact_at(const json_t *facts, const char *path)
{
	while (facts != NULL && *path != '\0') {
		char name[PATH_BYTES + 1];
		size_t len = strcspn(path, ".");

		if (len > PATH_BYTES) {
			return NULL;
		}
		memcpy(name, path, len);
		name[len] = '\0';
		facts = json_object_get(facts, name);
		path += len + (path[len] == '.');
	}
	bool is_empty = json_is_null(facts) || (json_is_array(facts) && json_array_size(facts) == 0);
	return is_empty ? NULL : facts;
}
