"""A text-mode Popen and `for line in process.stdout`, both with their defaults, in the C locale."""

import asyncio
import codecs
import json
import platform
import subprocess
import threading

from plain import Plain
from steps import run


class Client(Plain):
    name = "Popen in text mode, Python " + ".".join(platform.python_version_tuple()[:2])

    @classmethod
    async def start(cls, framing, command, on_event):
        self = cls(on_event)
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.pid = self.process.pid
        assert codecs.lookup(self.process.stdout.encoding).name == "ascii", "start this with LC_ALL=C, PYTHONUTF8=0"
        threading.Thread(target=self.read).start()
        return self

    def read(self):
        for line in self.process.stdout:
            self.receive(json.loads(line))

    def send(self, message):
        self.process.stdin.write(json.dumps(message) + "\n")
        self.process.stdin.flush()

    async def close(self):
        self.process.stdin.close()
        return await asyncio.to_thread(self.process.wait)


run(Client)
