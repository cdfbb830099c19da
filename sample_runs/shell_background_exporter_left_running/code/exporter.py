"""Answers /status on a port of its own choice, for the dashboard."""

from http.server import BaseHTTPRequestHandler, HTTPServer


class Status(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"ok\n")


server = HTTPServer(("127.0.0.1", 0), Status)
print("exporter: listening", flush=True)
server.serve_forever()
