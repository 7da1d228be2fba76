# The interface of this checkout, for people and for CI. It needs make, the system's Node (20 or newer) and npm, which
# installs Node 26 and every tool into node_modules.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules

export PATH := $(CURDIR)/node_modules/.bin:$(PATH)

executable := dist/mirrorctl
# npm writes this file last, so an interrupted installation starts again.
installed := node_modules/.package-lock.json
built_from := $(shell find src -name '*.ts' ! -name '*.test.ts') scripts/build.ts $(wildcard scripts/executable/*.ts) \
	scripts/openpgp-without-tables.ts scripts/undici-client.cjs package.json

# Those that need no programs of Debian.
checks_of_text := format lint types dead-code links language

# vitest's own time limits cannot end a test that never yields.
run_tests := timeout --kill-after=10 11m node scripts/run-tests.ts

.PHONY: help
help: ## show this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' Makefile

.PHONY: build
build: $(executable) ## build dist/mirrorctl, one executable without dependencies

.PHONY: check
check: static unit ## the fast half: format, lint, types, dead code, generated pages, words, unit tests

# Installing packages mostly waits for the network and the disk, so what needs none of them is done meanwhile; making client
# roots waits for the network too. Tests of faults are the longest files, so they start first; unit tests are the shortest, so
# they keep every processor busy to the end.
.PHONY: test
test: ## install what is missing, then run check and the end-to-end tests
	@$(MAKE) --no-print-directory --jobs=2 --output-sync=target packages $(checks_of_text)
	@$(MAKE) --no-print-directory --jobs=2 --output-sync=target client-roots apt-mirror2 pages build
	@$(run_tests) faults e2e fuzz unit

.PHONY: fuzz
fuzz: setup ## fuzz the parsers: TARGET=release SECONDS=3600 SEED=1, or all of them for ten minutes
	@nice node test/fuzz/main.ts --target="$(TARGET)" --seconds="$(SECONDS)" --seed="$(SEED)"

KILLS ?= 500
CUTS ?= 200
WALKS ?= 300

.PHONY: soak
soak: setup $(executable) ## what make test runs in short: KILLS kills, CUTS power cuts, WALKS walks, failing looks, more fuzzing
	SOAK=1 KILLS=$(KILLS) CUTS=$(CUTS) WALKS=$(WALKS) timeout --kill-after=10 3h \
	  vitest run --project faults --project fuzz --project e2e test/faults test/fuzz test/e2e/kill.e2e test/e2e/power-cut test/e2e/installability

.PHONY: demo
demo: $(executable) ## show a sync, a promotion and a rollback against a sample upstream on this machine
	@node scripts/demo.ts

# bench/settings.ts says what PACKAGES=, BYTES=, RUNS=, ROWS=, BENCH_DIR= and AGAINST= do.
.PHONY: bench
bench: $(executable) ## measure mirrorctl beside other tools and write docs/performance.md: QUICK=1, ROWS=changed,growth
	@scripts/setup.sh apt-mirror curl debmirror
	@node bench/main.ts

.PHONY: deb
deb: $(executable) ## build dist/mirrorctl_<version>_<architecture>.deb
	node scripts/package/deb.ts

# Not in `make test`: it takes half a minute of processor time.
.PHONY: lintian
lintian: deb ## let lintian check the Debian package
	@scripts/setup.sh lintian
	lintian --fail-on=error,warning --allow-root dist/*.deb

.PHONY: dist
dist: $(executable) ## build what a release has, into dist/release: package, tarball, npm package, lists of contents, checksums
	node scripts/package/dist.ts

.PHONY: docs
docs: $(installed) ## write the generated pages of docs/
	node bench/main.ts --page
	node scripts/docs-commands.ts
	node scripts/docs-compatibility.ts
	node scripts/docs-configuration.ts
	node scripts/docs-errors.ts
	node scripts/docs-json.ts
	node scripts/docs-quotes.ts
	node scripts/docs-reliability.ts

.PHONY: docs-site
docs-site: $(installed) ## build dist/site, the pages of docs/ as a static site with a search, and check its links
	@node scripts/site.ts

.PHONY: figures
figures: $(installed) ## record the figures of the latest runs in docs/reliability.md
	node scripts/docs-reliability.ts --take

.PHONY: clean
clean: ## remove what was built and installed
	rm -rf dist node_modules

.PHONY: setup packages
setup: $(installed) packages
# The Debian packages that the tests use.
packages:
	@scripts/setup.sh

# The newer apt clients that end-to-end tests use beside this machine's own.
.PHONY: client-roots
client-roots: setup
	@scripts/client-roots.sh

# A tool from which people come, and which Debian does not have.
.PHONY: apt-mirror2
apt-mirror2: setup
	@scripts/apt-mirror2.sh

.PHONY: unit
unit: $(installed)
	@$(run_tests) faults unit

.PHONY: static
static: $(checks_of_text) pages

.PHONY: $(checks_of_text) pages
format: $(installed)
	biome check --error-on-warnings
lint: $(installed)
	oxlint --type-aware --deny-warnings
types: $(installed)
	tsc --noEmit
dead-code: $(installed)
	knip
pages: $(installed)
	node bench/main.ts --page --check
	node scripts/docs-commands.ts --check
	node scripts/docs-compatibility.ts --check
	node scripts/docs-configuration.ts --check
	node scripts/docs-errors.ts --check
	node scripts/docs-json.ts --check
	node scripts/docs-quotes.ts --check
	node scripts/docs-reliability.ts --check
links: $(installed) docs-site
	node scripts/links.ts
language: $(installed)
	node scripts/language.ts

$(executable): $(installed) $(built_from)
	node scripts/build.ts

# Not `npm ci`: it refuses a lock without the tools' builds for platforms on which mirrorctl does not run. This uses the
# versions and digests of the lock too, and changes no file of the checkout. npm itself runs on the system's Node, which is
# older than `engines` demands; its warning about that does not matter here.
$(installed): package-lock.json
	npm install --no-save --no-progress --loglevel=error
	@touch $@
