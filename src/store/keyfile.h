/* Key files: DIR/keys/HEX.key, the secret under a passphrase (argon2id, then secretbox). The parameters stand in the file. */
#ifndef WARIFU_STORE_KEYFILE_H
#define WARIFU_STORE_KEYFILE_H
#include "wire/entry.h"

enum key_strength {
	STRENGTH_STANDARD /* 64 MiB, 2 passes */,
	STRENGTH_LIGHT /* 8 MiB, 1 pass: rehearsals and tests */
};
struct secrets {
	uint8_t sign[SECRET_BYTES];
	uint8_t seal[32];
	struct id seal_public;
}; /* seal: homes only, else zero */
/* role: "root", "recovery", "desk", "home": stands in the file for people. ENVIRONMENT when it exists. */
enum status keyfile_create(const char *dir, const char *role, const char *label, struct bytes passphrase,
    enum key_strength strength, const struct secrets *secrets, const struct id *key, struct err *err);
/* ENVIRONMENT "wrong passphrase" or what else is wrong. */
enum status keyfile_open(
    const char *dir, const struct id *key, struct bytes passphrase, struct secrets *out, struct err *err);
bool keyfile_exists(const char *dir, const struct id *key);
/* By key, ascending. A file that cannot be read comes as role "damaged", without label. */
struct keyfile_info {
	struct id key;
	char role[12];
	char label[120];
	enum key_strength strength;
};
enum status keyfile_each(const char *dir, enum status (*each)(void *, const struct keyfile_info *, struct err *),
    void *context, struct err *err);
void secrets_clear(struct secrets *secrets);
#endif
