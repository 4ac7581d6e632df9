#!/bin/bash
# Our row for the peers' benchmark: flow-run.sh WORK IN OUT.
#   ./bench.py run --rounds 3 --works W1,W2,W4 --rows node24,flow --row 'flow: W1 W2 W4=…/bench/peers/flow-run.sh'
dir=${BASH_SOURCE[0]%/*}
root=$dir/../..
case $1 in W2) source=text ;; *) source=events ;; esac
exec "$root/node_modules/node/bin/node" "$root/dist/flow.js" run "$dir/${1,,}.flow" --from "$source=file:$2" --to "out=file:$3"
