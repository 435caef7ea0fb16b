/* What the server writes of each request. */
#include "base/time.h"
#include "web/transport.h"
#include <string.h>

#define MINUTE_MS 60000

/* A stranger's text on one line of a terminal. */
static void printable(char *out, size_t room, const char *text, char blank)
{
	size_t len = 0;

	for (; *text && len + 1 < room; text++) {
		out[len++] = (char)(*text == ' ' ? blank : *text > ' ' && *text < 0x7f ? *text : '?');
	}
	out[len] = '\0';
}

/* With the lock. */
static void left_out_say(struct log_measure *log, const char *when)
{
	if (log->left_out > 0) {
		fprintf(stderr, "%s %u more lines about whoever is not logged in\n", when, log->left_out);
	}
	log->left_out = 0;
}

static bool is_to_be_written(struct log_measure *log, const char *when, int64_t now_ms)
{
	pthread_mutex_lock(&log->lock);
	if (now_ms - log->minute_ms >= MINUTE_MS) {
		left_out_say(log, when);
		log->minute_ms = now_ms;
		log->written = 0;
	}
	bool written = log->written < WEB_LOG_LINES;
	log->written += written;
	log->left_out += !written;
	pthread_mutex_unlock(&log->lock);
	return written;
}

void web_log(struct web *web, const struct answer *answer, const char *who, const char *method, const char *url,
    int64_t begun_ms)
{
	int64_t now_ms = clock_steady_ms();
	char when[TIME_TEXT], path[200];

	time_print(clock_now_ms(), when);
	if (answer->desk == 0 && !is_to_be_written(&web->log, when, now_ms)) {
		return;
	}
	printable(path, sizeof path, url, '?');
	fprintf(stderr, "%s %s %s %s %u %zu %lldms\n", when, who, method, path, answer->status, answer->body.len,
	    (long long)(now_ms - begun_ms));
}

void web_library_log(void *context, const char *format, va_list arguments)
{
	struct web *web = context;
	char when[TIME_TEXT], said[200], line[200];
	int len = vsnprintf(said, sizeof said, format, arguments);

	time_print(clock_now_ms(), when);
	if (len > 0 && is_to_be_written(&web->log, when, clock_steady_ms())) {
		said[strcspn(said, "\n")] = '\0';
		printable(line, sizeof line, said, ' ');
		fprintf(stderr, "%s %s\n", when, line);
	}
}

void web_log_end(struct web *web)
{
	char when[TIME_TEXT];

	time_print(clock_now_ms(), when);
	pthread_mutex_lock(&web->log.lock);
	left_out_say(&web->log, when);
	pthread_mutex_unlock(&web->log.lock);
}
