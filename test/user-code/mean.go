// Makes one event of each chunk: the mean of its temperatures. io: http.
package main

import "encoding/json"
import "net/http"
import "os"

func main() {
	http.ListenAndServe("127.0.0.1:"+os.Getenv("PORT"), http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		sum, events := 0.0, []struct{ Data struct{ Celsius float64 } }{}
		json.NewDecoder(r.Body).Decode(&events)
		for _, event := range events {
			sum += event.Data.Celsius
		}
		w.Header().Set("Content-Type", "application/json")
		json.NewEncoder(w).Encode(map[string]any{"mean": sum / float64(len(events))})
	}))
}
