#include "base/words.h"
#include "base/text.h"
#include <string.h>

#define WORD_LETTERS 6

static const char words[256][WORD_LETTERS + 1] = { "album", "alley", "almond", "amber", "anchor", "angle", "anvil",
	"apple", "arch", "arena", "arrow", "atlas", "autumn", "badge", "bagel", "bamboo", "banana", "basil", "basket",
	"bell", "bike", "birch", "bird", "board", "boat", "book", "bottle", "bowl", "branch", "bread", "brick",
	"bridge", "broom", "brush", "bubble", "bucket", "bugle", "butter", "cabin", "cactus", "camel", "candle",
	"canoe", "canvas", "canyon", "cargo", "carpet", "castle", "cedar", "chalk", "cherry", "chess", "circle",
	"citrus", "clay", "clover", "coast", "cocoa", "comet", "copper", "coral", "corner", "cotton", "cradle", "crane",
	"crayon", "cup", "daisy", "dance", "dawn", "decade", "delta", "desert", "dinner", "dish", "drum", "duck",
	"eagle", "earth", "echo", "engine", "fabric", "falcon", "ferry", "fiddle", "field", "finger", "flag", "fog",
	"forest", "fossil", "frost", "fruit", "galaxy", "garden", "garlic", "gate", "gecko", "globe", "goose", "grape",
	"guitar", "hammer", "harp", "hedge", "helmet", "heron", "hill", "honey", "horse", "hotel", "icon", "igloo",
	"index", "island", "ivory", "jacket", "jaguar", "jewel", "jigsaw", "juice", "jungle", "kayak", "kettle",
	"kitten", "kiwi", "koala", "ladder", "lagoon", "lake", "lemon", "letter", "lion", "lizard", "locket", "lumber",
	"lunch", "magnet", "magpie", "mango", "maple", "marble", "market", "meadow", "meteor", "milk", "mint", "mirror",
	"mosaic", "moth", "motor", "museum", "music", "napkin", "needle", "nest", "nickel", "night", "noodle", "north",
	"novel", "oak", "oasis", "ocean", "olive", "onion", "opal", "opera", "orange", "orbit", "otter", "oven",
	"oxygen", "oyster", "paddle", "palace", "panda", "paper", "parrot", "pasta", "peanut", "pebble", "pencil",
	"pepper", "piano", "picnic", "pigeon", "pillow", "pilot", "pine", "planet", "poem", "pond", "poppy", "potato",
	"puffin", "puzzle", "quarry", "quilt", "rabbit", "radar", "radio", "raft", "raven", "ribbon", "river", "robin",
	"roof", "rope", "ruby", "salad", "salmon", "season", "shadow", "shell", "ship", "shovel", "silver", "sketch",
	"snow", "soap", "soccer", "sofa", "spider", "spoon", "spring", "stable", "statue", "stone", "sugar", "summer",
	"swan", "syrup", "tailor", "tent", "thumb", "tiger", "torch", "tower", "trout", "tulip", "tunnel", "turtle",
	"twig", "wagon", "water", "whale", "wheat", "window", "winter", "wolf", "yacht", "yard", "zebra", "zero",
	"zinc" };

const char *word_of(uint8_t byte)
{
	return words[byte];
}

static bool lowered(struct bytes word, char out[WORD_LETTERS + 1])
{
	if (word.len > WORD_LETTERS) {
		return false;
	}
	for (size_t i = 0; i < word.len; i++) {
		uint8_t letter = word.data[i];
		out[i] = (char)(letter >= 'A' && letter <= 'Z' ? letter - 'A' + 'a' : letter);
	}
	out[word.len] = '\0';
	return true;
}

bool word_find(struct bytes word, uint8_t *byte)
{
	char text[WORD_LETTERS + 1];
	int low = 0, high = 255;

	if (!lowered(word, text)) {
		return false;
	}
	while (low <= high) {
		int middle = (low + high) / 2;
		int order = strcmp(text, words[middle]);
		if (order == 0) {
			*byte = (uint8_t)middle;
			return true;
		}
		if (order < 0) {
			high = middle - 1;
		} else {
			low = middle + 1;
		}
	}
	return false;
}

bool fingerprint_words(const struct id *id, char *out, size_t size)
{
	size_t used = 0;

	for (unsigned i = 0; i < FINGERPRINT_WORDS; i++) {
		const char *word = word_of(id->data[i]);
		size_t len = strlen(word);
		if (size < used + (i > 0) + len + 1) {
			if (size > 0) {
				out[0] = '\0';
			}
			return false;
		}
		if (i > 0) {
			out[used++] = ' ';
		}
		memcpy(out + used, word, len + 1);
		used += len;
	}
	return true;
}

void fingerprint_hex(const struct id *id, char out[FINGERPRINT_HEX_TEXT])
{
	size_t used = 0;

	for (size_t i = 0; i < FINGERPRINT_HEX_BYTES; i += 2) {
		if (i > 0) {
			out[used++] = ' ';
		}
		hex_print(bytes_of(id->data + i, 2), out + used);
		used += 4;
	}
}

static bool is_parting(uint8_t byte)
{
	return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r' || byte == '-' || byte == ',';
}

/* The next word; empty at the end. */
static struct bytes word_take(struct bytes *in)
{
	size_t begin = 0, end;

	while (begin < in->len && is_parting(in->data[begin])) {
		begin++;
	}
	for (end = begin; end < in->len && !is_parting(in->data[end]); end++) {}
	struct bytes word = bytes_of(in->data + begin, end - begin);
	*in = bytes_of(in->data + end, in->len - end);
	return word;
}

enum status fingerprint_parse(struct bytes text, uint8_t out[FINGERPRINT_WORDS], struct err *err)
{
	uint8_t bytes[FINGERPRINT_WORDS];

	for (unsigned i = 0; i < FINGERPRINT_WORDS; i++) {
		struct bytes word = word_take(&text);
		if (word.len == 0) {
			return err_set(err, BAD_INPUT, "fingerprint has %u words; must be %u", i, FINGERPRINT_WORDS);
		}
		if (!word_find(word, &bytes[i])) {
			char quoted[TEXT_QUOTE];
			text_quote(word, quoted);
			return err_set(err, BAD_INPUT, "word %u \"%s\" is not in the list; ask for it to be spelled",
			    i + 1, quoted);
		}
	}
	if (word_take(&text).len != 0) {
		return err_set(err, BAD_INPUT, "fingerprint has more than %u words", FINGERPRINT_WORDS);
	}
	memcpy(out, bytes, sizeof bytes);
	return OK;
}

enum status fingerprint_check(const struct id *id, struct bytes text, struct err *err)
{
	uint8_t said[FINGERPRINT_WORDS] = { 0 };
	enum status status = fingerprint_parse(text, said, err);

	if (status != OK) {
		return status;
	}
	for (unsigned i = 0; i < FINGERPRINT_WORDS; i++) {
		if (said[i] != id->data[i]) {
			return err_set(err, CHECK_FAILED,
			    "word %u is \"%s\"; this key has \"%s\" there: not the same key", i + 1, word_of(said[i]),
			    word_of(id->data[i]));
		}
	}
	return OK;
}
