# elmond: `make demo` and `make test` do all the set-up on a Debian or Ubuntu machine with Swift.

SWIFT ?= swift
PREFIX ?= /usr
DESTDIR ?=
MODEL ?= models/default
DATA ?= ../shared/data/gop_debate/Sentiment.csv
BUILD := .build/release
SWIFTFLAGS := -c release --explicit-target-dependency-import-check error
SOURCES := Package.swift Sources Tests
PACKAGES := libopenblas-dev libhdf5-dev libsqlite3-dev zlib1g-dev libbz2-dev liblzma-dev \
  libzstd-dev libarchive-dev libcld2-dev libcurl4-openssl-dev libssl-dev pkg-config sqlite3 bzip2 xz-utils zstd

# OpenBLAS chooses its kernels by the CPU; a leftover of another machine would hide the best ones.
unexport OPENBLAS_CORETYPE
unexport OPENBLAS_L2_SIZE

.PHONY: deps build demo test check fmt bench article install clean

deps:
	@missing=; for p in $(PACKAGES); do \
	  dpkg-query -W -f='$${db:Status-Abbrev}' $$p 2>/dev/null | grep -q '^ii' || missing="$$missing $$p"; \
	done; \
	if [ -n "$$missing" ]; then \
	  sudo=; [ "$$(id -u)" = 0 ] || sudo=sudo; \
	  echo "installing:$$missing"; \
	  $$sudo apt-get update -qq && \
	  $$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing >/dev/null; \
	fi

build: deps
	$(SWIFT) build $(SWIFTFLAGS)

demo: build
	@rm -rf .build/demo && mkdir -p .build/demo
	$(BUILD)/elmond run --config config/demo.toml --until-end
	@echo; $(BUILD)/elmond report --database .build/demo/elmond.db
	@echo; $(BUILD)/elmond query hourly --database .build/demo/elmond.db --topic debate
	@echo; echo "sqlite3 .build/demo/elmond.db \"select bucket, tweets, score_mean from hourly where topic='all' order by tweets desc limit 3\""
	@sqlite3 -header -column .build/demo/elmond.db \
	  "select bucket, tweets, score_mean from hourly where topic='all' order by tweets desc limit 3"

test: deps
	$(SWIFT) build $(SWIFTFLAGS) --build-tests
	$(SWIFT) test -c release --skip-build
	Tests/EndToEnd/run.sh $(BUILD) $(MODEL)

check: deps
	@$(SWIFT) format lint --strict --parallel --recursive $(SOURCES)
	@log=$$(mktemp); trap 'rm -f "$$log"' EXIT; \
	{ $(SWIFT) build $(SWIFTFLAGS) --build-tests && \
	  $(SWIFT) test -c release --skip-build && \
	  Tests/EndToEnd/run.sh $(BUILD) $(MODEL); } >"$$log" 2>&1 || { cat "$$log"; exit 1; }; \
	if grep -E '(warning|error):' "$$log"; then exit 1; fi

fmt:
	$(SWIFT) format format --in-place --parallel --recursive $(SOURCES)

bench: build
	$(BUILD)/elmond bench --model $(MODEL)
	$(BUILD)/elmond bench --model-size original

# The article's table; models/article.sh tells what else can be set. Takes an hour or more with all seeds.
article: build
	@ELMOND=$(BUILD)/elmond MODEL=$(MODEL) DATA=$(DATA) models/article.sh

# Statically linked with the Swift runtime, so that the machine that runs it needs no toolchain.
install: deps
	$(SWIFT) build -c release --static-swift-stdlib --scratch-path .build/install \
	  --product elmond
	$(SWIFT) build -c release --static-swift-stdlib --scratch-path .build/install \
	  --product elmond-model-import
	install -D -s -m 0755 .build/install/release/elmond $(DESTDIR)$(PREFIX)/bin/elmond
	install -D -s -m 0755 .build/install/release/elmond-model-import \
	  $(DESTDIR)$(PREFIX)/libexec/elmond/elmond-model-import
	install -d $(DESTDIR)$(PREFIX)/share/elmond/models/default
	install -m 0644 models/default/* $(DESTDIR)$(PREFIX)/share/elmond/models/default/
	install -D -m 0644 dashboards/elmond.json $(DESTDIR)$(PREFIX)/share/elmond/dashboards/elmond.json
	install -D -m 0644 systemd/elmond.service $(DESTDIR)$(PREFIX)/lib/systemd/system/elmond.service
	install -D -m 0644 systemd/elmond.tmpfiles $(DESTDIR)$(PREFIX)/lib/tmpfiles.d/elmond.conf
	install -D -m 0644 README.md $(DESTDIR)$(PREFIX)/share/doc/elmond/README.md
	install -D -m 0644 systemd/elmond.sysusers $(DESTDIR)$(PREFIX)/lib/sysusers.d/elmond.conf
	test -e $(DESTDIR)/etc/elmond/elmond.toml || \
	  install -D -m 0644 config/elmond.toml $(DESTDIR)/etc/elmond/elmond.toml

clean:
	rm -rf .build
