/* Certificates of homes, by OpenSSL. A stranger's certificate is only taken apart for its public key, after its length was looked at; what it
 * says beside is not read. */
#include "sync/certificate.h"
#include "wire/hash.h"
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <string.h>

#define SEED_BYTES 32
#define KEY_DER_BYTES 1024 /* of a public key, as strangers have them */

static const char label[] = "warifu-tls-1";

static enum status no_keys(struct err *err)
{
	return err_set(err, ENVIRONMENT, "certificate: no Ed25519 or X.509 in the library here");
}

static EVP_PKEY *key_of(const struct secrets *secrets)
{
	struct bytes pieces[] = { bytes_of(label, sizeof label - 1), bytes_of(secrets->sign, SEED_BYTES) };
	struct id seed = sha256_pieces(pieces, 2);
	EVP_PKEY *key = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, seed.data, SEED_BYTES);

	OPENSSL_cleanse(&seed, sizeof seed);
	return key;
}

/* Hash of the DER of a public key; false when it is longer than any that is known. */
static bool key_hash(X509_PUBKEY *key, struct id *out)
{
	uint8_t der[KEY_DER_BYTES], *end = der;
	int len = i2d_X509_PUBKEY(key, NULL);

	if (len <= 0 || len > KEY_DER_BYTES || i2d_X509_PUBKEY(key, &end) != len) {
		return false;
	}
	struct bytes all = bytes_of(der, (size_t)len);
	*out = sha256_pieces(&all, 1);
	return true;
}

static bool certificate_fill(X509 *certificate, EVP_PKEY *key)
{
	X509_NAME *name = X509_get_subject_name(certificate);

	return X509_set_version(certificate, X509_VERSION_3) == 1 &&
	    ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1) == 1 &&
	    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const uint8_t *)"warifu", -1, -1, 0) == 1 &&
	    X509_set_issuer_name(certificate, name) == 1 &&
	    ASN1_TIME_set_string_X509(X509_getm_notBefore(certificate), "20000101000000Z") == 1 &&
	    ASN1_TIME_set_string_X509(X509_getm_notAfter(certificate), "99991231235959Z") == 1 &&
	    X509_set_pubkey(certificate, key) == 1 && X509_sign(certificate, key, NULL) > 0;
}

static bool pem_take(BIO *from, char out[CERTIFICATE_BYTES])
{
	int len = from == NULL ? 0 : BIO_read(from, out, CERTIFICATE_BYTES - 1);

	out[len > 0 ? len : 0] = '\0';
	return len > 0 && len < CERTIFICATE_BYTES - 1;
}

static bool pem_print(X509 *certificate, EVP_PKEY *key, struct certificate *out)
{
	BIO *shown = BIO_new(BIO_s_mem()), *secret = BIO_new(BIO_s_secmem());
	bool good = shown != NULL && secret != NULL && PEM_write_bio_X509(shown, certificate) == 1 &&
	    PEM_write_bio_PrivateKey(secret, key, NULL, NULL, 0, NULL, NULL) == 1 &&
	    pem_take(shown, out->certificate) && pem_take(secret, out->key);

	BIO_free(shown);
	BIO_free(secret);
	return good;
}

enum status certificate_make(const struct secrets *secrets, struct certificate *out, struct err *err)
{
	EVP_PKEY *key = key_of(secrets);
	X509 *certificate = X509_new();
	bool good = key != NULL && certificate != NULL && certificate_fill(certificate, key) &&
	    key_hash(X509_get_X509_PUBKEY(certificate), &out->hash) && pem_print(certificate, key, out);

	X509_free(certificate);
	EVP_PKEY_free(key);
	return good ? OK : no_keys(err);
}

enum status certificate_hash(const struct secrets *secrets, struct id *out, struct err *err)
{
	EVP_PKEY *key = key_of(secrets);
	X509_PUBKEY *public_key = NULL;
	bool good = key != NULL && X509_PUBKEY_set(&public_key, key) == 1 && key_hash(public_key, out);

	X509_PUBKEY_free(public_key);
	EVP_PKEY_free(key);
	return good ? OK : no_keys(err);
}

void certificate_clear(struct certificate *certificate)
{
	OPENSSL_cleanse(certificate, sizeof *certificate);
}

static enum status hash_take(X509 *certificate, struct id *out, struct err *err)
{
	bool good = certificate != NULL && key_hash(X509_get_X509_PUBKEY(certificate), out);

	X509_free(certificate);
	return good ? OK : err_set(err, BAD_INPUT, "certificate: what the other end shows is none that is known here");
}

enum status certificate_hash_of(struct bytes der, struct id *out, struct err *err)
{
	const uint8_t *at = der.data;

	return hash_take(der.len <= CERTIFICATE_BYTES ? d2i_X509(NULL, &at, (long)der.len) : NULL, out, err);
}

enum status certificate_hash_of_pem(struct bytes pem, struct id *out, struct err *err)
{
	BIO *from = pem.len <= CERTIFICATE_BYTES ? BIO_new_mem_buf(pem.data, (int)pem.len) : NULL;
	X509 *certificate = from != NULL ? PEM_read_bio_X509(from, NULL, NULL, NULL) : NULL;

	BIO_free(from);
	return hash_take(certificate, out, err);
}
