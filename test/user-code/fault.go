// Gives back what it is given until it comes to an event or chunk whose id ends in `fault`; then it does what its argument says. io: fifo, socket.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"time"
)

func open() (io.Reader, io.Writer) {
	if os.Getenv("FLOW_IO") == "socket" {
		connection, _ := net.Dial("unix", os.Getenv("FLOW_SOCKET"))
		return connection, connection
	}
	input, _ := os.Open(os.Getenv("FLOW_INPUT"))
	output, _ := os.OpenFile(os.Getenv("FLOW_OUTPUT"), os.O_WRONLY, 0)
	return input, output
}

func main() {
	input, output := open()
	lines := bufio.NewReader(input)
	fault := ""
	for line, err := lines.ReadString('\n'); err == nil; line, err = lines.ReadString('\n') {
		var message struct{ Specversion, Type, Id string }
		json.Unmarshal([]byte(line), &message)
		isEvent, isData := message.Specversion != "", message.Type == "Data"
		if !isData {
			fault = ""
			if strings.HasSuffix(message.Id, "fault") {
				fault = os.Args[1]
			}
		}
		if fault == "never-reads" {
			time.Sleep(10 * time.Minute)
		}
		if isEvent || isData {
			if fault == "garbage" {
				fmt.Fprintln(output, "Segmentation fault? {")
			}
			io.WriteString(output, line)
			if fault == "crashes" {
				panic("it is all too much")
			}
		}
		if !isEvent && message.Type != "ChunkEnd" {
			continue
		}
		if fault == "hangs" {
			time.Sleep(10 * time.Minute)
		}
		for fault == "floods" {
			io.WriteString(output, strings.Repeat("x", 1<<20))
		}
		end := fmt.Sprintf("{\"type\":\"Ack\",\"id\":%q}\n", message.Id)
		if fault == "twice" {
			end += end
		}
		io.WriteString(output, end)
	}
}
