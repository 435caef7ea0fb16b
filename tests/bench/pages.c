/* A home with very many orders, and how long its pages take: time at the client, on the loopback, of one connection that is kept, so that what
 * the kernel and the transport take is in it; `healthz` shows how much that is. */
#include "base/buf.h"
#include "bench.h"
#include "core/page.h"
#include <arpa/inet.h>
#include <dirent.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define BOARD "board"
#define MEET_ENTRIES 5000 /* between two meetings */
#define LEAVE_ONE_IN 24
#define ANSWER_BYTES (256u << 20)
#define PAGE_SECONDS 20.0 /* after that a page is asked no more */
#define BESIDE 400        /* times that the board is asked for while another page is computed */
#define BESIDE_EACH 20
#define PASSPHRASE "rehearsal"

/* ---- the home ------------------------------------------------------------------------------------------------------- */

static void desks_unlocked(struct world *world, struct home *home)
{
	struct err err = { .status = OK };

	for (unsigned i = 0; i < DESKS; i++) {
		struct hand *hand = &world->hands[world_desk(GB, i)];
		struct secrets secrets = { 0 };
		memcpy(secrets.sign, hand->secret, SECRET_BYTES);
		MUST(keyfile_create(home->path, "desk", "GB desk", bytes_text(PASSPHRASE), STRENGTH_LIGHT, &secrets,
			 &hand->key, &err),
		    &err);
	}
}

static enum status void_count(void *context, const struct entry_row *row, struct err *err)
{
	(void)err;
	*(unsigned *)context += row->verdict != 0;
	return OK;
}

/* Orders of three years in every state: most settled, some still going on, some that nobody has touched for long. */
void measure_board(struct world *world, unsigned orders)
{
	struct flow *flow = flow_new(world);
	struct err err = { .status = OK };
	double start = bench_seconds();
	unsigned invalid = 0;
	static struct home home; /* the world keeps it */

	home_make(world, &home, BOARD, HAND_HOME + GB);
	MUST(store_setting_set(&home.store, "party", bytes_text("GB"), &err), &err);
	world->home = &home;
	world->leave_one_in = LEAVE_ONE_IN;
	world_begin(world);
	world_meet(world);
	while (flow_orders(flow) < orders) {
		for (unsigned i = 0; i < MEET_ENTRIES && flow_orders(flow) < orders; i++) {
			flow_step(flow, PARTIES);
		}
		world_meet(world);
	}
	MUST(store_commit(&home.store, &err), &err);
	MUST(store_entries(&home.store, home.tally, 0, void_count, &invalid, &err), &err);
	if (invalid > 0) {
		err_set(&err, CHECK_FAILED, "%u entries are not valid", invalid);
		bench_fail("board", &err);
	}
	desks_unlocked(world, &home);
	bench_say("board_entries", (double)world->entries);
	bench_say("board_s", bench_seconds() - start);
	bench_say("board_now_ms", (double)world->now_ms);
	store_close(&home.store);
	flow_free(flow);
}

/* ---- one connection ------------------------------------------------------------------------------------------------- */

struct client {
	int fd;
	unsigned port;
	char cookie[200];
	struct buf answer;
	size_t body;
	unsigned status;
};

static void client_fail(const char *what)
{
	struct err err = { .status = ENVIRONMENT };

	bench_fail(what, &err);
}

static void client_open(struct client *client, unsigned port)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
	int on = 1;

	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	client->port = port;
	client->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (client->fd < 0 || setsockopt(client->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) != 0 ||
	    connect(client->fd, (struct sockaddr *)&to, sizeof to) != 0) {
		client_fail("no connection to the server");
	}
}

/* Value of a header of the answer, up to its end or a semicolon; empty when it has none. */
static const char *header(const struct client *client, const char *name, char *out, size_t size)
{
	const char *at = strcasestr((const char *)client->answer.data, name);

	out[0] = '\0';
	if (at && (size_t)(at - (const char *)client->answer.data) < client->body) {
		snprintf(out, size, "%.*s", (int)strcspn(at + strlen(name), ";\r"), at + strlen(name));
	}
	return out;
}

/* Is all of the answer here? */
static bool complete(struct client *client)
{
	char length[40];
	const char *text = (const char *)client->answer.data,
		   *end = client->answer.len ? strstr(text, "\r\n\r\n") : NULL;

	if (end == NULL) {
		return false;
	}
	client->body = (size_t)(end - text) + 4;
	client->status = (unsigned)strtoul(text + strlen("HTTP/1.1 "), NULL, 10);
	return client->answer.len - client->body >=
	    strtoul(header(client, "\r\nContent-Length: ", length, sizeof length), NULL, 10);
}

/* Sends a request and takes the answer; seconds from the first byte sent to the last one taken. */
static double ask(struct client *client, const char *method, const char *path, const char *form)
{
	static char piece[1 << 18];
	char request[2000];
	double start = bench_seconds();
	ssize_t got = 0;

	int len = snprintf(request, sizeof request,
	    "%s %s HTTP/1.1\r\nHost: 127.0.0.1:%u\r\nCookie: %s\r\nContent-Type: application/x-www-form-urlencoded\r\n"
	    "Content-Length: %zu\r\n\r\n%s",
	    method, path, client->port, client->cookie, strlen(form), form);
	if (write(client->fd, request, (size_t)len) != len) {
		client_fail("the server closed the connection");
	}
	buf_reset(&client->answer);
	do {
		got = read(client->fd, piece, sizeof piece);
		if (got <= 0) {
			client_fail("the server closed the connection");
		}
		buf_put_bytes(&client->answer, bytes_of(piece, (size_t)got));
		buf_put_bytes(&client->answer, bytes_of("", 1));
		client->answer.len--;
	} while (!complete(client));
	return bench_seconds() - start;
}

static void log_in(struct client *client)
{
	char form[100], cookie[180];

	snprintf(form, sizeof form, "desk=%u&passphrase=" PASSPHRASE, world_desk(GB, DESK_ORDERS) + 1);
	ask(client, "POST", "/login", form);
	header(client, "\r\nSet-Cookie: ", cookie, sizeof cookie);
	if (client->status != 303 || cookie[0] == '\0') {
		client_fail("the passphrase was not taken");
	}
	snprintf(client->cookie, sizeof client->cookie, "%s; lang=en", cookie);
}

/* ---- the pages ------------------------------------------------------------------------------------------------------ */

/* list: the goal of lists is meant for it. bare: what SQLite alone takes for what such a page must read. */
struct page_row {
	const char *name, *path, *bare;
	bool list;
};
#define ROWS_BARE "SELECT * FROM support_order WHERE thread > :n LIMIT 50"
#define ORDER_BARE \
	"SELECT * FROM entry WHERE thread = (SELECT thread FROM support_order LIMIT 1 OFFSET 5) AND thread > 0"
static const struct page_row pages[] = {
	{ "healthz", "/healthz", NULL, false },
	{ "statement", "/", NULL, true },
	{ "board", "/support", ROWS_BARE, true },
	{ "board_last", "/support?page=%last", "SELECT thread FROM support_order ORDER BY thread LIMIT 50 OFFSET :last",
	    true },
	{ "board_found", "/support?q=%E8%BB%BD%E6%B2%B9",
	    "SELECT thread FROM support_line WHERE description_ja LIKE '%軽油%' LIMIT 50", true },
	{ "board_not_found", "/support?q=%E6%AF%9B%E5%B8%83",
	    "SELECT thread FROM support_line WHERE description_ja LIKE '%毛布%' OR description_en LIKE '%毛布%'",
	    true },
	{ "board_state", "/support?state=claimed", "SELECT thread FROM support_claim WHERE state = 'claimed' LIMIT 50",
	    true },
	{ "board_state_none", "/support?state=disputed", "SELECT thread FROM support_issue WHERE state = 'disputed'",
	    true },
	{ "board_supplier", "/support?supplier=JP&sort=since", ROWS_BARE, true },
	{ "board_number", "/support?sort=number", "SELECT row FROM thread ORDER BY number LIMIT 50", true },
	{ "board_since_last", "/support?sort=since&page=%last", ROWS_BARE, true },
	{ "board_one", "/support?q=%order", ROWS_BARE, true },
	{ "board_day", "/support?sort=day", ROWS_BARE, true },
	{ "board_place", "/support?place=Tacloban",
	    "SELECT thread FROM support_order WHERE place = 'Tacloban' LIMIT 50", true },
	{ "map", "/support/map", "SELECT place, COUNT(*) FROM support_order GROUP BY place", true },
	{ "order", "/thread/%order", ORDER_BARE, true },
	{ "form", "/move/support.noted/%order", ORDER_BARE, true },
	{ "request", "/new/support.requested", NULL, true },
	{ "due", "/support/due", ROWS_BARE, true },
	{ "account", "/support/account", "SELECT SUM(open_minor) FROM support_claim", true },
	{ "sync", "/sync", NULL, true },
	{ "desks", "/desk", NULL, true },
	{ "board_csv", "/support?as=csv", "SELECT * FROM support_order JOIN support_line USING (thread)", false },
	{ "audit", "/support/audit", NULL, false },
};

static int by_value(const void *a, const void *b)
{
	double one = *(const double *)a, two = *(const double *)b;

	return (one > two) - (one < two);
}

static void say(const char *name, const char *what, double value)
{
	char full[80];

	snprintf(full, sizeof full, "page_%s_%s", name, what);
	bench_say(full, value);
}

static void say_quantiles(const char *name, const char *prefix, double *times, unsigned count)
{
	char what[40];

	qsort(times, count, sizeof *times, by_value);
	snprintf(what, sizeof what, "%sp50_ms", prefix);
	say(name, what, times[count / 2] * 1000);
	snprintf(what, sizeof what, "%sp99_ms", prefix);
	say(name, what, times[(count * 99 + 99) / 100 - 1] * 1000);
}

static sqlite3 *board_open(const struct world *world)
{
	char path[4200];
	sqlite3 *db;

	snprintf(path, sizeof path, "%s/" BOARD "/store.db", world->dir);
	if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK) {
		client_fail("the home's database cannot be opened");
	}
	return db;
}

static int64_t number_of(sqlite3 *db, const char *sql)
{
	sqlite3_stmt *statement;
	int64_t number = 0;

	if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) == SQLITE_OK && sqlite3_step(statement) == SQLITE_ROW) {
		number = sqlite3_column_int64(statement, 0);
	}
	sqlite3_finalize(statement);
	return number;
}

/* Rows are stepped through, and what they hold is not looked at. */
static double bare_time(sqlite3 *db, const char *sql, int64_t n, int64_t last)
{
	sqlite3_stmt *statement;
	double start = bench_seconds();
	int step;

	if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) != SQLITE_OK) {
		client_fail(sqlite3_errmsg(db));
	}
	sqlite3_bind_int64(statement, sqlite3_bind_parameter_index(statement, ":n"), n);
	sqlite3_bind_int64(statement, sqlite3_bind_parameter_index(statement, ":last"), last);
	while ((step = sqlite3_step(statement)) == SQLITE_ROW) {}
	if (step != SQLITE_DONE) {
		client_fail(sqlite3_errmsg(db));
	}
	sqlite3_finalize(statement);
	return bench_seconds() - start;
}

/* Nanoseconds that the server's threads have had a processor; what has ended is not in it, and a connection's thread lives as long as it. */
static int64_t spent_by(unsigned pid)
{
	char path[64];
	int64_t sum = 0;
	struct dirent *entry;

	snprintf(path, sizeof path, "/proc/%u/task", pid);
	DIR *tasks = opendir(path);
	while (tasks != NULL && (entry = readdir(tasks)) != NULL) {
		char stat[400];
		char spent[64];
		snprintf(stat, sizeof stat, "%s/%s/schedstat", path, entry->d_name);
		FILE *file = entry->d_name[0] != '.' ? fopen(stat, "re") : NULL;
		if (file != NULL) {
			sum += fgets(spent, sizeof spent, file) != NULL ? strtoll(spent, NULL, 10) : 0;
			fclose(file);
		}
	}
	if (tasks != NULL) {
		closedir(tasks);
	}
	return sum;
}

struct asking {
	struct world *world;
	unsigned pid;
	struct client client;
	sqlite3 *db;
	int64_t orders;
	unsigned times, beside_count;
	double *spent, beside[BESIDE];
};

/* The path with a number of some order, or of the last page, in its place. */
static void path_put(struct asking *asking, const char *path, char *out, size_t size)
{
	const char *order = strstr(path, "%order"), *last = strstr(path, "%last");
	sqlite3_stmt *statement = NULL;

	snprintf(out, size, "%s", path);
	if (last) {
		snprintf(out, size, "%.*s%lld", (int)(last - path), path,
		    (long long)(asking->orders + LISTING_PAGE - 1) / LISTING_PAGE);
	} else if (order &&
	    sqlite3_prepare_v2(asking->db, "SELECT number FROM support_order WHERE thread >= ? LIMIT 1", -1, &statement,
		NULL) == SQLITE_OK) {
		sqlite3_bind_int64(statement, 1, 1 + bench_pick(asking->world, (unsigned)asking->orders));
		if (sqlite3_step(statement) == SQLITE_ROW) {
			snprintf(out, size, "%.*s%s", (int)(order - path), path,
			    (const char *)sqlite3_column_text(statement, 0));
		}
	}
	sqlite3_finalize(statement);
}

/* A page that is being computed is asked for again until it is there; seconds that it took. Meanwhile the board is asked for, as others do. */
static double computed(struct asking *asking, const char *path)
{
	double begun = bench_seconds();
	char again[40];

	for (;;) {
		ask(&asking->client, "GET", path, "");
		if (header(&asking->client, "\r\nRefresh: ", again, sizeof again)[0] == '\0') {
			return bench_seconds() - begun;
		}
		for (unsigned i = 0; i < BESIDE_EACH && asking->beside_count < BESIDE; i++) {
			asking->beside[asking->beside_count++] = ask(&asking->client, "GET", "/support", "");
		}
	}
}

static void page_measure(struct asking *asking, const struct page_row *row)
{
	char path[300];
	unsigned count = 0;

	path_put(asking, row->path, path, sizeof path);
	say(row->name, "computed_s", computed(asking, path));
	int64_t before = spent_by(asking->pid);
	double begun = bench_seconds();
	while (count < asking->times && (count == 0 || bench_seconds() - begun < PAGE_SECONDS)) {
		path_put(asking, row->path, path, sizeof path);
		asking->spent[count++] = ask(&asking->client, "GET", path, "");
		if (asking->client.status != 200) {
			fprintf(stderr, "bench: %s: status %u\n", path, asking->client.status);
			exit(1);
		}
	}
	say(row->name, "cpu_ms", (double)(spent_by(asking->pid) - before) / 1e6 / count);
	say(row->name, "count", count);
	say(row->name, "bytes", (double)(asking->client.answer.len - asking->client.body));
	say(row->name, "list", row->list);
	say(row->name, "first_ms", asking->spent[0] * 1000);
	say_quantiles(row->name, "", asking->spent, count);
	for (unsigned i = 0; row->bare && i < count; i++) {
		asking->spent[i] = bare_time(asking->db, row->bare, bench_pick(asking->world, (unsigned)asking->orders),
		    asking->orders > LISTING_PAGE ? asking->orders - LISTING_PAGE : 0);
	}
	if (row->bare) {
		say_quantiles(row->name, "bare_", asking->spent, count);
	}
}

void measure_pages(struct world *world, unsigned port, unsigned pid, unsigned times)
{
	struct asking asking = { .world = world, .pid = pid, .times = times > 0 ? times : 1 };

	asking.spent = calloc(asking.times, sizeof *asking.spent);
	if (asking.spent == NULL) {
		client_fail("memory");
	}
	buf_init(&asking.client.answer, ANSWER_BYTES);
	asking.db = board_open(world);
	asking.orders = number_of(asking.db, "SELECT COUNT(*) FROM support_order");
	bench_say("page_orders", (double)asking.orders);
	client_open(&asking.client, port);
	log_in(&asking.client);
	for (unsigned i = 0; i < sizeof pages / sizeof *pages; i++) {
		page_measure(&asking, &pages[i]);
	}
	if (asking.beside_count > 0) {
		say("beside", "count", asking.beside_count);
		say_quantiles("beside", "", asking.beside, asking.beside_count);
	}
	close(asking.client.fd);
	sqlite3_close(asking.db);
	buf_clear(&asking.client.answer);
	free(asking.spent);
}
