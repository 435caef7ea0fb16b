/* Measures frames on a year of support, against the goals; trains their dictionary.
 *
 *     frames                  TAP: what a frame costs, and that all comes back
 *     frames --train FILE     writes a dictionary trained on samples */
#include "base/err.h"
#include "base/limits.h"
#include "samples.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#define ZDICT_STATIC_LINKING_ONLY
#include <zdict.h>

#define DICTIONARY_BYTES 16384
#define TRAIN_BYTES (64u << 20)

static int count, failures;

static void check(bool good, const char *title)
{
	printf("%s %d - %s\n", good ? "ok" : "not ok", ++count, title);
	failures += !good;
}

struct transfer {
	size_t bytes, payload_bytes;
	unsigned frames, entries, lost, wrong;
};

/* Sends items [from, to) over a stream whose receiver knows those before `from`; at most `most` to a frame. */
static struct transfer transfer(struct samples *samples, unsigned from, unsigned to, unsigned most)
{
	struct transfer result = { 0 };
	struct samples_known known;
	struct err err = { 0 };
	struct arena arena;
	struct buf out;

	samples_known_init(&known, samples, samples->count);
	struct frame_resolver sender = samples_resolver(&known);
	struct samples_known held;
	samples_known_init(&held, samples, from);
	struct frame_resolver receiver = samples_resolver(&held);
	struct frame_stream *encoder = frame_stream_new(&samples->tally, &sender),
			    *decoder = frame_stream_new(&samples->tally, &receiver);
	struct id none = { { 0 } };
	for (unsigned i = 0; i < from; i++) {
		const struct frame_item *item = &samples->items[i];
		bool last = true;
		for (unsigned k = i + 1; k < from && last; k++) {
			last = !id_equal(&samples->items[k].place.key, &item->place.key);
		}
		if (last) {
			frame_stream_log(encoder, &item->place.key, &none, item->place.seq);
			frame_stream_log(decoder, &item->place.key, &none, item->place.seq);
		}
	}
	buf_init(&out, 1 << 20);
	arena_init(&arena, 64u << 20);
	for (unsigned at = from, taken; at < to; at += taken) {
		struct frame frame;
		buf_reset(&out);
		arena_reset(&arena);
		if (frame_encode(encoder, &samples->items[at], to - at < most ? to - at : most, &taken, &out, &err) !=
			OK ||
		    frame_decode(decoder, buf_bytes(&out), &arena, &frame, &err) != OK) {
			printf("# %s\n", err.text);
			result.wrong++;
			break;
		}
		for (unsigned i = 0; i < frame.count; i++) {
			const struct frame_item *item = &samples->items[at + i];
			result.lost += frame.entries[i].reason != NULL;
			result.wrong += frame.entries[i].reason == NULL &&
			    (!id_equal(&frame.entries[i].entry.id, &item->id) ||
				!bytes_equal(frame.entries[i].entry.body.bytes, item->body));
		}
		result.wrong += frame.count != taken;
		result.entries += taken;
		result.frames++;
		result.bytes += out.len;
	}
	frame_stream_free(encoder);
	frame_stream_free(decoder);
	buf_clear(&out);
	arena_clear(&arena);
	return result;
}

static void show(const char *what, struct transfer t)
{
	printf("# %s: %u entries in %u frames, %zu bytes, %.1f an entry; %u lost, %u wrong\n", what, t.entries,
	    t.frames, t.bytes, t.entries > 0 ? (double)t.bytes / t.entries : 0, t.lost, t.wrong);
}

static int measure(void)
{
	struct samples samples;
	struct transfer t;
	size_t body_bytes = 0;

	samples_make(&samples, 7, 30000, 60, 25);
	for (unsigned i = 0; i < samples.count; i++) {
		body_bytes += samples.items[i].body.len;
	}
	printf("# bodies: %.1f bytes an entry\n", (double)body_bytes / samples.count);
	t = transfer(&samples, 0, samples.count, samples.count);
	show("all", t);
	check(t.lost == 0 && t.wrong == 0 && t.entries == samples.count,
	    "every entry of a year comes back as it was sent");
	check(t.bytes <= (size_t)116 * t.entries, "in bulk an entry with its signature takes at most 116 bytes");
	t = transfer(&samples, 20000, 20100, 100);
	show("a hundred", t);
	check(t.lost == 0 && t.wrong == 0 && t.bytes <= 11500, "a hundred new entries take less than half of 25 kB");
	size_t worst = 0, sum = 0;
	unsigned receipts = 0;
	for (unsigned i = 25000; i < 25400; i++) {
		struct body body;
		body_read(samples.items[i].body, &body);
		if (bytes_is(body.kind, "support.receipted")) {
			t = transfer(&samples, i, i + 1, 1);
			worst = t.bytes > worst ? t.bytes : worst;
			sum += t.bytes;
			receipts++;
			failures += t.lost + t.wrong > 0;
		}
	}
	printf("# receipts alone: %u, mean %zu, longest %zu bytes\n", receipts, sum / receipts, worst);
	check(sum / receipts <= 160, "one receipt alone takes at most 170 bytes with all around it");
	samples_clear(&samples);
	printf("1..%d\n", count);
	return failures > 0;
}

/* ---- training ------------------------------------------------------------------------------------------------------- */

struct training {
	uint8_t *bytes;
	size_t len;
	size_t *sizes;
	unsigned count;
};

static void train_on(struct training *training, uint64_t seed, unsigned entries, unsigned most)
{
	struct samples samples;
	struct samples_known known;
	struct err err = { 0 };
	struct buf payload;

	samples_make(&samples, seed, entries, 40, 15);
	samples_known_init(&known, &samples, samples.count);
	struct frame_resolver resolver = samples_resolver(&known);
	struct frame_stream *stream = frame_stream_new(&samples.tally, &resolver);
	buf_init(&payload, LIMIT_FRAME_BYTES);
	for (unsigned at = 0, taken; at < samples.count; at += taken) {
		buf_reset(&payload);
		if (frame_encode_plain(stream, &samples.items[at],
			samples.count - at < most ? samples.count - at : most, &taken, &payload, &err) != OK ||
		    training->len + payload.len > TRAIN_BYTES) {
			break;
		}
		memcpy(training->bytes + training->len, payload.data, payload.len);
		training->len += payload.len;
		training->sizes[training->count++] = payload.len;
	}
	frame_stream_free(stream);
	buf_clear(&payload);
	samples_clear(&samples);
}

static int train(const char *path)
{
	struct training training = { .bytes = malloc(TRAIN_BYTES), .sizes = malloc(1 << 20) };
	uint8_t *dictionary = malloc(DICTIONARY_BYTES);
	int result = 1;

	for (uint64_t seed = 1; seed <= 24; seed++) {
		train_on(&training, seed, 400, 1);
		train_on(&training, 100 + seed, 400, 4);
		train_on(&training, 200 + seed, 400, 20);
	}
	for (uint64_t seed = 1; seed <= 40; seed++) {
		train_on(&training, 300 + seed, 200, 100);
	}
	ZDICT_params_t how = { .compressionLevel = 19, .notificationLevel = 0, .dictID = 1 };
	ZDICT_cover_params_t cover = { .d = 8, .k = 200, .steps = 4, .nbThreads = 2, .zParams = how };
	size_t len = ZDICT_optimizeTrainFromBuffer_cover(
	    dictionary, DICTIONARY_BYTES, training.bytes, training.sizes, training.count, &cover);
	if (ZDICT_isError(len)) {
		fprintf(stderr, "%s\n", ZDICT_getErrorName(len));
	} else {
		FILE *file = fopen(path, "wb");
		bool written = file != NULL && fwrite(dictionary, 1, len, file) == len;
		if (file != NULL && fclose(file) == 0 && written) {
			printf("%u samples, %zu bytes; %s: %zu bytes\n", training.count, training.len, path, len);
			result = 0;
		}
	}
	free(training.bytes);
	free(training.sizes);
	free(dictionary);
	return result;
}

int main(int argc, char **argv)
{
	wire_start();
	if (argc == 3 && strcmp(argv[1], "--train") == 0) {
		return train(argv[2]);
	}
	return measure();
}
