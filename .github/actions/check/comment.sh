#!/usr/bin/env bash
# Keeps one comment on a pull request up to date: the first one of the token's own whose first line is our mark.
# Reads COMMENT (a file), NUMBER, GITHUB_REPOSITORY, GH_TOKEN.
set -euo pipefail

mark=$(head -n 1 "$COMMENT")
place=repos/$GITHUB_REPOSITORY/issues
found=$(gh api --paginate "$place/$NUMBER/comments" \
  --jq ".[] | select(.user.type == \"Bot\" and (.body | startswith(\"$mark\"))) | .id" | head -n 1)
body=$(mktemp)
python3 -c 'import json, sys; json.dump({"body": open(sys.argv[1], encoding="utf-8").read()}, sys.stdout)' "$COMMENT" >"$body"
if [ -n "$found" ]; then
  gh api --silent --method PATCH "$place/comments/$found" --input "$body"
else
  gh api --silent --method POST "$place/$NUMBER/comments" --input "$body"
fi
