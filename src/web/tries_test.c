/* Who guesses waits; who does not, does not. */
#include "base/err.h"
#include "base/tap.h"
#include "web/tries.h"

#define OFFICER 0x0a000002
#define ATTACKER 0x0a000003
#define OTHERS 0x0b000000 /* and the machines behind it */

static struct tries tries;

static struct trier at(unsigned desk, uint32_t address)
{
	return (struct trier){ .desk = { { (uint8_t)desk } }, .address = address };
}

static int64_t waits(unsigned desk, uint32_t address, int64_t now_ms)
{
	const struct trier trier = at(desk, address);
	int64_t wait_ms;
	bool may = tries_may(&tries, &trier, now_ms, &wait_ms);

	ASSERT(may == (wait_ms == 0));
	return wait_ms;
}

static void wrong(unsigned desk, uint32_t address, int64_t now_ms)
{
	const struct trier trier = at(desk, address);

	tries_wrong(&tries, &trier, now_ms);
}

static void right(unsigned desk, uint32_t address, int64_t now_ms)
{
	const struct trier trier = at(desk, address);

	tries_right(&tries, &trier, now_ms);
}

static void test_one_desk(void)
{
	int64_t now_ms = 1000;

	tries = (struct tries){ 0 };
	tap_is_int(waits(1, OFFICER, now_ms), 0, "a first passphrase may be tried");
	wrong(1, OFFICER, now_ms);
	tap_is_int(waits(1, OFFICER, now_ms), TRIES_WAIT_MS, "after a wrong one there is a wait");
	tap_is_int(waits(2, OFFICER, now_ms), 0, "but not at another desk");
	tap_is_int(waits(1, OFFICER, now_ms + TRIES_WAIT_MS), 0, "that ends");
	wrong(1, OFFICER, now_ms);
	tap_is_int(waits(1, OFFICER, now_ms), 2 * TRIES_WAIT_MS, "each further one doubles it");
	for (int i = 0; i < 12; i++) {
		now_ms += TRIES_WAIT_MOST_MS;
		wrong(1, OFFICER, now_ms);
	}
	tap_is_int(waits(1, OFFICER, now_ms), TRIES_WAIT_MOST_MS, "up to a quarter of an hour");
	right(1, OFFICER, now_ms);
	tap_is_int(waits(1, OFFICER, now_ms + TRIES_ADDRESS_MOST_MS), 0, "the right one ends the wait");
	wrong(1, OFFICER, now_ms + TRIES_WAIT_MOST_MS);
	wrong(1, OFFICER, now_ms + TRIES_WAIT_MOST_MS + TRIES_FORGET_MS + 1);
	tap_is_int(waits(1, OFFICER, now_ms + TRIES_WAIT_MOST_MS + TRIES_FORGET_MS + 1), TRIES_WAIT_MS,
	    "one of yesterday is forgotten");
}

static void test_locked_out(void)
{
	int64_t now_ms = 1000;
	unsigned looked_at = 0;

	tries = (struct tries){ 0 };
	for (; now_ms < 3600 * 1000; now_ms += 100) { /* ten times a second, for an hour */
		if (waits(1, ATTACKER, now_ms) == 0) {
			wrong(1, ATTACKER, now_ms);
			looked_at++;
		}
	}
	tap_ok(looked_at <= 16, "who guesses at a desk for an hour is looked at a few times");
	tap_is_int(waits(1, OFFICER, now_ms), 0, "and does not keep its officer out, who comes from elsewhere");
}

static void test_many_desks(void)
{
	int64_t now_ms = 1000;
	unsigned looked_at = 0;

	tries = (struct tries){ 0 };
	for (; now_ms < 3600 * 1000; now_ms += 100) {
		unsigned desk = 1 + (unsigned)(now_ms / 100) % 200;
		if (waits(desk, ATTACKER, now_ms) == 0) {
			wrong(desk, ATTACKER, now_ms);
			looked_at++;
		}
	}
	tap_ok(looked_at <= 80, "nor does it help to go from desk to desk");
	tap_ok(waits(201, ATTACKER, now_ms) > 0 && waits(201, ATTACKER, now_ms) <= TRIES_ADDRESS_MOST_MS,
	    "whoever shares the machine with who does so loses a minute at most");
	tap_is_int(waits(3, OFFICER, now_ms), 0, "and others nothing");
}

static void test_many_machines(void)
{
	int64_t now_ms = 1000;
	unsigned looked_at = 0;

	tries = (struct tries){ 0 };
	right(1, OFFICER, now_ms);
	wrong(2, OFFICER, now_ms);
	for (uint32_t i = 0; now_ms < 24ll * 3600 * 1000;
	     now_ms += 1000, i++) { /* another machine each time, for a day */
		if (waits(1 + i % 200, OTHERS + i, now_ms) == 0) {
			wrong(1 + i % 200, OTHERS + i, now_ms);
			looked_at++;
		}
	}
	tap_ok(looked_at <= TRIES_ALL_FREE + 2880,
	    "however many machines guess, they are looked at twice a minute in all");
	tap_is_int(waits(1, OFFICER, now_ms), 0, "an officer who has logged in there before may go on");
	wrong(1, OFFICER, now_ms);
	tap_is_int(waits(1, OFFICER, now_ms), TRIES_WAIT_MS, "with the waits of his own");
}

static void test_known(void)
{
	int64_t now_ms = 1000;

	tries = (struct tries){ 0 };
	for (unsigned i = 0; i < TRIES_KNOWN; i++) {
		right(i, OFFICER, ++now_ms);
	}
	right(0, OFFICER, ++now_ms);
	right(TRIES_KNOWN, OFFICER, ++now_ms);
	for (unsigned i = 0; i < 2 * TRIES_ALL_FREE; i++) {
		wrong(1 + i, OTHERS + i, now_ms);
	}
	tap_is_int(waits(0, OFFICER, now_ms), 0, "who logs in again and again stays known");
	tap_ok(waits(1, OFFICER, now_ms) > 0, "who has not for longest makes room");
}

int main(void)
{
	test_one_desk();
	test_locked_out();
	test_many_desks();
	test_many_machines();
	test_known();
	return tap_done();
}
