/* Certificates of homes: the same each time, and their key is the one that a grant names. */
#include "base/tap.h"
#include "base/text.h"
#include "sync/certificate.h"

int main(void)
{
	struct secrets secrets = { .sign = { 1, 2, 3 } }, other = { .sign = { 4 } };
	struct certificate one, two;
	struct id hash, stranger;
	struct err err = { .status = OK };
	char hex[2 * ID_BYTES + 1];

	tap_is_int(certificate_make(&secrets, &one, &err), OK, "a home makes its certificate from its key file");
	tap_is_int(certificate_make(&secrets, &two, &err), OK, "and makes it again");
	tap_ok(strcmp(one.certificate, two.certificate) == 0 && strcmp(one.key, two.key) == 0, "with the same bytes");
	tap_ok(certificate_hash(&secrets, &hash, &err) == OK && id_equal(&hash, &one.hash),
	    "the hash for its grant is known before there is a certificate");
	hex_print(id_bytes(&hash), hex);
	tap_is_text(hex, "ec5abc471bf7c24a94ff26ab45f5cafd510e9b208ec00acd3f6bc6c67a26c358",
	    "it is the one that openssl finds by the words of docs/sync.md 9.1");
	tap_ok(certificate_hash_of_pem(bytes_text(one.certificate), &hash, &err) == OK && id_equal(&hash, &one.hash),
	    "whoever is shown the certificate finds that hash");
	tap_ok(certificate_hash(&other, &stranger, &err) == OK && !id_equal(&stranger, &hash),
	    "another home has another one");
	tap_ok(strstr(one.key, "BEGIN PRIVATE KEY") != NULL && memcmp(&hash, secrets.sign, 32) != 0,
	    "the key is one of its own");
	tap_is_int(
	    certificate_hash_of(bytes_text("no certificate"), &hash, &err), BAD_INPUT, "what is none is refused");
	tap_is_int(certificate_hash_of(bytes_of(NULL, 0), &hash, &err), BAD_INPUT, "so is nothing");
	certificate_clear(&one);
	tap_ok(one.key[0] == '\0', "cleared, it holds no secret");
	return tap_done();
}
