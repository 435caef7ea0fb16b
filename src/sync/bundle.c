/* Bundles: being written beside the session by another hand; see bundle_*.c. */
#include "sync/sync.h"
