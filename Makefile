# Warifu. `make help` lists the targets.
#
# One makefile for the whole tree. Objects lie under build/<flavour>/obj/, in the folders of their sources; every object
# depends on the headers it read (written by the compiler) and on the flags it was made with.

.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules
ifeq ($(MAKELEVEL),0)
MAKEFLAGS += -j$(shell nproc)
endif

# Where everything is built; `make B=/tmp/elsewhere` keeps two builds of one tree apart.
B := build
export B
VERSION := 0.1.0
PREFIX := /usr/local
CC := gcc
PACKAGES := sqlite3 libsodium libcrypto libzstd jansson libmicrohttpd gnutls libcurl cairo pangocairo pangoft2 fontconfig \
	libqrencode

# --- flags ------------------------------------------------------------------------------------------------------------

WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wconversion \
	-Wno-sign-conversion -Wvla -Wformat=2 -Wundef
ifeq ($(CI),true)
WARNINGS += -Werror
endif
LANGUAGE := -std=c17 -D_GNU_SOURCE -Isrc -DWARIFU_VERSION='"$(VERSION)"'
PACKAGE_CFLAGS := $(shell pkg-config --cflags $(PACKAGES) 2>/dev/null)
LIBRARIES := $(shell pkg-config --libs $(PACKAGES) 2>/dev/null) -lunistring -lpthread
HARDENING := -fPIE -fstack-protector-strong -fstack-clash-protection
ALL_CFLAGS := $(LANGUAGE) $(PACKAGE_CFLAGS) -g $(HARDENING) $(CFLAGS)
ALL_LDFLAGS := -pie -Wl,-z,relro,-z,now $(LDFLAGS)
SANITIZE := -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer

# A flavour is a folder under build/, a compiler and its flags.
CC_release := $(CC)
CFLAGS_release := -O2 -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2 -ffile-prefix-map=$(CURDIR)=. $(WARNINGS)
CC_test := $(CC)
# The tests start these programs thousands of times and build them each time anew: lines are enough to find a place, and gold links in half the time.
CFLAGS_test := -O1 -g1 $(SANITIZE) $(WARNINGS)
LDFLAGS_test := $(SANITIZE) -static-libasan -static-libubsan -no-pie $(if $(shell command -v ld.gold),-fuse-ld=gold)
CC_cov := $(CC)
CFLAGS_cov := -O0 --coverage -fprofile-update=atomic $(WARNINGS)
LDFLAGS_cov := --coverage
CC_mutate := $(CC)
CFLAGS_mutate := -O0 -w
CC_fuzz := clang
CFLAGS_fuzz := -O1 -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all $(WARNINGS)
LDFLAGS_fuzz := -fsanitize=fuzzer,address,undefined
FLAVOURS := release test cov mutate fuzz

# --- sources ----------------------------------------------------------------------------------------------------------

SOURCES := $(sort $(shell find src -name '*.c' 2>/dev/null))
UNIT_TESTS := $(filter %_test.c,$(SOURCES))
FUZZERS := $(filter %_fuzz.c,$(SOURCES))
ASSETS := $(wildcard src/core/assets.S)
LIB_SOURCES := $(filter-out $(UNIT_TESTS) $(FUZZERS) src/main.c,$(SOURCES)) $(ASSETS)
KERNEL_SOURCES := $(filter $(foreach l,base core wire store fold sync,src/$(l)/%),$(LIB_SOURCES))

# A folder of tests/ that holds C files becomes one program, build/<flavour>/<folder>, linked with the whole library;
# toy, which proves that the kernel knows no domain, with the kernel's layers only.
BORROWED_bench := tests/toy/toy.c
TEST_FOLDERS := $(sort $(notdir $(patsubst %/,%,$(dir $(wildcard tests/*/*.c)))))
TEST_SCRIPTS := $(sort $(wildcard tests/*/*.t))

# Files that src/core/assets.S takes into the program; those under assets/ are made, below $(B).
ASSET_FILES := $(patsubst assets/%,$(B)/assets/%,$(if $(ASSETS),$(shell sed -n 's/^ASSET .*"\(.*\)".*/\1/p' $(ASSETS))))

# The coastline of the maps, made from npm packages; COASTLINE=FILE takes one that was made on another machine.
COASTLINE :=
$(B)/assets/coastline.bin: tools/coastline.mjs package-lock.json $(COASTLINE)
	@mkdir -p $(dir $@)
	@echo '  MAKE  $@'
	@$(if $(COASTLINE),cp $(COASTLINE) $@,command -v node >/dev/null || { echo "coastline: no node here; 'tools/install-deps build' \
	installs it, or name a coastline.bin made on another machine: make COASTLINE=FILE" >&2; exit 1; }; node tools/coastline.mjs >$@)

# --- rules of one flavour ---------------------------------------------------------------------------------------------

FORCE:
.PHONY: FORCE

# $(call objects,flavour,sources)
objects = $(patsubst %,$(B)/$(1)/obj/%.o,$(basename $(2)))
# $(call keep,file,text): a file that changes only when its text does
keep = mkdir -p $(dir $(1)) && printf '%s\n' '$(subst ','\'',$(2))' >$(1).new && \
	if cmp -s $(1).new $(1); then rm $(1).new; else mv $(1).new $(1); fi
link = $$(CC_$(1)) $$(ALL_CFLAGS) $$(CFLAGS_$(1)) $$(ALL_LDFLAGS) $$(LDFLAGS_$(1)) -o $$@ $$(filter %.o %.a,$$^) $$(LIBRARIES)

define flavour
$(B)/$(1)/flags: FORCE
	@pkg-config --exists $$(PACKAGES) || { echo "libraries are missing; 'make deps' installs them" >&2; exit 1; }
	@$$(call keep,$$@,$$(CC_$(1)) $$(ALL_CFLAGS) $$(CFLAGS_$(1)) $$(ALL_LDFLAGS) $$(LDFLAGS_$(1)) $$(LIBRARIES))
$(B)/$(1)/library: FORCE
	@$$(call keep,$$@,$$(LIB_SOURCES))

$(B)/$(1)/obj/%.o: %.c $(B)/$(1)/flags
	@mkdir -p $$(dir $$@)
	$$(Q_CC)$$(CC_$(1)) $$(ALL_CFLAGS) $$(CFLAGS_$(1)) -MMD -MP -c -o $$@ $$<
$(B)/$(1)/obj/%.o: %.S $(B)/$(1)/flags $$(ASSET_FILES)
	@mkdir -p $$(dir $$@)
	$$(Q_CC)$$(CC_$(1)) -I. -Isrc -Wa,-I$(B) -MMD -MP -c -o $$@ $$<

$(B)/$(1)/libwarifu.a: $(call objects,$(1),$(LIB_SOURCES)) $(B)/$(1)/library
	@rm -f $$@
	$$(Q_AR)ar rcsD $$@ $$(filter %.o,$$^)
$(B)/$(1)/libkernel.a: $(call objects,$(1),$(KERNEL_SOURCES)) $(B)/$(1)/library
	@rm -f $$@
	$$(Q_AR)ar rcsD $$@ $$(filter %.o,$$^)

$(B)/$(1)/warifu: $(call objects,$(1),src/main.c) $(B)/$(1)/libwarifu.a
	$$(Q_LD)$(call link,$(1))
$(B)/$(1)/%_test: $(B)/$(1)/obj/%_test.o $(B)/$(1)/libwarifu.a
	@mkdir -p $$(dir $$@)
	$$(Q_LD)$(call link,$(1))
$(B)/$(1)/%_fuzz: $(B)/$(1)/obj/%_fuzz.o $(B)/$(1)/libwarifu.a
	@mkdir -p $$(dir $$@)
	$$(Q_LD)$(call link,$(1))
$(foreach f,$(TEST_FOLDERS),
$(B)/$(1)/$(f): $(call objects,$(1),$(sort $(wildcard tests/$(f)/*.c)) $(BORROWED_$(f))) $(B)/$(1)/lib$(if $(filter toy,$(f)),kernel,warifu).a
	$$(Q_LD)$$(strip $(call link,$(1))))

UNIT_TESTS_$(1) := $(patsubst %.c,$(B)/$(1)/%,$(UNIT_TESTS))
PROGRAM_$(1) := $(if $(wildcard src/main.c),$(B)/$(1)/warifu)
TESTS_$(1) := $$(UNIT_TESTS_$(1)) $(if $(filter toy,$(TEST_FOLDERS)),$(B)/$(1)/toy)
BUILT_$(1) := $$(TESTS_$(1)) $(patsubst %,$(B)/$(1)/%,$(TEST_FOLDERS)) $$(PROGRAM_$(1))
-include $$(shell find $(B)/$(1)/obj -name '*.d' 2>/dev/null)
endef
$(foreach f,$(FLAVOURS),$(eval $(call flavour,$(f))))
.SECONDARY:

# One short line per step; `make V=1` shows the commands.
ifndef V
Q_CC = @echo '  CC    $@';
Q_AR = @echo '  AR    $@';
Q_LD = @echo '  LD    $@';
endif

# --- targets ----------------------------------------------------------------------------------------------------------

.PHONY: all deps demo test check lint lint-all lint-format lint-shell lint-cppcheck gates format sim play fuzz rehearsal links bench browse tour \
	coverage coverage-check mutate mutate-run install deb clean help

all: $(if $(PROGRAM_release),$(B)/warifu,$(B)/release/libwarifu.a) ## Build the program, $(B)/warifu (default)

$(B)/warifu: $(B)/release/warifu
	@cp -f $< $@

deps: ## Install what building, testing and lint need (Debian packages, npm packages)
	@tools/install-deps lint

demo: ## Two homes, one operation: the main job on real input
	@tools/install-deps build
	@$(MAKE) --no-print-directory all
	@WARIFU=$(abspath $(B))/warifu tests/demo/demo.sh

test: ## Build with sanitizers and run every test; the last line is the count
	@tools/install-deps test
	@$(MAKE) --no-print-directory check

check: $(BUILT_test)
	@$(call environment,test) tools/run-tests $(TESTS_test) $(TEST_SCRIPTS)

# What a test is told: the program to run, and where the programs of its flavour lie.
environment = WARIFU=$(abspath $(B))/$(1)/warifu BUILD=$(abspath $(B))/$(1) \
	UBSAN_OPTIONS=print_stacktrace=1 ASAN_OPTIONS=detect_leaks=1:abort_on_error=0

coverage: ## Run every test and print how many lines of src/ they reach; below 85 % fails
	@tools/install-deps test
	@$(MAKE) --no-print-directory coverage-check

coverage-check: $(BUILT_cov)
	@find $(B)/cov -name '*.gcda' -delete
	@$(call environment,cov) tools/run-tests $(TESTS_cov) $(filter-out tests/gates/%,$(TEST_SCRIPTS)) >$(B)/cov/tests.log 2>&1 || \
		{ tail -n 60 $(B)/cov/tests.log; exit 1; }
	@gcovr -j 2 --root . --object-directory $(B)/cov/obj --filter src/ --exclude '.*_(test|fuzz)\.c' \
		--exclude 'src/base/tap\.h' --exclude '.*/test_[a-z_]*\.h' \
		--fail-under-line 85 --print-summary --txt $(B)/cov/report.txt $(B)/cov/obj

mutate: ## Plant one error at a time in each guard and table of the domains; every one must be caught
	@tools/install-deps test
	@$(MAKE) --no-print-directory mutate-run

mutate-run: $(B)/mutate/libwarifu.a $(UNIT_TESTS_mutate)
	@MUTATE_COMPILE='$(CC_mutate) $(ALL_CFLAGS) $(CFLAGS_mutate)' MUTATE_LINK='$(ALL_LDFLAGS) $(LDFLAGS_mutate)' \
		MUTATE_LIBRARIES='$(LIBRARIES)' tools/mutate $(MUTATE)

# --- lint -------------------------------------------------------------------------------------------------------------

# A file is looked at again when it, a header of it, or the configuration has changed: each mark depends on the object.
LINT_C := $(SOURCES) $(wildcard tests/*/*.c)
LINT_H := $(shell find src tests -name '*.h' 2>/dev/null)
TIDY_MARKS := $(patsubst %.c,$(B)/lint/tidy/%.ok,$(LINT_C))
ANALYZE_MARKS := $(patsubst %.c,$(B)/lint/analyze/%.ok,$(LINT_C))
SHELL_SCRIPTS := $(shell grep -rlE '^\#!.*/(env )?(ba|da)?sh|^\# shellcheck shell=' tools tests .ci 2>/dev/null)

lint: ## Gates, clang-format, clang-tidy, cppcheck, gcc's analyser, shellcheck
	@tools/install-deps lint
	@$(MAKE) --no-print-directory -k CI=true lint-all # the program as it is shipped, without a warning

lint-all: gates lint-format lint-shell lint-cppcheck $(TIDY_MARKS) $(ANALYZE_MARKS)
	@echo "lint: clean"

gates: ## Layers, sizes, words
	@tools/gate-layers
	@tools/gate-size
	@tools/gate-words

lint-format:
	@$(if $(LINT_C)$(LINT_H),tools/lint-format $(LINT_C) $(LINT_H))

lint-shell:
	@shellcheck $(SHELL_SCRIPTS)

lint-cppcheck:
	@tools/lint-cppcheck src tests

$(B)/lint/tidy/%.ok: %.c $(B)/release/obj/%.o .clang-tidy tools/lint-tidy
	@echo '  TIDY  $<'
	@mkdir -p $(dir $@)
	@tools/lint-tidy $< $(LANGUAGE) $(PACKAGE_CFLAGS)
	@touch $@

$(B)/lint/analyze/%.ok: %.c $(B)/release/obj/%.o tools/lint-analyze
	@echo '  ANA   $<'
	@mkdir -p $(dir $@)
	@CC='$(CC)' tools/lint-analyze $< $(LANGUAGE) $(PACKAGE_CFLAGS)
	@touch $@

format: ## Lay out all C files as .clang-format says
	@clang-format -i $(LINT_C) $(LINT_H)

# --- long runs --------------------------------------------------------------------------------------------------------

SEED := 1
SIM_ARGUMENTS := --seed $(SEED)
sim: $(filter $(B)/test/sim,$(BUILT_test)) ## Simulated partners and links from one seed: make sim SEED=7
	@$(if $(filter sim,$(TEST_FOLDERS)),$(call environment,test) $(B)/test/sim $(SIM_ARGUMENTS),echo "no simulator yet")

PLAYS := $(filter %_play_test,$(UNIT_TESTS_test))
play: $(PLAYS) ## Ten thousand random moves out of the tables, every invariant after them: make play SEED=7
	@for play in $(PLAYS); do PLAY_SEED=$(SEED) PLAY_MOVES=10000 $(call environment,test) $$play || exit 1; done

rehearsal: all $(filter $(B)/release/rehearsal,$(BUILT_release)) ## Five fiscal years of 3,737 orders, audited: make rehearsal SEED=7
	@WARIFU=$(abspath $(B))/warifu BUILD=$(abspath $(B))/release tests/rehearsal/run.sh $(SEED)

FUZZ_SECONDS := 30
FUZZ_PROGRAMS := $(patsubst %.c,$(B)/fuzz/%,$(FUZZERS))
fuzz: $(FUZZ_PROGRAMS) ## Fuzz each reader of foreign bytes: make fuzz FUZZ_SECONDS=600
	@for program in $(FUZZ_PROGRAMS); do tools/fuzz-one $$program $(FUZZ_SECONDS) || exit 1; done

links: $(B)/test/warifu ## Sync over real links between network namespaces: delays, rates, losses, cuts; needs root
	@$(call environment,test) tests/scenario/links.sh

browse: all ## Look at every page of the demo's halves in both languages, pictures in $(B)/pictures
	@tools/install-deps test
	@EVERY=1 B=$(abspath $(B)) WARIFU=$(abspath $(B))/warifu tests/web/demo.t

tour: all ## Make the pictures of docs/tour.md anew
	@tools/install-deps test
	@TOUR=1 B=$(abspath $(B)) WARIFU=$(abspath $(B))/warifu tests/web/demo.t

bench: ## Time and bytes beside bare libsodium, bare SQLite, git and fossil: make bench N=100000
	@tools/install-deps bench
	@$(MAKE) --no-print-directory all $(B)/release/bench
	@BUILD=$(abspath $(B))/release tests/bench/bench.sh
	@BUILD=$(B)/release tests/bench/pages.sh

# --- what leaves the tree ---------------------------------------------------------------------------------------------

SHARE := $(DESTDIR)$(PREFIX)/share
install: all ## Install the program, its manual page and the agreements (DESTDIR, PREFIX)
	install -D -m 755 $(B)/warifu $(DESTDIR)$(PREFIX)/bin/warifu
	strip $(DESTDIR)$(PREFIX)/bin/warifu
	install -D -m 644 -t $(SHARE)/warifu data/agreement-*.json
	install -D -m 644 -t $(SHARE)/warifu/papers data/papers/*.json
	install -D -m 644 -t $(SHARE)/doc/warifu LICENSE $(wildcard README.md docs/*.md)
	install -D -m 644 -t $(SHARE)/doc/warifu/tour $(wildcard docs/tour/*.webp)
	if $(B)/warifu man >$(B)/warifu.1 2>/dev/null && [ -s $(B)/warifu.1 ]; then \
		install -D -m 644 $(B)/warifu.1 $(SHARE)/man/man1/warifu.1; fi

deb: all ## Build $(B)/warifu_VERSION_ARCH.deb, the same bytes each time
	@VERSION=$(VERSION) MAKE='$(MAKE) --no-print-directory' tools/make-deb

clean: ## Remove all that was built
	rm -rf $(B)

help: ## Show this list
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/  make \1\t\2/p' $(firstword $(MAKEFILE_LIST)) | expand -t 18
