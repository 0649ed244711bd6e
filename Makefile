PYTHON := .venv/bin/python
RUNTIME := python3.13
ARCHITECTURE := arm64
CODE := layers/video_pipeline/python layers/trim.py layers/prepare.py layers/prepared.py functions local cli tests examples
unexport PYTHONHOME PYTHONPATH PYTHONSTARTUP PYTHONWARNINGS PYTHONOPTIMIZE PYTHONDEVMODE

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' Makefile

demo: setup ## run everything on this machine and make videos from the sample manifests
	@$(PYTHON) -m local_stack demo

test: setup ## run every test, those of the whole system on the local stack included
	@$(PYTHON) -m pytest -q

test-unit: setup ## run the fast tests, without the local stack
	@$(PYTHON) -m pytest -q -m "not stack"

test-browser: setup ## open the emulator's page in Debian's Chromium, which must be installed
	@$(PYTHON) -m pytest -q tests/browser

fuzz: setup ## try 15,000 damaged and random manifests, media files and addresses
	@FUZZ_INPUTS=1500 $(PYTHON) -m pytest -q tests/intake/test_fuzz_manifest.py tests/media/test_fuzz_media.py

media-table: setup ## list the media files of the tests, with the bytes that were fetched of each
	@$(PYTHON) -m tests.media.table

histories: setup ## play 2,000 random histories of drops, kills, rings, pauses and redrives (most of an hour)
	@HISTORIES=2000 $(PYTHON) -m pytest -q tests/histories

proof: setup ## kill every function at every call, and hold the pipeline to its five laws
	@$(PYTHON) -m crash_proof prove $(if $(SEED),--seed $(SEED)) $(if $(POINTS),--points $(POINTS)) \
		$(if $(DROPS),--random $(DROPS))

proof-sample: setup ## a small part of the proof, always the same, in two minutes
	@$(PYTHON) -m crash_proof prove --seed 1 --points 10 --random 0 --times 1 \
		--scenario normal --scenario widow --scenario doubledrop

proof-breaks: setup ## break the product on purpose in many ways, and see that the proof notices
	@$(PYTHON) -m crash_proof breaks $(if $(ONLY),--only $(ONLY))

soak: setup ## drop manifests for SECONDS (600) with random faults and rubbish; watch laws and memory
	@$(PYTHON) -m crash_proof soak --soak-seconds $(or $(SECONDS),600) $(if $(SEED),--seed $(SEED))

bench-intake: setup ## take in 100 and 10,000 jobs: jobs a second, and the function's memory
	@$(PYTHON) -m benches.intake

bench-archive: ## measure the archive's copy beside curl, the AWS command line and boto3; needs nginx
	@sh local/setup.sh bench
	@$(PYTHON) -m benches.archive

check: style types template policy promises ## check format, style, types, template, policy and architecture

published: setup ## write events/published/ anew after a change of the events that is meant
	@$(PYTHON) -m tests.support.published_events

bench-cold: setup ## measure what each function costs from a fresh interpreter to its first answer
	@$(PYTHON) -m benches.cold

bench-warm: setup ## measure how many events a warm function takes, beside one that does nothing
	@$(PYTHON) -m benches.warm

performance: setup ## write docs/performance.md and docs/costs.md from the figures of the benches
	@$(PYTHON) -m benches.pages

bench-pipeline: setup ## measure how fast many jobs at once go through the whole local stack
	@$(PYTHON) -m benches.pipeline

build: export PATH := $(CURDIR)/.venv/bin:$(PATH)
build: setup ## build for AWS, layers trimmed; RUNTIME=python3.13 ARCHITECTURE=arm64
	@.local/venvs/sam/bin/sam build --parameter-overrides PythonRuntime=$(RUNTIME) Architecture=$(ARCHITECTURE)
	@$(RUNTIME) layers/trim.py .aws-sam/build

up: setup ## start the local stack and leave it running; .local/stack.json tells how to reach it
	@$(PYTHON) -m local_stack up

example: setup ## run an example beside the stack: make example EXAMPLE=filtered-queue
	@$(PYTHON) -m local_stack example --example "$(EXAMPLE)"

down: ## stop the local stack
	@test ! -x $(PYTHON) || $(PYTHON) -m local_stack down

documents: setup ## write docs/configuration.md and the tables of docs/security.md and docs/events.md anew
	@$(PYTHON) -m documents

audit: setup ## pip-audit on every pinned package; needs the internet
	@sh local/setup.sh audit
	@for file in requirements/*.txt layers/*/requirements.txt; do \
		.local/venvs/audit/bin/pip-audit --strict --disable-pip --no-deps --requirement $$file || exit 1; done

rehearsal: setup ## create, update, fail to update and delete stacks on the local engine
	@$(PYTHON) -m rehearsal

dashboard: setup ## draw docs/dashboard.svg from what the running stack tells in a minute; drop something
	@$(PYTHON) -m dashboard

clean: down ## remove everything that these commands made, the environments included
	@rm -rf .venv .local .aws-sam demo build .*_cache .hypothesis && find . -name __pycache__ -prune -exec rm -rf {} +

setup:
	@sh local/setup.sh

style: setup
	@.venv/bin/ruff format --check . && .venv/bin/ruff check .

types: setup
	@.venv/bin/mypy $(CODE)

template: setup
	@$(PYTHON) -m local_stack validate

policy: setup
	@sh local/setup.sh audit
	@.local/venvs/audit/bin/checkov --config-file .checkov.yaml

promises: setup
	@$(PYTHON) -m pytest -q tests/promises

.PHONY: help rehearsal documents audit dashboard build demo test test-unit test-browser fuzz histories media-table bench-archive bench-intake proof proof-sample proof-breaks soak check published up example down clean setup style types template promises bench-cold bench-warm bench-pipeline performance
