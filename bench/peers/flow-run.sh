#!/bin/bash
# Our row for the peers' benchmark: flow-run.sh WORK IN OUT.
#   ./bench.py run --rounds 3 --works W1,W2,W3,W4,W5 --rows node24,flow --row 'flow: W1 W2 W3 W4 W5=…/bench/peers/flow-run.sh'
dir=${BASH_SOURCE[0]%/*}
root=$dir/../..
late=()
case $1 in W2) source=text ;; W3 | W5) source=events late=(--to "late=file:$3.late") ;; *) source=events ;; esac
exec "$root/node_modules/node/bin/node" "$root/dist/flow.js" run "$dir/${1,,}.flow" --from "$source=file:$2" --to "out=file:$3" "${late[@]}"
