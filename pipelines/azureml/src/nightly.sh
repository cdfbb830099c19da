#!/usr/bin/env bash
# nightly.sh FOLDER OPTION…: one more scan in FOLDER, which is a blob mount, compared with those that are there.
#
# The scan works on the node's own disk. A blob mount uploads a file when it is closed; appending, renaming, locking and
# syncing, by which a scan keeps what it has, do not hold there. So whole files are copied, each written once.
set -euo pipefail
shopt -s nullglob

scans=$1
shift
here=$(mktemp -d)
name=$(date -u +%Y-%m-%dT%H-%M-%SZ)

# Where the job runs as a managed identity, Azure ML says here which one, and the sign-in reads it there.
if [ -n "${DEFAULT_IDENTITY_CLIENT_ID:-}" ]; then
  export AZURE_CLIENT_ID="${AZURE_CLIENT_ID:-$DEFAULT_IDENTITY_CLIENT_ID}"
fi

# What a comparison reads of the last scans, their records and not their pages; their names are their times, and sort so.
earlier=("$scans"/*/results.jsonl)
first=$((${#earlier[@]} > 30 ? ${#earlier[@]} - 30 : 0))
for results in "${earlier[@]:first}"; do
  folder=$(dirname "$results")
  copy=$here/$(basename "$folder")
  mkdir "$copy"
  cp -p "$folder"/*.jsonl "$folder"/*.json "$copy/"
done

# Kept is also what there is of a scan that broke off.
trap '[ ! -d "$here/$name" ] || cp -R "$here/$name" "$scans/"' EXIT

code=0
diagnose scan -o "$here/$name" "$@" || code=$?
# 4: some runs could not be diagnosed, and are listed; for a night that is a scan all the same.
if [ "$code" -eq 4 ]; then code=0; fi
exit "$code"
