# Loopback TCP -> the registry front's unix socket, inside the download container. Arguments: port, socket path.
import socket
import socketserver
import sys
import threading


def pour(source, sink):
    try:
        while chunk := source.recv(65536):
            sink.sendall(chunk)
        sink.shutdown(socket.SHUT_WR)
    except OSError:
        pass


class Forward(socketserver.BaseRequestHandler):
    def handle(self):
        with socket.socket(socket.AF_UNIX) as front:
            front.connect(sys.argv[-1])
            up = threading.Thread(target=pour, args=(self.request, front), daemon=True)
            up.start()
            pour(front, self.request)
            up.join()


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    request_queue_size = 64


with Server(("127.0.0.1", int(sys.argv[-2])), Forward) as server:
    print("ready", flush=True)
    server.serve_forever()
