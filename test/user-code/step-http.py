# Adds the temperature in Fahrenheit. io: http. An event that makes it fail is tried again, then goes to the dead letter.
import json, os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

class Step(BaseHTTPRequestHandler):
    protocol_version, log_message = "HTTP/1.1", lambda *_: None
    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        for data in [event["data"] for event in body] if isinstance(body, list) else [body]:
            data["fahrenheit"] = data["celsius"] * 9 / 5 + 32
        answer = json.dumps(body).encode()
        self.send_response(200)
        self.send_header("Content-Type", self.headers["Content-Type"])
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])), Step).serve_forever()
