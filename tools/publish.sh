#!/bin/sh
# One scheduled run: sync the accounts that are due, build the site.
#
# Exit 3 of build-site means that some accounts failed while the others are fresh: the site is
# built and worth publishing, so it becomes a warning. Every other failure stays one.
set -u

code=0
.venv/bin/build-site || code=$?

if [ "$code" -eq 3 ]; then
    echo "::warning title=Gatefold::some accounts could not be synced; their last good snapshot is shown"
    code=0
fi

if [ "$code" -eq 0 ] && [ -z "$(ls data/accounts 2>/dev/null)" ]; then
    cat >>"${GITHUB_STEP_SUMMARY:-/dev/stderr}" <<'SUMMARY'
### No account is connected yet

1. In a clone of this repository run `make demo SERVE=0` once for the set-up, then `.venv/bin/build-site init`.
2. Put `DISCOGS_OAUTH_CONSUMER_KEY` and `DISCOGS_OAUTH_CONSUMER_SECRET` of your Discogs application into `.env`.
3. Run `.venv/bin/build-site connect --privacy public`, then `make state-push`.
4. Add those two and `OAUTH_ENCRYPTION_KEY` from `.env` as secrets of the environment `sync` (Settings → Environments).
5. Settings → Pages: choose GitHub Actions as the source. Then run this workflow again.
SUMMARY
fi

exit "$code"
