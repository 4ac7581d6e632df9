# Gives back what it is given until it comes to an event or chunk whose id ends in `fault`; then it does what its argument says. io: socket, http.
import json, os, socket, sys, time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote

mode, big = sys.argv[1], "x" * (1 << 20)


def crash():
    print("it is all too much", file=sys.stderr, flush=True)
    os._exit(3)


def serve_lines():
    connection = socket.socket(socket.AF_UNIX)
    connection.connect(os.environ["FLOW_SOCKET"])
    lines, answers = connection.makefile("r", encoding="utf-8"), connection.makefile("w", encoding="utf-8")
    fault = ""
    for line in lines:
        message = json.loads(line)
        kind = "Event" if "specversion" in message else message["type"]
        if kind != "Data":
            fault = mode if message["id"].endswith("fault") else ""
        if fault == "never-reads":
            time.sleep(600)
        if kind in ("Event", "Data"):
            print("Segmentation fault? {\n" if fault == "garbage" else "", line, sep="", end="", file=answers, flush=True)
            if fault == "crashes":
                crash()
        if kind in ("Event", "ChunkEnd"):
            if fault == "hangs":
                time.sleep(600)
            while fault == "floods":
                print(json.dumps({"data": big}), file=answers, flush=True)
            end = json.dumps({"type": "Ack", "id": message["id"]}) + "\n"
            print(end * (2 if fault == "twice" else 1), end="", file=answers, flush=True)


class Server(BaseHTTPRequestHandler):
    protocol_version, log_message = "HTTP/1.1", lambda *_: None

    def do_POST(self):
        id = unquote(self.headers["flow-chunk-id"] or self.headers["ce-id"])
        fault = mode if id.endswith("fault") else ""
        if fault == "never-reads":
            time.sleep(600)
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if fault == "hangs":
            time.sleep(600)
        if fault == "garbage":
            body = b"Segmentation fault? {"
        length = 1 << 40 if fault == "floods" else len(body)
        head = f"HTTP/1.1 200 OK\r\nContent-Type: {self.headers['Content-Type']}\r\nContent-Length: {length}\r\n\r\n"
        answer = head.encode() + body
        if fault == "crashes":
            self.wfile.write(answer[:-1])
            crash()
        self.wfile.write(answer * (2 if fault == "twice" else 1))
        while fault == "floods":
            self.wfile.write(big.encode())


if os.environ["FLOW_IO"] == "socket":
    serve_lines()
else:
    ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])), Server).serve_forever()
