# The errands of this house by name; `make help` lists them. Nothing here is needed to build: `swift build` does.
SHELL := /bin/bash
.DEFAULT_GOAL := help

# How long each fuzzer runs.
SECONDS = 60
# The first seed of a hunt, and the one behind its last.
FIRST = 0
SEEDS = 100000
# How many processes are killed.
KILLS = 500

.PHONY: help build test lint fuzz mutants hunt kills constant-time bench bench-check clean

help: ## Print this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | column -t -s '|'

build: ## Build for release
	swift build -c release

test: ## Run all tests
	swift test

lint: ## Check the format of all Swift sources
	swift format lint --strict -r Sources Tests Package.swift \
		Fuzz/Sources Fuzz/Package.swift ConstantTime/Sources ConstantTime/Package.swift \
		Mutants/Sources Mutants/Package.swift Benchmarks/Sources Benchmarks/Package.swift

fuzz: ## Run every fuzzer for SECONDS each (60)
	Scripts/fuzz $(SECONDS)

mutants: ## Break the rules one by one and see the simulator notice
	Scripts/mutants

hunt: ## Simulate clusters with the seeds FIRST (0) to SEEDS (100000): for nights
	Scripts/hunt --seeds "$(FIRST)..<$(SEEDS)"

kills: ## Kill the processes of a cluster KILLS (500) times, also in the middle of a write
	Scripts/kills --kills $(KILLS)

constant-time: ## Check under valgrind that signing takes the same steps whatever the secrets are
	Scripts/check_constant_time.sh

bench: ## Measure parts of the engine by the clock, one after the other
	touch Benchmarks/Package.swift
	swift package --package-path Benchmarks benchmark --no-progress

bench-check: ## Count their instructions under valgrind: at most 10 % more than in Benchmarks/baseline.txt
	Scripts/benchmarks --check

clean: ## Remove all that was built, but keep what fuzzers found
	swift package clean
	rm -rf .build-hunt
	rm -rf Fuzz/.build/*-*-*
	swift package --package-path ConstantTime clean
	swift package --package-path Mutants clean
	swift package --package-path Benchmarks clean
