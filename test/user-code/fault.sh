#!/bin/sh
# Gives back what it is given until it comes to an event or chunk whose id ends in `fault`; then it does what its argument says. io: file.
while sleep 0.02; do
  for unit in "$FLOW_IN"/*; do
    [ -f "$unit" ] || continue
    name=${unit##*/}
    fault=
    head -n 1 "$unit" | grep -q '"id":"[^"]*fault"' && fault=$1
    case $fault in
      hangs) sleep 600 ;;
      crashes)
        head -c 20 "$unit" >"$FLOW_OUT/.$name"
        echo "it is all too much" >&2
        exit 3
        ;;
      garbage) echo "Segmentation fault? {" ;;
      floods) yes '{"data":"and so on and so on and so on and so on"}' | head -c 68000000 ;;
      *) cat "$unit" ;;
    esac >"$FLOW_OUT/.$name"
    [ "$fault" = twice ] && cp "$unit" "$FLOW_OUT/.again"
    rm "$unit"
    mv "$FLOW_OUT/.$name" "$FLOW_OUT/$name"
    [ "$fault" = twice ] || continue
    while [ -f "$FLOW_OUT/$name" ]; do sleep 0.01; done
    mv "$FLOW_OUT/.again" "$FLOW_OUT/$name"
  done
done
