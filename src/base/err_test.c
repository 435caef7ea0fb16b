#include "base/err.h"
#include "base/tap.h"
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

static void first_writer(void)
{
	struct err err = { 0 };

	tap_is_int(
	    err_set(&err, BAD_INPUT, "line %d: no quantity", 7), BAD_INPUT, "setting a reason returns its status");
	tap_is_text(err.text, "line 7: no quantity", "the reason is kept as it was written");
	tap_is_int(err_set(&err, ENVIRONMENT, "disk full"), ENVIRONMENT, "a later failure returns its own status");
	tap_is_text(err.text, "line 7: no quantity", "the first reason survives a later one");
	tap_is_int(err.status, BAD_INPUT, "the first status survives a later one");
	tap_is_int(err_refuse(&err, "K3", "annex B", "too late"), REFUSED, "a later refusal returns refused");
	tap_is_text(err.rule, "", "a later refusal does not add its rule to an earlier reason");
	err_clear(&err);
	tap_ok(err.status == OK && err.text[0] == '\0', "a cleared error is empty");
	tap_is_int(
	    err_set(NULL, USAGE, "nobody listens"), USAGE, "a caller that wants no reason still gets the status");
	tap_is_int(
	    err_refuse(NULL, "K3", "annex B", "nobody listens"), REFUSED, "a refusal without listener is a refusal");
	err_clear(NULL);
	tap_is_int(err_set(&err, OK, "all is well"), OK, "setting OK is no error");
	tap_is_text(err.text, "", "setting OK leaves room for the reason that comes");
}

static void refusal(void)
{
	struct err err = { 0 };

	err_refuse(&err, "S12", "agreement gb-jp-2017, article IV", "order GB-0113: quantity %d; must be above 0", 0);
	tap_is_int(err.status, REFUSED, "a refusal has the status refused");
	tap_is_text(err.rule, "S12", "a refusal names its rule");
	tap_is_text(err.source, "agreement gb-jp-2017, article IV", "a refusal names its source");
	tap_is_text(err.text, "order GB-0113: quantity 0; must be above 0", "a refusal says what is wrong");
	err_clear(&err);
	err_refuse(&err, NULL, NULL, "no rule known");
	tap_is_text(err.rule, "", "a refusal without rule leaves the rule empty");
}

/* Texts of every length before a character of 1 to 4 bytes: the cut must never split it. */
static void cutting(void)
{
	static const char *const characters[] = { "a", "\xC3\xA9", "\xE6\xB2\xB9", "\xF0\x9F\x9A\xA2" };
	bool whole = true, longest = true;
	char text[600], expected[600];

	for (size_t c = 0; c < 4; c++) {
		size_t size = strlen(characters[c]);
		for (size_t before = 500; before <= 515; before++) {
			struct err err = { 0 };
			memset(text, 'x', before);
			memcpy(text + before, characters[c], size + 1);
			err_set(&err, BAD_INPUT, "%s", text);
			size_t fits = before + size <= 511 ? before + size : before < 511 ? before : 511;
			memcpy(expected, text, fits);
			expected[fits] = '\0';
			whole = whole && strcmp(err.text, expected) == 0;
			longest = longest && strlen(err.text) <= 511;
		}
	}
	tap_ok(whole, "a reason too long for its place is cut between two characters, never inside one");
	tap_ok(longest, "a reason too long for its place stays in its place");

	struct err err = { 0 };
	err_refuse(&err, "RULE-WITH-A-VERY-LONG-NAME",
	    "0123456789012345678901234567890123456789"
	    "012345678901234567890123456789012345678\xE6\xB2\xB9",
	    "no");
	tap_is_text(err.rule, "RULE-WITH-A-VER", "a long rule name is cut to its place");
	tap_is_int(strlen(err.source), 79, "a long source is cut before the character that does not fit");
}

static void names_and_codes(void)
{
	tap_is_int(status_exit_code(OK), 0, "done leaves with 0");
	tap_is_int(status_exit_code(REFUSED), 1, "refused leaves with 1");
	tap_is_int(status_exit_code(USAGE), 2, "wrong usage leaves with 2");
	tap_is_int(status_exit_code(BAD_INPUT), 3, "bad input leaves with 3");
	tap_is_int(status_exit_code(ENVIRONMENT), 4, "trouble of the machine leaves with 4");
	tap_is_int(status_exit_code(CHECK_FAILED), 5, "a failed check leaves with 5");
	tap_is_int(status_exit_code(INCOMPLETE), 6, "an incomplete sync leaves with 6");
	tap_is_int(status_exit_code(NOT_FOUND), 2, "not found leaves with 2");
	tap_is_text(status_name(INCOMPLETE), "incomplete", "a status has a name");
	tap_is_text(status_name(NOT_FOUND), "not found", "the last status has a name");
}

/* Runs what must abort in a child; gives what it printed. */
static bool aborts(void (*bug)(void), char *said, size_t size)
{
	int pipe_ends[2];
	int state = 0;

	if (pipe(pipe_ends) != 0) {
		return false;
	}
	fflush(stdout);
	pid_t child = fork();
	if (child == 0) {
		dup2(pipe_ends[1], STDERR_FILENO);
		signal(SIGABRT, SIG_DFL);
		bug();
		_exit(0);
	}
	close(pipe_ends[1]);
	ssize_t len = read(pipe_ends[0], said, size - 1);
	said[len > 0 ? len : 0] = '\0';
	close(pipe_ends[0]);
	waitpid(child, &state, 0);
	return WIFSIGNALED(state) && WTERMSIG(state) == SIGABRT;
}

static void bug(void)
{
	int heads = 0;

	ASSERT(heads > 0);
}

static void unknown_status(void)
{
	(void)status_name((enum status)99);
}

static void wording(void)
{
	struct err err = { 0 }, outer = { 0 }, passed = { 0 };
	char long_text[2 * WORDING_BYTES];

	err_refuse(&err, "S12", "article IV", "line %lld: quantity %s, %zu of %.*s%%; at most %u, %d", 7ll, "-5",
	    (size_t)3, 2, "abc", 9u, -1);
	tap_is_text(
	    err.text, "line 7: quantity -5, 3 of ab%; at most 9, -1", "a message is text for who reads English");
	tap_is_text(err.said.form, "line %lld: quantity %s, %zu of %.*s%%; at most %u, %d", "and a form");
	tap_is_int(err.said.count, 6, "with its values");
	tap_is_text(wording_value(&err.said, 0), "7", "a number");
	tap_is_text(wording_value(&err.said, 1), "-5", "a text");
	tap_is_text(wording_value(&err.said, 3), "ab", "cut where the form cuts it");
	tap_is_text(wording_value(&err.said, 5), "-1", "each in its order");
	tap_is_text(wording_value(&err.said, 6), "", "and none behind the last");

	tap_is_int(
	    err_within(&outer, REFUSED, &err, "order %s", "GB-0113"), REFUSED, "said of an order it is refused still");
	tap_is_text(
	    outer.text, "order GB-0113: line 7: quantity -5, 3 of ab%; at most 9, -1", "which stands before it");
	tap_is_text(wording_value(&outer.about, 0), "GB-0113", "and is known apart");
	tap_is_text(outer.rule, "S12", "its rule is the same");
	tap_is_text(wording_value(&outer.said, 1), "-5", "and its values are");
	err_within(&outer, BAD_INPUT, &err, "line %d", 1);
	tap_is_text(outer.rule, "S12", "what was said first stays");

	tap_is_int(err_pass(&passed, BAD_INPUT, &err), BAD_INPUT, "passed on it has a status of its own");
	tap_is_text(passed.rule, "", "what is not refused is by no rule");
	tap_is_text(passed.text, err.text, "the message is the same");

	memset(long_text, 'x', sizeof long_text - 1);
	long_text[sizeof long_text - 1] = '\0';
	err_clear(&err);
	err_set(&err, BAD_INPUT, "field %s", long_text);
	tap_ok(err.said.form == NULL, "values without room are known as text alone");
	tap_ok(strncmp(err.text, "field xxx", 9) == 0, "which is there");
	err_clear(&err);
	err_set(&err, BAD_INPUT, "%5.1f", 1.5);
	tap_ok(err.said.form == NULL, "so are values of another form than messages use");
}

int main(void)
{
	char said[400];

	first_writer();
	refusal();
	cutting();
	names_and_codes();
	wording();
	ASSERT(said != NULL);
	tap_ok(aborts(bug, said, sizeof said), "an invariant that does not hold ends the process");
	tap_ok(strstr(said, "err_test.c:") != NULL && strstr(said, "heads > 0") != NULL, "it says where and which");
	tap_ok(aborts(unknown_status, said, sizeof said), "a status that does not exist is a bug of ours");
	return tap_done();
}
