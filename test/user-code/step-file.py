# Adds the temperature in Fahrenheit. io: file.
import json, os, time

folder, answers = os.environ["FLOW_IN"], os.environ["FLOW_OUT"]
while True:
    for name in sorted(os.listdir(folder)):
        with open(f"{folder}/{name}") as unit, open(f"{answers}/.{name}", "w") as answer:
            for message in map(json.loads, unit):
                event = message if "specversion" in message else message.get("event")
                if event:
                    event["data"]["fahrenheit"] = event["data"]["celsius"] * 9 / 5 + 32
                    print(json.dumps(event), file=answer)
        os.remove(f"{folder}/{name}")
        os.rename(f"{answers}/.{name}", f"{answers}/{name}")
    time.sleep(0.02)
