#!/usr/bin/env bash
# Judges once a format and always ends with 0: the verdict is a step of its own, after what is uploaded and said.
# Reads BASE, CHECKED_PATH, FURTHER, ONLY_NEW, REPORTS; writes outputs and the job's summary.
set -euo pipefail

PATH=$RUNNER_TEMP/asky-gitops/bin:$PATH
mkdir -p "$REPORTS"
arguments=()
while IFS= read -r line; do [ -z "$line" ] || arguments+=("$line"); done <<<"${FURTHER:-}"
if [ -n "${BASE:-}" ]; then
  arguments+=(--trust-from "$BASE")
  [ "${ONLY_NEW:-}" != true ] || arguments+=(--since "$BASE")
fi
[ -z "${CHECKED_PATH:-}" ] || arguments+=(-- "$CHECKED_PATH")

status=0
asky-gitops check --format github "${arguments[@]}" || status=$?
echo "status=$status" >>"$GITHUB_OUTPUT"

report() { # FORMAT FILE: a run that fails writes no file, and is told of above
  asky-gitops -q check --format "$1" --output "$REPORTS/$2" "${arguments[@]}" 2>/dev/null || true
  [ -s "$REPORTS/$2" ]
}

if report sarif report.sarif; then echo "sarif-file=$REPORTS/report.sarif" >>"$GITHUB_OUTPUT"; fi
comment=$REPORTS/comment.md
if report markdown comment.md; then
  if [ -n "${BASE:-}" ] && [ -f asky.yaml ]; then
    asky-gitops diff --since "$BASE" --format markdown >"$REPORTS/diff.md" 2>/dev/null && { echo; cat "$REPORTS/diff.md"; } >>"$comment"
  fi
else
  printf '%s\n\n### asky-gitops: no verdict (exit status %s)\n\nThe log of the job says why.\n' \
    '<!-- asky-gitops check -->' "$status" >"$comment"
fi
# A comment holds 65,536 characters.
if [ "$(wc -m <"$comment")" -gt 65000 ]; then
  head -c 64000 "$comment" | iconv -c -f UTF-8 -t UTF-8 >"$comment.cut"
  printf '\n\n… cut here; the summary of the job holds everything\n' >>"$comment.cut"
  cat "$comment" >>"$GITHUB_STEP_SUMMARY"
  mv "$comment.cut" "$comment"
else
  cat "$comment" >>"$GITHUB_STEP_SUMMARY"
fi
echo "comment-file=$comment" >>"$GITHUB_OUTPUT"
