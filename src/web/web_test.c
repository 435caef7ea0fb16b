#include "base/limits.h"
#include "base/tap.h"
#include "base/text.h"
#include "web/slow.h"
#include "web/web.h"
#include <arpa/inet.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

/* ---- what is asked ----------------------------------------------------------------------------------------------------- */

static void addresses(struct arena *arena)
{
	static const char *const bad[] = { "", "support", "/a/../b", "/a/./b", "/..", "/a/.", "//x", "/%2e%2e/x",
		"/%zz", "/%4", "/%00", "/%ff" };
	struct err err = { 0 };
	const char *path;
	bool refused = true;

	tap_ok(path_parse(arena, "/thread/GB-01-0001%2FI01.1", &path, &err) == OK, "a path is read");
	tap_is_text(path, "/thread/GB-01-0001/I01.1", "and decoded");
	tap_ok(path_parse(arena, "/a%2541", &path, &err) == OK && strcmp(path, "/a%41") == 0, "once");
	tap_ok(
	    path_parse(arena, "/%E5%89%B2%E7%AC%A6", &path, &err) == OK && strcmp(path, "/割符") == 0, "in any script");
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct err own = { 0 };
		refused = refused && path_parse(arena, bad[i], &path, &own) == BAD_INPUT;
	}
	tap_ok(refused, "what leaves its folder, or is no text, is refused");
}

static void fields(struct arena *arena)
{
	struct pairs pairs;
	struct err err = { 0 };
	char many[REQUEST_PAIRS * 4 + 8];

	tap_ok(pairs_parse(arena, bytes_text("a=1&b=%E6%B0%B4+x%2B&c&=9&a=2"), &pairs, &err) == OK, "a form is read");
	tap_is_int(pairs.count, 4, "a field without a name is left out");
	struct request request = { .arena = arena };
	pairs_parse(arena, bytes_text("desk=7&new_desk_passphrase=secret"), &request.fields, &err);
	request_forget(&request);
	tap_is_text(pairs_get(&request.fields, "new_desk_passphrase"), "",
	    "a passphrase is forgotten when the request is done");
	tap_is_text(pairs_get(&request.fields, "desk"), "7", "it alone");
	tap_is_text(pairs_get(&pairs, "a"), "1", "of two fields of one name the first counts");
	tap_is_text(pairs_get(&pairs, "b"), "水 x+", "values are decoded");
	tap_is_text(pairs_get(&pairs, "c"), "", "a field may be empty");
	tap_ok(pairs_get(&pairs, "d") == NULL, "and one that was not sent is none");
	tap_ok(pairs_parse(arena, bytes_text("t=a%0D%0Ab"), &pairs, &err) == OK &&
		strcmp(pairs_get(&pairs, "t"), "a\nb") == 0,
	    "lines end as everywhere");
	tap_ok(pairs_parse(arena, bytes_text("a=%E6%B0"), &pairs, &err) == BAD_INPUT, "half a letter is refused");
	for (size_t i = 0; i <= REQUEST_PAIRS; i++) {
		memcpy(many + 4 * i, "a=1&", 4);
	}
	err_clear(&err);
	tap_ok(
	    pairs_parse(arena, bytes_of(many, 4 * REQUEST_PAIRS), &pairs, &err) == OK, "as many fields as are allowed");
	tap_ok(
	    pairs_parse(arena, bytes_of(many, 4 * REQUEST_PAIRS + 4), &pairs, &err) == BAD_INPUT, "and not one more");
}

static enum status multipart(struct arena *arena, const char *body, struct request *request)
{
	struct err err = { 0 };

	*request = (struct request){ .arena = arena };
	return multipart_parse(request, bytes_text(body), "x", &err);
}

#define PART(head, content) "--x\r\nContent-Disposition: form-data; " head "\r\n\r\n" content "\r\n"
#define LAST "--x--\r\n"

static void files(struct arena *arena)
{
	struct request request;

	tap_ok(multipart(arena,
		   PART("name=\"a\"", "1\r\n2") PART("name=\"f\"; filename=\"100% %22x%22.pdf\"", "%PDF") LAST,
		   &request) == OK,
	    "a form with a file is read");
	tap_is_text(pairs_get(&request.fields, "a"), "1\n2", "its fields");
	tap_ok(request.file_count == 1 && request.files[0].content.len == 4, "its file");
	tap_is_text(request.files[0].name, "100% \"x\".pdf", "and the file's name, whatever is in it");
	tap_ok(multipart(arena, PART("name=\"f\"; filename=\"\"", "") LAST, &request) == OK && request.file_count == 0,
	    "no file chosen is no file");
	tap_ok(multipart(arena, PART("name=\"a\"", "") LAST, &request) == OK &&
		strcmp(pairs_get(&request.fields, "a"), "") == 0,
	    "a field may be empty");
	tap_ok(multipart(arena, PART("name=\"a\"", "1"), &request) == BAD_INPUT, "one that is cut off is refused");
	tap_ok(multipart(arena, "--x\r\nContent-Disposition: form-data; name=\"a\"", &request) == BAD_INPUT,
	    "and one whose part has no end");
	tap_ok(multipart(arena, "--y\r\n\r\n--y--", &request) == BAD_INPUT, "and one with another boundary");
	tap_ok(multipart(arena, PART("filename=\"x\"", "1") LAST, &request) == BAD_INPUT, "and a part without a name");
	tap_ok(multipart(arena, PART("name=\"a\"", "\xff") LAST, &request) == BAD_INPUT, "and a field that is no text");
	tap_ok(multipart(arena, PART("name=\"a\"; filename=\"\xff\"", "1") LAST, &request) == BAD_INPUT,
	    "and a file whose name is none");
#define FILE_PART PART("name=\"f\"; filename=\"a\"", "1")
	tap_ok(multipart(arena, FILE_PART FILE_PART FILE_PART FILE_PART LAST, &request) == OK &&
		request.file_count == REQUEST_FILES,
	    "four files");
	tap_ok(multipart(arena, FILE_PART FILE_PART FILE_PART FILE_PART FILE_PART LAST, &request) == BAD_INPUT,
	    "not five");
}

static void cookies(void)
{
	char out[8] = "";

	tap_ok(cookie_get("a=1; warifu=abc; b=2", "warifu", out, sizeof out) && strcmp(out, "abc") == 0,
	    "a cookie is found");
	tap_ok(!cookie_get("xwarifu=abc; warifu2=q", "warifu", out, sizeof out), "by its whole name");
	tap_ok(!cookie_get("warifu=12345678", "warifu", out, sizeof out), "and not when it is longer than it may be");
	tap_ok(!cookie_get(NULL, "warifu", out, sizeof out), "no header is no cookie");
}

static void same_page(struct arena *arena)
{
	struct pair items[] = { { "q", "水 &" }, { "page", "2" } };
	struct request request = { .arena = arena, .path = "/support", .query = { items, 2 } };

	struct pair many[] = { { "claim", "C01" }, { "q", "1" }, { "claim", "C02" } };
	struct request ticked = { .arena = arena, .path = "/support/net", .query = { many, 3 } };

	tap_is_text(request_param_at(&ticked, "claim", 1), "C02", "each of many boxes that were ticked is found");
	tap_ok(request_param_at(&ticked, "claim", 2) == NULL && request_field_at(&ticked, "claim", 0) == NULL,
	    "and no more, nor among fields");
	tap_is_text(request_with(&request, "page", "3"), "/support?q=%E6%B0%B4%20%26&page=3",
	    "the same page, the next part of it");
	tap_is_text(
	    request_with(&request, "q", NULL), "/support", "or without what was looked for, from its first page");
	tap_is_text(request_with(&request, "lang", "ja"), "/support?q=%E6%B0%B4%20%26&page=2&lang=ja",
	    "another language shows the same page");
}

/* ---- who is logged in --------------------------------------------------------------------------------------------------- */

static void logged_in(struct sessions *sessions)
{
	struct session *first = session_new(sessions, bytes_text("gb.officer"), 1000);
	char token[SESSION_TOKEN_HEX + 1], form[SESSION_TOKEN_HEX + 1];

	memcpy(token, first->token, sizeof token);
	memcpy(form, first->form, sizeof form);
	tap_ok(session_find(sessions, token, 2000) == first, "a session is found by its cookie");
	tap_ok(session_find(sessions, "", 2000) == NULL && session_find(sessions, form, 2000) == NULL,
	    "and by nothing else");
	token[63] = token[63] == '0' ? '1' : '0';
	tap_ok(session_find(sessions, token, 2000) == NULL, "not by nearly the same");
	tap_ok(session_form_fits(first, form) && !session_form_fits(first, NULL) && !session_form_fits(first, "") &&
		!session_form_fits(first, first->token),
	    "a form bears the session's own mark, which is not the cookie");
	tap_ok(session_find(sessions, first->token, 2000 + SESSION_IDLE_MS) == first, "it lasts while it is used");
	memcpy(token, first->token, sizeof token);
	tap_ok(session_find(sessions, token, 2001 + 2 * (int64_t)SESSION_IDLE_MS) == NULL, "and ends when it is not");
	tap_ok(session_find(sessions, token, 2001) == NULL, "for good");
	first = session_new(sessions, bytes_text("gb.officer"), 5000);
	memcpy(token, first->token, sizeof token);
	session_close(first);
	tap_ok(session_find(sessions, token, 5000) == NULL, "who logs out is out");
}

static void many_logged_in(struct sessions *sessions)
{
	static const char *const others[] = { "a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o",
		"p" };
	struct session *made[SESSIONS];
	unsigned left = 0;

	sessions_close(sessions);
	for (unsigned i = 0; i < SESSIONS; i++) {
		made[i] = session_new(sessions, bytes_text(others[i % 16]), 100 + i);
	}
	session_find(sessions, made[0]->token, 1000);
	tap_ok(session_new(sessions, bytes_text("gb.officer"), 2000) == made[1],
	    "when all places are taken, the one unused for longest gives way");
	for (unsigned i = 0; i < 10 * SESSIONS; i++) {
		session_new(sessions, bytes_text("gb.officer"), 3000 + i);
	}
	for (unsigned i = 0; i < SESSIONS; i++) {
		left += strcmp(sessions->items[i].officer, "gb.officer") != 0;
	}
	tap_is_int(left, SESSIONS - SESSION_OWN, "an officer who logs in again and again logs out himself, not others");
	sessions_close(sessions);
}

static void sent_twice(struct sessions *sessions)
{
	struct session *session = session_new(sessions, bytes_text("gb.officer"), 1);
	char once[SESSION_TOKEN_HEX + 1], other[SESSION_TOKEN_HEX + 1];

	session_once(once);
	session_once(other);
	tap_ok(session_sent(session, once) == NULL, "a form that was not sent has made nothing");
	session_keep_sent(session, once, "GB-01-0001", "/thread/GB-01-0001");
	tap_is_text(session_sent(session, once)->said, "GB-01-0001", "sent again, it names what it made");
	tap_is_text(session_sent(session, once)->to, "/thread/GB-01-0001", "and goes where it went");
	struct buf long_said;
	buf_init(&long_said, 4096);
	for (unsigned i = 0; i < SESSION_SAID; i++) {
		buf_put_text(&long_said, "符");
	}
	session_keep_sent(session, "long", buf_text(&long_said), buf_text(&long_said));
	tap_ok(text_check(bytes_text(session_sent(session, "long")->said)) == NULL,
	    "what is too long to be said is cut between two letters");
	tap_is_text(session_sent(session, "long")->to, "/", "an address that is too long leads to the first page");
	buf_clear(&long_said);
	tap_ok(session_sent(session, other) == NULL && session_sent(session, "") == NULL &&
		session_sent(session, NULL) == NULL,
	    "another form does not");
	for (unsigned i = 0; i < SESSION_FORMS; i++) {
		session_keep_sent(session, other, "GB-01-0002", "/");
	}
	tap_ok(session_sent(session, once) == NULL, "the last ones are remembered");
}

static void desks_of_one(struct sessions *sessions)
{
	struct session *session = session_new(sessions, bytes_text("gb.officer"), 1);
	struct session_desk desk = { .tally = { { 1 } }, .number = 3, .secrets = { .sign = { 7 } } };
	struct id other = { { 2 } };
	uint8_t left = 0;

	tap_ok(session_add_desk(session, &desk) && session_desk(session, &desk.tally)->number == 3,
	    "a session holds the officer's desk of a tally");
	tap_ok(session_desk(session, &other) == NULL, "and none in a tally where none was opened");
	desk.number = 4;
	tap_ok(session_add_desk(session, &desk) && session->desk_count == 1 &&
		session_desk(session, &desk.tally)->number == 4,
	    "in one tally one");
	for (uint8_t i = 2; i <= SESSION_DESKS; i++) {
		desk.tally.data[0] = i;
		tap_ok(session_add_desk(session, &desk), "one in each of several");
	}
	desk.tally.data[0] = SESSION_DESKS + 1;
	tap_ok(!session_add_desk(session, &desk), "up to its ceiling");
	session_close(session);
	for (unsigned i = 0; i < SESSION_DESKS; i++) {
		left |= session->desks[i].secrets.sign[0];
	}
	tap_is_int(left, 0, "and of no key anything is left when it ends");
}

static void quick_ones(struct sessions *sessions)
{
	struct session *session = session_new(sessions, bytes_text("gb.officer"), 1000);
	char token[SESSION_TOKEN_HEX + 1];

	session->quick = true;
	memcpy(token, session->token, sizeof token);
	tap_ok(
	    session_find(sessions, token, 1000 + SESSION_QUICK_MS) != NULL, "a telephone's session lasts ten minutes");
	tap_ok(session_find(sessions, token, 1001 + 2 * (int64_t)SESSION_QUICK_MS) == NULL, "and not one moment more");
}

/* ---- typed when a session had ended --------------------------------------------------------------------------------------- */

#define TALLY "0100000000000000000000000000000000000000000000000000000000000000"

static struct session *session_of(struct sessions *sessions, uint8_t desk, int64_t now_ms)
{
	struct session *session = session_new(sessions, bytes_text("gb.officer"), now_ms);

	session->desks[0] = (struct session_desk){ .tally = { { 1 } }, .key = { { desk } } };
	session->desk_count = 1;
	return session;
}

static void typed_too_late(struct sessions *sessions, struct arena *arena)
{
	struct pair items[] = { { "place", "Cebu" }, { "form", "x" }, { "new_desk_passphrase", "secret" },
		{ "lines.0.line", "" }, { "tally", TALLY } };
	struct pairs fields = { items, 5 }, elsewhere = { items, 4 }, found;
	struct id desk = { { 1 } }, other = { { 2 } };
	int64_t late_ms = 1001 + SESSION_IDLE_MS;

	sessions_close(sessions);
	struct session session = *session_of(sessions, 1, 1000);
	tap_ok(!kept_put(sessions, session.token, session.form, "/new/x", &fields, 1000),
	    "of a session that lives nothing is kept");
	tap_ok(session_find(sessions, session.token, late_ms) == NULL && kept_knows(sessions, session.token, late_ms),
	    "a session that ended is known for a while");
	tap_ok(!kept_put(sessions, session.token, session.token, "/new/x", &fields, late_ms),
	    "a form that is not of it is not kept");
	tap_ok(!kept_put(sessions, session.token, session.form, "/new/x", &elsewhere, late_ms),
	    "nor one that was not drawn in a tally of his");
	tap_ok(kept_put(sessions, session.token, session.form, "/new/x", &fields, late_ms), "its own is");
	tap_ok(kept_find(sessions, &other, late_ms, arena, &found) == NULL, "another desk does not get it");
	tap_is_text(
	    kept_find(sessions, &desk, late_ms, arena, &found), "/new/x", "the same one does, with the form's address");
	tap_ok(found.count == 2 && strcmp(pairs_get(&found, "place"), "Cebu") == 0 &&
		pairs_get(&found, "lines.0.line") != NULL,
	    "and what was typed, without marks and passphrases");
	tap_ok(kept_find(sessions, &desk, late_ms + KEPT_MS + 1, arena, &found) == NULL, "for an hour");
	tap_ok(!kept_put(sessions, session.token, session.form, "/new/x", &fields, late_ms + KEPT_MS + 1),
	    "then the session is forgotten too");
	kept_put(sessions, session.token, session.form, "/new/x", &fields, late_ms);
	kept_drop(sessions, &other);
	tap_ok(kept_find(sessions, &desk, late_ms, arena, &found) != NULL, "what another desk sends does not drop it");
	kept_drop(sessions, &desk);
	tap_ok(kept_find(sessions, &desk, late_ms, arena, &found) == NULL, "what the same one sends does");
}

static void kept_within_bounds(struct sessions *sessions, struct arena *arena)
{
	static char large[KEPT_BYTES];
	struct pair items[] = { { "text", large }, { "tally", TALLY } };
	struct pairs fields = { items, 2 }, found;
	unsigned kept = 0;

	sessions_close(sessions);
	memset(large, 'a', KEPT_BYTES - 6);
	for (uint8_t i = 1; i <= KEPT_FORMS + 4; i++) {
		struct session session = *session_of(sessions, i, i);
		session_find(sessions, session.token, i + 1 + SESSION_IDLE_MS);
		kept_put(sessions, session.token, session.form, "/new/x", &fields, i + 1 + SESSION_IDLE_MS);
	}
	for (uint8_t i = 1; i <= KEPT_FORMS + 4; i++) {
		struct id desk = { { i } };
		kept += kept_find(sessions, &desk, SESSION_IDLE_MS, arena, &found) != NULL;
	}
	tap_is_int(kept, KEPT_FORMS, "so many forms are kept, and not one more");
	struct session session = *session_of(sessions, 90, 1);
	session_find(sessions, session.token, 2 + SESSION_IDLE_MS);
	large[KEPT_BYTES - 6] = 'a';
	tap_ok(!kept_put(sessions, session.token, session.form, "/new/x", &fields, 2 + SESSION_IDLE_MS),
	    "nor one that is too large");
	sessions_close(sessions);
}

/* ---- the first start -------------------------------------------------------------------------------------------------------- */

static void setup_codes(struct sessions *sessions)
{
	struct setup *setup = &sessions->setup;
	struct err err = { 0 };
	char first[SETUP_CODE_TEXT], careless[2 * SETUP_CODE_TEXT];

	tap_ok(setup_enter(sessions, "", 1, &err) == REFUSED, "without a first start there is no code");
	setup_open(setup);
	memcpy(first, setup->code, sizeof first);
	tap_ok(strlen(first) == 14 && !setup_knows(setup, setup->token) && !setup_knows(setup, ""),
	    "before the code nobody is known, whatever he brings");
	tap_ok(setup_enter(sessions, "AAAA-AAAA-AAA1", 1, &err) == REFUSED, "a wrong code is refused");
	tap_ok(setup_enter(sessions, first, 2, &err) == REFUSED, "and the right one too while there is a wait");
	snprintf(careless, sizeof careless, "  %sx", first);
	tap_ok(setup_enter(sessions, careless, 5000, &err) == REFUSED, "one letter too many is wrong");
	careless[strlen(careless) - 1] = ' ';
	careless[2] = (char)(careless[2] >= 'A' ? careless[2] + 32 : careless[2]);
	tap_ok(setup_enter(sessions, careless, 60000, &err) == OK, "case and blanks do not matter");
	tap_ok(setup_knows(setup, setup->token) && !setup_knows(setup, setup->form) &&
		setup_form_fits(setup, setup->form) && !setup_form_fits(setup, NULL),
	    "then one browser is known");
	tap_ok(setup_enter(sessions, first, 120000, &err) == REFUSED, "and the code opens nothing more");
	setup_close(setup);
	tap_ok(!setup_knows(setup, setup->token) && !setup_form_fits(setup, "") && !setup_form_fits(setup, setup->form),
	    "when it is over nobody is known");
	setup_open(setup);
	tap_ok(strcmp(setup->code, first) != 0, "the next one has another code");
	setup_close(setup);
}

/* ---- codes -------------------------------------------------------------------------------------------------------------- */

static void drawn(const char *text, struct buf *out)
{
	struct app app;
	struct html html = { .out = out, .ctx = &app.ctx };

	app_init(&app);
	buf_init(out, WEB_PAGE_BYTES);
	html_qr(&html, text, "a \"code\"");
	app_close(&app);
}

static void codes(void)
{
	struct buf once, again, other, large;
	static char text[4001];

	drawn("WARIFU TALLY 0A1B", &once);
	drawn("WARIFU TALLY 0A1B", &again);
	drawn("WARIFU TALLY 0A1C", &other);
	tap_ok(
	    once.len > 200 && bytes_equal(buf_bytes(&once), buf_bytes(&again)), "a code is drawn, the same each time");
	tap_ok(!bytes_equal(buf_bytes(&once), buf_bytes(&other)), "and another for another text");
	tap_ok(
	    strstr(buf_text(&once), "aria-label=\"a &quot;code&quot;\"") != NULL, "with a name for who cannot see it");
	memset(text, 'x', 4000);
	drawn(text, &large);
	tap_is_int((long long)large.len, 0, "what no code can hold is left out");
	buf_clear(&once);
	buf_clear(&again);
	buf_clear(&other);
	buf_clear(&large);
}

/* ---- slow ones ---------------------------------------------------------------------------------------------------------- */

/* What the server sends within ten seconds after these bytes: 0 when it cuts the connection without a word. */
static ssize_t answered(uint16_t port, const char *text)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_port = htons(port) };
	struct timeval most = { .tv_sec = 10 };
	char byte;
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	inet_pton(AF_INET, "127.0.0.1", &at.sin_addr);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &most, sizeof most);
	ssize_t got = -2;
	if (connect(fd, (struct sockaddr *)&at, sizeof at) == 0 &&
	    send(fd, text, strlen(text), MSG_NOSIGNAL) == (ssize_t)strlen(text)) {
		got = recv(fd, &byte, 1, 0);
	}
	close(fd);
	return got;
}

static void slow_requests(void)
{
	struct web_options options = { .home_dir = "/nowhere", .address = "127.0.0.1", .request_ms = 50 };
	struct web *web = NULL;
	struct err err = { 0 };

	if (!tap_ok(web_start(&options, &web, &err) == OK, "a server starts")) {
		return;
	}
	tap_is_int(answered(web_port(web), ""), 0, "who says nothing is cut off");
	tap_is_int(answered(web_port(web), "GET / HTTP/1.1\r\nHost: lo"), 0, "and who does not end what he says");
	tap_is_int(answered(web_port(web), "POST /login HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nabc"),
	    0, "and whose form does not come");
	tap_is_int(answered(web_port(web), "GET /healthz HTTP/1.1\r\nHost: other\r\n\r\n"), 1, "others are answered");
	web_stop(web);
}

/* ---- what is not taken ---------------------------------------------------------------------------------------------------- */

static int connected(uint16_t port)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_port = htons(port) };
	struct timeval most = { .tv_sec = 60 };
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	inet_pton(AF_INET, "127.0.0.1", &at.sin_addr);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &most, sizeof most);
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &most, sizeof most);
	return connect(fd, (struct sockaddr *)&at, sizeof at) == 0 ? fd : -1;
}

/* A form as a browser sends it, which looks for an answer when all of it is out: `body_kib` KiB behind the head, in chunks if the head says so. Where
 * `late`, the body follows when the server has answered. *sent is how much of it went out; gives the status of the answer, 0 when none came. */
static int form_sent(uint16_t port, const char *head, size_t body_kib, bool late, size_t *sent)
{
	static const char chunk[] = "400\r\n", last[] = "0\r\n\r\n";
	char piece[1024 + 8], answer[512];
	int fd = connected(port), status = 0;
	bool chunked = strstr(head, "chunked") != NULL;
	size_t begin = chunked ? sizeof chunk - 1 : 0, len = 1024 + (chunked ? begin + 2 : 0);

	memset(piece, 'a', sizeof piece);
	memcpy(piece, chunk, begin);
	memcpy(piece + begin + 1024, "\r\n", 2);
	*sent = 0;
	bool good = send(fd, head, strlen(head), MSG_NOSIGNAL) == (ssize_t)strlen(head);
	struct pollfd readable = { .fd = fd, .events = POLLIN };
	good = good && (!late || poll(&readable, 1, 60000) == 1);
	for (size_t i = 0; good && i < body_kib; i++) {
		good = send(fd, piece, len, MSG_NOSIGNAL) == (ssize_t)len;
		*sent += good ? 1024 : 0;
	}
	good = good && (!chunked || send(fd, last, sizeof last - 1, MSG_NOSIGNAL) == (ssize_t)sizeof last - 1);
	ssize_t got = good ? recv(fd, answer, sizeof answer - 1, 0) : 0;
	if (got > 12) {
		answer[got] = '\0';
		status = (int)strtol(answer + 9, NULL, 10);
	}
	while (got > 0) { /* to the end, not to a reset */
		got = recv(fd, answer, sizeof answer, 0);
	}
	close(fd);
	return got == 0 ? status : 0;
}

#define FORM \
	"POST /login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nConnection: close\r\n"

static void large_forms(void)
{
	struct web_options options = { .home_dir = "/nowhere", .address = "127.0.0.1" };
	struct web *web = NULL;
	struct err err = { 0 };
	size_t sent;

	if (!tap_ok(web_start(&options, &web, &err) == OK, "a server starts")) {
		return;
	}
	tap_is_int(form_sent(web_port(web), FORM "Content-Length: 3145728\r\n\r\n", 3072, true, &sent), 413,
	    "who goes on sending more than is taken, after the answer, still reads it");
	tap_is_int((long long)sent, 3145728, "all of what is sent is dropped");
	tap_is_int(form_sent(web_port(web), FORM "Transfer-Encoding: chunked\r\n\r\n", 3072, false, &sent), 413,
	    "so does who did not say how much it would be");
	form_sent(web_port(web), FORM "Content-Length: 134217728\r\n\r\n", 131072, true, &sent);
	tap_ok(sent < 134217728, "who sends without end is cut off");
	form_sent(web_port(web), FORM "Transfer-Encoding: chunked\r\n\r\n", 131072, false, &sent);
	tap_ok(sent < 134217728, "however it is sent");
	web_stop(web);
}

static void where(void)
{
	struct web_options open = { .home_dir = "/nowhere", .address = "0.0.0.0" },
			   none = { .home_dir = "/nowhere", .address = "ship" };
	struct web *web = NULL;
	struct err err = { 0 };

	tap_ok(web_start(&open, &web, &err) == USAGE && strstr(err.text, "needs TLS") != NULL,
	    "other machines are not served without TLS");
	err_clear(&err);
	none.certificate = "";
	tap_ok(web_start(&none, &web, &err) == USAGE && strstr(err.text, "IPv4") != NULL, "an address is an address");
	web_stop(NULL);
}

/* ---- what is shown ------------------------------------------------------------------------------------------------------- */

/* Looked at from each letter to its end, this text would take hours. */
static void long_text(void)
{
	enum { LETTERS = 1 << 20 };
	struct buf text, out;
	struct html html = { .out = &out };

	buf_init(&text, 4 * LETTERS);
	buf_init(&out, 4 * LETTERS);
	for (unsigned i = 0; i < LETTERS; i++) {
		buf_put_text(&text, "符");
	}
	html_text(&html, buf_text(&text));
	tap_is_int((int64_t)out.len, (int64_t)text.len, "a long text without a blank is shown as it is");
	buf_reset(&out);
	html_text(&html, "(2013-11-26) GBP 1,200.00");
	tap_is_text(buf_text(&out),
	    "(<span class=\"figure\">2013-11-26</span>) <span class=\"figure\">GBP 1,200.00</span>",
	    "figures hold together");
	buf_clear(&text);
	buf_clear(&out);
}

static void clocks_set_back(void)
{
	const struct slow_version wanted = { .entry = 5, .clock = 100 };
	struct slow_version kept = wanted;

	kept.clock = 101;
	tap_ok(slow_version_serves(&kept, &wanted), "a page that was computed while the time went on is fresh");
	kept.clock = 100 + 6 * 24 * 365;
	tap_ok(!slow_version_serves(&kept, &wanted), "one by a clock that has been set back since is not");
}

int main(void)
{
	static struct sessions sessions;
	struct arena arena;

	arena_init(&arena, LIMIT_ARENA_BYTES);
	addresses(&arena);
	fields(&arena);
	files(&arena);
	cookies();
	same_page(&arena);
	logged_in(&sessions);
	many_logged_in(&sessions);
	sent_twice(&sessions);
	desks_of_one(&sessions);
	quick_ones(&sessions);
	typed_too_late(&sessions, &arena);
	kept_within_bounds(&sessions, &arena);
	setup_codes(&sessions);
	long_text();
	clocks_set_back();
	codes();
	slow_requests();
	large_forms();
	where();
	arena_clear(&arena);
	return tap_done();
}
