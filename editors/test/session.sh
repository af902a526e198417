# What the tests of the editors share: a workspace of their own, and proof that nothing keeps running.
# To be sourced, with the path of the akslint binary as $1.

if [ $# -ne 1 ] || [ ! -x "$1" ]; then
    echo "usage: $0 PATH_OF_AKSLINT" >&2
    exit 2
fi

editors=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
tools=$editors/../target/editor-tools
session=$(mktemp -d)
mkdir -p "$session/bin" "$session/home"
ln -s "$(realpath "$1")" "$session/bin/akslint"

# Every process of the test has this in its environment, by which it is found.
export AKSLINT_EDITOR_SESSION=$session
export PATH=$session/bin:$PATH
export HOME=$session/home
export XDG_CONFIG_HOME=$HOME/.config XDG_DATA_HOME=$HOME/.local/share
export XDG_STATE_HOME=$HOME/.local/state XDG_CACHE_HOME=$HOME/.cache XDG_RUNTIME_DIR=$HOME

running() {
    grep -lzsx "AKSLINT_EDITOR_SESSION=$session" /proc/[0-9]*/environ | cut -d/ -f3 | while read -r process; do
        # The shells of this script hold it as well, once they have forked.
        [ "$(cat "/proc/$process/comm" 2>/dev/null)" = akslint ] && echo "$process"
        [ "$(cat "/proc/$process/comm" 2>/dev/null)" = "$1" ] && echo "$process"
    done
}

end_session() {
    for process in $(running "$editor"); do
        kill -KILL "$process" 2>/dev/null
    done
    rm -rf "$session"
}
trap end_session EXIT

# A copy of the workspace, in a repository, where `terraform init` was run.
new_workspace() {
    rm -rf "$session/$1"
    cp -r "$editors/test/workspace" "$session/$1"
    mkdir -p "$session/$1/infra/.terraform"
    : >"$session/$1/infra/outputs.tf"
    git init --quiet "$session/$1"
    workspace=$session/$1
}

# The server has a moment to leave after its editor.
nothing_runs() {
    for _ in $(seq 50); do
        [ -z "$(running "$editor")" ] && break
        sleep 0.1
    done
    if [ -n "$(running "$editor")" ]; then
        echo "FAILED no process is left: $(running "$editor" | xargs)"
        return 1
    fi
    echo "ok     no process is left"
}
