// Adds the temperature in Fahrenheit. io: fifo. An event that makes it end is tried again, then goes to the dead letter.
package main

import "encoding/json"
import "os"

func main() {
	input, _ := os.Open(os.Getenv("FLOW_INPUT"))
	output, _ := os.OpenFile(os.Getenv("FLOW_OUTPUT"), os.O_WRONLY, 0)
	events, answers := json.NewDecoder(input), json.NewEncoder(output)
	for event := map[string]any{}; events.Decode(&event) == nil; event = map[string]any{} {
		data := event["data"].(map[string]any)
		data["fahrenheit"] = data["celsius"].(float64)*9/5 + 32
		answers.Encode(event)
		answers.Encode(map[string]any{"type": "Ack", "id": event["id"]})
	}
}
