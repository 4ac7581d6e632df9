#!/bin/bash
# alternate.sh ROUNDS COMMAND…: runs the commands in turn, so that a busy minute meets all of them, and gives each one's user and system seconds.
rounds=$1
shift
TIMEFORMAT='%U %S'
for ((round = 1; round <= rounds; round++)); do
  for command; do
    used=$({ time bash -c "$command" >/dev/null 2>&1 || echo "failed"; } 2>&1)
    echo "$used $command"
  done
done | awk '{ used = $1 + $2; $1 = $2 = ""; all[$0] = all[$0] sprintf(" %.2f", used); sum[$0] += used; n[$0]++; if (!($0 in least) || used < least[$0]) least[$0] = used }
  END { for (each in all) printf "mean %.2f  least %.2f  (%s )%s\n", sum[each] / n[each], least[each], all[each], each }' | sort
