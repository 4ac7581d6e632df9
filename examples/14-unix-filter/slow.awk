# Lets requests through that took more than a second. One answer for each event: the event itself or nothing, then Ack, and out with it.
match($0, /"ms":[0-9]+/) && substr($0, RSTART + 5, RLENGTH - 5) + 0 > 1000 { print }
{ print "{\"type\":\"Ack\"}"; fflush() }
