/* The signature rule over plain bytes (docs/format.md 2); entry.h has it over entries. */
#ifndef WARIFU_WIRE_SIGN_H
#define WARIFU_WIRE_SIGN_H
#include "wire/entry.h"

/* NULL, or "sig-s" "sig-key" "sig-r" "sig-wrong". Thread-safe. */
const char *signature_check(const uint8_t signature[SIGNATURE_BYTES], struct bytes message, const struct id *key);
void signature_make(uint8_t signature[SIGNATURE_BYTES], struct bytes message, const uint8_t secret[SECRET_BYTES]);
#endif
