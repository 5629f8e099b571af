# Two commands matter: make run, make test. The rest is for developers (dev/README.md).
PYTHON ?= python3
PORT ?= 8069
CASES_DIR ?= tests/cases
MONTH_DIR ?= tests/samples/gas_month
DEV = $(PYTHON) -m dev

.PHONY: help setup run bank stop test lint format cases month collect bench shell i18n clean

help:
	@echo "make run [PORT=8069]      set up everything and serve the web client with demo data"
	@echo "make test                 set up everything and run all that CI runs"
	@echo "make bank                 answer the demo's debit batches as the bank would"
	@echo "make stop                 stop what make run started"
	@echo "make cases CASES_DIR=...  check rating against gas_*.json files, without a database"
	@echo "make month MONTH_DIR=...  play a month's files against its expected results"
	@echo "make collect MONTH_DIR=... the same, then debit, bank statement and rebills"
	@echo "make bench                benchmarks"
	@echo "make lint | format        check | format the source"
	@echo "make i18n                 export the translations again"
	@echo "make shell                Python shell on the demo database"
	@echo "make clean                remove everything that was made, the demo database too"

setup run bank stop test lint format bench shell i18n clean: export PYTHONUNBUFFERED = 1
setup bank stop test lint format bench shell i18n clean:
	@$(DEV) $@

run:
	@$(DEV) run --port $(PORT)

cases:
	@$(DEV) cases $(CASES_DIR)

month:
	@$(DEV) script tests/month.py $(MONTH_DIR)

collect:
	@$(DEV) script tests/collect.py $(MONTH_DIR)
