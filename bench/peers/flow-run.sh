#!/bin/bash
# Our row for the peers' benchmark: flow-run.sh WORK IN OUT.
#   ./bench.py run --rounds 3 --works W1,W2,W4 --rows node24,flow --row 'flow: W1 W2 W4=…/bench/peers/flow-run.sh'
set -e
dir=$(dirname "$(readlink -f "$0")")
root=$(dirname "$(dirname "$dir")")
file=$dir/${1,,}.flow
source=$(sed -n 's/^source \([a-z_]*\).*/\1/p' "$file")
exec "$root/node_modules/.bin/node" "$root/dist/flow.js" run "$file" --from "$source=file:$2" --to "out=file:$3"
