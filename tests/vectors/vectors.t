#!/bin/sh
# The vectors are what is made from their seeds, and the program gives each the verdict that it asks for.
exec "${BUILD:-build/test}/vectors" check "$(dirname "$0")"
