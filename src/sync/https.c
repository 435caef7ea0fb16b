/* A session over HTTPS: each request brings a piece of our stream and fetches a piece of theirs (docs/sync.md 9.2).
 *
 *  H1 nothing is sent over a connection that does not show the pinned key: libcurl compares it before it sends a byte of HTTP;
 *  H2 what comes is bounded before it is kept: heads by HEAD_BYTES, a body by what this request asked for;
 *  H3 a piece is so large that the link carries it in about PIECE_MS; after a cut, half of that: a link that drops every few seconds gets on;
 *  H4 what was fetched before a cut counts, and is not fetched again;
 *  H5 no redirects, no proxies, no other protocol, TLS 1.3 or nothing. */
#include "sync/https.h"
#include "base/limits.h"
#include "base/text.h"
#include "base/time.h"
#include "wire/hash.h"
#include <curl/curl.h>
#include <openssl/evp.h>
#include <poll.h>
#include <pthread.h>
#include <string.h>
#include <strings.h>

#define HEAD_BYTES 16384
#define PIECE_FIRST 16384
#define PIECE_LEAST 1024
#define PIECE_MS 2000
#define CONNECT_SECONDS 40 /* a handshake of 2 kB at 2.4 kbit/s, and waiting for it */
#define STALL_SECONDS 40   /* a request over which nothing moves */
#define REQUEST_SECONDS \
	900 /* or that drips: the largest piece at 600 bytes a second; what has come by then counts (H4) */
#define WAIT_FIRST_MS 250 /* before a request is said again; doubled */
#define WAIT_MOST_MS 8000
#define IDLE_MOST 3   /* answers in a row that say "more" and bring nothing */
#define TRIES_FIRST 4 /* of the first request of a session: who is not there need not be waited for long */
#define OUT_BYTES (LIMIT_FLIGHT_BYTES + 4 * LIMIT_FRAME_WIRE_BYTES)
#define NAME_HEX 32

enum their_state { THEIRS_UNSAID, THEIRS_WAITS, THEIRS_MORE, THEIRS_OVER };

struct link {
	struct sync *sync;
	const struct https_options *options;
	CURL *curl;
	char name[NAME_HEX + 1]; /* of the session */
	char pin[80];
	struct curl_slist *heads;
	struct buf out;    /* of our stream, not yet taken by the other end */
	struct buf in;     /* fetched, not yet given to the session */
	uint64_t at, from; /* places in both streams: of out's first byte; of what is fetched next */
	size_t piece;
	unsigned idle;      /* answers in a row that brought nothing, and took nothing */
	bool over, reached; /* reached: a request got through */
	enum status ended;  /* of the session, when over */
	/* of the request that is on its way */
	long code;
	size_t head_bytes, body_bytes;
	enum their_state said;
	bool too_much;
	unsigned after_s; /* the other end's word when to say it again; 0: none */
};

/* ---- one request ------------------------------------------------------------------------------------------------------ */

/* "Retry-After: 5": whole seconds of few digits; anything else is no word. */
static void after_read(struct link *link, struct bytes line)
{
	static const char name[] = "retry-after: ";
	size_t head = sizeof name - 1;

	if (line.len < head + 3 || line.len > head + 5 || strncasecmp((const char *)line.data, name, head) != 0) {
		return;
	}
	link->after_s = 0;
	for (size_t i = head; i + 2 < line.len && line.data[i] >= '0' && line.data[i] <= '9'; i++) {
		link->after_s = link->after_s * 10 + (unsigned)(line.data[i] - '0');
	}
}

static size_t on_head(char *data, size_t size, size_t count, void *context)
{
	struct link *link = context;
	struct bytes line = bytes_of(data, size * count);
	static const struct {
		const char *text;
		enum their_state state;
	} states[] = { { "Warifu: waits\r\n", THEIRS_WAITS }, { "Warifu: more\r\n", THEIRS_MORE },
		{ "Warifu: over\r\n", THEIRS_OVER } };

	link->head_bytes += line.len;
	if (link->head_bytes > HEAD_BYTES) {
		link->too_much = true;
		return 0;
	}
	for (unsigned i = 0; i < 3; i++) {
		link->said = bytes_is(line, states[i].text) ? states[i].state : link->said;
	}
	after_read(link, line);
	return line.len;
}

/* H2, H4. What a refusal says is not read: a status is enough. */
static size_t on_body(char *data, size_t size, size_t count, void *context)
{
	struct link *link = context;
	size_t len = size * count;

	if (link->code == 0) {
		curl_easy_getinfo(link->curl, CURLINFO_RESPONSE_CODE, &link->code);
	}
	link->body_bytes += len;
	if (link->body_bytes > link->piece) {
		link->too_much = true;
		return 0;
	}
	if (link->code == 200 && link->said != THEIRS_UNSAID) {
		buf_put(&link->in, data, len);
	}
	return link->in.failed ? 0 : len;
}

/* Whoever ends the program does not wait for a link that stalls. */
static int on_progress(void *context, curl_off_t fetch_all, curl_off_t fetched, curl_off_t send_all, curl_off_t sent)
{
	const struct link *link = context;

	(void)fetch_all;
	(void)fetched;
	(void)send_all;
	(void)sent;
	return link->options->wait != NULL && !link->options->wait(link->options->context, 0);
}

/* False: this library cannot keep H1 or H5, or is out of memory. */
static bool set_safe(CURL *curl, const struct link *link)
{
	const struct https_options *options = link->options;
	const struct certificate *own = options->certificate;
	struct curl_blob certificate = { (void *)(uintptr_t)own->certificate, strlen(own->certificate),
		CURL_BLOB_COPY },
			 key = { (void *)(uintptr_t)own->key, strlen(own->key), CURL_BLOB_COPY };

	curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
	curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1);
	curl_easy_setopt(curl, CURLOPT_SSL_ENABLE_ALPN, 0L);
	curl_easy_setopt(curl, CURLOPT_SSL_SESSIONID_CACHE, 0L);
	curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 0L); /* no authority vouches for homes: their grants do */
	curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 0L);
	return curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "https") == CURLE_OK &&
	    curl_easy_setopt(curl, CURLOPT_REDIR_PROTOCOLS_STR, "https") == CURLE_OK &&
	    curl_easy_setopt(curl, CURLOPT_PROXY, "") == CURLE_OK &&
	    curl_easy_setopt(curl, CURLOPT_SSLVERSION,
		(long)CURL_SSLVERSION_TLSv1_3 | (long)CURL_SSLVERSION_MAX_TLSv1_3) == CURLE_OK &&
	    curl_easy_setopt(curl, CURLOPT_SSLCERT_BLOB, &certificate) == CURLE_OK &&
	    curl_easy_setopt(curl, CURLOPT_SSLCERTTYPE, "PEM") == CURLE_OK &&
	    curl_easy_setopt(curl, CURLOPT_SSLKEY_BLOB, &key) == CURLE_OK &&
	    curl_easy_setopt(curl, CURLOPT_SSLKEYTYPE, "PEM") == CURLE_OK &&
	    (link->pin[0] == '\0' || curl_easy_setopt(curl, CURLOPT_PINNEDPUBLICKEY, link->pin) == CURLE_OK);
}

static void set_once(CURL *curl, const struct link *link)
{
	const struct https_options *options = link->options;

	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)REQUEST_SECONDS);
	curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_SECONDS);
	curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, 1L);
	curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, (long)STALL_SECONDS);
	curl_easy_setopt(curl, CURLOPT_MAX_SEND_SPEED_LARGE, (curl_off_t)options->rate_bytes_s);
	curl_easy_setopt(curl, CURLOPT_MAX_RECV_SPEED_LARGE, (curl_off_t)options->rate_bytes_s);
	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, link->heads);
	curl_easy_setopt(curl, CURLOPT_TCP_KEEPALIVE, 1L);
	curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
	curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, on_progress);
	curl_easy_setopt(curl, CURLOPT_XFERINFODATA, link);
	curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, on_head);
	curl_easy_setopt(curl, CURLOPT_HEADERDATA, link);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, link);
}

static bool pin_print(const struct id *pin, char out[80])
{
	char base64[64];

	if (EVP_EncodeBlock((uint8_t *)base64, pin->data, ID_BYTES) != 44) {
		return false;
	}
	return snprintf(out, 80, "sha256//%s", base64) < 80;
}

static pthread_once_t once = PTHREAD_ONCE_INIT;
static bool started;

static void start(void)
{
	started = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
}

static enum status link_open(struct link *link, const struct https_options *options, struct err *err)
{
	uint8_t name[NAME_HEX / 2];

	*link = (struct link){ .options = options, .piece = PIECE_FIRST };
	buf_init(&link->out, OUT_BYTES);
	buf_init(&link->in, LIMIT_SYNC_BODY_BYTES);
	random_bytes(name, sizeof name);
	hex_print(bytes_of(name, sizeof name), link->name);
	pthread_once(&once, start);
	link->curl = started ? curl_easy_init() : NULL;
	static const char *const heads[] = { "Accept:", "Expect:", "Content-Type:", NULL };
	for (unsigned i = 0; heads[i]; i++) {
		link->heads = curl_slist_append(link->heads, heads[i]);
	}
	if (link->curl == NULL || link->heads == NULL ||
	    (options->pin != NULL && !pin_print(options->pin, link->pin))) {
		return err_set(err, ENVIRONMENT, "https: out of memory");
	}
	if (!set_safe(link->curl, link)) {
		return err_set(
		    err, ENVIRONMENT, "https: libcurl here has no TLS 1.3 with a certificate of ours and a pinned key");
	}
	set_once(link->curl, link);
	return OK;
}

static void link_close(struct link *link)
{
	curl_easy_cleanup(link->curl);
	curl_slist_free_all(link->heads);
	buf_clear(&link->out);
	buf_clear(&link->in);
}

static void count(const struct link *link)
{
	struct https_count *counted = link->options->count;
	curl_off_t body = 0;
	long request = 0, head = 0;

	if (counted != NULL) {
		curl_easy_getinfo(link->curl, CURLINFO_REQUEST_SIZE, &request);
		curl_easy_getinfo(link->curl, CURLINFO_HEADER_SIZE, &head);
		curl_easy_getinfo(link->curl, CURLINFO_SIZE_UPLOAD_T, &body);
		counted->requests++;
		counted->out_bytes += request + body;
		counted->in_bytes += head + (int64_t)link->body_bytes;
	}
}

static CURLcode perform(struct link *link, const char *url)
{
	link->code = 0;
	link->head_bytes = link->body_bytes = 0;
	link->said = THEIRS_UNSAID;
	link->after_s = 0;
	curl_easy_setopt(link->curl, CURLOPT_URL, url);
	CURLcode result = curl_easy_perform(link->curl);
	curl_easy_getinfo(link->curl, CURLINFO_RESPONSE_CODE, &link->code);
	count(link);
	return result;
}

/* The address without a stroke at its end. */
static int base_len(const char *url)
{
	size_t len = strlen(url);

	return (int)(len > 0 && url[len - 1] == '/' ? len - 1 : len);
}

enum status https_url_check(const char *url, struct err *err)
{
	static const char scheme[] = "https://",
			  good[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-[]:";
	size_t len = strlen(url), head = sizeof scheme - 1;
	size_t host = len > head ? strspn(url + head, good) : 0;

	if (len >= LIMIT_URL_BYTES || strncmp(url, scheme, head) != 0 || host == 0 ||
	    (url[head + host] != '\0' && strcmp(url + head + host, "/") != 0)) {
		return err_set(err, USAGE, "address \"%.80s\": must be https://HOST:PORT, and nothing behind it", url);
	}
	return OK;
}

/* Why a request did not get through. */
static const char *failure_words(CURLcode result)
{
	switch (result) {
	case CURLE_COULDNT_RESOLVE_HOST: return "no machine is known by that name";
	case CURLE_COULDNT_CONNECT: return "nobody answers at that address and port";
	case CURLE_OPERATION_TIMEDOUT: return "no answer came in time";
	case CURLE_SSL_CONNECT_ERROR: return "what answers there does not speak TLS 1.3 with this home";
	case CURLE_GOT_NOTHING:
	case CURLE_PARTIAL_FILE:
	case CURLE_SEND_ERROR:
	case CURLE_RECV_ERROR: return "the link was cut";
	case CURLE_ABORTED_BY_CALLBACK: return "the program here is ending";
	default: return curl_easy_strerror(result);
	}
}

static enum status other_key(const struct https_options *options, struct err *err)
{
	return err_set(err, CHECK_FAILED,
	    "%s: shows another certificate than before; the home there is another one, or somebody stands between",
	    options->url);
}

static bool wait_for(const struct https_options *options, int64_t wait_ms)
{
	if (options->wait != NULL) {
		return options->wait(options->context, wait_ms);
	}
	poll(NULL, 0, (int)wait_ms);
	return true;
}

/* ---- who is there ------------------------------------------------------------------------------------------------------ */

static enum status key_read(struct link *link, struct id *out, struct err *err)
{
	static const char head[] = "Cert:";
	struct curl_certinfo *info = NULL;

	if (curl_easy_getinfo(link->curl, CURLINFO_CERTINFO, &info) != CURLE_OK || info == NULL ||
	    info->num_of_certs < 1) {
		return err_set(err, BAD_INPUT, "%s: shows no certificate", link->options->url);
	}
	for (const struct curl_slist *line = info->certinfo[0]; line != NULL; line = line->next) {
		if (strncmp(line->data, head, sizeof head - 1) == 0) {
			return certificate_hash_of_pem(bytes_text(line->data + sizeof head - 1), out, err);
		}
	}
	return err_set(err, BAD_INPUT, "%s: shows no certificate", link->options->url);
}

enum status https_key(const struct https_options *options, struct id *out, struct err *err)
{
	struct link link;
	char url[LIMIT_URL_BYTES + 16];
	enum status status = link_open(&link, options, err);

	if (status == OK) {
		curl_easy_setopt(link.curl, CURLOPT_CERTINFO, 1L);
		curl_easy_setopt(link.curl, CURLOPT_HTTPGET, 1L);
		snprintf(url, sizeof url, "%.*s/exchange/", base_len(options->url), options->url);
		CURLcode result = perform(&link, url);
		if (result != CURLE_OK && link.code == 0) {
			status =
			    err_set(err, INCOMPLETE, "%s: cannot be reached: %s", options->url, failure_words(result));
		} else if (result != CURLE_OK || link.code != 204) {
			status = err_set(err, link.code == 429 ? REFUSED : BAD_INPUT,
			    "%s: is no home that answers a sync (HTTP %ld)", options->url, link.code);
		}
	}
	if (status == OK) {
		status = key_read(&link, out, err);
	}
	link_close(&link);
	return status;
}

/* ---- the session ------------------------------------------------------------------------------------------------------- */

static bool is_ready(const struct link *link)
{
	return !link->over &&
	    (link->in.len > 0 || (link->out.len < LIMIT_FLIGHT_BYTES && !sync_wants_input(link->sync)));
}

/* Waits as long as it takes until the home can be entered, within the patience. */
static enum status enter(const struct link *link, struct err *err)
{
	const struct https_options *options = link->options;
	int64_t wait_ms = 50, since_ms = clock_steady_ms();
	struct err inner = { .status = OK };
	enum status status = options->enter ? options->enter(options->context, &inner) : OK;

	while (status == ENVIRONMENT && clock_steady_ms() - since_ms < options->patience_ms &&
	    wait_for(options, wait_ms)) {
		inner = (struct err){ .status = OK };
		status = options->enter(options->context, &inner);
		wait_ms = wait_ms < 1000 ? wait_ms * 2 : wait_ms;
	}
	return status == OK ? OK : err_pass(err, status, &inner);
}

/* Gives the session what was fetched, and takes what it says until it wants to hear. */
static enum status steps(struct link *link, struct err *err)
{
	if (!is_ready(link)) {
		return OK;
	}
	enum status status = enter(link, err);
	if (status != OK) {
		return status;
	}
	while (is_ready(link)) {
		struct err inner = { .status = OK };
		struct bytes in = buf_bytes(&link->in);
		status = sync_step(link->sync, in, &link->out, &inner);
		buf_reset(&link->in);
		if (status != OK) {
			link->over = true;
			link->ended = status == NOT_FOUND ? OK : status;
			if (link->ended != OK && err != NULL) {
				*err = inner;
			}
		}
	}
	if (link->options->leave) {
		link->options->leave(link->options->context);
	}
	return OK;
}

/* H3. */
static void piece_fit(struct link *link, bool good)
{
	curl_off_t took_us = 0;

	if (!good) {
		link->piece = link->piece / 2 > PIECE_LEAST ? link->piece / 2 : PIECE_LEAST;
		return;
	}
	curl_easy_getinfo(link->curl, CURLINFO_TOTAL_TIME_T, &took_us);
	if (took_us < PIECE_MS * 1000 / 2) {
		link->piece = link->piece * 2 < LIMIT_SYNC_BODY_BYTES ? link->piece * 2 : LIMIT_SYNC_BODY_BYTES;
	} else if (took_us > PIECE_MS * 1000 * 2) {
		link->piece = link->piece / 2 > PIECE_LEAST ? link->piece / 2 : PIECE_LEAST;
	}
}

static CURLcode post(struct link *link)
{
	char url[LIMIT_URL_BYTES + 128];
	size_t len = link->out.len < link->piece ? link->out.len : link->piece;

	buf_reset(&link->in); /* what came after the session was over is of no use, and counted already */
	snprintf(url, sizeof url, "%.*s/exchange/%s/%llu/%llu/%zu", base_len(link->options->url), link->options->url,
	    link->name, (unsigned long long)link->at, (unsigned long long)link->from, link->piece);
	curl_easy_setopt(link->curl, CURLOPT_POST, 1L);
	curl_easy_setopt(link->curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)len);
	curl_easy_setopt(link->curl, CURLOPT_POSTFIELDS, len > 0 ? (const char *)link->out.data : "");
	CURLcode result = perform(link, url);
	link->from += link->in.len;
	if (link->code == 200 && link->said != THEIRS_UNSAID) { /* it has taken all of the piece before it said so */
		memmove(link->out.data, link->out.data + len, link->out.len - len);
		link->out.len -= len;
		link->at += len;
	}
	return result;
}

/* What a status of HTTP means for the session: OK: go on; NOT_FOUND: say it again later. */
static enum status judge(const struct link *link, CURLcode result, struct err *err)
{
	const char *url = link->options->url;

	if (link->too_much) {
		return err_set(err, BAD_INPUT, "%s: answers with more than was asked for", url);
	}
	if (result == CURLE_SSL_PINNEDPUBKEYNOTMATCH) {
		return other_key(link->options, err);
	}
	if (result != CURLE_OK) {
		return NOT_FOUND;
	}
	switch (link->code) {
	case 200:
		return link->said != THEIRS_UNSAID ? OK
						   : err_set(err, BAD_INPUT, "%s: is no home that answers a sync", url);
	case 503: return NOT_FOUND;
	case 404:
	case 409: return err_set(err, INCOMPLETE, "%s: has not kept the session; it begins anew", url);
	case 403:
	case 429:
		return err_refuse(
		    err, "", "docs/sync.md 9.3", "%s: takes no session from this home now (HTTP %ld)", url, link->code);
	default: return err_set(err, BAD_INPUT, "%s: is no home that answers a sync (HTTP %ld)", url, link->code);
	}
}

/* How long until it is said again: what the other end asks for, within our own measure. */
static int64_t wait_of(const struct link *link, int64_t wait_ms)
{
	int64_t after_ms = link->after_s * INT64_C(1000);

	return after_ms <= wait_ms ? wait_ms : after_ms < WAIT_MOST_MS ? after_ms : WAIT_MOST_MS;
}

static enum status given_up(const struct link *link, CURLcode result, struct err *err)
{
	if (link->options->count != NULL) {
		link->options->count->busy = result == CURLE_OK;
	}
	return result == CURLE_OK
	    ? err_set(err, INCOMPLETE, "%s: the home there is in use; try again soon", link->options->url)
	    : err_set(err, INCOMPLETE, "%s: cannot be reached: %s", link->options->url, failure_words(result));
}

/* One request, said again until it gets through. */
static enum status exchange(struct link *link, struct err *err)
{
	int64_t wait_ms = WAIT_FIRST_MS, since_ms = clock_steady_ms();

	for (unsigned tries = 1;; tries++) {
		uint64_t before = link->from;
		CURLcode result = post(link);
		enum status status = judge(link, result, err);
		piece_fit(link, status == OK);
		link->reached = link->reached || link->code != 0;
		if (status != NOT_FOUND) {
			return status;
		}
		link->said = THEIRS_MORE;  /* what was cut off is still there */
		if (link->from > before) { /* H4 */
			return OK;
		}
		if (link->options->count != NULL) {
			link->options->count->again++;
		}
		if (clock_steady_ms() - since_ms > link->options->patience_ms ||
		    (!link->reached && tries == TRIES_FIRST) || !wait_for(link->options, wait_of(link, wait_ms))) {
			return given_up(link, result, err);
		}
		wait_ms = wait_ms * 2 < WAIT_MOST_MS ? wait_ms * 2 : WAIT_MOST_MS;
	}
}

/* May it go on? Who says again and again that there is more, and brings nothing, or drags a session out for ever, keeps us no longer. */
static enum status patience_check(struct link *link, uint64_t at, uint64_t from, int64_t since_ms, struct err *err)
{
	link->idle = link->at > at || link->from > from ? 0 : link->idle + 1;
	if (link->idle > IDLE_MOST || clock_steady_ms() - since_ms > LIMIT_SYNC_LIFE_MS) {
		return err_set(err, INCOMPLETE, "%s: the session does not come to its end", link->options->url);
	}
	return OK;
}

static enum status run(struct link *link, struct err *err)
{
	int64_t since_ms = clock_steady_ms();
	enum status status = OK;

	while (status == OK) {
		status = steps(link, err);
		if (status != OK || (link->over && link->out.len == 0)) {
			return status == OK ? link->ended : status;
		}
		bool asks = link->out.len > 0 || link->said != THEIRS_WAITS;
		if (link->said == THEIRS_OVER && link->over) {
			return link->ended;
		}
		if (link->said == THEIRS_OVER || !asks) {
			return err_set(
			    err, INCOMPLETE, "%s: has ended the session before all was exchanged", link->options->url);
		}
		uint64_t at = link->at, from = link->from;
		status = exchange(link, err);
		if (link->over && status != OK) { /* it has ended here; that the other end hears so is a courtesy */
			return link->ended;
		}
		status = status == OK ? patience_check(link, at, from, since_ms, err) : status;
	}
	return status;
}

enum status https_sync(struct sync *sync, const struct https_options *options, struct err *err)
{
	struct link link;
	enum status status = link_open(&link, options, err);

	link.sync = sync;
	if (status == OK) {
		status = run(&link, err);
	}
	link_close(&link);
	return status;
}
