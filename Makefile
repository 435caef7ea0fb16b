# Warifu. `make help` lists the targets.
#
# One makefile for the whole tree. Objects lie under build/<flavour>/obj/, in the folders of their sources; every object
# depends on the headers it read (written by the compiler) and on the flags it was made with.

.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules
ifeq (,$(filter -j% --jobserver%,$(MAKEFLAGS)))
MAKEFLAGS += -j$(shell nproc)
endif

VERSION := 0.1.0
PREFIX := /usr/local
CC := gcc
PACKAGES := sqlite3 libsodium libcrypto libzstd jansson

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
ALL_CFLAGS := $(LANGUAGE) $(PACKAGE_CFLAGS) -g $(HARDENING) -ffile-prefix-map=$(CURDIR)=. $(CFLAGS)
ALL_LDFLAGS := -pie -Wl,-z,relro,-z,now $(LDFLAGS)
SANITIZE := -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer

# A flavour is a folder under build/, a compiler and its flags.
CC_release := $(CC)
CFLAGS_release := -O2 -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2 $(WARNINGS)
CC_test := $(CC)
CFLAGS_test := -O1 $(SANITIZE) $(WARNINGS)
LDFLAGS_test := $(SANITIZE)
CC_cov := $(CC)
CFLAGS_cov := -O0 --coverage -fprofile-update=atomic $(WARNINGS)
LDFLAGS_cov := --coverage
CC_mutate := $(CC)
CFLAGS_mutate := -O1 -DWARIFU_MUTATE $(WARNINGS)
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
TEST_FOLDERS := $(sort $(notdir $(patsubst %/,%,$(dir $(wildcard tests/*/*.c)))))
TEST_SCRIPTS := $(sort $(wildcard tests/*/*.t))

# Files that src/core/assets.S takes into the program.
ASSET_FILES := $(if $(ASSETS),$(shell sed -n 's/^ASSET .*"\(.*\)".*/\1/p' $(ASSETS)))

# --- rules of one flavour ---------------------------------------------------------------------------------------------

FORCE:
.PHONY: FORCE

# $(call objects,flavour,sources)
objects = $(patsubst %,build/$(1)/obj/%.o,$(basename $(2)))
# $(call keep,file,text): a file that changes only when its text does
keep = mkdir -p $(dir $(1)) && printf '%s\n' '$(subst ','\'',$(2))' >$(1).new && \
	if cmp -s $(1).new $(1); then rm $(1).new; else mv $(1).new $(1); fi
link = $$(CC_$(1)) $$(ALL_CFLAGS) $$(CFLAGS_$(1)) $$(ALL_LDFLAGS) $$(LDFLAGS_$(1)) -o $$@ $$(filter %.o %.a,$$^) $$(LIBRARIES)

define flavour
build/$(1)/flags: FORCE
	@pkg-config --exists $$(PACKAGES) || { echo "libraries are missing; 'make deps' installs them" >&2; exit 1; }
	@$$(call keep,$$@,$$(CC_$(1)) $$(ALL_CFLAGS) $$(CFLAGS_$(1)) $$(ALL_LDFLAGS) $$(LDFLAGS_$(1)) $$(LIBRARIES))
build/$(1)/library: FORCE
	@$$(call keep,$$@,$$(LIB_SOURCES))

build/$(1)/obj/%.o: %.c build/$(1)/flags
	@mkdir -p $$(dir $$@)
	$$(Q_CC)$$(CC_$(1)) $$(ALL_CFLAGS) $$(CFLAGS_$(1)) -MMD -MP -c -o $$@ $$<
build/$(1)/obj/%.o: %.S build/$(1)/flags $$(ASSET_FILES)
	@mkdir -p $$(dir $$@)
	$$(Q_CC)$$(CC_$(1)) -I. -Isrc -MMD -MP -c -o $$@ $$<

build/$(1)/libwarifu.a: $(call objects,$(1),$(LIB_SOURCES)) build/$(1)/library
	@rm -f $$@
	$$(Q_AR)ar rcsD $$@ $$(filter %.o,$$^)
build/$(1)/libkernel.a: $(call objects,$(1),$(KERNEL_SOURCES)) build/$(1)/library
	@rm -f $$@
	$$(Q_AR)ar rcsD $$@ $$(filter %.o,$$^)

build/$(1)/warifu: $(call objects,$(1),src/main.c) build/$(1)/libwarifu.a
	$$(Q_LD)$(call link,$(1))
build/$(1)/%_test: build/$(1)/obj/%_test.o build/$(1)/libwarifu.a
	@mkdir -p $$(dir $$@)
	$$(Q_LD)$(call link,$(1))
build/$(1)/%_fuzz: build/$(1)/obj/%_fuzz.o build/$(1)/libwarifu.a
	@mkdir -p $$(dir $$@)
	$$(Q_LD)$(call link,$(1))
$(foreach f,$(TEST_FOLDERS),
build/$(1)/$(f): $(call objects,$(1),$(sort $(wildcard tests/$(f)/*.c))) build/$(1)/lib$(if $(filter toy,$(f)),kernel,warifu).a
	$$(Q_LD)$$(strip $(call link,$(1))))

UNIT_TESTS_$(1) := $(patsubst %.c,build/$(1)/%,$(UNIT_TESTS))
PROGRAM_$(1) := $(if $(wildcard src/main.c),build/$(1)/warifu)
TESTS_$(1) := $$(UNIT_TESTS_$(1)) $(if $(filter toy,$(TEST_FOLDERS)),build/$(1)/toy)
BUILT_$(1) := $$(TESTS_$(1)) $(patsubst %,build/$(1)/%,$(TEST_FOLDERS)) $$(PROGRAM_$(1))
-include $$(shell find build/$(1)/obj -name '*.d' 2>/dev/null)
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

.PHONY: all deps demo test check lint gates format sim fuzz bench coverage coverage-run mutate install deb clean help

all: $(if $(PROGRAM_release),build/warifu,build/release/libwarifu.a) ## Build the program, build/warifu (default)

build/warifu: build/release/warifu
	@cp -f $< $@

deps: ## Install what building, testing and lint need (Debian packages, npm packages)
	@tools/install-deps lint

demo: ## Two homes, one operation: the main job on real input
	@tools/install-deps build
	@$(MAKE) --no-print-directory all
	@tests/demo/demo.sh

test: ## Build with sanitizers and run every test; the last line is the count
	@tools/install-deps test
	@$(MAKE) --no-print-directory check

check: $(BUILT_test) all
	@WARIFU=$(CURDIR)/build/test/warifu BUILD=$(CURDIR)/build/test tools/run-tests $(TESTS_test) $(TEST_SCRIPTS)

clean: ## Remove all that was built
	rm -rf build

help: ## Show this list
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/  make \1\t\2/p' $(firstword $(MAKEFILE_LIST)) | expand -t 18
