/* The certificate by which a home shows itself over TLS: self-signed, of an Ed25519 key of its own, which is made from the home key's secret
 * by a one-way step, so that the key file holds no more than it did (docs/sync.md 9.1). Nobody looks at its names or dates; a grant's field
 * `tls` is the SHA-256 of its public key (SubjectPublicKeyInfo). */
#ifndef WARIFU_SYNC_CERTIFICATE_H
#define WARIFU_SYNC_CERTIFICATE_H
#include "store/keyfile.h"

#define CERTIFICATE_BYTES 8192 /* a certificate or a key as PEM, and what a stranger may show */

struct certificate {
	char certificate[CERTIFICATE_BYTES], key[CERTIFICATE_BYTES]; /* PEM */
	struct id hash;
};
/* What the grant of a home with these secrets has to name. */
enum status certificate_hash(const struct secrets *secrets, struct id *out, struct err *err);
/* The same bytes each time. Clear it after use: it holds a secret. */
enum status certificate_make(const struct secrets *secrets, struct certificate *out, struct err *err);
void certificate_clear(struct certificate *certificate);
/* Hash of the public key of a certificate that came from a stranger: DER, or PEM. BAD_INPUT when it is none. */
enum status certificate_hash_of(struct bytes der, struct id *out, struct err *err);
enum status certificate_hash_of_pem(struct bytes pem, struct id *out, struct err *err);
#endif
