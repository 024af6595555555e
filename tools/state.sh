#!/bin/sh
# The state of this instance, kept on the orphan branch `state` and checked out at data/.
#
#   state.sh pull   fetch the branch into data/; a missing branch is a new instance
#   state.sh push   commit data/ and push it, if anything changed
#
# STATE_TOKEN (optional) is handed to git through its environment only, so that it is in no
# argument, address or file. STATE_REMOTE replaces the address of `origin`, STATE_PAUSE the seconds
# between tries. In a workflow, `changed=true` or `changed=false` is written for later steps.
set -eu

branch=refs/heads/state
tries=5
remote=${STATE_REMOTE:-$(git remote get-url origin)}

if [ -n "${STATE_TOKEN:-}" ]; then
    credentials=$(printf 'x-access-token:%s' "$STATE_TOKEN" | base64 | tr -d '\n')
    export GIT_TERMINAL_PROMPT=0 GIT_CONFIG_COUNT=1
    export GIT_CONFIG_KEY_0="http.${GITHUB_SERVER_URL:-https://github.com}/.extraheader"
    export GIT_CONFIG_VALUE_0="AUTHORIZATION: basic $credentials"
fi

fail() {
    echo "error: state: $1" >&2
    exit 1
}

report() {
    echo "state: $1" >&2
    [ -z "${GITHUB_OUTPUT:-}" ] || echo "changed=$2" >>"$GITHUB_OUTPUT"
}

in_data() {
    git -C data -c user.name="github-actions[bot]" -c commit.gpgsign=false \
        -c user.email="41898282+github-actions[bot]@users.noreply.github.com" "$@"
}

# Make data/ a repository of its own. Sealed files are opaque: never converted, never merged by line.
start() {
    [ -e data/.git ] || git init --quiet data
    in_data config remote.origin.url "$remote"
    in_data config remote.origin.fetch "+$branch:refs/remotes/origin/state"
    echo '* -text -diff -merge' >data/.git/info/attributes
    printf '%s\n' /.lock '.gatefold-*.tmp' >data/.git/info/exclude
}

# Only git's own "no such branch" (2) means a new instance; any other failure must not.
branch_exists() {
    code=0
    in_data ls-remote --quiet --exit-code origin "$branch" >/dev/null || code=$?
    [ "$code" -eq 0 ] || [ "$code" -eq 2 ] || fail "cannot reach $remote"
    [ "$code" -eq 0 ]
}

fetch() {
    in_data fetch --quiet --depth 1 origin || fail "cannot fetch from $remote"
}

pull() {
    if [ -d data ] && [ ! -e data/.git ] && [ -n "$(ls -A data)" ]; then
        fail "data/ holds files that never came from the branch; push them, or move them away"
    fi
    start
    branch_exists || { report "no branch yet, this is a new instance" false; return; }
    fetch
    in_data checkout --quiet -B state origin/state
    report "at $(in_data rev-parse --short HEAD)" false
}

# Stage what differs from the branch as last seen, also what an earlier push failed to bring there.
stage() {
    if in_data rev-parse --verify --quiet origin/state >/dev/null; then
        in_data reset --quiet --soft origin/state
    elif in_data rev-parse --verify --quiet HEAD >/dev/null; then
        in_data update-ref -d HEAD
    fi
    in_data add --all
}

# The push is refused when the branch moved on: then our files go on top of what is there now.
push() {
    [ -d data ] || { report "nothing to keep yet" false; return; }
    start
    stage
    if in_data diff --cached --quiet; then
        report "unchanged" false
        return
    fi
    in_data commit --quiet --message "Update the state"
    ours=$(in_data rev-parse HEAD)
    try=1
    until in_data push --quiet origin "HEAD:$branch"; do
        [ "$try" -lt "$tries" ] || fail "not pushed after $tries tries"
        sleep $((${STATE_PAUSE:-3} * try))
        try=$((try + 1))
        branch_exists || continue
        fetch
        in_data checkout --quiet -B state origin/state
        in_data cherry-pick --allow-empty --strategy-option=theirs "$ours" >/dev/null || {
            in_data cherry-pick --abort
            fail "another writer removed what this run changed; the next run starts from there"
        }
    done
    report "pushed $(in_data rev-parse --short HEAD)" true
}

case "${1:-}" in
pull) pull ;;
push) push ;;
*) fail "say pull or push" ;;
esac
