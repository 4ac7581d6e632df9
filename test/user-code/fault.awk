# Gives back what it is given until it comes to an event or chunk whose id ends in `fault`; then it does what its argument says. io: stdio, fifo.
BEGIN {
  mode = ARGV[1]
  ARGC = 1
  for (big = "x"; length(big) < 65536;) big = big big
}
!/^\{"type":"Data"/ {
  match($0, /"id":"[^"]*"/)
  id = substr($0, RSTART, RLENGTH)
  fault = id ~ /fault"$/ ? mode : ""
}
fault == "never-reads" { system("sleep 600") }
/^\{"(specversion|type":"Data)"/ {
  if (fault == "garbage") print "Segmentation fault? {"
  print
  fflush()
  if (fault == "crashes") {
    print "it is all too much" >"/dev/stderr"
    exit 3
  }
}
/^\{"(specversion|type":"ChunkEnd)"/ {
  if (fault == "hangs") system("sleep 600")
  while (fault == "floods") printf "%s", big
  end = "{\"type\":\"Ack\"," id "}"
  print fault == "twice" ? end "\n" end : end
  fflush()
}
