#!/bin/sh
# Short runs of the simulator; `make sim SEED=7` runs a long one.
exec "${BUILD:-build/test}/sim"
