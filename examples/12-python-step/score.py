"""How far a reading is from what its sensor said before, in standard deviations. Welford's algorithm: three numbers a sensor."""
import json
import math
import os
import socket

seen = {}  # sensor -> (count, mean, sum of squared differences)


def score(sensor, value):
    count, mean, squares = seen.get(sensor, (0, 0.0, 0.0))
    deviation = math.sqrt(squares / count) if count >= 10 else 0.0
    z = (value - mean) / deviation if deviation > 0 else 0.0
    new_mean = mean + (value - mean) / (count + 1)
    seen[sensor] = (count + 1, new_mean, squares + (value - mean) * (value - new_mean))
    return z


connection = socket.socket(socket.AF_UNIX)
connection.connect(os.environ["FLOW_SOCKET"])
# Two, because one for both forgets what it has read ahead when it is written to.
lines, answers = connection.makefile("r", encoding="utf-8"), connection.makefile("w", encoding="utf-8")
for line in lines:
    event = json.loads(line)
    data = event["data"]
    data["score"] = score(data["sensor"], data["celsius"])
    answers.write(json.dumps({"id": event["id"], "data": data}) + "\n")
    answers.write(json.dumps({"type": "Ack", "id": event["id"]}) + "\n")
    answers.flush()
