// Adds the temperature in Fahrenheit. io: socket. An event that makes it end is tried again, then goes to the dead letter.
package main

import "encoding/json"
import "net"
import "os"

func main() {
	connection, _ := net.Dial("unix", os.Getenv("FLOW_SOCKET"))
	events, answers := json.NewDecoder(connection), json.NewEncoder(connection)
	for event := map[string]any{}; events.Decode(&event) == nil; event = map[string]any{} {
		data := event["data"].(map[string]any)
		data["fahrenheit"] = data["celsius"].(float64)*9/5 + 32
		answers.Encode(event)
		answers.Encode(map[string]any{"type": "Ack", "id": event["id"]})
	}
}
