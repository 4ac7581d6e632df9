#!/bin/sh
# Adds the temperature in Fahrenheit. io: file. A unit is answered in a hidden file, which is renamed when it is whole.
while sleep 0.05; do
  for unit in "$FLOW_IN"/*; do
    [ -f "$unit" ] || continue
    name=${unit##*/}
    awk -f "$(dirname "$0")/step.awk" "$unit" >"$FLOW_OUT/.$name"
    rm "$unit"
    mv "$FLOW_OUT/.$name" "$FLOW_OUT/$name"
  done
done
