#!/bin/sh
# Kill the writer, look at the home: see crash.c.
exec "${BUILD:?run by make test}/crash"
