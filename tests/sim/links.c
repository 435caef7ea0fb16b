/* Links of the simulated world: sessions in pieces, cut or not; bundles; and the end, when all have spoken with all. */
#include "sim.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct side {
	struct sync *sync;
	struct buf out;
	bool over, good;
	struct err err;
};

static void side_step(struct side *side, struct bytes in)
{
	enum status status = sync_step(side->sync, in, &side->out, &side->err);

	if (status != OK) {
		side->over = true;
		side->good = status == NOT_FOUND;
	}
}

static void pieces_move(struct sim *sim, struct side sides[2], size_t cut)
{
	size_t moved = 0;

	for (unsigned turn = 0; turn < 1000000; turn++) {
		for (unsigned i = 0; i < 2; i++) {
			while (!sides[i].over && sides[i].out.len == 0 && !sync_wants_input(sides[i].sync)) {
				side_step(&sides[i], bytes_of(NULL, 0));
			}
		}
		unsigned from = sim_pick(sim, 2);
		from = sides[from].out.len > 0 ? from : 1 - from;
		struct buf *out = &sides[from].out;
		if (out->len == 0 || (cut != 0 && moved >= cut)) {
			return;
		}
		size_t most = sim_pick(sim, 3) == 0 ? 50 : 30000, len = 1 + sim_random(sim) % most;
		len = len < out->len ? len : out->len;
		moved += len;
		sim->bytes += (int64_t)len;
		if (!sides[1 - from].over) {
			side_step(&sides[1 - from], bytes_of(out->data, len));
		}
		memmove(out->data, out->data + len, out->len - len);
		out->len -= len;
	}
	printf("# a session does not end\n");
	abort();
}

bool sim_sync(struct sim *sim, unsigned from, unsigned to, size_t cut, struct sync_result results[2])
{
	unsigned numbers[2] = { from, to };
	struct side sides[2] = { { 0 }, { 0 } };
	uint8_t nonce[2][16];
	bool good = true;

	for (unsigned i = 0; i < 2; i++) {
		struct sim_home *home = &sim->homes[numbers[i]];
		for (unsigned k = 0; k < 16; k++) {
			nonce[i][k] = (uint8_t)sim_random(sim);
		}
		struct sync_options options = { .store = &home->store,
			.tally = i == 0 ? home->tally : 0,
			.peer_party = sim->homes[to].party,
			.home_key = home->key.key,
			.secrets = &home->secrets,
			.initiator = i == 0,
			.now_ms = sim->now_ms,
			.nonce = nonce[i] };
		good = sync_open(&options, &sides[i].sync, &sides[i].err) == OK && good;
		buf_init(&sides[i].out, 64u << 20);
	}
	if (good) {
		pieces_move(sim, sides, cut);
	}
	sim->syncs++;
	sim->cuts += cut != 0;
	for (unsigned i = 0; i < 2; i++) {
		sync_result_get(sides[i].sync, &results[i]);
		bool ended = cut != 0 ? !sides[i].over || sides[i].good : sides[i].good;
		if (!ended) {
			printf("# home %u with %u: %s: %s\n", numbers[i], numbers[1 - i],
			    status_name(sides[i].err.status), sides[i].err.text);
		}
		good = good && ended;
		sync_close(sides[i].sync);
		buf_clear(&sides[i].out);
	}
	return good;
}

void sim_bundle(struct sim *sim, unsigned from, unsigned to)
{
	struct sim_home *writer = &sim->homes[from], *reader = &sim->homes[to];
	struct bundle_options options = { .store = &writer->store,
		.tally = writer->tally,
		.for_party = reader->party,
		.home_key = writer->key.key,
		.secrets = &writer->secrets,
		.everything = sim_pick(sim, 4) == 0,
		.plain = true,
		.now_ms = sim->now_ms };
	struct bundle_result result;
	struct err err = { .status = OK };
	struct buf file;
	int64_t entries = 0;

	buf_init(&file, 64u << 20);
	if (bundle_write(&options, &file, &entries, &err) != OK) {
		printf("# bundle written at %u: %s\n", from, err.text);
		abort();
	}
	if (entries > 0 && sim_pick(sim, 5) > 0) { /* else it is lost on its way */
		enum status status = bundle_read(
		    &reader->store, buf_bytes(&file), &reader->key.key, &reader->secrets, sim->now_ms, &result, &err);
		if (status != OK && status != REFUSED) {
			printf("# bundle of %u read at %u: %s %s\n", from, to, status_name(status), err.text);
			abort();
		}
		sim->bundles++;
	}
	buf_clear(&file);
}

static bool all_alike(struct sim *sim)
{
	struct err err = { .status = OK };
	struct id first, digest;

	for (unsigned i = 0; i < sim->home_count; i++) {
		struct sim_home *home = &sim->homes[i];
		if (digest_now(&home->store, home->tally, &digest, &err) != OK) {
			return false;
		}
		first = i == 0 ? digest : first;
		if (!id_equal(&first, &digest)) {
			printf("# home %u has another digest than home 0\n", i);
			return false;
		}
	}
	return true;
}

static bool rebuilt_alike(struct sim *sim)
{
	struct sim_home *home = &sim->homes[sim_pick(sim, sim->home_count)];
	struct err err = { .status = OK };
	struct id before, after;

	bool good = digest_now(&home->store, home->tally, &before, &err) == OK &&
	    fold_rebuild(&home->store, home->tally, NULL, NULL, &err) == OK &&
	    digest_now(&home->store, home->tally, &after, &err) == OK && id_equal(&before, &after);
	if (!good) {
		printf("# rebuilt, home of party %u has another digest %s\n", home->party, err.text);
	}
	return good;
}

/* What the sessions of a round brought. */
struct round {
	int64_t new;  /* entries that one of the two did not hold */
	int64_t sent; /* also those that rode along by an old base, and were there already */
};

/* One session of a round; false, with a note, when it does not go as it must by now. */
static bool round_sync(struct sim *sim, unsigned from, unsigned to, bool late, struct round *round)
{
	struct sync_result results[2], result;

	if (!sim_sync(sim, from, to, 0, results)) {
		return false;
	}
	result = results[0];
	round->new += results[0].received_entries + results[1].received_entries;
	round->sent += results[0].sent_entries + results[1].sent_entries;
	if (result.compared && !result.matched) {
		printf("# homes %u and %u differ\n", from, to);
		return false;
	}
	if (late && !result.complete) {
		printf("# homes %u and %u are not complete: %s\n", from, to, result.why.text);
		return false;
	}
	return true;
}

/* All with all, both ways. */
static bool all_sync(struct sim *sim, struct round *round)
{
	*round = (struct round){ 0, 0 };
	for (unsigned i = 0; i < sim->home_count; i++) {
		for (unsigned k = 0; k < sim->home_count; k++) {
			if (i != k && !round_sync(sim, i, k, true, round)) {
				return false;
			}
		}
	}
	return true;
}

bool sim_settle(struct sim *sim)
{
	struct round round = { 1, 0 };

	/* Round the ring of neighbours until it brings nothing. With any wider step a ring may be several, each silent by itself. */
	for (unsigned turn = 0; round.new > 0 && turn < 40; turn++) {
		round = (struct round){ 0, 0 };
		for (unsigned i = 0; i < sim->home_count; i++) {
			if (!round_sync(sim, i, (i + 1) % sim->home_count, turn > 20, &round)) {
				return false;
			}
		}
	}
	/* Then nobody has news for anybody; and once all have said where they stand, nobody sends anything. */
	if (round.new > 0) {
		printf("# the ring still brings %lld entries a round\n", (long long)round.new);
		return false;
	}
	if (!all_sync(sim, &round)) {
		return false;
	}
	if (round.new > 0) {
		printf("# %lld entries come after all were alike\n", (long long)round.new);
		return false;
	}
	if (!all_sync(sim, &round)) {
		return false;
	}
	if (round.sent > 0) {
		printf("# the homes do not fall silent: %lld entries\n", (long long)round.sent);
		return false;
	}
	return all_alike(sim) && rebuilt_alike(sim);
}
