/* When a partner's home is called again. */
#include "base/tap.h"
#include "sync/backoff.h"

int main(void)
{
	struct backoff one, other;
	int64_t longest = 0, shortest = INT64_MAX;
	bool within = true, apart = false;

	backoff_init(&one, 7, 0, 1000);
	tap_is_int(one.due_ms, 1000, "a partner is called at once when the server begins");
	backoff_ended(&one, BACKOFF_GOOD, 2000);
	tap_ok(one.due_ms >= 2000 + BACKOFF_EVERY_MS / 2 && one.due_ms <= 2000 + BACKOFF_EVERY_MS,
	    "after a call that went well it is left in peace for minutes");
	backoff_moved(&one, 3000);
	tap_is_int(one.due_ms, 3000, "but a move of ours goes out at once");
	backoff_init(&one, 7, 0, 0);
	backoff_init(&other, 8, 0, 0);
	for (int i = 0; i < 40; i++) {
		int64_t rule = i < 8 ? BACKOFF_FIRST_MS << i : BACKOFF_MOST_MS;
		rule = rule < BACKOFF_MOST_MS ? rule : BACKOFF_MOST_MS;
		backoff_ended(&one, BACKOFF_FAILED, 100);
		backoff_ended(&other, BACKOFF_FAILED, 100);
		within = within && one.due_ms - 100 <= rule && one.due_ms - 100 >= rule / 2;
		apart = apart || one.due_ms != other.due_ms;
		longest = one.due_ms - 100 > longest ? one.due_ms - 100 : longest;
		shortest = one.due_ms - 100 < shortest ? one.due_ms - 100 : shortest;
	}
	tap_ok(within, "while it is out of reach each wait is twice as long, less a part by chance");
	tap_ok(
	    longest <= BACKOFF_MOST_MS && shortest >= BACKOFF_FIRST_MS / 2, "never longer than a quarter of an hour");
	tap_ok(apart, "two homes that lost one link do not come back together");
	backoff_init(&other, 7, 0, 0);
	for (int i = 0; i < 40; i++) {
		backoff_ended(&other, BACKOFF_FAILED, 100);
	}
	tap_is_int(other.due_ms, one.due_ms, "the same seed gives the same waits");
	backoff_moved(&one, 200);
	tap_is_int(one.due_ms, 100 + BACKOFF_MOVE_MS, "a move of ours is tried soon, also when it was out of reach");
	backoff_moved(&one, 100 + 2 * BACKOFF_MOVE_MS);
	tap_is_int(one.due_ms, 100 + BACKOFF_MOVE_MS, "and does not push back what was due");
	unsigned failures = one.failures;
	for (int i = 0; i < 40; i++) {
		backoff_ended(&one, BACKOFF_BUSY, 100);
	}
	tap_ok(one.due_ms - 100 <= BACKOFF_FIRST_MS && one.failures == failures,
	    "one whose home is in use is called again soon, however often it is, and counts as no failure");
	backoff_now(&one, 300);
	tap_is_int(one.due_ms, 300, "who asks for it need not wait");
	backoff_ended(&one, BACKOFF_GOOD, 400);
	tap_is_int(one.failures, 0, "a call that went well ends the waiting");
	return tap_done();
}
