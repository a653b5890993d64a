import os.path
from util import load, save as store

LIMIT = 3

class Base:
    """What all have."""
    def run(self):
        return self.step(LIMIT)

class Job(Base, abc.ABC):
    @staticmethod
    def _step(n: int, log: Log):
        def inner():
            load(n)
        return os.path.join("a", inner())

@app.route("/")
def index():
    Job().run()
    "x".join([])

index()
