/* Parameters, forms and cookies. */
#include "web/request.h"
#include "base/text.h"
#include <stdio.h>
#include <string.h>

static int hex_digit(uint8_t c)
{
	return c >= '0' && c <= '9' ? c - '0'
	    : c >= 'a' && c <= 'f'  ? c - 'a' + 10
	    : c >= 'A' && c <= 'F'  ? c - 'A' + 10
				    : -1;
}

/* %41 at *at, which is moved to its last digit; -1 when it is broken. */
static int percent_decoded(struct bytes text, size_t *at)
{
	int high = *at + 2 < text.len ? hex_digit(text.data[*at + 1]) : -1;
	int low = *at + 2 < text.len ? hex_digit(text.data[*at + 2]) : -1;

	*at += 2;
	return high < 0 || low < 0 ? -1 : high * 16 + low;
}

/* %41 and + decoded, CRLF as a newline; NULL when the encoding is broken or the text is none (text_check). */
static const char *decoded(struct arena *arena, struct bytes text, bool plus)
{
	uint8_t *out = arena_take(arena, text.len + 1);
	size_t len = 0;

	for (size_t i = 0; out != NULL && i < text.len; i++) {
		int c = text.data[i] == '%'       ? percent_decoded(text, &i)
		    : text.data[i] == '+' && plus ? ' '
						  : text.data[i];
		if (c < 0) {
			return NULL;
		}
		if (c == '\n' && len > 0 && out[len - 1] == '\r') {
			len--;
		}
		out[len++] = (uint8_t)c;
	}
	if (out == NULL || text_check(bytes_of(out, len)) != NULL) {
		return NULL;
	}
	out[len] = '\0';
	return (const char *)out;
}

const char *text_decoded(struct arena *arena, struct bytes text)
{
	return decoded(arena, text, true);
}

static struct bytes cut(struct bytes *rest, char at)
{
	const uint8_t *end = rest->len > 0 ? memchr(rest->data, at, rest->len) : NULL;
	struct bytes part = bytes_of(rest->data, end ? (size_t)(end - rest->data) : rest->len);

	*rest = end ? bytes_of(end + 1, rest->len - part.len - 1) : bytes_of(NULL, 0);
	return part;
}

static bool pairs_add(struct arena *arena, struct pairs *pairs, const char *name, const char *value)
{
	if (pairs->items == NULL) {
		pairs->items = arena_take_array(arena, REQUEST_PAIRS, sizeof *pairs->items);
	}
	if (pairs->items == NULL || pairs->count == REQUEST_PAIRS) {
		return false;
	}
	pairs->items[pairs->count++] = (struct pair){ name, value };
	return true;
}

enum status pairs_parse(struct arena *arena, struct bytes text, struct pairs *out, struct err *err)
{
	*out = (struct pairs){ 0 };
	while (text.len > 0) {
		struct bytes value = cut(&text, '&');
		struct bytes name = cut(&value, '=');
		if (name.len == 0) {
			continue;
		}
		const char *decoded_name = decoded(arena, name, true), *decoded_value = decoded(arena, value, true);
		if (decoded_name == NULL || decoded_value == NULL) {
			return err_set(err, BAD_INPUT, "form: a field is not UTF-8 in percent-encoding");
		}
		if (!pairs_add(arena, out, decoded_name, decoded_value)) {
			return err_set(err, BAD_INPUT, "form: more than %d fields", REQUEST_PAIRS);
		}
	}
	return OK;
}

enum status path_parse(struct arena *arena, const char *text, const char **out, struct err *err)
{
	const char *path = decoded(arena, bytes_text(text), false), *last = path ? strrchr(path, '/') : NULL;

	if (path == NULL || path[0] != '/' || strstr(path, "/../") != NULL || strstr(path, "/./") != NULL ||
	    strstr(path, "//") != NULL || strcmp(last, "/..") == 0 || strcmp(last, "/.") == 0) {
		return err_set(err, BAD_INPUT, "address: not a path of this server");
	}
	*out = path;
	return OK;
}

const char *pairs_get_at(const struct pairs *pairs, const char *name, unsigned index)
{
	for (unsigned i = 0; i < pairs->count; i++) {
		if (strcmp(pairs->items[i].name, name) == 0 && index-- == 0) {
			return pairs->items[i].value;
		}
	}
	return NULL;
}

const char *pairs_get(const struct pairs *pairs, const char *name)
{
	return pairs_get_at(pairs, name, 0);
}

bool cookie_get(const char *header, const char *name, char *out, size_t room)
{
	size_t name_len = strlen(name);

	for (const char *at = header; at != NULL && *at; at = strchr(at, ';')) {
		at += strspn(at, "; ");
		size_t value_len = strcspn(at, ";");
		if (value_len > name_len && strncmp(at, name, name_len) == 0 && at[name_len] == '=') {
			value_len -= name_len + 1;
			if (value_len >= room) {
				return false;
			}
			memcpy(out, at + name_len + 1, value_len);
			out[value_len] = '\0';
			return true;
		}
	}
	return false;
}

/* ---- multipart (RFC 7578) -------------------------------------------------------------------------------------------- */

static bool starts(struct bytes text, const char *with)
{
	size_t len = strlen(with);

	return text.len >= len && memcmp(text.data, with, len) == 0;
}

static const uint8_t *find(struct bytes in, const char *what)
{
	return in.len > 0 ? memmem(in.data, in.len, what, strlen(what)) : NULL;
}

static struct bytes after(struct bytes text, const uint8_t *at)
{
	return bytes_of(at, text.len - (size_t)(at - text.data));
}

/* Browsers write only the quotation mark and the ends of lines as %22, %0D and %0A; every other % is one. NULL when it is no text. */
static const char *unquoted(struct arena *arena, struct bytes text)
{
	char *out = arena_take(arena, text.len + 1);
	size_t len = 0;

	for (size_t i = 0; out != NULL && i < text.len; i++) {
		out[len++] = (char)text.data[i];
		if (i + 2 < text.len && memcmp(text.data + i, "%22", 3) == 0) {
			out[len - 1] = '"';
			i += 2;
		}
	}
	if (out == NULL || text_check(bytes_of(out, len)) != NULL) {
		return NULL;
	}
	out[len] = '\0';
	return out;
}

/* name="value" of a part's Content-Disposition; NULL: not there. */
static const char *disposition(struct arena *arena, struct bytes head, const char *name)
{
	char key[32];

	snprintf(key, sizeof key, "; %s=\"", name);
	const uint8_t *at = find(head, key);
	if (at == NULL) {
		return NULL;
	}
	struct bytes rest = after(head, at + strlen(key));
	return unquoted(arena, cut(&rest, '"'));
}

/* What was typed: CRLF is a newline. NULL when it is no text. */
static const char *typed(struct arena *arena, struct bytes content)
{
	uint8_t *out = arena_take(arena, content.len + 1);
	size_t len = 0;

	for (size_t i = 0; out != NULL && i < content.len; i++) {
		if (content.data[i] == '\n' && len > 0 && out[len - 1] == '\r') {
			len--;
		}
		out[len++] = content.data[i];
	}
	if (out == NULL || text_check(bytes_of(out, len)) != NULL) {
		return NULL;
	}
	out[len] = '\0';
	return (const char *)out;
}

static enum status take_part(struct request *request, struct bytes head, struct bytes content, struct err *err)
{
	const char *name = disposition(request->arena, head, "name"),
		   *file = disposition(request->arena, head, "filename");

	if (name == NULL) {
		return err_set(err, BAD_INPUT, "form: a part without a name");
	}
	if (find(head, "; filename=") != NULL) {
		if (file == NULL) {
			return err_set(err, BAD_INPUT, "form: the name of a file is no text");
		}
		if (content.len == 0 && file[0] == '\0') {
			return OK; /* no file was chosen */
		}
		if (request->file_count == REQUEST_FILES) {
			return err_set(err, BAD_INPUT, "form: more than %d files", REQUEST_FILES);
		}
		request->files[request->file_count++] = (struct posted_file){ name, file, content };
		return OK;
	}
	const char *value = typed(request->arena, content);
	if (value == NULL) {
		return err_set(err, BAD_INPUT, "form: field %s is no text", name);
	}
	return pairs_add(request->arena, &request->fields, name, value)
	    ? OK
	    : err_set(err, BAD_INPUT, "form: more than %d fields", REQUEST_PAIRS);
}

enum status multipart_parse(struct request *request, struct bytes body, const char *boundary, struct err *err)
{
	const char *between = arena_printf(request->arena, "\r\n--%s", boundary), *first = between ? between + 2 : "";

	if (between == NULL || !starts(body, first)) {
		return err_set(err, BAD_INPUT, "form: does not begin with its boundary");
	}
	body = after(body, body.data + strlen(first));
	while (starts(body, "\r\n")) {
		body = after(body, body.data + 2);
		const uint8_t *head_end = find(body, "\r\n\r\n"), *end = find(body, between);
		if (head_end == NULL || end == NULL || head_end + 2 > end) {
			return err_set(err, BAD_INPUT, "form: a part does not end");
		}
		struct bytes head = bytes_of(body.data, (size_t)(head_end - body.data));
		const uint8_t *content = head_end + 4 <= end ? head_end + 4 : end;
		enum status status = take_part(request, head, bytes_of(content, (size_t)(end - content)), err);
		if (status != OK) {
			return status;
		}
		body = after(body, end + strlen(between));
	}
	return starts(body, "--") ? OK : err_set(err, BAD_INPUT, "form: does not end with its boundary");
}

void request_forget(struct request *request)
{
	for (unsigned i = 0; i < request->fields.count; i++) {
		struct pair *field = &request->fields.items[i];
		if (strstr(field->name, "passphrase") != NULL) {
			explicit_bzero((void *)(uintptr_t)field->value, strlen(field->value));
		}
	}
}

/* ---- what pages ask -------------------------------------------------------------------------------------------------- */

const char *request_param(const struct request *request, const char *name)
{
	return pairs_get(&request->query, name);
}

const char *request_param_at(const struct request *request, const char *name, unsigned index)
{
	return pairs_get_at(&request->query, name, index);
}

const char *request_field(const struct request *request, const char *name)
{
	return pairs_get(&request->fields, name);
}

const char *request_field_at(const struct request *request, const char *name, unsigned index)
{
	return pairs_get_at(&request->fields, name, index);
}

bool request_file(const struct request *request, const char *name, const char **called, struct bytes *content)
{
	for (unsigned i = 0; i < request->file_count; i++) {
		if (strcmp(request->files[i].field, name) == 0) {
			*called = request->files[i].name;
			*content = request->files[i].content;
			return true;
		}
	}
	return false;
}

const char *request_rest(const struct request *request)
{
	return request->rest ? request->rest : "";
}

static bool unreserved(uint8_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || strchr("-._~", c) != NULL;
}

static bool put_encoded(struct buf *out, const char *text)
{
	for (; *text; text++) {
		if (unreserved((uint8_t)*text)) {
			buf_put_bytes(out, bytes_of(text, 1));
		} else {
			buf_printf(out, "%%%02X", (unsigned)(uint8_t)*text);
		}
	}
	return true;
}

/* Another list begins on its first page; another language or form shows the same one. */
static bool begins_anew(const char *key, const char *changed)
{
	return strcmp(key, "page") == 0 && strcmp(changed, "lang") != 0 && strcmp(changed, "as") != 0;
}

const char *request_with(const struct request *request, const char *name, const char *value)
{
	struct buf out;
	char join = '?';

	buf_init(&out, 65536);
	for (const char *at = request->path; *at; at++) {
		if (unreserved((uint8_t)*at) || *at == '/') {
			buf_put_bytes(&out, bytes_of(at, 1));
		} else {
			buf_printf(&out, "%%%02X", (unsigned)(uint8_t)*at);
		}
	}
	for (unsigned i = 0; i <= request->query.count; i++) {
		bool own = i == request->query.count;
		const char *key = own ? name : request->query.items[i].name,
			   *kept = own ? value : request->query.items[i].value;
		if (kept == NULL || (!own && (strcmp(key, name) == 0 || begins_anew(key, name)))) {
			continue;
		}
		buf_put_bytes(&out, bytes_of(&join, 1));
		put_encoded(&out, key);
		buf_put_text(&out, "=");
		put_encoded(&out, kept);
		join = '&';
	}
	const char *path = arena_text(request->arena, buf_bytes(&out));
	buf_clear(&out);
	return path ? path : request->path;
}

/* ---- forms that come back --------------------------------------------------------------------------------------------- */

void request_marks(struct html *html, const struct request *request)
{
	char once[REQUEST_ONCE] = "";

	if (request->once) {
		request->once(once);
	}
	page_hidden(html, "form", request->mark ? request->mark : "");
	page_hidden(html, "once", once);
	page_hidden(html, "tally", request->tally_mark ? request->tally_mark : "");
}

void page_form_open(struct html *html, const struct request *request, const char *path)
{
	HTML(html, "<form class=\"move\" method=\"post\" enctype=\"multipart/form-data\"");
	HTML_ATTRIBUTE(html, "action", path ? path : html_path(html->ctx, request->path, ""));
	HTML(html, ">");
	request_marks(html, request);
}
