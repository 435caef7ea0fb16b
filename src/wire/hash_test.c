#include "base/tap.h"
#include "wire/entry.h"
#include "wire/hash.h"

static const char *hex_of(struct id id)
{
	static char hex[2 * ID_BYTES + 1];

	hex_print(id_bytes(&id), hex);
	return hex;
}

/* The examples of FIPS 180-4 and its companion files. */
static void known_test(void)
{
	tap_is_text(hex_of(sha256(bytes_text(""))), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
	    "the hash of nothing is the known one");
	tap_is_text(hex_of(sha256(bytes_of(NULL, 0))),
	    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "also of nothing at no address");
	tap_is_text(hex_of(sha256(bytes_text("abc"))),
	    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", "the hash of abc is the known one");
	tap_is_text(hex_of(sha256(bytes_text("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"))),
	    "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1", "so is that of two blocks");
}

static void pieces_test(void)
{
	static const char text[] =
	    "one thing after another, in as many pieces as one likes, is one thing all the same to the hash";
	struct id whole = sha256(bytes_text(text));
	bool all = true;

	for (size_t cut = 0; cut < sizeof text; cut++) {
		struct id two = sha256_two(bytes_of(text, cut), bytes_of(text + cut, sizeof text - 1 - cut));
		all = all && id_equal(&two, &whole);
	}
	tap_ok(all, "two pieces have the hash of the whole, wherever the cut");
	struct bytes three[] = { bytes_of(text, 5), bytes_of(text + 5, 0), bytes_of(text + 5, sizeof text - 6) };
	struct id id = sha256_pieces(three, 3);
	tap_ok(id_equal(&id, &whole), "three pieces too, an empty one among them");
	id = sha256_pieces(NULL, 0);
	tap_is_text(
	    hex_of(id), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "no pieces are nothing");
}

int main(void)
{
	wire_start();
	known_test();
	pieces_test();
	return tap_done();
}
