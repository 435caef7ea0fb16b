#!/bin/sh
# What frames cost on a year of support, against the goals of docs/sync.md.
exec "${BUILD:-build/test}/frames"
