# Adds the temperature in Fahrenheit. io: socket.
import json, os, socket

connection = socket.socket(socket.AF_UNIX)
connection.connect(os.environ["FLOW_SOCKET"])
lines, answers = connection.makefile("r", encoding="utf-8"), connection.makefile("w", encoding="utf-8")
bad = False
for message in map(json.loads, lines):
    event = message if "specversion" in message else message.get("event")
    if event and "celsius" in event["data"]:
        event["data"]["fahrenheit"] = event["data"]["celsius"] * 9 / 5 + 32
        print(json.dumps(event), file=answers)
    bad = bad or bool(event) and "celsius" not in event["data"]
    if event is message or message["type"] == "ChunkEnd":
        end = {"type": "Reject", "reason": "no celsius"} if bad else {"type": "Ack"}
        print(json.dumps(end | {"id": message["id"]}), file=answers, flush=True)
        bad = False
