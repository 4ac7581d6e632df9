# Adds the temperature in Fahrenheit. io: stdio; or fifo, by `sh -c 'exec awk -f step.awk <"$FLOW_INPUT" >"$FLOW_OUTPUT"'`.
/^\{"type":"ChunkStart"/ { next }
!/^\{"type":"ChunkEnd"/ {
  if (match($0, /"celsius": *-?[0-9.]+([eE][-+]?[0-9]+)?/)) {
    split(substr($0, RSTART, RLENGTH), pair, ":")
    $0 = substr($0, 1, RSTART - 1) "\"fahrenheit\":" pair[2] * 9 / 5 + 32 "," substr($0, RSTART)
  } else bad = 1
  print
}
!/^\{"type":"Data"/ {
  print bad ? "{\"type\":\"Reject\",\"reason\":\"no celsius\"}" : "{\"type\":\"Ack\"}"
  bad = 0
  fflush()
}
